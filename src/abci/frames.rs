//! Messages on a socket: an unsigned varint, and so many bytes of protobuf.

use std::io::{Error, ErrorKind};

use prost::Message;
use tendermint_proto::v0_38::abci as pb;
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::problems;

/// Bytes of a message: CometBFT's largest block has 100 MiB.
const MESSAGE_BYTES: u64 = 128 * 1024 * 1024;

/// The next message; none if the other side has ended.
pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<pb::Request>, Error> {
    let Some(length) = length(from).await? else { return Ok(None) };
    if length > MESSAGE_BYTES {
        return Err(Error::new(ErrorKind::InvalidData, problems::too_long(length)));
    }
    // Takes memory as bytes come, not as they are announced.
    let mut body = Vec::new();
    let read = from.take(length).read_to_end(&mut body).await?;
    if (read as u64) < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    pb::Request::decode(body.as_slice()).map(Some).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}

async fn length(from: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<u64>, Error> {
    let mut length = 0;
    for place in 0..10 {
        let byte = match from.read_u8().await {
            Ok(byte) => byte,
            Err(error) if place == 0 && error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        length |= u64::from(byte & 0x7f).checked_shl(7 * place).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(Some(length));
        }
    }
    Err(Error::new(ErrorKind::InvalidData, problems::too_long(u64::MAX)))
}

/// Writes a message; it may wait in a buffer.
pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), message: &pb::Response) -> Result<(), Error> {
    to.write_all(&message.encode_length_delimited_to_vec()).await
}
