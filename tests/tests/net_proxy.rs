//! What `HTTPS_PROXY` and `NO_PROXY` may say, row by row.

use graph_call_std::proxy::{Proxies, Proxy};
use graph_call_std::{Class, Error};

/// What is set, and the proxy for `graph.microsoft.com` that follows.
#[test]
fn the_variables_of_the_environment_have_an_order() -> Result<(), Error> {
    for (variables, expected) in [
        (&[][..], None),
        (&[("HTTPS_PROXY", "http://a:1")][..], Some("a:1")),
        (&[("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:2")][..], Some("b:2")),
        (&[("https_proxy", ""), ("HTTPS_PROXY", "a:1")][..], Some("a:1")),
        (&[("ALL_PROXY", "HTTP://a/")][..], Some("a:80")),
        (&[("ALL_PROXY", "a"), ("HTTPS_PROXY", "b")][..], Some("b:80")),
        (&[("ALL_PROXY", "SOCKS5://a")][..], Some("a:1080")),
        (&[("HTTP_PROXY", "http://a:1")][..], None),
        (&[("HTTPS_PROXY", "a:1"), ("NO_PROXY", "*")][..], None),
        (&[("HTTPS_PROXY", "a:1"), ("no_proxy", "microsoft.com"), ("NO_PROXY", "x")][..], None),
        (&[("HTTPS_PROXY", "[::1]:3128")][..], Some("[::1]:3128")),
    ] {
        let lookup = |name: &str| {
            let mut rows = variables.iter();
            rows.find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
        };
        let proxies = Proxies::from_lookup(lookup)?;
        let proxy = proxies.proxy_for("graph.microsoft.com", 443).map(ToString::to_string);
        assert_eq!(proxy.as_deref(), expected, "{variables:?}");
    }
    Ok(())
}

#[test]
fn a_rule_covers_a_host_or_not() -> Result<(), Error> {
    for (rule, host, port, is_covered) in [
        ("graph.microsoft.com", "graph.microsoft.com", 443, true),
        ("Graph.Microsoft.COM", "GRAPH.microsoft.com", 443, true),
        ("microsoft.com", "graph.microsoft.com", 443, true),
        (".microsoft.com", "graph.microsoft.com", 443, true),
        ("*.microsoft.com", "graph.microsoft.com", 443, true),
        ("soft.com", "graph.microsoft.com", 443, false),
        ("graph.microsoft.com.evil.example", "graph.microsoft.com", 443, false),
        ("graph.microsoft.com:443", "graph.microsoft.com", 443, true),
        ("graph.microsoft.com:8443", "graph.microsoft.com", 443, false),
        ("127.0.0.1", "127.0.0.1", 443, true),
        ("10.0.0.0/8", "10.1.2.3", 443, true),
        ("10.0.0.0/8", "11.1.2.3", 443, false),
        ("0.0.0.0/0", "11.1.2.3", 443, true),
        ("10.0.0.0/33", "10.0.0.0", 443, false),
        ("10.0.0.0/8", "graph.microsoft.com", 443, false),
        ("fd00::/8", "fd12::1", 443, true),
        ("::/0", "fd12::1", 443, true),
        ("::1", "::1", 443, true),
        ("[::1]:443", "::1", 443, true),
        ("", "graph.microsoft.com", 443, false),
        ("a/b/c", "graph.microsoft.com", 443, false),
    ] {
        let lookup = |name: &str| match name {
            "HTTPS_PROXY" => Some("proxy.example:3128".to_owned()),
            "NO_PROXY" => Some(format!("first.example, {rule}")),
            _ => None,
        };
        let proxies = Proxies::from_lookup(lookup)?;
        assert_eq!(proxies.proxy_for(host, port).is_none(), is_covered, "{rule} and {host}:{port}");
    }
    Ok(())
}

#[test]
fn a_wrong_address_is_refused_without_repeating_it() {
    for url in [
        "",
        "http://",
        "https://proxy.example:3128",
        "socks4://user:canary@proxy.example:1080",
        "socks5://user:canary@",
        "http://user:canary@",
        "http://user:canary@proxy.example:0",
        "http://user:canary@proxy.example:65536",
        "http://user:canary@proxy.example:x",
        "http://user:canary@proxy.example/path",
        "http://user:canary@pro xy.example",
        "http://user:canary@proxy.example\r\nX: 1",
        "http://user:canary@[::1",
    ] {
        let error = Proxy::new(url).expect_err(url);
        assert_eq!(error.class(), Class::Usage, "{url}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}
