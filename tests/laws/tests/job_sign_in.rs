//! Signing in: what token endpoints answer, how long a token serves, and tokens from outside.

use graph_call::Call;
use graph_call::http::{AccessToken, Cloud, End, Host};
use graph_call::job::{
    Credential, Did, FailureKind, Fault, Grant, Need, Pair, Param, Plan, Policy, Session, Step, TokenRequest,
    Who,
};
use graph_call::record::Record as _;
use graph_call_laws::splits;
use graph_call_laws::world::{
    Client as _, Deed, Expiry, GRAPH, Hands, LOGIN, Real, Told, Trace, World, application, once, query, watch,
};

type RoomySession = Session<1024, 2048, 512>;

/// An answer with this status and JSON.
fn answer(status: u16, content: &str) -> Vec<u8> {
    let length = content.len();
    format!("HTTP/1.1 {status} Said\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{content}")
        .into_bytes()
}

/// Signs in; the endpoint answers with these pieces. Gives what was sent, and what the failure shows, if it is one.
fn sign_in<'a>(
    session: &mut RoomySession,
    request: &TokenRequest<'_>,
    pieces: impl IntoIterator<Item = &'a [u8]>,
    now: u64,
) -> (String, Result<(), String>) {
    let plan = Plan::sign_in(Credential::Ask(request)).policy(Policy { attempts: 1, ..Policy::DEFAULT });
    let mut job = session.start(&plan, 1);
    let mut call = Call::new();
    let mut buffer = [0; 700];
    let mut sent = String::new();
    let mut pieces = pieces.into_iter();
    let mut did = Did::Dropped;
    loop {
        did = match job.step(now, did, &mut buffer, &mut call) {
            Step::Connect { .. } => Did::Connected { kept: false },
            Step::Send { bytes, .. } => {
                sent.push_str(str::from_utf8(bytes).expect("ASCII"));
                Did::Sent(bytes.len())
            }
            Step::Receive { .. } => match pieces.next() {
                Some(piece) => {
                    buffer[..piece.len()].copy_from_slice(piece);
                    Did::Received(piece.len())
                }
                None => Did::Ended(End::Cut),
            },
            Step::Close => Did::Nothing,
            Step::Failed(failure) => {
                let hint = failure.hint().unwrap_or("no hint");
                return (sent, Err(format!("{failure}; {hint}; {:?} {:?}", failure.kind, failure.who)));
            }
            Step::Over => return (sent, Ok(())),
            other => panic!("{other:?}"),
        };
    }
}

fn signed_in(answer: &[u8]) -> Result<RoomySession, String> {
    let mut session = RoomySession::new();
    sign_in(&mut session, application(), [answer], 0).1.map(|()| session)
}

#[test]
fn the_life_of_a_token_is_read_in_every_spelling() {
    let token = |expiry: &str| {
        signed_in(&answer(
            200,
            &format!("{{\"token_type\":\"Bearer\",{expiry}\"access_token\":\"case-token-0123456789\"}}"),
        ))
        .expect("a token")
    };
    for (expiry, renewal, end) in [
        ("\"expires_in\":3599,", 3_299_000, 3_599_000),
        ("\"expires_in\":\"3599\",", 3_299_000, 3_599_000),
        ("\"expires_in\":3599.5,", 3_299_000, 3_599_000),
        ("", 3_300_000, 3_600_000),
        ("\"expires_in\":null,", 3_300_000, 3_600_000),
        ("\"expires_in\":\"soon\",", 3_300_000, 3_600_000),
        ("\"expires_in\":60,", 30_000, 60_000),
        ("\"expires_in\":7200,\"refresh_in\":\"600\",", 600_000, 7_200_000),
        ("\"ext_expires_in\":5,\"expires_in\":99999999999999999999999,", 31_535_700_000, 31_536_000_000),
    ] {
        let session = token(expiry);
        assert_eq!(session.token().map(AccessToken::reveal), Some("case-token-0123456789"));
        for (now, need) in [
            (0, Need::Nothing),
            (renewal - 1, Need::Nothing),
            (renewal, Need::Renewal),
            (end - 1, Need::Renewal),
            (end, Need::Token),
        ] {
            assert_eq!(session.needs(now), need, "{expiry} at {now}");
        }
    }
    let session = token("\"expires_in\":0,");
    assert_eq!(session.needs(0), Need::Token);
    // A managed identity says when, and the answer what time it is.
    let content = "{\"expires_on\":\"784112377\",\"access_token\":\"abc\",\"token_type\":\"Bearer\"}";
    let text = String::from_utf8(answer(200, content)).expect("ASCII");
    let dated = text.replace("\r\nContent-Type", "\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type");
    let session = signed_in(dated.as_bytes()).expect("a token");
    assert_eq!((session.needs(599_000), session.needs(600_000)), (Need::Renewal, Need::Token));
}

