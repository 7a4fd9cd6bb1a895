//! Credentials: what is kept how long, what is told to whom, what is never shown.

use core::time::Duration;

use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::{
    Audience, Class, Credential, Error, ErrorKind, Offer, Phase, Secret, TokenAnswer, TokenRequest,
};

const SECRET: &str = "canary~8Q/+&=% \u{e9}";
/// `{"roles":["Calls.Initiate.All"]}`
const APP_TOKEN: &str = "e30.eyJyb2xlcyI6WyJDYWxscy5Jbml0aWF0ZS5BbGwiXX0.c2ln";
/// `{"scp":"User.Read"}`
const USER_TOKEN: &str = "e30.eyJzY3AiOiJVc2VyLlJlYWQifQ.c2ln";
const US_GOV: Audience<'_> =
    Audience { graph_host: "graph.microsoft.us", login_host: "login.microsoftonline.us" };
const GLOBAL: Audience<'_> =
    Audience { graph_host: "graph.microsoft.com", login_host: "login.microsoftonline.com" };

fn app() -> ClientCredentials {
    ClientCredentials::new("contoso.example", "id-1", SECRET).expect("well-formed")
}

/// An answer with a token and more members.
fn grant(token: &str, more: &str) -> Result<TokenAnswer, Error> {
    answer(200, &format!(r#"{{"token_type":"bearer","access_token":"{token}",{more}}}"#))
}

fn answer(status: u16, content: &str) -> Result<TokenAnswer, Error> {
    Ok(TokenAnswer { status, content: Secret::new(content) })
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ask(app: &mut impl Credential, seconds: u64) -> Option<TokenRequest> {
    match app.offer(&US_GOV, at(seconds)).expect("an offer") {
        Offer::Ask(request) => Some(request),
        _ => None,
    }
}

/// Whether the app offers the application's token at this second.
fn offers(app: &mut impl Credential, seconds: u64) -> bool {
    match app.offer(&US_GOV, at(seconds)).expect("an offer") {
        Offer::Token(token) => token.reveal() == APP_TOKEN,
        _ => false,
    }
}

#[test]
fn the_form_is_the_client_credentials_grant_percent_encoded() {
    let request = ask(&mut app(), 0).expect("no token yet");
    assert_eq!(request.target, "/contoso.example/oauth2/v2.0/token");
    assert_eq!(
        request.form.reveal(),
        "client_id=id-1&scope=https%3A%2F%2Fgraph.microsoft.us%2F.default\
         &client_secret=canary~8Q%2F%2B%26%3D%25%20%C3%A9&grant_type=client_credentials"
    );
}

#[test]
fn a_token_is_kept_until_five_minutes_before_its_end() {
    for expires_in in [r#""expires_in":3600"#, r#""expires_in":"3600""#] {
        let mut app = app();
        assert!(ask(&mut app, 0).is_some());
        app.answer(grant(APP_TOKEN, expires_in), at(0)).expect("a good answer");
        assert!(offers(&mut app, 0));
        assert!(offers(&mut app, 3_299));
        assert!(ask(&mut app, 3_300).is_some());
    }
}

#[test]
fn refresh_in_comes_first_and_short_lives_are_halved() {
    let mut app = app();
    app.offer(&US_GOV, at(0)).expect("an offer");
    app.answer(grant(APP_TOKEN, r#""expires_in":86400,"refresh_in":"43200""#), at(0)).expect("good");
    assert!(offers(&mut app, 43_199));
    assert!(ask(&mut app, 43_200).is_some());

    app.answer(grant(APP_TOKEN, r#""expires_in":60"#), at(0)).expect("good");
    assert!(offers(&mut app, 29));
    assert!(ask(&mut app, 30).is_some());
}

#[test]
fn a_failed_renewal_keeps_the_token_that_is_still_valid() {
    let cut = || Err(Error::new(ErrorKind::Cut, Phase::Receive, "cut"));
    let mut app = app();
    app.offer(&US_GOV, at(0)).expect("an offer");
    assert_eq!(app.answer(cut(), at(0)).expect_err("there is none to keep").kind(), ErrorKind::Cut);
    app.answer(grant(APP_TOKEN, r#""expires_in":3600"#), at(0)).expect("good");

    assert!(ask(&mut app, 3_400).is_some());
    app.answer(cut(), at(3_400)).expect("the old one serves");
    assert!(offers(&mut app, 3_429), "not asked for again at once");
    assert!(ask(&mut app, 3_430).is_some());
    app.answer(answer(503, "busy"), at(3_430)).expect("the old one serves");
    assert!(offers(&mut app, 3_430));

    assert!(ask(&mut app, 3_600).is_some());
    let error = app.answer(answer(503, "busy"), at(3_600)).expect_err("nothing is left");
    assert_eq!((error.status(), error.kind()), (Some(503), ErrorKind::Service));
}

#[test]
fn a_token_is_never_offered_to_another_cloud() {
    let mut app = app();
    app.offer(&US_GOV, at(0)).expect("an offer");
    app.answer(grant(APP_TOKEN, r#""expires_in":3600"#), at(0)).expect("good");
    let Offer::Ask(request) = app.offer(&GLOBAL, at(1)).expect("an offer") else {
        panic!("the token of one cloud was offered to another");
    };
    assert!(request.form.reveal().contains("graph.microsoft.com"));
}

#[test]
fn answers_that_grant_nothing_say_why() {
    let refused = |given: Result<TokenAnswer, Error>| {
        let error = app().answer(given, at(0)).expect_err("nothing granted");
        assert_eq!(error.class(), Class::Auth);
        error.to_string()
    };
    let json = "credential: the token endpoint's answer, status 200, is not the JSON of an access token";
    assert_eq!(refused(answer(200, "")), json);
    assert_eq!(refused(answer(200, "<html>sign in</html>")), json);
    for bad in [r#""expires_in":-5"#, r#""expires_in":"+5""#, r#""expires_in":"soon""#, r#""expires":5"#] {
        assert_eq!(refused(grant("a", bad)), json, "{bad}");
    }
    for token in ["a b", "a\\r\\nHost: x", "", "caf\\u00e9"] {
        let error = refused(grant(token, r#""expires_in":1"#));
        assert!(error.contains("the access token "), "{error}");
    }
    assert!(refused(grant("a", r#""expires_in":0"#)).ends_with("is a token that has expired"));
    let pop = r#"{"token_type":"pop","access_token":"a","expires_in":9}"#;
    assert!(refused(answer(200, pop)).ends_with("is not a Bearer token"));
    assert!(refused(answer(200, &" ".repeat(70_000))).ends_with("is larger than 64 KiB"));
    let endless = grant(APP_TOKEN, r#""expires_in":18446744073709551615"#);
    app().answer(endless, at(0)).expect("no clock overflows");
}

#[test]
fn a_refusal_shows_the_aadsts_code_and_never_its_description() {
    let content = format!(
        r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret {SECRET}",
            "error_codes":[7000215],"trace_id":"0000-1\u001b[31m","correlation_id":"x"}}"#
    );
    let error = app().answer(answer(401, &content), at(0)).expect_err("refused");
    assert_eq!((error.class(), error.phase()), (Class::Auth, Phase::Credential));
    assert_eq!(
        error.to_string(),
        "status 401, code AADSTS7000215: the client secret is wrong: use its value, not its id \
         [request-id 0000-131m]"
    );
    assert!(!format!("{error:?} {:?}", error.refusal()).contains("canary"));

    let described = r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application"}"#;
    let error = app().answer(answer(400, described), at(0)).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "status 400, code AADSTS700016: the tenant has no application with this client id"
    );
    let error = app().answer(answer(403, "<html>blocked</html>"), at(0)).expect_err("refused");
    assert_eq!((error.class(), error.to_string()), (Class::Auth, "status 403".to_owned()));
}

#[test]
fn a_signed_in_users_token_is_refused_before_it_is_sent() {
    assert!(FixedToken::new(APP_TOKEN).is_ok());
    assert!(FixedToken::new("opaque").is_ok(), "what cannot be read is the service's to judge");
    let error = FixedToken::new(USER_TOKEN).expect_err("delegated");
    assert_eq!(error.class(), Class::Auth);
    assert!(error.to_string().contains("delegated tokens are not supported"), "{error}");
    let error = app().answer(grant(USER_TOKEN, r#""expires_in":9"#), at(0)).expect_err("delegated");
    assert!(error.to_string().contains("delegated tokens are not supported"), "{error}");
}

#[test]
fn text_that_is_no_token_never_becomes_one() {
    let long = "a".repeat(16 * 1024);
    assert!(FixedToken::new(long.clone()).is_ok());
    for bad in ["", "=", "a b", "a\r\nHost: x", "a\0", "caf\u{e9}", "a=b", "Bearer a", &(long + "a")] {
        let error = FixedToken::new(bad).expect_err("refused");
        assert_eq!(error.class(), Class::Auth, "{bad:?}");
        assert!(bad.len() < 4 || !error.to_string().contains(bad), "{error}");
    }
}

#[test]
fn a_claims_challenge_is_passed_on_once() {
    let good = || grant(APP_TOKEN, r#""expires_in":3600"#);
    let mut app = app();
    app.offer(&US_GOV, at(0)).expect("an offer");
    app.answer(good(), at(0)).expect("good");

    assert!(app.rejected(Some(r#"{"a":1}"#)));
    let request = ask(&mut app, 1).expect("the rejected token is gone");
    assert!(request.form.reveal().ends_with("&claims=%7B%22a%22%3A1%7D"));
    app.answer(good(), at(1)).expect("good");
    assert!(!app.rejected(Some(r#"{"a":1}"#)), "the same claims again were not satisfied");

    assert!(app.rejected(Some(r#"{"b":2}"#)));
    app.answer(good(), at(2)).expect("good");
    assert!(app.rejected(None), "an ordinary 401 earns a new token");
    assert!(!ask(&mut app, 3).expect("due").form.reveal().contains("claims"), "claims are sent once");

    assert!(!FixedToken::new(APP_TOKEN).expect("a token").rejected(None), "there is no other");
}

#[test]
fn tenants_and_ids_that_would_change_the_target_are_refused() {
    let new = |tenant: &str, id: &str, secret: &str| {
        ClientCredentials::new(tenant, id, secret).map(|_| ()).map_err(|error| error.to_string())
    };
    let refused = |what: &str| Err(format!("prepare: the {what} has characters it cannot have"));
    assert_eq!(new("contoso.example", "id", "s"), Ok(()));
    for tenant in ["", "a/b", "..", "a?b", "a b", "a\r\nb", "t\u{e9}"] {
        assert_eq!(new(tenant, "id", "s"), refused("tenant"), "{tenant:?}");
    }
    assert_eq!(new("t", "a b", "s"), refused("client id"));
    assert_eq!(new("t", "id", ""), refused("client secret"));
    assert_eq!(new("t", "id", "s\n"), refused("client secret"));
}

#[test]
fn debug_shows_no_secret() {
    let mut app = app();
    let request = ask(&mut app, 0);
    app.answer(grant(APP_TOKEN, r#""expires_in":3600"#), at(0)).expect("good");
    let shown = format!("{app:?} {request:?} {:?}", app.offer(&US_GOV, at(1)));
    for secret in ["canary", "eyJyb2xlcyI", "c2ln"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn whatever_happens_no_token_is_offered_past_its_end_or_asked_for_without_need() {
    let mut random = 1_u64;
    let mut next = |bound: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % bound
    };
    let mut app = app();
    let (mut now, mut ends_at, mut quiet_until) = (0, 0, 0);
    let mut offered = 0;
    for _ in 0..20_000 {
        now += next(400);
        match app.offer(&US_GOV, at(now)).expect("an offer") {
            Offer::Token(_) => {
                assert!(now < ends_at, "expired {} s ago", now - ends_at);
                offered += 1;
            }
            Offer::Ask(_) => {
                assert!(now >= quiet_until, "{} s too early", quiet_until - now);
                let lifetime = 1 + next(7_200);
                if next(3) == 0 {
                    let kept = app.answer(answer(503, ""), at(now)).is_ok();
                    assert_eq!(kept, now < ends_at);
                } else {
                    let more = format!("\"expires_in\":{lifetime}");
                    app.answer(grant(APP_TOKEN, &more), at(now)).expect("good");
                    ends_at = now + lifetime;
                    quiet_until = now + lifetime - 300.min(lifetime / 2) - 1;
                }
            }
            other => panic!("{other:?}"),
        }
        if next(20) == 0 {
            app.rejected(None);
            (ends_at, quiet_until) = (now, now);
        }
    }
    assert!(offered > 5_000, "{offered}");
}
