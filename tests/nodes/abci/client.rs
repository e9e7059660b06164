//! A connection as CometBFT has it: a request, a flush, and both answers.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use prost::Message;
use tendermint_proto::v0_38::abci as pb;
use tendermint_proto::v0_38::abci::request::Value as Asked;
use tendermint_proto::v0_38::abci::response::Value as Answer;

pub struct Client {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    pub fn new(address: &str) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Client { address: address.to_owned(), stream: BufReader::new(stream) }
    }

    /// The answer, or what an exception says. After one the application hangs up.
    pub fn ask(&mut self, asked: Asked) -> Result<Answer, String> {
        for value in [asked, Asked::Flush(pb::RequestFlush {})] {
            let request = pb::Request { value: Some(value) };
            self.stream.get_mut().write_all(&request.encode_length_delimited_to_vec()).unwrap();
        }
        match self.read().unwrap() {
            Answer::Exception(it) => {
                assert_eq!(self.read(), None);
                *self = Client::new(&self.address);
                Err(it.error)
            }
            answer => {
                assert!(matches!(self.read(), Some(Answer::Flush(_))));
                Ok(answer)
            }
        }
    }

    /// As [`Client::ask`], where the process ends.
    pub fn last_words(&mut self, asked: Asked) -> Option<Answer> {
        let request = pb::Request { value: Some(asked) };
        self.stream.get_mut().write_all(&request.encode_length_delimited_to_vec()).unwrap();
        self.read()
    }

    /// What becomes of bytes that are no message.
    pub fn hangs_up_at(&mut self, bytes: &[u8]) -> bool {
        self.stream.get_mut().write_all(bytes).unwrap();
        let ended = self.read().is_none();
        *self = Client::new(&self.address);
        ended
    }

    fn read(&mut self) -> Option<Answer> {
        let (mut length, mut place) = (0, 0);
        loop {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).ok()?;
            length |= usize::from(byte[0] & 0x7f) << place;
            place += 7;
            if byte[0] < 0x80 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        pb::Response::decode(body.as_slice()).unwrap().value
    }
}

/// Asks what has one kind of answer.
macro_rules! ask {
    ($client:expr, $kind:ident, $request:expr) => {{
        let request = tendermint_proto::v0_38::abci::request::Value::$kind($request);
        match $client.ask(request) {
            Ok(tendermint_proto::v0_38::abci::response::Value::$kind(answer)) => Ok(answer),
            Ok(other) => panic!("{other:?}"),
            Err(exception) => Err(exception),
        }
    }};
}
pub(crate) use ask;