#[test]
fn a_token_of_no_life_is_used_once() {
    let mut world = World::new([], vec![Deed::Token(Expiry::Number(0), false); 3]);
    world.run(&mut Real::new(watch(), 1), 3);
    assert_eq!((world.trace.asked(LOGIN), world.trace.asked(GRAPH)), (3, 3), "{:?}", world.trace);
}

#[test]
fn a_token_is_the_same_under_every_split() {
    let content = "\u{feff}{\"token_type\":\"Bearer\",\"expires_in\":3599.25,\"access_token\":\"case-token_~+/.0123==\"}";
    let whole = answer(200, content);
    let check = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let mut session = RoomySession::new();
        let pieces: Vec<&[u8]> = pieces.filter(|piece| !piece.is_empty()).collect();
        assert_eq!(sign_in(&mut session, application(), pieces, 0).1, Ok(()));
        assert_eq!(session.token().map(AccessToken::reveal), Some("case-token_~+/.0123=="));
    };
    check(&mut splits::by_byte(&whole));
    for [head, tail] in splits::in_two(&whole) {
        check(&mut [head, tail].into_iter());
    }
    // And no part of it is one.
    for prefix in splits::proper_prefixes(&whole) {
        let mut session = RoomySession::new();
        let pieces = [prefix].into_iter().filter(|piece| !piece.is_empty());
        let (_, result) = sign_in(&mut session, application(), pieces, 0);
        assert!(result.is_err_and(|error| error.contains("Cut")), "{}", prefix.len());
        assert!(session.token().is_none(), "half a token");
    }
}

#[test]
fn what_is_no_token_is_none() {
    for (content, kind) in [
        ("{}", "BadToken"),
        ("[]", "BadToken"),
        ("{\"access_token\":\"\",\"token_type\":\"Bearer\"}", "BadToken"),
        ("{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}", "BadToken"),
        ("{\"access_token\":\"a\\r\\nX: y\",\"token_type\":\"Bearer\"}", "BadToken"),
        ("{\"access_token\":\"=a\",\"token_type\":\"Bearer\"}", "BadToken"),
        ("{\"access_token\":\"a=b\",\"token_type\":\"Bearer\"}", "BadToken"),
        ("{\"access_token\":\"a\",\"access_token\":\"b\"}", "BadToken"),
        ("{\"access_token\":\"a\",\"token_type\":\"pop\"}", "BadToken"),
        ("{\"nested\":{\"access_token\":\"a\"}}", "BadToken"),
        ("{\"access_token\":\"a\"", "BadToken"),
        ("{\"access_token\":\"a\"}x", "BadToken"),
    ] {
        let error = signed_in(&answer(200, content)).expect_err(content);
        assert!(error.contains(kind) && error.contains("LoginHost"), "{content}: {error}");
    }
    let long = format!("{{\"access_token\":\"{}\"}}", "x".repeat(600));
    let mut session = Session::<512, 512, 64>::new();
    let plan = Plan::sign_in(Credential::Ask(application()));
    let mut job = session.start(&plan, 1);
    let (mut call, mut buffer) = (Call::new(), [0; 2_000]);
    let answer = answer(200, &long);
    let mut did = Did::Dropped;
    let kind = loop {
        did = match job.step(0, did, &mut buffer, &mut call) {
            Step::Connect { .. } => Did::Connected { kept: false },
            Step::Send { bytes, .. } => Did::Sent(bytes.len()),
            Step::Receive { .. } => {
                buffer[..answer.len()].copy_from_slice(&answer);
                Did::Received(answer.len())
            }
            Step::Failed(failure) => break failure.kind,
            _ => Did::Nothing,
        };
    };
    assert_eq!(kind, FailureKind::TokenTooLong);
}

