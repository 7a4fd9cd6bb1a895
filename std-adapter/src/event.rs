//! What an operation tells while it runs, for progress and logs; it never holds a secret.

use core::net::SocketAddr;
use core::time::Duration;

use crate::answer::Refusal;
use crate::error::Error;

/// A step that was just done, or a wait that is about to begin.
///
/// ```
/// use core::time::Duration;
/// use graph_call_std::Event;
///
/// fn progress(event: &Event<'_>) {
///     if let Event::Waiting { span, .. } = event {
///         eprintln!("trying again in {} s", span.as_secs());
///     }
/// }
/// progress(&Event::Reused { host: "graph.microsoft.com:443" });
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A host name has an address, and a connection to it is tried.
    Connecting {
        /// The host and port that were asked for.
        host: &'a str,
        /// The address tried.
        address: SocketAddr,
    },
    /// A TCP connection stands.
    Connected {
        /// The host and port that were asked for.
        host: &'a str,
        /// What it took, name resolution included.
        took: Duration,
    },
    /// A proxy opened a tunnel.
    Tunnel {
        /// The proxy, without its credentials.
        proxy: &'a str,
    },
    /// The server proved its name.
    Secured {
        /// The protocol version, for example `TLSv1_3`.
        version: &'a str,
        /// The cipher suite.
        cipher: &'a str,
        /// What the handshake took.
        took: Duration,
    },
    /// The connection of an earlier request serves this one.
    Reused {
        /// The host and port.
        host: &'a str,
    },
    /// A request was written.
    Sent {
        /// GET for a call; POST, or GET of a platform's endpoint, for a token.
        method: &'a str,
        /// The request target, without secrets.
        target: &'a str,
        /// The `client-request-id` of the request; empty for a token.
        client_request_id: &'a str,
        /// 1 for the first attempt of the reading, or of the sign-in.
        attempt: u32,
    },
    /// The head of a request was written; only told if asked for by
    /// [`ClientBuilder::tell_heads`](crate::ClientBuilder::tell_heads).
    RequestHead {
        /// The request line and the field lines, each with a line end. A value that may be a secret is `[hidden]`.
        lines: &'a str,
    },
    /// The head of an answer has come; told as that of a request is.
    AnswerHead {
        /// The status line and the field lines, each with a line end. A value that shows a secret is `[hidden]`.
        lines: &'a str,
    },
    /// A sign-in has brought a token, for all readings of the client.
    SignedIn,
    /// The watched call has ended: the service does not know it any more.
    Gone {
        /// What the service said.
        refusal: &'a Refusal,
    },
    /// An answer is complete, or as much of it as there is.
    Received {
        /// The HTTP status.
        status: u16,
        /// The service's `request-id`.
        request_id: Option<&'a str>,
        /// From the request's first byte to the answer's last.
        took: Duration,
    },
    /// Nothing happens for `span`; then the operation is tried again, or a watched call is read again.
    Waiting {
        /// The length of the wait.
        span: Duration,
        /// What made the wait necessary; `None` between two readings of a watched call.
        after: Option<&'a Error>,
    },
}
