use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Longer than any machine takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// A `kf` that watches; it is killed when it is dropped.
pub struct Child {
    process: std::process::Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

impl Child {
    /// Starts `kf` with `arguments` in `folder`.
    pub fn start(folder: &Path, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        command.args(arguments).current_dir(folder).env_remove("KF_FORMAT").env_remove("KF_DATABASE_URL");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let out = lines(process.stdout.take().unwrap());
        let errors = lines(process.stderr.take().unwrap());
        Child { process, lines: out, errors }
    }

    /// The next line on stdout.
    pub fn line(&mut self) -> String {
        self.lines.recv_timeout(DEADLINE).unwrap_or_else(|_| panic!("no line: {}", self.rest()))
    }

    /// What is on stdout up to and with the first line that begins with `word`.
    pub fn until(&mut self, word: &str) -> String {
        let mut told = String::new();
        loop {
            let line = self.line();
            told.push_str(&line);
            told.push('\n');
            if line.starts_with(word) {
                return told;
            }
        }
    }

    /// What it still says, on both, until it ends.
    pub fn rest(&mut self) -> String {
        let both = |from: &Receiver<String>| {
            let lines = std::iter::from_fn(|| from.recv_timeout(DEADLINE).ok());
            lines.map(|line| line + "\n").collect::<String>()
        };
        both(&self.lines) + &both(&self.errors)
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Ctrl-C.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// What a service manager sends.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// The exit code, once it ends.
    pub fn end(&mut self) -> Option<i32> {
        let begin = Instant::now();
        while begin.elapsed() < DEADLINE {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end");
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
