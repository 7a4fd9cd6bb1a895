//! A proxy, of HTTP or SOCKS, that opens tunnels, and remembers who asked for which.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A proxy on loopback; its listener ends with the process.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

/// How a [`Proxy`] answers.
#[derive(Clone, Debug)]
pub enum Manner {
    /// Opens the tunnel.
    Opens,
    /// Opens the tunnel for those who show this `Proxy-Authorization`.
    Asks(String),
    /// Opens the tunnel for this user name and password, as a SOCKS proxy of version 5 does (RFC 1928, RFC 1929).
    Socks(&'static str, &'static str),
    /// Answers with these bytes and closes.
    Says(Vec<u8>),
    /// Accepts, and says nothing.
    Stalls,
}

impl Proxy {
    /// Starts a proxy whose tunnels all lead to `target`, and that serves at most 16 connections.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub fn start(target: SocketAddr, manner: Manner) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming().take(16).flatten() {
                let (heads, manner) = (Arc::clone(&heads), manner.clone());
                // A client that goes away is part of the tests.
                thread::spawn(move || serve(client, target, &manner, &heads));
            }
        });
        Ok(Self { address, asked })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of the requests so far; of a SOCKS proxy the names that were asked for.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    mut client: TcpStream,
    target: SocketAddr,
    manner: &Manner,
    heads: &Mutex<Vec<String>>,
) -> io::Result<()> {
    if let Manner::Socks(user, password) = manner {
        let name = greet(&mut client, user, password)?;
        heads.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])?;
        return tunnel(client, target);
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 4096 {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    heads.lock().unwrap_or_else(PoisonError::into_inner).push(head.clone());
    match manner {
        Manner::Asks(authorization) if !head.contains(authorization.as_str()) => {
            return client.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
            );
        }
        Manner::Says(bytes) => return client.write_all(bytes),
        Manner::Stalls => return io::copy(&mut client, &mut io::sink()).map(|_| ()),
        Manner::Opens | Manner::Asks(_) | Manner::Socks(..) => {}
    }
    client.write_all(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")?;
    tunnel(client, target)
}

/// Says what a SOCKS proxy says up to the request, and gives the name that is asked for.
fn greet(client: &mut TcpStream, user: &str, password: &str) -> io::Result<String> {
    let refused = |()| Err(io::Error::other("no such client"));
    let mut greeting = [0; 2];
    client.read_exact(&mut greeting)?;
    let mut methods = vec![0; greeting[1].into()];
    client.read_exact(&mut methods)?;
    if !methods.contains(&2) {
        return client.write_all(&[5, 255]).and_then(refused);
    }
    client.write_all(&[5, 2])?;
    let text = |client: &mut TcpStream| {
        let mut length = [0];
        client.read_exact(&mut length)?;
        let mut bytes = vec![0; length[0].into()];
        client.read_exact(&mut bytes)?;
        Ok::<_, io::Error>(String::from_utf8_lossy(&bytes).into_owned())
    };
    client.read_exact(&mut [0])?;
    if (text(client)?.as_str(), text(client)?.as_str()) != (user, password) {
        return client.write_all(&[1, 1]).and_then(refused);
    }
    client.write_all(&[1, 0])?;
    client.read_exact(&mut [0; 4])?;
    let name = text(client)?;
    client.read_exact(&mut [0; 2])?;
    Ok(name)
}

fn tunnel(client: TcpStream, target: SocketAddr) -> io::Result<()> {
    let server = TcpStream::connect(target)?;
    let (client_out, server_out) = (client.try_clone()?, server.try_clone()?);
    let outward = thread::spawn(move || relay(client, server_out));
    relay(server, client_out)?;
    outward.join().map_err(|_| io::Error::other("the relay panicked"))?
}

fn relay(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    let mut piece = [0; 4096];
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return to.shutdown(std::net::Shutdown::Write);
        }
        to.write_all(&piece[..length])?;
    }
}
