//! The request for one call.
//!
//! - takes: a call id, an access token, and what the caller chooses
//! - gives: the bytes of `GET /v1.0/communications/calls/{id}`, whole or in windows of any size
//! - keeps: references to the parts, each of which was checked when it was made
//! - refuses: a buffer that is too small, with the size it needs

use super::{AccessToken, ApiVersion, CallId, ClientRequestId, Cloud, ExpandMember, Host, RequestError};
use super::{SelectMember, UserAgent};

/// A request for one call.
///
/// ```
/// use graph_call::http::{AccessToken, CallId, Cloud, Request, SelectMember};
///
/// let request = Request {
///     select: &[SelectMember::ID, SelectMember::STATE],
///     ..Request::new(Cloud::Global, CallId::new("57dab8b1")?, AccessToken::new("secret")?)
/// };
/// let mut output = [0; 512];
/// let used = request.write(&mut output)?;
/// assert!(output[..used].starts_with(b"GET /v1.0/communications/calls/57dab8b1?$select=id,state HTTP/1.1\r\n"));
/// # Ok::<(), graph_call::http::RequestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Request<'a> {
    /// The cloud whose host is asked.
    pub cloud: Cloud,
    /// The version of the API.
    pub version: ApiVersion,
    /// The call asked for.
    pub id: CallId<'a>,
    /// The secret that opens it.
    pub access_token: AccessToken<'a>,
    /// The members wanted, in this order; empty means all.
    pub select: &'a [SelectMember],
    /// The relationships wanted with them, in this order.
    pub expand: &'a [ExpandMember],
    /// Names this request in the service's logs.
    pub client_request_id: Option<ClientRequestId>,
    /// What the program calls itself.
    pub user_agent: UserAgent<'a>,
    /// How many requests were made before this one; the field line is left out for none.
    pub retry_attempt: u8,
    /// Another host than the cloud's: **it is sent the access token**. For tests and for proxies of one's
    /// own.
    pub danger_host: Option<Host<'a>>,
}

impl<'a> Request<'a> {
    /// A request for all members of a call.
    pub const fn new(cloud: Cloud, id: CallId<'a>, access_token: AccessToken<'a>) -> Self {
        Self {
            cloud,
            version: ApiVersion::V1,
            id,
            access_token,
            select: &[],
            expand: &[],
            client_request_id: None,
            user_agent: UserAgent::DEFAULT,
            retry_attempt: 0,
            danger_host: None,
        }
    }

    /// The host, and port if one was given, that the request is for.
    pub fn host(&self) -> &'a str {
        match self.danger_host {
            Some(host) => host.as_str(),
            None => self.cloud.graph_host(),
        }
    }

    /// The bytes of the whole request.
    #[expect(clippy::len_without_is_empty, reason = "a request is never empty")]
    pub fn len(&self) -> usize {
        let mut window = Window { offset: usize::MAX, output: &mut [], used: 0 };
        self.pieces(&mut window);
        usize::MAX.wrapping_sub(window.offset)
    }

    /// Writes the whole request and says how many bytes it took.
    ///
    /// # Errors
    /// The buffer is too small; nothing was written.
    pub fn write(&self, output: &mut [u8]) -> Result<usize, RequestError> {
        let needed = self.len();
        if needed > output.len() {
            return Err(RequestError::BufferTooSmall { needed });
        }
        Ok(self.write_from(0, output))
    }

    /// Writes what follows the first `offset` bytes of the request, as far as the buffer goes, and says
    /// how many bytes it took; none are left when that is 0. So a small buffer is enough for a long
    /// access token:
    ///
    /// ```
    /// # use graph_call::http::{AccessToken, CallId, Cloud, Request};
    /// # let request = Request::new(Cloud::Global, CallId::new("57dab8b1")?, AccessToken::new("secret")?);
    /// let mut sent = Vec::new();
    /// let mut window = [0; 64];
    /// loop {
    ///     let used = request.write_from(sent.len(), &mut window);
    ///     if used == 0 {
    ///         break;
    ///     }
    ///     sent.extend_from_slice(&window[..used]);
    /// }
    /// assert_eq!(sent.len(), request.len());
    /// # Ok::<(), graph_call::http::RequestError>(())
    /// ```
    pub fn write_from(&self, offset: usize, output: &mut [u8]) -> usize {
        let mut window = Window { offset, output, used: 0 };
        self.pieces(&mut window);
        window.used
    }

    /// Hands over the request piece by piece.
    fn pieces(&self, window: &mut Window<'_>) {
        for piece in ["GET /", self.version.segment(), "/communications/calls/", self.id.as_str()] {
            window.put(piece.as_bytes());
        }

        let mut mark = "?$select=";
        for member in self.select {
            window.put(mark.as_bytes());
            window.put(member.name().as_bytes());
            mark = ",";
        }
        mark = if self.select.is_empty() { "?$expand=" } else { "&$expand=" };
        for member in self.expand {
            window.put(mark.as_bytes());
            window.put(member.name().as_bytes());
            mark = ",";
        }

        let client_request_id = self.client_request_id.as_ref();
        let attempt = self.retry_attempt;
        let digits = [attempt / 100, attempt / 10 % 10, attempt % 10].map(|digit| b'0'.wrapping_add(digit));
        let leading_zeros = usize::from(attempt < 100).wrapping_add(usize::from(attempt < 10));
        let pieces: [&[u8]; 11] = [
            b" HTTP/1.1\r\nHost: ",
            self.host().as_bytes(),
            b"\r\nAuthorization: Bearer ",
            self.access_token.reveal().as_bytes(),
            b"\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: ",
            self.user_agent.as_str().as_bytes(),
            client_request_id.map_or(b"", |_| b"\r\nclient-request-id: "),
            client_request_id.map_or(b"", ClientRequestId::as_bytes),
            if attempt > 0 { b"\r\nRetry-Attempt: " } else { b"" },
            digits.get(leading_zeros..).filter(|_| attempt > 0).unwrap_or_default(),
            b"\r\nPrefer: include-unknown-enum-members\r\n\r\n",
        ];
        for piece in pieces {
            window.put(piece);
        }
    }
}

/// The part of a request that is wanted: what follows the first `offset` bytes, as far as the output
/// goes.
pub(crate) struct Window<'o> {
    pub(crate) offset: usize,
    pub(crate) output: &'o mut [u8],
    pub(crate) used: usize,
}

impl Window<'_> {
    // Called from many places, and worth one copy in flash.
    #[inline(never)]
    pub(crate) fn put(&mut self, piece: &[u8]) {
        let skipped = self.offset.min(piece.len());
        self.offset = self.offset.wrapping_sub(skipped);
        let (Some(room), Some(bytes)) = (self.output.get_mut(self.used..), piece.get(skipped..)) else {
            return;
        };
        let length = room.len().min(bytes.len());
        // Both have the same length, so that this is one copy.
        if let (Some(room), Some(bytes)) = (room.get_mut(..length), bytes.get(..length)) {
            room.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        }
        self.used = self.used.wrapping_add(length);
    }
}
