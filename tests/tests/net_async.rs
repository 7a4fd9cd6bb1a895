//! The client for tokio: the same service, faults and rules as for the blocking one.

use core::future::Future;
use core::time::Duration;
use graph_call_std::credential::{ClientCredentials, FixedToken};
use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::service::{
    self, CHANGING_CALL, CLIENT_ID, CLIENT_SECRET, CertificateKind, Fault, GROUP_CALL, P2P_CALL, Service,
    TENANT, WireFault,
};
use graph_call_std::tls::{Roots, Trust};
use graph_call_std::{AsyncClient, Client, ClientBuilder, Error, ErrorKind, Phase, Reading, Retry, Timeouts};
use graph_call_tests::net::tunnel::{self, Manner};
use std::error::Error as StdError;
use std::time::Instant;

type Outcome = Result<(), Box<dyn StdError>>;

const SECOND: Duration = Duration::from_secs(1);
const CANARY: &str = "eyJ0eXAiOiJKV1QifQ.e30.canary";
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(4),
    first_byte: Duration::from_millis(400),
    answer: Duration::from_millis(400),
    whole: Duration::from_secs(20),
    ..Timeouts::DEFAULT
};

fn service() -> service::Builder {
    Service::builder().accept_access_token(CANARY)
}

fn builder(service: &Service) -> Result<ClientBuilder, Error> {
    Ok(Client::builder()
        .credential(FixedToken::new(CANARY)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .connect_to(service.address().to_string())
        .timeouts(TIMEOUTS)
        .retry(Retry { retries: 0, ..Retry::DEFAULT }))
}

/// Runs a future that may move between threads, as every one of the client's must.
fn run<T>(future: impl Future<Output = T> + Send) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

#[test]
fn both_calls_on_one_connection_over_either_version_of_tls() -> Outcome {
    for kind in [service().only_tls12(), service().only_tls13()] {
        let service = kind.start()?;
        let client = builder(&service)?.build_async()?;
        run(async {
            for id in [GROUP_CALL, P2P_CALL] {
                assert_eq!(client.get_call(id).await?.call.id.as_str(), Some(id));
            }
            Ok::<_, Error>(())
        })?;
        assert_eq!(service.counters().connections, 1);
    }
    Ok(())
}

#[test]
fn each_stall_ends_in_its_phase_and_the_next_attempt_works() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.timeouts(Timeouts { connect: SECOND / 2, ..TIMEOUTS }).build_async()?;
    run(async {
        for (order, phase) in [
            (Err(WireFault::Stall { after: 0 }), Phase::Tls),
            (Ok(Fault::Stall(service::Phase::BeforeHead)), Phase::FirstByte),
            (Ok(Fault::Stall(service::Phase::InContent)), Phase::Receive),
        ] {
            client.disconnect().await;
            match order {
                Ok(fault) => service.order(fault),
                Err(fault) => service.order_wire(fault),
            }
            let began = Instant::now();
            let error = client.get_call(P2P_CALL).await.err().ok_or("fetched")?;
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, phase), "{error}");
            assert!(began.elapsed() < 2 * SECOND);
            assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
        }
        Outcome::Ok(())
    })
}

#[test]
fn a_cut_is_never_a_complete_answer() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build_async()?;
    run(async {
        for fault in [Fault::UntilCut, Fault::Cut { after: 500 }, Fault::Reset { after: 500 }] {
            service.order(fault);
            let error = client.get_call(P2P_CALL).await.err().ok_or("fetched")?;
            assert_eq!(error.kind(), ErrorKind::Cut, "{error}");
        }
        service.order(Fault::UntilClose);
        assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
        Ok(())
    })
}

#[test]
fn a_server_that_does_not_prove_its_name_gets_no_token() -> Outcome {
    for kind in CertificateKind::BAD {
        let service = service().certificate(kind).start()?;
        let client = builder(&service)?.build_async()?;
        let error = run(client.get_call(P2P_CALL)).err().ok_or("fetched")?;
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Certificate, Phase::Tls), "{kind:?}: {error}");
        assert_eq!(service.counters().requests, 0);
    }
    Ok(())
}

