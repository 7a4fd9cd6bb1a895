//! The measured documents.

use serde_json::{Map, Value};

/// A document and what it is called.
#[derive(Debug)]
pub struct Document {
    /// Its name in the tables.
    pub name: &'static str,
    /// Its text.
    pub bytes: Vec<u8>,
    /// Whether it has more targets than a call has room for by default.
    pub many_targets: bool,
}

impl Document {
    fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, bytes, many_targets: false }
    }
}

/// Every document: the two calls of Microsoft's documentation as printed and on one line, as the service
/// writes them, and a large call.
pub fn all() -> Vec<Document> {
    let p2p = include_bytes!("../../tests/data/p2p.json");
    let group = include_bytes!("../../tests/data/group.json");
    vec![
        Document::new("p2p", p2p.to_vec()),
        Document::new("p2p, one line", minified(p2p)),
        Document::new("p2p, shuffled", shuffled(p2p, 1)),
        Document::new("group", group.to_vec()),
        Document::new("group, one line", minified(group)),
        Document::new("group, shuffled", shuffled(group, 1)),
        Document { many_targets: true, ..Document::new("large", large()) },
    ]
}

/// The document without white space between its tokens.
pub fn minified(document: &[u8]) -> Vec<u8> {
    value(document).to_string().into_bytes()
}

/// The document, indented, with the members of every object in another order.
pub fn shuffled(document: &[u8], seed: u64) -> Vec<u8> {
    let shuffled = shuffle(value(document), &mut Random(seed));
    serde_json::to_vec_pretty(&shuffled).unwrap_or_default()
}

