//! Measures the whole job: sign in once, then get after get, each through `Job::step`.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use graph_call::Call;
use graph_call::http::{CallId, Cloud, End, SelectMember};
use graph_call::job::{Credential, Did, Plan, Query, Session, Step, TokenRequest};
use static_cell::ConstStaticCell;

static GRAPH_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
static LOGIN: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 62\r\n\r\n\
    {\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"abc\"}";
static SESSION: ConstStaticCell<Session<512, 2048, 256>> = ConstStaticCell::new(Session::new());

#[entry]
fn main() -> ! {
    let session = SESSION.take();
    measure::run(|call, document, piece| get(session, call, document, piece))
}

#[inline(never)]
fn get(session: &mut Session<512, 2048, 256>, call: &mut Call, document: &[u8], piece: usize) -> bool {
    let (Ok(id), Ok(request)) = (
        CallId::new("2e1a0b00"),
        TokenRequest::client_secret(Cloud::Global, "contoso.example", "2891555a", "s3cr3t"),
    ) else {
        return false;
    };
    let mut query = Query::new(id);
    // The documents are about other calls.
    query.select = &[SelectMember::STATE];
    let plan = Plan::once(query, Credential::Ask(&request));
    let most = if piece == 0 { usize::MAX } else { piece };
    let mut buffer = [0; 512];
    let (mut head, mut content) = (LOGIN, &[][..]);
    let mut did = Did::Dropped;
    let mut job = session.start(&plan, 7);
    loop {
        did = match job.step(0, did, &mut buffer, call) {
            Step::Connect { peer, .. } => {
                (head, content) =
                    if peer.host.starts_with("login") { (LOGIN, &[][..]) } else { (GRAPH_HEAD, document) };
                Did::Connected { kept: false }
            }
            Step::Send { bytes, .. } => Did::Sent(core::hint::black_box(bytes).len()),
            Step::Receive { .. } => {
                let source = if head.is_empty() { &mut content } else { &mut head };
                let length = most.min(buffer.len()).min(source.len());
                match (buffer.get_mut(..length), source.split_at_checked(length)) {
                    (Some(room), Some((now, later))) if length > 0 => {
                        room.copy_from_slice(now);
                        *source = later;
                        Did::Received(length)
                    }
                    _ => Did::Ended(End::CloseNotify),
                }
            }
            Step::Close => Did::Nothing,
            Step::Call(_) => return true,
            _ => return false,
        };
    }
}
