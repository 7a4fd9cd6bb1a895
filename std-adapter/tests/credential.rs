//! Credentials: what they offer, what they refuse, and what is never shown of them.

use core::time::Duration;
use graph_call_std::credential::{
    Claims, ClientCertificate, ClientCredentials, Credential, EnvironmentCredential, FixedToken, Offer,
    Secret, TokenFile, TokenRequest, Wanted, WorkloadIdentity,
};
use graph_call_std::{Class, Cloud};
use std::fs;
use std::path::PathBuf;

/// `{"alg":"RS256"}.{"roles":["Calls.AccessMedia.All"]}` and a signature.
const APP_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJyb2xlcyI6WyJDYWxscy5BY2Nlc3NNZWRpYS5BbGwiXX0.c2ln";
/// `{"alg":"RS256"}.{"scp":"Calls.Read"}` and a signature.
const USER_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzY3AiOiJDYWxscy5SZWFkIn0.c2ln";

#[test]
fn an_application_offers_its_request_whatever_is_wanted() {
    let mut app = ClientCredentials::new("contoso.example", "2891555a", "canary").expect("well-formed");
    for was_refused in [false, true] {
        let mut wanted = Wanted::new(Cloud::UsGovL4);
        wanted.was_refused = was_refused;
        let offer = app.offer(&wanted).expect("an offer");
        let Offer::Ask(TokenRequest::ClientSecret { tenant, client_id, secret }) = offer else {
            panic!("no request: {offer:?}");
        };
        assert_eq!(
            [tenant.as_str(), client_id.as_str(), secret.reveal()],
            ["contoso.example", "2891555a", "canary"]
        );
    }
    assert_eq!(app.revision(), 0, "it never becomes another one");
    assert!(!app.is_slow());
}

#[test]
fn a_fixed_token_is_all_there_is() {
    let mut fixed = FixedToken::new(APP_TOKEN).expect("a token");
    let mut wanted = Wanted::new(Cloud::Global);
    let offer = fixed.offer(&wanted).expect("an offer");
    assert!(matches!(&offer, Offer::Token { token, lifetime: None } if token.reveal() == APP_TOKEN));
    wanted.was_refused = true;
    assert!(matches!(fixed.offer(&wanted).expect("an offer"), Offer::Nothing));
}

#[test]
fn a_signed_in_users_token_is_refused_before_it_is_sent() {
    assert!(FixedToken::new(APP_TOKEN).is_ok());
    assert!(FixedToken::new("opaque").is_ok(), "what cannot be read is the service's to judge");
    let error = FixedToken::new(USER_TOKEN).expect_err("delegated");
    assert_eq!(error.class(), Class::Auth);
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
    let mut app = ClientCredentials::new("t", "id", "canary").expect("well-formed");
    let mut fixed = FixedToken::new(APP_TOKEN).expect("a token");
    let wanted = Wanted::new(Cloud::Global);
    let shown = format!("{app:?} {:?} {fixed:?} {:?}", app.offer(&wanted), fixed.offer(&wanted));
    for secret in ["canary", "eyJyb2xlcyI", "c2ln"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A file that is gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("graph-call-credential-{}-{name}", std::process::id())))
    }

    fn write(&self, bytes: impl AsRef<[u8]>) {
        fs::write(&self.0, bytes).expect("a folder for temporary files");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn refused() -> Wanted<'static> {
    let mut wanted = Wanted::new(Cloud::Global);
    wanted.was_refused = true;
    wanted
}

fn token(offer: Offer) -> (String, Option<Duration>) {
    match offer {
        Offer::Token { token, lifetime } => (token.reveal().to_owned(), lifetime),
        other => panic!("no token: {other:?}"),
    }
}

#[test]
fn a_token_file_is_read_again_and_its_revision_follows() {
    let scratch = Scratch::new("file");
    let wanted = Wanted::new(Cloud::Global);
    let mut file = TokenFile::new(&scratch.0);
    assert!(file.is_slow());
    let error = file.offer(&wanted).expect_err("there is none yet");
    assert_eq!(error.class(), Class::Auth);
    assert!(error.to_string().contains("token file"), "{error}");

    scratch.write("first\n");
    let minute = Some(Duration::from_secs(60));
    assert_eq!(token(file.offer(&wanted).expect("an offer")), ("first".to_owned(), minute));
    let revision = file.revision();
    assert_eq!(token(file.offer(&wanted).expect("an offer")).0, "first");
    assert_eq!(file.revision(), revision, "the same token");
    assert!(matches!(file.offer(&refused()).expect("an offer"), Offer::Nothing));

    scratch.write("{\"accessToken\":\"other\",\"expires_on\":1}");
    assert_eq!(token(file.offer(&refused()).expect("an offer")), ("other".to_owned(), Some(Duration::ZERO)));
    assert_ne!(file.revision(), revision);
    assert!(!format!("{file:?}").contains("other"));

    let revision = file.revision();
    scratch.write(vec![b'a'; 64 * 1024 + 1]);
    assert!(file.offer(&wanted).expect_err("too large").to_string().contains("64 KiB"));
    scratch.write("other");
    assert_eq!(token(file.offer(&wanted).expect("an offer")).0, "other");
    assert_ne!(file.revision(), revision, "after a failure everything is new");
}