/// A call of two members, and an unknown one between them that holds an array of about `length` bytes.
pub fn skipping(length: usize) -> Document {
    let element = r#"{"participationMethod":"pstn","clientLocation":[51,-0.5,1e3],"note":"caf\u00e9 \"open\"","on":true},"#;
    let mut text = String::from(r#"{"id":"2e1a0b00-2db4-4022-9570-243709c565ab","applicationMetadata":["#);
    while text.len() < length {
        text.push_str(element);
    }
    text.push_str(r#"null],"state":"established"}"#);
    Document::new("skipped", text.into_bytes())
}

/// A call of about 10 KB on one line: ten targets, names of many scripts, escapes, surrogate pairs, most
/// members of the model, and members that no model has.
pub fn large() -> Vec<u8> {
    const NAMES: [&str; 10] = [
        "Adele Vance",
        "Łukasz Brzęczyszczykiewicz",
        "山田 太郎",
        r"Jos\u00e9 \u00d1\u00fa\u00f1ez",
        r#"Miriam \"Mim\" Graham"#,
        "Ολυμπία Παπαδοπούλου",
        r"Party \ud83c\udf89 Room",
        "Наталья Иванова",
        "فاطمة الزهراء",
        r"Ops\/Support \\ Night\tShift",
    ];
    let targets: Vec<String> = NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let kind = if index == 9 { "phone" } else { "user" };
            format!(
                concat!(
                    r##"{{"@odata.type":"#microsoft.graph.invitationParticipantInfo","endpointType":"default","##,
                    r##""identity":{{"@odata.type":"#microsoft.graph.identitySet","application":null,"device":null,"##,
                    r##""{kind}":{{"@odata.type":"#microsoft.graph.identity","displayName":"{name}","##,
                    r##""id":"112f7296-5fa4-42ca-bae8-6a692b15d4{index:02}","identityProvider":"AAD","##,
                    r##""tenantId":"72f988bf-86f1-41af-91ab-2d7cd011db47"}}}},"##,
                    r##""id":"e0b1c2d3-0000-4111-8222-9333a444b5{index:02}","region":"emea","languageId":"en-GB","##,
                    r##""hidden":false,"participantId":"7d6f1a2c-3b4d-4e5f-8a9b-0c1d2e3f40{index:02}","##,
                    r##""removeFromDefaultAudioRoutingGroup":{flag},"replacesCallId":null}}"##,
                ),
                kind = kind,
                name = name,
                index = index,
                flag = index % 3 == 0,
            )
        })
        .collect();
    let set = |kind: &str, name: &str, id: u8| {
        format!(
            r##"{{"@odata.type":"#microsoft.graph.communicationsIdentitySet","{kind}":{{"@odata.type":"#microsoft.graph.identity","displayName":"{name}","id":"2891555a-92ff-42e6-80fa-6e1300c6b5{id:02}"}}}}"##
        )
    };
    format!(
        concat!(
            r##"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#communications/calls/$entity","##,
            r##""@odata.type":"#microsoft.graph.call","@odata.etag":"W/\"5445\"","##,
            r##""id":"2f1a1100-b174-40a0-aba7-0b405e01ed92","state":"established","direction":"incoming","##,
            r##""subject":"Weekly r\u00e9union \u2013 \"release\" 発売 \ud83d\ude80","##,
            r##""callbackUri":"https:\/\/bot.contoso.com\/callback?tenant=72f988bf","##,
            r##""callChainId":"d8217646-3110-40b1-bae6-e9ac6c3a9f74","##,
            r##""myParticipantId":"05491616-385f-44a8-9974-18cc5f9933c1","##,
            r##""tenantId":"72f988bf-86f1-41af-91ab-2d7cd011db47","terminationReason":null,"##,
            r##""ringingTimeoutInSeconds":115,"requestedModalities":["audio","video"],"activeModalities":["audio"],"##,
            r##""routingPolicies":["noMissedCall","disableForwarding"],"##,
            r##""source":{{"@odata.type":"#microsoft.graph.participantInfo","identity":{source},"region":"amer","##,
            r##""languageId":"pl-PL","countryCode":"PL","endpointType":"default","platformId":"27","##,
            r##""participantId":"7c1bfb0d-d4bc-4f31-a0a0-ac3a4e0b1ee6","clientVersion":"SkypeBot/1.0 (iOS; 17.2)"}},"##,
            r##""answeredBy":{{"identity":{answerer},"region":null,"languageId":"ja-JP"}},"##,
            r##""targets":[{targets}],"##,
            r##""callRoutes":[{{"@odata.type":"#microsoft.graph.callRoute","routingType":"forwarded","original":{original},"final":{last}}}],"##,
            r##""incomingContext":{{"observedParticipantId":"6e4c1f2d-9a8b-4c7d-8e6f-5a4b3c2d1e0f","##,
            r##""sourceParticipantId":"7c1bfb0d-d4bc-4f31-a0a0-ac3a4e0b1ee6","onBehalfOf":{behalf},"transferor":null}},"##,
            r##""mediaConfig":{{"@odata.type":"#microsoft.graph.appHostedMediaConfig","##,
            r##""blob":"{{\"mpUri\":\"net.tcp:\/\/bot.contoso.com:8445\/v2\",\"audioRenderContextId\":\"14778cc4\"}}","##,
            r##""removeFromDefaultAudioGroup":false}},"mediaState":{{"audio":"active"}},"##,
            r##""callOptions":{{"@odata.type":"#microsoft.graph.outgoingCallOptions","hideBotAfterEscalation":true,"isDeltaRosterEnabled":false}},"##,
            r##""chatInfo":{{"@odata.type":"#microsoft.graph.chatInfo","threadId":"19:meeting_Win6Ydo4wsMijFjZS00ZGVjLTk5MGU@thread.v2","messageId":"1533758867081","replyChainMessageId":"0"}},"##,
            r##""meetingInfo":{{"@odata.type":"#microsoft.graph.organizerMeetingInfo","organizer":{organizer},"allowConversationWithoutHost":true,"lobbyBypass":"organizer"}},"##,
            r##""transcription":{{"@odata.type":"#microsoft.graph.callTranscriptionInfo","state":"active","lastModifiedDateTime":"2020-05-28T00:10:54.104318Z"}},"##,
            r##""resultInfo":{{"@odata.type":"#microsoft.graph.resultInfo","code":200,"subcode":7106,"message":"OK \u2714 joined"}},"##,
            r##""toneInfo":{{"@odata.type":"#microsoft.graph.toneInfo","sequenceId":4294967297,"tone":"tone5"}},"##,
            r##""mediaHostedRegion":"JPEA","coOrganizers":[],"##,
            r##""applicationMetadata":{{"botData":{{"callId":"1","user":{{"participationMethod":"pstn","clientLocation":null,"policyHolderId":"p\u00e4"}},"##,
            r##""inviteReasons":["queue",{{"weight":[0.25,-1e-3,7]}}],"nested":[[[[{{"deep":true}}]]]]}}}},"meetingCapability":null}}"##,
        ),
        source = set("guest", "Zoë Krämer", 1),
        answerer = set("user", "鈴木 花子", 2),
        original = set("applicationInstance", "Auto attendant", 3),
        last = set("user", r"Ren\u00e9e", 4),
        behalf = set("onPremises", "Standort Köln", 5),
        organizer = set("user", "Дежурный", 6),
        targets = targets.join(","),
    )
    .into_bytes()
}

fn value(document: &[u8]) -> Value {
    serde_json::from_slice(document).unwrap_or_default()
}

fn shuffle(value: Value, random: &mut Random) -> Value {
    match value {
        Value::Object(members) => {
            let mut left: Vec<(String, Value)> = members.into_iter().collect();
            let mut members = Map::new();
            while !left.is_empty() {
                let (name, value) = left.swap_remove(random.below(left.len()));
                members.insert(name, shuffle(value, random));
            }
            Value::Object(members)
        }
        Value::Array(elements) => elements.into_iter().map(|element| shuffle(element, random)).collect(),
        other => other,
    }
}

/// Knuth's linear congruential generator: the same order on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
