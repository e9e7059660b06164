# Everything the project's checks run.
check: fmt clippy docs test

test:
    bash tests/run.sh

fmt:
    cargo fmt --check

clippy:
    cargo clippy --all-targets -- -D warnings
    cargo clippy --no-default-features -- -D warnings

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Accept changed snapshots after reading them.
accept:
    INSTA_UPDATE=always cargo test

bench:
    cargo bench
