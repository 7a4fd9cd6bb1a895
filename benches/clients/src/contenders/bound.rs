//! The least that a client must do: send prepared bytes over TLS, find the content, decode it. It knows that the answer
//! has one chunk, has no deadline, no second try, and no limit but its buffer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use httparse::{EMPTY_HEADER, Response, Status};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use crate::contender::{Blocking, OwnedCall};
use crate::site::{Answering, Site, path, token};

/// What follows the content: the end of its chunk, the last chunk, no trailer.
const END: &[u8] = b"\r\n0\r\n\r\n";

pub(super) struct Bound {
    address: SocketAddr,
    config: Arc<ClientConfig>,
    request: String,
    connection: Option<StreamOwned<ClientConnection, TcpStream>>,
    buffer: Vec<u8>,
}

impl Bound {
    fn connect(&self) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
        let stream = TcpStream::connect(self.address).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        let name = ServerName::from(self.address.ip());
        let connection = ClientConnection::new(Arc::clone(&self.config), name).map_err(|e| e.to_string())?;
        Ok(StreamOwned::new(connection, stream))
    }
}

impl Blocking for Bound {
    type Call = OwnedCall;

    fn new(site: &Site, answering: Answering) -> Result<Self, String> {
        let address = site.address(answering);
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n\r\n",
            path(),
            token()
        );
        let config = Arc::new(super::tls::config(site)?);
        Ok(Self { address, config, request, connection: None, buffer: vec![0; 16 * 1024] })
    }

    fn get(&mut self) -> Result<OwnedCall, String> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        connection.write_all(self.request.as_bytes()).map_err(|e| e.to_string())?;
        let mut length = 0;
        loop {
            match connection.read(&mut self.buffer[length..]).map_err(|e| e.to_string())? {
                0 => return Err("the answer is cut".into()),
                more => length += more,
            }
            let received = &self.buffer[..length];
            let mut field_lines = [EMPTY_HEADER; 32];
            let mut head = Response::new(&mut field_lines);
            let Status::Complete(after_head) = head.parse(received).map_err(|e| e.to_string())? else {
                continue;
            };
            if head.code != Some(200) {
                return Err(format!("status {:?}", head.code));
            }
            let says = |name: &str, value: &[u8]| {
                head.headers.iter().any(|line| line.name.eq_ignore_ascii_case(name) && line.value == value)
            };
            if !says("transfer-encoding", b"chunked") {
                return Err("the answer is not chunked".into());
            }
            let body = &received[after_head..];
            let Status::Complete((start, size)) =
                httparse::parse_chunk_size(body).map_err(|_| "the chunk has no size")?
            else {
                continue;
            };
            let chunk = &body[start..];
            let size = usize::try_from(size).map_err(|e| e.to_string())?;
            if chunk.len() < size + END.len() {
                continue;
            }
            if &chunk[size..] != END {
                return Err("the answer is not one chunk".into());
            }
            let closes = says("connection", b"close");
            let call = serde_json::from_slice(&chunk[..size]).map_err(|e| e.to_string())?;
            if !closes {
                self.connection = Some(connection);
            }
            return Ok(call);
        }
    }
}
