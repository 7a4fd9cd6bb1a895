//! The request: its bytes, its parts, and what is refused before a byte is written.

use graph_call::Culprit;
use graph_call::http::{
    AccessToken, ApiVersion, CallId, ClientRequestId, Cloud, ExpandMember, Host, Part, Request, RequestError,
    SelectMember, UserAgent,
};

const ID: &str = "2f1a1100-b174-40a0-aba7-0b405e01ed92";

fn request() -> Request<'static> {
    Request::new(Cloud::Global, CallId::new(ID).unwrap(), AccessToken::new("top.secret").unwrap())
}

fn text(request: &Request<'_>) -> String {
    let mut output = vec![0; request.len()];
    let used = request.write(&mut output).unwrap();
    assert_eq!(used, output.len());
    String::from_utf8(output).unwrap()
}

#[test]
fn the_plain_request() {
    let expected = format!(
        "GET /v1.0/communications/calls/{ID} HTTP/1.1\r\n\
         Host: graph.microsoft.com\r\n\
         Authorization: Bearer top.secret\r\n\
         Accept: application/json\r\n\
         Accept-Encoding: identity\r\n\
         User-Agent: graph-call/{}\r\n\
         Prefer: include-unknown-enum-members\r\n\
         \r\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(text(&request()), expected);
}

#[test]
fn the_request_with_everything() {
    let request = Request {
        version: ApiVersion::Beta,
        select: &[SelectMember::STATE, SelectMember::ID],
        expand: &[ExpandMember::PARTICIPANTS, ExpandMember::OPERATIONS],
        client_request_id: Some(ClientRequestId::from_random([0; 16])),
        user_agent: UserAgent::new("panel/2.1").unwrap(),
        retry_attempt: 10,
        danger_host: Some(Host::new("127.0.0.1:8443").unwrap()),
        ..request()
    };
    let expected = format!(
        "GET /beta/communications/calls/{ID}?$select=state,id&$expand=participants,operations HTTP/1.1\r\n\
         Host: 127.0.0.1:8443\r\n\
         Authorization: Bearer top.secret\r\n\
         Accept: application/json\r\n\
         Accept-Encoding: identity\r\n\
         User-Agent: panel/2.1\r\n\
         client-request-id: 00000000-0000-4000-8000-000000000000\r\n\
         Retry-Attempt: 10\r\n\
         Prefer: include-unknown-enum-members\r\n\
         \r\n"
    );
    assert_eq!(text(&request), expected);
}

#[test]
fn expand_alone_begins_the_query() {
    let request = Request { expand: &[ExpandMember::AUDIO_ROUTING_GROUPS], ..request() };
    let start = format!("GET /v1.0/communications/calls/{ID}?$expand=audioRoutingGroups HTTP/1.1\r\n");
    assert!(text(&request).starts_with(&start));
}

#[test]
fn every_retry_attempt_is_written_in_decimal() {
    assert!(!text(&request()).contains("Retry-Attempt"));
    for retry_attempt in 1..=u8::MAX {
        let text = text(&Request { retry_attempt, ..request() });
        assert!(text.contains(&format!("\r\nRetry-Attempt: {retry_attempt}\r\n")), "{retry_attempt}");
    }
}

#[test]
fn windows_of_any_size_make_up_the_whole() {
    let long = "a".repeat(16 * 1024);
    let request = Request { access_token: AccessToken::new(&long).unwrap(), ..request() };
    let whole = text(&request);
    for size in [1, 2, 7, 64, 256, 4096, whole.len(), whole.len() + 1] {
        let mut window = vec![0; size];
        let mut sent = Vec::new();
        loop {
            let used = request.write_from(sent.len(), &mut window);
            if used == 0 {
                break;
            }
            sent.extend_from_slice(&window[..used]);
        }
        assert_eq!(sent, whole.as_bytes(), "windows of {size}");
    }
}

#[test]
fn a_small_buffer_is_left_alone_and_the_need_reported() {
    let request = request();
    let mut output = vec![b'.'; request.len() - 1];
    let error = request.write(&mut output).unwrap_err();
    assert_eq!(error, RequestError::BufferTooSmall { needed: request.len() });
    assert_eq!(error.culprit(), Culprit::Capacity);
    assert!(output.iter().all(|&byte| byte == b'.'));
}

#[test]
fn hosts_of_the_clouds() {
    let hosts = Cloud::ALL.map(|cloud| (cloud.graph_host(), cloud.login_host(), cloud.has_calls()));
    assert_eq!(
        hosts,
        [
            ("graph.microsoft.com", "login.microsoftonline.com", true),
            ("graph.microsoft.us", "login.microsoftonline.us", true),
            ("dod-graph.microsoft.us", "login.microsoftonline.us", true),
            ("microsoftgraph.chinacloudapi.cn", "login.chinacloudapi.cn", false),
        ]
    );
    for cloud in Cloud::ALL {
        assert_eq!(Cloud::from_name(cloud.name()), Some(cloud));
        assert!(
            text(&Request { cloud, ..request() }).contains(&format!("\r\nHost: {}\r\n", cloud.graph_host()))
        );
    }
    assert_eq!(Cloud::from_name("Global"), None);
}

#[test]
fn call_ids() {
    let longest = "x".repeat(128);
    for good in ["1", "a.b_c~d-E9", "...", longest.as_str()] {
        assert_eq!(CallId::new(good).unwrap().as_str(), good);
    }
    let byte = |offset| RequestError::Byte { part: Part::CallId, offset };
    let too_long = "x".repeat(129);
    for (bad, error) in [
        ("", RequestError::Empty(Part::CallId)),
        (".", RequestError::Dots),
        ("..", RequestError::Dots),
        ("a/b", byte(1)),
        ("a?b", byte(1)),
        ("a%2e", byte(1)),
        ("a b", byte(1)),
        ("a\r\nX: y", byte(1)),
        ("ab\0", byte(2)),
        ("\u{e9}", byte(0)),
        (too_long.as_str(), RequestError::TooLong(Part::CallId)),
    ] {
        assert_eq!(CallId::new(bad).unwrap_err(), error, "{bad:?}");
        assert_eq!(error.culprit(), Culprit::Caller);
    }
}

#[test]
fn access_tokens() {
    let longest = "t".repeat(16 * 1024);
    for good in ["a", "A-._~+/9", "a=", "a==", longest.as_str()] {
        assert_eq!(AccessToken::new(good).unwrap().reveal(), good);
    }
    let byte = |offset| RequestError::Byte { part: Part::AccessToken, offset };
    let too_long = format!("{longest}=");
    for (bad, error) in [
        ("", RequestError::Empty(Part::AccessToken)),
        ("=", RequestError::Empty(Part::AccessToken)),
        ("a=b", byte(1)),
        ("a b", byte(1)),
        ("a\r\n", byte(1)),
        ("a\n", byte(1)),
        ("a\0", byte(1)),
        ("\u{fc}", byte(0)),
        ("a\u{7f}", byte(1)),
        (too_long.as_str(), RequestError::TooLong(Part::AccessToken)),
    ] {
        assert_eq!(AccessToken::new(bad).unwrap_err(), error, "{bad:?}");
    }
}

#[test]
fn no_debug_shows_the_access_token() {
    let shown = format!("{:?} {:#?}", request(), AccessToken::new("top.secret"));
    assert!(!shown.contains("top.secret") && shown.contains("redacted"), "{shown}");
}

#[test]
fn hosts() {
    for good in
        ["localhost", "a.example:1", "10.0.0.1:65535", "[::1]", "[fe80::1]:443", "under_score", "h:080"]
    {
        assert_eq!(Host::new(good).unwrap().as_str(), good);
    }
    let byte = |offset| RequestError::Byte { part: Part::Host, offset };
    let too_long = "h".repeat(260);
    for (bad, error) in [
        ("", RequestError::Empty(Part::Host)),
        (":80", RequestError::Empty(Part::Host)),
        ("[]", RequestError::Empty(Part::Host)),
        ("a\r\nX-Evil: 1", byte(1)),
        ("a b", byte(1)),
        ("user@host", byte(4)),
        ("https://h", byte(6)),
        ("h:", byte(2)),
        ("h:0", byte(2)),
        ("h:65536", byte(2)),
        ("h:+80", byte(2)),
        ("h:1:2", byte(2)),
        ("::1", RequestError::Empty(Part::Host)),
        ("[::1", byte(0)),
        ("[::1]x", byte(5)),
        ("[::g]", byte(3)),
        ("a[b", byte(1)),
        (too_long.as_str(), RequestError::TooLong(Part::Host)),
    ] {
        assert_eq!(Host::new(bad).unwrap_err(), error, "{bad:?}");
    }
}

#[test]
fn user_agents() {
    assert_eq!(UserAgent::new("a/1 (b; c)").unwrap().as_str(), "a/1 (b; c)");
    let byte = |offset| RequestError::Byte { part: Part::UserAgent, offset };
    for (bad, error) in [
        ("", RequestError::Empty(Part::UserAgent)),
        (" a", byte(0)),
        ("a ", byte(1)),
        ("a\r\nX: y", byte(1)),
        ("a\tb", byte(1)),
        ("\u{e4}", byte(0)),
    ] {
        assert_eq!(UserAgent::new(bad).unwrap_err(), error, "{bad:?}");
    }
}

#[test]
fn a_client_request_id_is_a_version_4_uuid() {
    let id = ClientRequestId::from_random([
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    ]);
    assert_eq!(id.as_str(), "01234567-89ab-4def-8123-456789abcdef");
}

#[test]
fn names_of_members() {
    assert_eq!(SelectMember::ALL.len(), 27);
    assert_eq!(ExpandMember::ALL.len(), 4);
    for member in SelectMember::ALL {
        assert_eq!(SelectMember::from_name(member.name()), Some(*member));
        assert_eq!(ExpandMember::from_name(member.name()), None);
    }
    assert_eq!(SelectMember::from_name("State"), None);
    assert_eq!(SelectMember::from_name("id,state"), None);
}

#[test]
fn an_error_says_which_part_and_shows_nothing_of_it() {
    let long = "a".repeat(20_000);
    for (error, text) in [
        (CallId::new("").unwrap_err(), "the call id is empty"),
        (CallId::new(".").unwrap_err(), "the call id is `.` or `..`"),
        (
            CallId::new("id/secret").unwrap_err(),
            "the call id holds a byte at offset 2 that is not allowed there",
        ),
        (AccessToken::new(&long).unwrap_err(), "the access token is longer than 16384 bytes"),
        (
            AccessToken::new("secret\r\n").unwrap_err(),
            "the access token holds a byte at offset 6 that is not allowed there",
        ),
        (Host::new(&long).unwrap_err(), "the host is longer than 259 bytes"),
        (UserAgent::new("").unwrap_err(), "the user agent is empty"),
    ] {
        assert_eq!((error.to_string().as_str(), error.culprit()), (text, Culprit::Caller));
    }
    let error = request().write(&mut []).unwrap_err();
    assert_eq!(error.culprit(), Culprit::Capacity);
    assert_eq!(error.to_string(), format!("the request takes a buffer of {} bytes", request().len()));
}
