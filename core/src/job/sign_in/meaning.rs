//! What the codes of a login host mean.

/// The codes that setups meet most often: what is wrong, and what to do next.
const MEANINGS: [(u32, &str); 19] = [
    (50_059, "the request names no tenant: name the directory, by its id or domain"),
    (53_003, "a conditional access policy blocks the application: ask the tenant's administrator"),
    (65_001, "the application has no consent in this tenant: have an administrator grant it"),
    (70_021, "no federated credential of the application matches the assertion: compare issuer and subject"),
    (90_002, "there is no such tenant: check its id or domain, and the cloud"),
    (500_011, "the tenant does not know the service that the token is for: check the cloud and the scope"),
    (700_016, "the tenant has no application with this client id: check both"),
    (700_024, "the assertion is not within its time: check the clock"),
    (700_027, "the assertion's signature is not accepted: register the certificate with the application"),
    (700_211, "no federated credential of the application matches the assertion: compare its issuer"),
    (700_213, "no federated credential of the application matches the assertion: compare its subject"),
    (900_023, "the tenant is neither an id nor a domain: check it"),
    (900_382, "the tenant belongs to another cloud: choose that cloud"),
    (900_432, "the tenant belongs to another cloud: choose that cloud"),
    (1_002_012, "the scope is not one of an application: it has to end in /.default"),
    (7_000_112, "the application is disabled: ask the tenant's administrator"),
    (7_000_215, "the client secret is wrong: use its value, not its id"),
    (7_000_218, "no secret and no assertion came with the request: configure one"),
    (7_000_222, "the client secret has expired: make a new one"),
];

/// What a code such as `AADSTS7000215` means, and what to do next.
pub(in crate::job) fn meaning(code: &str) -> Option<&'static str> {
    let number: u32 = code.strip_prefix("AADSTS")?.parse().ok()?;
    MEANINGS.iter().find(|(known, _)| *known == number).map(|(_, meaning)| *meaning)
}
