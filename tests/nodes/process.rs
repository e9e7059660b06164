use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::here::Here;

/// A node in a folder of its own, with a database of its own.
pub struct Node {
    here: Here,
    child: Option<Child>,
    address: String,
    variables: Vec<(&'static str, String)>,
}

impl Node {
    pub fn new() -> Node {
        Node::at(crate::support::block_on(crate::support::empty_database()))
    }

    /// With the database at `url`.
    pub fn at(url: String) -> Node {
        Node { here: Here::at(url), child: None, address: String::new(), variables: Vec::new() }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    pub fn write(&self, path: &str, text: &str) {
        self.here.write(path, text);
    }

    /// Sets a variable of the environment of every process that is started from now on.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.variables.push((name, value));
    }

    pub fn path(&self, path: &str) -> String {
        self.here.folder.path().join(path).display().to_string()
    }

    /// Its database.
    pub fn url(&self) -> &str {
        &self.here.url
    }

    /// Waits until it has ended by itself; its exit code.
    pub fn ended(&mut self) -> i32 {
        self.child.take().unwrap().wait().unwrap().code().unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
        command.current_dir(self.here.folder.path()).env("KF_DATABASE_URL", &self.here.url);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts the process and waits until it listens.
    pub fn start(&mut self) {
        let log = File::create(self.path("log")).unwrap();
        self.child = Some(self.command().args(["node", "run"]).stderr(log).spawn().unwrap());
        let give_up = Instant::now() + Duration::from_secs(60);
        loop {
            let said = self.said();
            let listens = said.lines().find_map(|line| line.strip_prefix("listening on http://"));
            if let Some(address) = listens {
                self.address = address.to_owned();
                return;
            }
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < give_up, "{ended:?} {said}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it wrote to stderr since it was started.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks it to stop; its exit code.
    pub fn stop(&mut self) -> i32 {
        let mut child = self.child.take().unwrap();
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        child.wait().unwrap().code().unwrap()
    }

    /// Runs a node that does not start.
    pub fn run_to_the_end(&self) -> (i32, String) {
        self.kf(&["node", "run"])
    }

    pub fn kf(&self, words: &[&str]) -> (i32, String) {
        outcome(self.command().args(words))
    }

    /// Address of its database.
    pub fn database(&self) -> &str {
        &self.here.url
    }

    /// As [`Node::kf`], but the environment does not say which database.
    pub fn kf_without_address(&self, words: &[&str]) -> (i32, String) {
        outcome(self.command().env_remove("KF_DATABASE_URL").args(words))
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string();
        json(self.ask(&format!("POST {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len()), &body))
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        json(self.ask(&format!("GET {path} HTTP/1.1\r\n"), ""))
    }

    pub fn text(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "").1
    }

    fn ask(&self, head: &str, body: &str) -> (u16, String) {
        ask(&self.address, head, body).unwrap_or_else(|| panic!("no answer: {}", self.said()))
    }
}

fn outcome(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

/// What a node at `address` answers; none if it is gone before it has.
pub fn post_to(address: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let body = body.to_string();
    ask(address, &format!("POST {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len()), &body).map(json)
}

fn ask(address: &str, head: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(format!("{head}host: node\r\nconnection: close\r\n\r\n").as_bytes()).ok()?;
    // A body that is too large is refused before it was read.
    let _ = stream.write_all(body.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()))
}

fn json((status, body): (u16, String)) -> (u16, Value) {
    (status, serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}")))
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