#[test]
fn a_workload_offers_the_assertion_that_is_in_the_file_now() {
    let scratch = Scratch::new("workload");
    let wanted = Wanted::new(Cloud::Global);
    let mut workload = WorkloadIdentity::new("contoso.example", "2891555a", &scratch.0).expect("well-formed");
    assert!(workload.is_slow());
    assert!(workload.offer(&wanted).expect_err("no file").to_string().contains("assertion file"));
    let mut revision = workload.revision();
    for text in ["a.b.c", "\u{feff}d.e.canary\r\n"] {
        scratch.write(text);
        let Offer::Ask(TokenRequest::ClientAssertion { tenant, client_id, assertion }) =
            workload.offer(&wanted).expect("an offer")
        else {
            panic!("no assertion");
        };
        assert_eq!((tenant.as_str(), client_id.as_str()), ("contoso.example", "2891555a"));
        assert_eq!(assertion.reveal(), text.trim().trim_start_matches('\u{feff}'));
        assert_ne!(workload.revision(), revision, "another assertion may be posted after a refusal");
        revision = workload.revision();
        workload.offer(&wanted).expect("an offer");
        assert_eq!(workload.revision(), revision, "the same one may not");
    }
    for text in ["", "canary", "canary.b", "canary..c", "canary.b.c d", "canary.b.c.d"] {
        scratch.write(text);
        let error = workload.offer(&wanted).expect_err("no assertion");
        assert!(error.to_string().ends_with("holds no signed token (JWT)"), "{error}");
        assert!(!format!("{error:?} {workload:?}").contains("canary"), "{error}");
    }
    assert!(WorkloadIdentity::new("a/b", "id", "x").is_err());
}

/// An RSA key of 2048 bits and its certificate.
const APPLICATION: &str = include_str!("application.pem");
/// A key on P-256 and its certificate.
const ELLIPTIC: &str = include_str!("elliptic.pem");

/// The entries of a PEM text whose first line has a word.
fn entries(pem: &str, word: &str) -> String {
    let mut is_in = false;
    let lines = pem.lines().filter(|line| {
        let was_in = is_in;
        is_in =
            (is_in || line.starts_with("-----BEGIN") && line.contains(word)) && !line.starts_with("-----END");
        was_in || is_in
    });
    lines.map(|line| line.to_owned() + "\n").collect()
}

#[test]
fn a_certificate_offers_another_assertion_each_time() {
    let mut app =
        ClientCertificate::new("contoso.example", "2891555a", APPLICATION.as_bytes()).expect("a key");
    assert!(!app.is_slow());
    let mut assertion = || match app.offer(&Wanted::new(Cloud::Global)).expect("an offer") {
        Offer::Ask(TokenRequest::ClientAssertion { assertion, .. }) => assertion.reveal().to_owned(),
        other => panic!("no assertion: {other:?}"),
    };
    assert_ne!(assertion(), assertion());
    assert_eq!(assertion().split('.').count(), 3);
    let shown = format!("{app:?}");
    assert!(shown.contains("PS256") && !shown.contains("MII"), "{shown}");
    // Any order, and certificates of others beside its own.
    let [key, own, other] =
        [entries(APPLICATION, "KEY"), entries(APPLICATION, "CERTIFICATE"), entries(ELLIPTIC, "CERTIFICATE")];
    for pem in [format!("{key}{own}"), format!("\u{feff}{other}{key}{own}")] {
        let same = ClientCertificate::new("contoso.example", "2891555a", pem.as_bytes()).expect("a key");
        assert_eq!(format!("{same:?}"), shown);
    }
}

