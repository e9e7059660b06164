//! `kf`: check, compile, deploy and call schemas. Everything is in the library's `cli` room.

fn main() -> std::process::ExitCode {
    kuneiform::cli::main()
}