#[test]
fn a_dropped_future_leaves_a_client_that_works() -> Outcome {
    let service = service().start()?;
    let client =
        builder(&service)?.timeouts(Timeouts { first_byte: 5 * SECOND, ..TIMEOUTS }).build_async()?;
    run(async {
        client.get_call(P2P_CALL).await?;
        service.order(Fault::Stall(service::Phase::BeforeHead));
        let fetch = client.get_call(P2P_CALL);
        assert!(tokio::time::timeout(SECOND / 5, fetch).await.is_err());
        // Had the connection been kept, the next answer would be the last one's.
        assert_eq!(client.get_call(GROUP_CALL).await?.call.id.as_str(), Some(GROUP_CALL));
        Ok(())
    })
}

#[test]
fn an_answer_that_nobody_asked_for_is_nobodys_answer() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.build_async()?;
    let answer = |id: &str| {
        let content = format!(r#"{{"id":"{id}"}}"#);
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        format!("{head}{}\r\n\r\n{content}", content.len()).into_bytes()
    };
    run(async {
        for _ in 0..3 {
            let pieces = vec![answer(P2P_CALL), answer("poison")];
            service.order(Fault::Raw { pieces, end: service::End::KeepAlive });
            assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
            // The whole thread sleeps: tokio has no chance to hear of what arrives.
            std::thread::sleep(SECOND / 20);
            assert_eq!(client.get_call(GROUP_CALL).await?.call.id.as_str(), Some(GROUP_CALL));
        }
        Ok(())
    })
}

#[test]
fn an_application_logs_in_through_a_proxy() -> Outcome {
    let service = service().start()?;
    let proxy = tunnel::Proxy::start(service.address(), Manner::Opens)?;
    let client = Client::builder()
        .credential(ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?)
        .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
        .proxies(Proxies::all(Proxy::new(&proxy.address().to_string())?))
        .timeouts(TIMEOUTS)
        .build_async()?;
    run(async {
        assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
        service.revoke_access_tokens();
        assert_eq!(client.get_call(P2P_CALL).await?.call.id.as_str(), Some(P2P_CALL));
        Ok::<_, Error>(())
    })?;
    let asked = proxy.asked().concat();
    assert_eq!(asked.matches("CONNECT login.microsoftonline.com:443").count(), 2, "{asked}");
    assert_eq!(asked.matches("CONNECT graph.microsoft.com:443").count(), 1, "{asked}");
    Ok(())
}

#[test]
fn both_clients_reach_the_service_through_a_socks_proxy() -> Outcome {
    let service = service().start()?;
    let proxy = tunnel::Proxy::start(service.address(), Manner::Socks("me", "canary pass"))?;
    let builder = |user: &str| -> Result<ClientBuilder, Error> {
        let url = format!("socks5h://{user}{}", proxy.address());
        Ok(Client::builder()
            .credential(FixedToken::new(CANARY)?)
            .trust(Trust::new(Roots::Only, service.ca_pem().as_bytes())?)
            .proxies(Proxies::all(Proxy::new(&url)?))
            .retry(Retry { retries: 0, ..Retry::DEFAULT })
            .timeouts(TIMEOUTS))
    };
    let good = "me:canary%20pass@";
    assert_eq!(builder(good)?.build()?.get_call(P2P_CALL)?.call.id.as_str(), Some(P2P_CALL));
    let client = builder(good)?.build_async()?;
    let fetched = run(async { client.get_call(P2P_CALL).await })?;
    assert_eq!(fetched.call.id.as_str(), Some(P2P_CALL));
    assert_eq!(
        proxy.asked(),
        ["graph.microsoft.com", "graph.microsoft.com"],
        "names are the proxy's to look up"
    );
    for (user, says) in [("", "a user and a password"), ("me:canary-2@", "refuses the user or the password")]
    {
        let errors = [builder(user)?.build()?.get_call(P2P_CALL).err().ok_or("fetched")?, {
            let client = builder(user)?.build_async()?;
            run(async { client.get_call(P2P_CALL).await }).err().ok_or("fetched")?
        }];
        for error in errors {
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Proxy, Phase::Proxy), "{error}");
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(says) && !shown.contains("canary"), "{shown}");
        }
    }
    Ok(())
}