#[test]
fn each_code_has_its_meaning_and_keeps_its_description() {
    for (number, description, meaning) in [
        (1_002_012, "The provided value for scope is not valid.", "/.default"),
        (500_011, "The resource principal was not found in the tenant.", "cloud and the scope"),
        (50_059, "No tenant-identifying information found.", "names no tenant"),
        (700_016, "Application was not found in the directory.", "client id"),
        (7_000_215, "Invalid client secret provided.", "its value, not its id"),
        (7_000_218, "The request body must contain the following parameter.", "no secret"),
        (7_000_222, "The provided client secret keys are expired.", "expired"),
        (90_002, "Tenant not found.", "no such tenant"),
        (900_382, "Confidential Client is not supported in Cross Cloud request.", "another cloud"),
        (900_432, "Confidential Client is not supported in Cross Cloud request.", "another cloud"),
    ] {
        let full = format!("AADSTS{number}: {description} Trace ID: t-1 Correlation ID: c-1");
        for content in [
            format!(
                "{{\"error\":\"invalid_client\",\"error_description\":\"{full}\",\"error_codes\":[{number},5],\"trace_id\":\"t-1\",\"correlation_id\":\"c-1\"}}"
            ),
            format!("{{\"error_description\":\"{full}\",\"error\":\"invalid_client\"}}"),
        ] {
            let error = signed_in(&answer(400, &content)).expect_err("a refusal");
            for part in
                [description, meaning, "invalid_client", &format!("AADSTS{number}"), "status 400", LOGIN]
            {
                assert!(error.contains(part), "{part}: {error}");
            }
        }
    }
}

