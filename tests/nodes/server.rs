//! An HTTP server that answers as it is told, with every fault that a network has.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// JSON-RPC's result.
    Result(Value),
    /// JSON-RPC's error, with whatever it has.
    Error(Value),
    /// Any answer.
    Raw { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// So many bytes of the answer less than it promises, then the end of the connection.
    Cut(Value, usize),
    /// The answer after a while.
    Late(Duration, Value),
    /// The end of the connection.
    Close,
}

impl Reply {
    pub fn status(status: u16) -> Reply {
        Reply::Raw { status, headers: vec![], body: b"<html>".to_vec() }
    }
}

/// A request, as the handler sees it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST /path`.
    pub line: String,
    /// Lower case, with the body after them.
    pub headers: Vec<(String, String)>,
    /// Null if it is not JSON.
    pub body: Value,
}

impl Asked {
    pub fn method(&self) -> &str {
        self.body["method"].as_str().unwrap_or_default()
    }

    pub fn params(&self) -> &Value {
        &self.body["params"]
    }
}

type Handler = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// Ends when it is dropped.
pub struct Server {
    pub url: String,
    /// Every request there was, in order.
    pub asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Answers every request by `handler`.
    pub async fn start(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let handler: Handler = Arc::new(handler);
        let (all, count) = (asked.clone(), connections.clone());
        let task = tokio::spawn(async move {
            let mut talks = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                // Head and body are written apart, and neither waits for the other.
                stream.set_nodelay(true).unwrap();
                talks.spawn(talk(stream, handler.clone(), all.clone()));
            }
        });
        Server { url, asked, connections, task }
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Methods that were asked, in order.
    pub fn methods(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|asked| asked.method().to_owned()).collect()
    }
}

async fn talk(stream: TcpStream, handler: Handler, all: Arc<Mutex<Vec<Asked>>>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    while let Some(asked) = read(&mut stream).await {
        all.lock().unwrap().push(asked.clone());
        let reply = handler(&asked);
        let id = asked.body["id"].clone();
        if write(&mut stream, id, reply).await.is_none() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let (mut line, mut headers) = (String::new(), Vec::new());
    stream.read_line(&mut line).await.ok().filter(|count| *count > 0)?;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok().filter(|count| *count > 0)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let line = line.rsplit_once(' ').map_or("", |(line, _)| line).to_owned();
    Some(Asked { line, headers, body })
}

/// None if the connection has to end.
async fn write(stream: &mut BufReader<TcpStream>, id: Value, reply: Reply) -> Option<()> {
    let result =
        |result: Value| json!({"jsonrpc": "2.0", "id": id, "result": result}).to_string().into_bytes();
    let (status, headers, body, missing) = match reply {
        Reply::Result(value) => (200, vec![], result(value), 0),
        Reply::Error(error) => {
            (200, vec![], json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string().into_bytes(), 0)
        }
        Reply::Raw { status, headers, body } => (status, headers, body, 0),
        Reply::Cut(value, missing) => (200, vec![], result(value), missing),
        Reply::Late(time, value) => {
            tokio::time::sleep(time).await;
            (200, vec![], result(value), 0)
        }
        Reply::Close => return None,
    };
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{more}\r\n", body.len());
    let whole = [head.as_bytes(), &body[..body.len() - missing]].concat();
    stream.write_all(&whole).await.ok()?;
    stream.flush().await.ok()?;
    (missing == 0).then_some(())
}