#[test]
fn the_token_of_all_readings_is_to_be_had() -> Outcome {
    let service = Service::start()?;
    let builder = || -> Result<ClientBuilder, Error> {
        let app = ClientCredentials::new(TENANT, CLIENT_ID, CLIENT_SECRET)?;
        Ok(builder(&service)?.credential(app))
    };
    let client = builder()?.build()?;
    let token = client.access_token()?;
    client.get_call(P2P_CALL)?;
    assert_eq!(client.access_token()?.reveal(), token.reveal());
    assert_eq!(service.counters().issued, 1, "one sign-in for all");
    let sent = service.received().iter().find_map(|received| received.access_token().map(str::to_owned));
    assert_eq!(sent.as_deref(), Some(token.reveal()));
    let client = builder()?.build_async()?;
    let token = run(async {
        let token = client.access_token().await?;
        client.get_call(P2P_CALL).await?;
        Ok::<_, Error>(token)
    })?;
    assert_eq!(service.counters().issued, 2);
    assert!(service.received().iter().any(|received| received.access_token() == Some(token.reveal())));
    let wrong = ClientCredentials::new(TENANT, CLIENT_ID, "canary-wrong")?;
    let error = builder()?.credential(wrong).build()?.access_token().err().ok_or("a token")?;
    assert_eq!(error.phase(), Phase::Credential, "{error}");
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    Ok(())
}

#[test]
fn a_throttled_call_is_waited_for() -> Outcome {
    let service = service().start()?;
    let client = builder(&service)?.retry(Retry::DEFAULT).build_async()?;
    service.order(Fault::Throttled { retry_after: Some("0.2".into()) });
    let began = Instant::now();
    run(client.get_call(P2P_CALL))?;
    assert!(began.elapsed() >= SECOND / 5);
    Ok(())
}

#[test]
fn a_watch_ends_with_the_call() -> Outcome {
    let service = service().reads_per_state(1).start()?;
    let client = builder(&service)?.build_async()?;
    let readings = run(async {
        let mut watch = client.watch(CHANGING_CALL).every(SECOND);
        let mut readings = 0;
        while let Some(reading) = watch.next().await {
            readings += 1;
            if let Reading::Gone(refusal) = reading? {
                assert_eq!(refusal.head.status, 404);
            }
        }
        Ok::<_, Error>(readings)
    })?;
    assert!((2..10).contains(&readings), "{readings}");
    Ok(())
}

#[test]
fn a_watch_says_whether_a_failure_has_ended_it() -> Outcome {
    let service = service().start()?;
    for (fault, is_end) in [(Fault::Forbidden, true), (Fault::Status(503), false)] {
        let client = builder(&service)?.build_async()?;
        service.order(fault.clone());
        run(async {
            let mut watch = client.watch(P2P_CALL).every(SECOND);
            assert!(watch.next().await.is_some_and(|reading| reading.is_err()));
            assert_eq!(watch.is_over(), is_end);
            assert_eq!(watch.next().await.is_none(), is_end);
        });
        let client = builder(&service)?.build()?;
        service.order(fault);
        let mut watch = client.watch(P2P_CALL).every(SECOND);
        assert!(watch.next().is_some_and(|reading| reading.is_err()));
        assert_eq!((watch.is_over(), watch.next().is_none()), (is_end, is_end));
    }
    Ok(())
}

#[test]
fn many_clients_at_once() -> Outcome {
    let service = service().start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let clients: Vec<AsyncClient> =
        (0..20).map(|_| builder(&service)?.build_async()).collect::<Result<_, Error>>()?;
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| {
            runtime.spawn(async move {
                for id in [P2P_CALL, GROUP_CALL] {
                    assert_eq!(client.get_call(id).await?.call.id.as_str(), Some(id));
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task)??;
    }
    Ok(())
}