#[test]
fn a_page_in_front_of_the_login_host_is_told_from_it() {
    let page = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 45\r\n\r\n<html><title>Blocked by policy</title></html>";
    let error = signed_in(page).expect_err("a refusal");
    for part in ["status 403", LOGIN, "text/html", "a proxy", "Proxy"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let cut = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"token_type\":\"Bearer\",\"access_to";
    let error = signed_in(cut).expect_err("a cut");
    assert!(error.contains("the connection ended before the answer did") && error.contains("Cut"), "{error}");
}

#[test]
fn the_form_is_encoded_and_announces_its_length() {
    let mut session = RoomySession::new();
    let token = answer(200, "{\"access_token\":\"a\"}");
    let (sent, _) = sign_in(&mut session, application(), [&token[..]], 0);
    let (head, form) = sent.split_once("\r\n\r\n").expect("a head");
    assert!(
        head.starts_with(
            "POST /contoso.example/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.com\r\n"
        ),
        "{head}"
    );
    assert!(head.contains(&format!("Content-Length: {}", form.len())), "{head}");
    assert_eq!(
        form,
        "client_id=2891555a&client_secret=s3cr3t~of%2Fthe%2Bapplication%25\
         &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&grant_type=client_credentials"
    );

    let request = TokenRequest::client_assertion(Cloud::UsGovL4, "72f988bf", "2891555a", "ey.e30.s")
        .expect("a request");
    assert_eq!(request.peer().host, "login.microsoftonline.us");
    let (sent, _) = sign_in(&mut RoomySession::new(), &request, [&token[..]], 0);
    let form = sent.split_once("\r\n\r\n").expect("a head").1;
    assert!(form.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=ey.e30.s&scope=https%3A%2F%2Fgraph.microsoft.us%2F.default"), "{form}");

    for (tenant, id, secret) in
        [("", "i", "s"), ("a/b", "i", "s"), ("t", "", "s"), ("t", "i", ""), ("t\r\n", "i", "s")]
    {
        assert!(TokenRequest::client_secret(Cloud::Global, tenant, id, secret).is_err());
    }
}

#[test]
fn a_managed_identity_is_asked_by_a_get_on_the_machine_itself() {
    let fields = [
        Param::new("Metadata", "true"),
        Param::secret("X-IDENTITY-HEADER", "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a"),
    ];
    let host = Host::new("169.254.169.254").expect("a host");
    let target =
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com";
    let request = TokenRequest::get(host, true, target, fields).expect("a request");
    let peer = request.peer();
    assert_eq!((peer.host, peer.port, peer.is_plain), ("169.254.169.254", 80, true));
    let token = answer(200, "{\"access_token\":\"a\",\"expires_in\":\"86399\",\"token_type\":\"Bearer\"}");
    let mut session = RoomySession::new();
    let (sent, result) = sign_in(&mut session, &request, [&token[..]], 0);
    assert_eq!(result, Ok(()));
    assert!(sent.starts_with(&format!("GET {target} HTTP/1.1\r\nHost: 169.254.169.254\r\n")), "{sent}");
    assert!(
        sent.ends_with(
            "\r\nMetadata: true\r\nX-IDENTITY-HEADER: 853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a\r\n\r\n"
        ),
        "{sent}"
    );
    // What it says when it has none.
    let no = answer(400, "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}");
    let (_, result) = sign_in(&mut RoomySession::new(), &request, [&no[..]], 0);
    assert!(result.is_err_and(|error| error.contains("invalid_request \"Identity not found\"")));
    let no = answer(500, "{\"statusCode\":500,\"message\":\"No identity\",\"correlationId\":\"1\"}");
    let (_, result) = sign_in(&mut RoomySession::new(), &request, [&no[..]], 0);
    assert!(result.is_err_and(|error| error.contains("No identity")));
    for (target, field) in [("x", "y"), ("/a b", "y"), ("/\r\n", "y"), ("/a", "y\r\nz")] {
        assert!(TokenRequest::get(host, true, target, [Param::new("X", field), Param::NONE]).is_err());
    }
}

#[test]
fn a_peer_is_a_name_and_a_port() {
    for (text, name, port) in [
        ("a.example", "a.example", 80),
        ("a.example:8080", "a.example", 8080),
        ("10.0.0.1:1", "10.0.0.1", 1),
        ("[fd00::1]", "fd00::1", 80),
        ("[fd00::1]:65535", "fd00::1", 65_535),
    ] {
        let host = Host::new(text).expect("a host");
        let peer = TokenRequest::get(host, true, "/", [Param::NONE; 2]).expect("a request").peer();
        assert_eq!((peer.host, peer.port), (name, port), "{text}");
    }
}

#[test]
fn the_old_token_serves_while_it_lives() {
    let short = Deed::Token(Expiry::Refresh(3_600, 1), false);
    for login in [
        Deed::deny(401, 7_000_215),
        Deed::deny(503, 0),
        Deed::Garbage,
        Deed::BadToken,
        Deed::NoConnection(Fault::NotConnected),
    ] {
        let mut world = World::new([], [short.clone(), login.clone(), login.clone()]);
        world.run(&mut Real::new(watch(), 1), 4);
        let calls = world.trace.told().filter(|told| matches!(told, Told::Call(_))).count();
        assert_eq!(calls, 4, "{login:?}: {:?}", world.trace);
        assert!(world.trace.asked(LOGIN) <= 2, "not again at once: {:?}", world.trace);
        assert_eq!(world.trace.waits(false), Vec::<u64>::new(), "nobody waits for a renewal");
    }
    // Cut in the middle of the new token, where both fit.
    let long =
        Deed::Raw(answer(200, &format!("{{\"access_token\":\"{}\",\"pad\":\"cut", "y".repeat(900))), false);
    let mut world = World::new([], [short, long]);
    let mut client = Real::new(watch(), 1);
    world.run(&mut client, 3);
    assert!(world.trace.told().all(|told| matches!(told, Told::Call(_))), "{:?}", world.trace);
    assert!(client.session.token().is_some_and(|token| token.reveal().starts_with("eyJ0")));
}

#[test]
fn a_refused_renewal_is_not_repeated_and_ends_with_the_token() {
    let login = [Deed::Token(Expiry::Refresh(60, 1), false), Deed::deny(401, 7_000_222), Deed::TOKEN];
    let mut world = World::new([], login);
    world.run(&mut Real::new(watch().every(10_000), 1), 30);
    let told: Vec<_> = world.trace.told().collect();
    let Some(Told::Failed { kind, who, is_final, .. }) = told.last() else { panic!("{:?}", world.trace) };
    assert_eq!((*kind, *is_final, *who), (FailureKind::CredentialRefused, true, Who::Nobody));
    assert_eq!(world.trace.asked(LOGIN), 2);
    assert!((5..=8).contains(&told.len()), "{:?}", world.trace);
}

/// One task signs in for many sessions, as the documents of `job` say.
#[test]
fn tokens_come_from_outside_too() {
    let plan = Plan::watch(query(), Credential::Outside);
    let mut world = World::new([Deed::CALL, Deed::refuse(401, "x"), Deed::Claims(401), Deed::CALL], []);
    world.run(&mut Real::new(plan, 1), 2);
    let text = format!("{:?}", world.trace);
    let told: Vec<_> = world.trace.told().collect();
    assert!(
        matches!(told[..], [Told::Call(_), Told::Failed { kind: FailureKind::Unauthorized, .. }]),
        "{text}"
    );
    assert!(text.contains("AskedForToken { claims: None, was_refused: false }"), "{text}");
    assert!(text.contains("AskedForToken { claims: None, was_refused: true }"), "{text}");

    let mut world = World::new([Deed::Claims(403)], []);
    world.run(&mut Real::new(plan, 1), 1);
    let text = format!("{:?}", world.trace);
    assert!(text.contains("claims: Some(\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"), was_refused: true"), "{text}");
    assert!(world.trace.told().all(|told| matches!(told, Told::Call(_))));

    // None to be had: a failure that passes; one beyond the room: one that does not.
    let mut world = World::new([], []);
    world.outside = [None, Some(("x".repeat(3_000), None))].into();
    world.run(&mut Real::new(plan, 1), 9);
    let kinds: Vec<_> = world
        .trace
        .told()
        .map(|told| match told {
            Told::Failed { kind, is_final, .. } => (*kind, *is_final),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [(FailureKind::Fault(Fault::NoToken), false), (FailureKind::TokenTooLong, true)]);

    // Of an unknown life: until it is refused.
    let mut world = World::new([], []);
    world.outside = [Some(("abc".into(), None))].into();
    world.run(&mut Real::new(plan.every(3_600_000), 1), 20);
    assert_eq!(format!("{:?}", world.trace).matches("AskedForToken").count(), 1);
}

#[test]
fn a_session_is_told_that_its_token_was_refused_elsewhere() {
    let mut session = RoomySession::new();
    let token = answer(200, "{\"access_token\":\"abc\",\"expires_in\":3599}");
    assert_eq!(sign_in(&mut session, application(), [&token[..]], 0).1, Ok(()));
    // There is one: nothing is asked.
    let (sent, result) = sign_in(&mut session, application(), [], 5_000);
    assert_eq!((sent.as_str(), result), ("", Ok(())));
    session.reject(Some("eyJhIjoxfQ"));
    assert!(session.token().is_none() && session.needs(5_000) == Need::Token);
    let (sent, result) = sign_in(&mut session, application(), [&token[..]], 5_000);
    assert!(sent.ends_with("&claims=%7B%22a%22%3A1%7D") && result == Ok(()), "{sent}");
    let (sent, _) = sign_in(&mut session, application(), [&token[..]], 4_000_000);
    assert!(!sent.contains("claims"), "{sent}");
}

#[test]
fn a_grant_knows_when_it_is_due() {
    assert_eq!(Grant::NONE.needs(0), Need::Token);
    let policy = Policy::DEFAULT;
    let grant = Grant::new(u64::MAX - 5, Some(3_600_000), None, &policy);
    assert_eq!(grant.needs(u64::MAX - 1), Need::Nothing, "no overflow");
    assert_eq!(Grant::new(7, Some(0), None, &policy).needs(7), Need::Token);
    assert_eq!(Grant::new(0, None, Some(1_000), &policy).needs(1_000), Need::Renewal);
}

/// One record will do: it is as it was, unless a 200 breaks off.
#[test]
fn one_record_will_do() {
    let plan = once();
    let mut session = RoomySession::new();
    let mut call = Call::new();
    call.parse_into(b"{\"id\":\"before\"}").expect("a call");
    let mut run = |answers: &[&[u8]], call: &mut Call| {
        let mut answers = answers.iter();
        let mut buffer = [0; 700];
        let mut did = Did::Dropped;
        let mut job = session.start(&plan, 1);
        loop {
            did = match job.step(0, did, &mut buffer, call) {
                Step::Connect { .. } => Did::Connected { kept: false },
                Step::Send { bytes, .. } => Did::Sent(bytes.len()),
                Step::Receive { .. } => match answers.next() {
                    Some(answer) => {
                        buffer[..answer.len()].copy_from_slice(answer);
                        Did::Received(answer.len())
                    }
                    None => Did::Ended(End::Cut),
                },
                Step::Close => Did::Nothing,
                _ => return,
            };
        }
    };
    let token = answer(200, "{\"access_token\":\"abc\"}");
    let no = answer(403, "{\"error\":{\"code\":\"7504\"}}");
    run(&[&token, &no], &mut call);
    assert_eq!(call.id.as_str(), Some("before"));
    run(&[b"HTTP/1.1 200 OK\r\nContent-Le"], &mut call);
    assert_eq!(call.id.as_str(), Some("before"));
    run(&[b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"id\":\"half\","], &mut call);
    assert!(call == Call::new(), "never half a call");
    let mut pair = Pair::new(Call::new(), Call::new());
    pair.clear();
    assert_eq!(pair.last().id.as_str(), None);
}

/// However a driver works, a sign-in comes to the same.
#[test]
fn clumsy_hands_sign_in_as_well() {
    for whims in 0..40_u8 {
        let whims: Vec<u8> =
            (0..120).map(|index: u8| index.wrapping_mul(whims).wrapping_add(whims)).collect();
        let mut world = World::new([], [Deed::deny(503, 0), Deed::Token(Expiry::Text(3_599), true)])
            .with_hands(Hands::clumsy(33, whims));
        world.run(&mut Real::new(once(), 5), 1);
        assert!(matches!(world.trace.told().next(), Some(Told::Call(_))), "{:?}", world.trace);
        assert_eq!(world.trace.secrets_are_posted_once(), Ok(()));
        world.trace = Trace::default();
    }
    let mut client = Real::new(once(), 5);
    assert!(!client.shown().contains("s3cr3t"));
    client.session.change_credential();
}