#[test]
fn a_certificate_that_cannot_sign_says_why() {
    let [key, own, other] =
        [entries(APPLICATION, "KEY"), entries(APPLICATION, "CERTIFICATE"), entries(ELLIPTIC, "CERTIFICATE")];
    for (pem, says) in [
        (String::new(), "no PEM text"),
        ("0\u{82}canary".to_owned(), "no PEM text"),
        (own.clone(), "no private key"),
        (key.clone(), "no certificate"),
        (format!("{key}{other}"), "belongs to none"),
        (ELLIPTIC.to_owned(), "not an RSA key"),
        (APPLICATION.replace("PRIVATE", "ENCRYPTED PRIVATE"), "has a password"),
        (APPLICATION.replace("\nMII", "\nMIJ"), "cannot be"),
    ] {
        let error = ClientCertificate::new("t", "id", pem.as_bytes()).expect_err("refused");
        assert!(error.to_string().contains(says), "{says}: {error}");
        assert!(!format!("{error:?}").contains("MII"), "{error:?}");
    }
    assert!(ClientCertificate::new("a/b", "id", APPLICATION.as_bytes()).is_err());
}

#[test]
fn the_environment_chooses_as_azures_sdks_do() {
    let scratch = Scratch::new("pem");
    scratch.write(APPLICATION);
    let pem = scratch.0.display().to_string();
    let from = |variables: &[(&str, &str)]| {
        EnvironmentCredential::from_lookup(|name| {
            variables.iter().find(|(of, _)| *of == name).map(|(_, value)| (*value).to_owned())
        })
    };
    let [tenant, client] = [("AZURE_TENANT_ID", "contoso.example"), ("AZURE_CLIENT_ID", "2891555a")];
    let secret = ("AZURE_CLIENT_SECRET", "canary");
    let certificate = ("AZURE_CLIENT_CERTIFICATE_PATH", pem.as_str());
    let federated = ("AZURE_FEDERATED_TOKEN_FILE", pem.as_str());
    for (variables, is, is_slow) in [
        (&[tenant, client, secret, certificate, federated][..], "ClientCredentials", false),
        (&[tenant, client, ("AZURE_CLIENT_SECRET", ""), certificate, federated], "ClientCertificate", false),
        (&[tenant, client, federated], "WorkloadIdentity", true),
    ] {
        let mut app = from(variables).expect("an application");
        let shown = format!("{app:?}");
        assert!(shown.contains(is) && !shown.contains("canary"), "{shown}");
        assert_eq!(app.is_slow(), is_slow, "{shown}");
        let elsewhere = Wanted::new(Cloud::UsGovL4);
        if is != "WorkloadIdentity" {
            assert!(matches!(app.offer(&elsewhere), Ok(Offer::Ask(_))), "{shown}");
        }
        let host = ("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/");
        let mut app = from(&[variables, &[host]].concat()).expect("an application");
        let error = app.offer(&elsewhere).expect_err("the secret of another cloud").to_string();
        assert!(error.contains("login.microsoftonline.us: choose its cloud"), "{error}");
    }
    for (variables, says) in [
        (&[tenant, client][..], "AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED"),
        (&[secret], "not set: AZURE_TENANT_ID, AZURE_CLIENT_ID"),
        (
            &[tenant, client, ("AZURE_CLIENT_CERTIFICATE_PATH", "/nowhere/x.pem")],
            "/nowhere/x.pem, cannot be read",
        ),
        (&[tenant, client, ("AZURE_CLIENT_SECRET", "canary\n")], "client secret has characters"),
        (&[("AZURE_TENANT_ID", "a/b"), client, secret], "tenant has characters"),
    ] {
        let error = from(variables).expect_err("no application");
        assert!(error.to_string().contains(says), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[cfg(unix)]
mod command {
    use super::*;
    use graph_call_std::Error;
    use graph_call_std::credential::TokenCommand;
    use std::time::Instant;

    fn shell(script: &str) -> TokenCommand {
        TokenCommand::new("sh").args(["-c", script])
    }

    fn failure(command: &TokenCommand) -> Error {
        command.clone().offer(&Wanted::new(Cloud::Global)).expect_err("no token")
    }

    #[test]
    fn what_a_program_prints_is_the_token_with_its_life() {
        let wanted = Wanted::new(Cloud::Global);
        let mut command =
            shell("printf '{\"accessToken\":\"printed\",\"expires_in\":\"99\"}'; echo canary >&2");
        assert!(command.is_slow());
        let life = Some(Duration::from_secs(99));
        assert_eq!(token(command.offer(&wanted).expect("an offer")), ("printed".to_owned(), life));
        let revision = command.revision();
        assert!(matches!(command.offer(&refused()).expect("an offer"), Offer::Nothing));
        assert_eq!(command.revision(), revision);
        assert!(!format!("{command:?}").contains("printed"), "an argument may be a secret");
        // Without a shell nothing of an argument is taken for more than a text.
        let mut echo = TokenCommand::new("echo").args(["~/a"]);
        assert_eq!(token(echo.offer(&wanted).expect("an offer")).0, "~/a");

        let mut new = shell("echo $$");
        let first = token(new.offer(&wanted).expect("an offer"));
        assert_eq!(first.1, None);
        let revision = new.revision();
        assert_ne!(token(new.offer(&refused()).expect("an offer")).0, first.0);
        assert_ne!(new.revision(), revision);
    }

    #[test]
    fn a_program_that_fails_says_so_without_its_words() {
        for (script, says) in [
            ("echo canary; echo canary >&2; exit 3", "ended with code 3"),
            ("kill -9 $$", "stopped by a signal"),
            ("echo canary canary", "sh printed: it has several words"),
            ("echo canary >&2", "sh printed: it is empty"),
            (
                "while :; do echo canarycanarycanary; done",
                "output that cannot be read: it is larger than 64 KiB",
            ),
        ] {
            let error = failure(&shell(script));
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(says) && !shown.contains("canary"), "{shown}");
            assert_eq!(error.class(), Class::Auth, "{shown}");
        }
        let error = failure(&TokenCommand::new("/nowhere/graph-call-no-such-program"));
        assert!(error.to_string().contains("graph-call-no-such-program cannot be run: "), "{error}");
    }

    #[test]
    fn a_program_that_lasts_is_ended_with_its_children() {
        let scratch = Scratch::new("child");
        let name = scratch.0.display();
        for script in [
            // The shell waits for its child, or has ended before it; a child keeps the output; the output ends before
            // the shell does.
            format!("sleep 60 & echo $! > {name}; wait"),
            format!("sleep 60 & echo $! > {name}"),
            format!("(echo $$ > {name}; exec sleep 60)"),
            format!("echo $$ > {name}; echo token; exec >&-; sleep 60"),
        ] {
            let began = Instant::now();
            let error = failure(&shell(&script).timeout(Duration::from_millis(300)));
            assert_eq!(error.class(), Class::Timeout, "{error}");
            assert!(began.elapsed() < Duration::from_secs(20), "{script}");
            let child = fs::read_to_string(&scratch.0).expect("it was begun");
            let state = || fs::read_to_string(format!("/proc/{}/stat", child.trim())).unwrap_or_default();
            let is_alive = || !(state().is_empty() || state().contains(") Z "));
            // Whoever inherits a child may take a moment to notice its end.
            while cfg!(target_os = "linux") && is_alive() && began.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(!is_alive(), "{script}");
        }
    }
}

#[test]
fn a_secret_in_a_file_is_read_as_people_write_it() {
    let path = std::env::temp_dir().join(format!("graph-call-secret-{}", std::process::id()));
    let wide = "\u{feff}sesame\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for bytes in [&b"sesame"[..], b"\xef\xbb\xbf sesame\r\n", &wide] {
        fs::write(&path, bytes).expect("a file");
        assert_eq!(Secret::from_file(&path).expect("a secret").reveal(), "sesame");
    }
    for bytes in [&b" \n"[..], b"canary\xff", &[b'a'; 65 * 1024]] {
        fs::write(&path, bytes).expect("a file");
        let error = Secret::from_file(&path).expect_err("no secret");
        assert_eq!(error.class(), Class::Auth, "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
    fs::remove_file(&path).expect("it was written");
    assert!(
        Secret::from_file(&path).expect_err("no file").to_string().ends_with("cannot be read: no such file")
    );
}

#[test]
fn the_claims_of_a_token_are_shown_without_it() {
    let claims = FixedToken::new(APP_TOKEN).expect("a token").claims().expect("claims");
    assert_eq!(claims.roles, ["Calls.AccessMedia.All"]);
    assert!(claims.may_read_calls() && !claims.is_delegated && claims.cloud().is_none());
    assert!(Claims::read(USER_TOKEN).is_some_and(|claims| claims.is_delegated && !claims.may_read_calls()));
    assert!(FixedToken::new("opaque").expect("a token").claims().is_none());
    let error = FixedToken::read_from(b"canary canary", "the vault").expect_err("two words").to_string();
    assert!(error.contains("the vault") && !error.contains("canary"), "{error}");
}
