//! The socket. tower-abci brings services together in the order of their connections' weight; its own listener panics
//! where a connection breaks and has no exceptions, so this one reads and writes the messages.

use std::sync::Arc;

use tendermint::abci::MethodKind;
use tendermint::abci::response::Exception;
use tendermint::v0_38::abci::{Request, Response};
use tendermint_proto::v0_38::abci as pb;
use tokio::io::{AsyncWriteExt, BufReader, BufWriter};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};
use tower_abci::BoxError;
use tower_abci::v038::split;

use super::{App, Host, Trouble, frames, side};
use crate::oracle::store::Failure;

/// Requests that wait for a service.
const WAITING: usize = 64;
/// CometBFT opens four connections; its commands open some more.
const CONNECTIONS: usize = 64;

/// Speaks with CometBFT until `stop`. What a transaction of the database has not committed is gone then, and is asked for
/// again after the next start.
///
/// # Errors
/// What only this machine has met. CometBFT was told by an exception.
pub async fn serve(listener: TcpListener, app: App, stop: CancellationToken) -> Result<(), Failure> {
    let (halt, mut halted) = mpsc::channel(1);
    let talk = Talk::new(app, halt);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            Some(failure) = halted.recv() => return Err(failure),
            _ = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => {
                let (stream, _) = accepted.map_err(|error| Failure::new(format!("the ABCI socket: {error}")))?;
                connections.spawn(talk.clone().connection(stream));
            }
        }
    }
}

/// What a connection needs.
#[derive(Clone)]
struct Talk {
    host: Arc<dyn Host>,
    consensus: split::Consensus<App>,
    mempool: split::Mempool<App>,
    snapshot: split::Snapshot<App>,
    info: split::Info<App>,
    halt: mpsc::Sender<Failure>,
}

impl Talk {
    fn new(app: App, halt: mpsc::Sender<Failure>) -> Talk {
        let host = app.0.host.clone();
        let (consensus, mempool, snapshot, info) = split::service(app, WAITING);
        Talk { host, consensus, mempool, snapshot, info, halt }
    }

    async fn connection(mut self, stream: TcpStream) {
        if let Err(error) = self.talk(stream).await {
            self.host.say(&format!("warning: a connection of CometBFT's: {error}"));
        }
    }

    /// One request after the other, as CometBFT wants its answers.
    async fn talk(&mut self, stream: TcpStream) -> Result<(), std::io::Error> {
        stream.set_nodelay(true)?;
        let (from, to) = stream.into_split();
        let (mut from, mut to) = (BufReader::new(from), BufWriter::new(to));
        while let Some(request) = frames::read(&mut from).await? {
            let answer = match self.answer(request).await {
                Ok(answer) => answer,
                Err(error) => return self.except(&mut to, error).await,
            };
            frames::write(&mut to, &answer.into()).await?;
            if from.buffer().is_empty() {
                to.flush().await?;
            }
        }
        Ok(())
    }

    /// Says why there is no answer, and hangs up.
    async fn except<W: AsyncWriteExt + Unpin>(
        &self,
        to: &mut W,
        error: BoxError,
    ) -> Result<(), std::io::Error> {
        let error = match error.downcast::<Trouble>() {
            Ok(trouble) => *trouble,
            Err(other) => Trouble::Refused(other.to_string()),
        };
        self.host.say(&format!("warning: CometBFT has no answer: {error}"));
        let told = Response::Exception(Exception { error: error.to_string() });
        let written = frames::write(to, &told.into()).await;
        let written = if written.is_ok() { to.flush().await } else { written };
        if let Trouble::Halt(failure) = error {
            let _ = self.halt.try_send(failure);
        }
        written
    }

    async fn answer(&mut self, message: pb::Request) -> Result<Response, BoxError> {
        let is_query = matches!(message.value, Some(pb::request::Value::Query(_)));
        let request = match Request::try_from(message) {
            Ok(request) => request,
            // A client of CometBFT's may ask what it likes, and must not end a node by it.
            Err(error) if is_query => return Ok(Response::Query(side::none(&error.to_string()))),
            Err(error) => return Err(Trouble::Refused(error.to_string()).into()),
        };
        Ok(match request.kind() {
            MethodKind::Consensus => self.consensus.ready().await?.call(request.try_into()?).await?.into(),
            MethodKind::Mempool => self.mempool.ready().await?.call(request.try_into()?).await?.into(),
            MethodKind::Snapshot => self.snapshot.ready().await?.call(request.try_into()?).await?.into(),
            MethodKind::Info => self.info.ready().await?.call(request.try_into()?).await?.into(),
            MethodKind::Flush => Response::Flush,
        })
    }
}
