//! The report of differences between the model and published metadata, on an excerpt, and on the excerpt with changes.

use graph_call_laws::metadata::Metadata;

const EXCERPT: &str = include_str!("../../data/metadata.xml");

fn differences(texts: &[&str]) -> Vec<String> {
    let mut published = Metadata::default();
    for text in texts {
        published.add(text).expect("CSDL");
    }
    published.differences().into_iter().collect()
}

#[test]
fn the_model_is_what_is_published() {
    assert_eq!(differences(&[EXCERPT]), [""; 0]);
}

/// Every change of what is published is a line, and nothing else is.
#[test]
fn every_change_is_reported() {
    for (was, is, line) in [
        (
            r#"Name="sequenceId" Type="Edm.Int64""#,
            r#"Name="sequenceId" Type="Edm.Int32""#,
            "toneInfo.sequenceId: published as Edm.Int32, in the model Edm.Int64",
        ),
        (
            r#"Name="subject" Type="Edm.String""#,
            r#"Name="subject" Type="Collection(Edm.String)""#,
            "call.subject: published as Collection(Edm.String), in the model Edm.String",
        ),
        (
            r#"Type="Collection(graph.callRoute)""#,
            r#"Type="graph.callRoute""#,
            "call.callRoutes: published as callRoute, in the model Collection(callRoute)",
        ),
        (
            r#"Name="state" Type="graph.callState""#,
            r#"Name="state" Type="graph.mediaState""#,
            "call.state: published as mediaState, in the model callState",
        ),
        (
            r#"Name="lastModifiedDateTime" Type="Edm.DateTimeOffset""#,
            r#"Name="lastModifiedDateTime" Type="Edm.Duration""#,
            "callTranscriptionInfo.lastModifiedDateTime: published as Edm.Duration, in the model Edm.DateTimeOffset",
        ),
        (
            r#"Name="participants" Type="Collection(Edm.String)""#,
            r#"Name="participants" Type="Collection(graph.chatInfo)""#,
            "commsOperation.participants: published as Collection(chatInfo), in the model Collection(invitationParticipantInfo)",
        ),
        (
            r#"<Property Name="tenantId" Type="Edm.String" />
        <Property Name="terminationReason""#,
            r#"<Property Name="terminationReason""#,
            "call.tenantId: is not published",
        ),
        (
            r#"<Property Name="tenantId" Type="Edm.String" />
        <Property Name="terminationReason""#,
            r#"<Property Name="tenantId" Type="Edm.String" />
        <Property Name="mood" Type="graph.mood" />
        <Property Name="terminationReason""#,
            "call.mood: mood, is not in the model",
        ),
        (
            r#"<Property Name="terminationReason""#,
            "<NavigationProperty Name='links' Type='Collection(microsoft.graph.link)'/> <Property Name=\"terminationReason\"",
            "call.links: Collection(link), is not in the model",
        ),
        (
            r#"<Member Name="ringing" />"#,
            r#"<Member Name="ringing" /><Member Name="parked" />"#,
            "callState: parked is not in the model",
        ),
        (
            r#"<Member Name="ringing" />"#,
            "<!-- <Member Name=\"ringing\" /> -->",
            "callState: ringing is not published",
        ),
        (r#"<Member Name="playBeepFailed" />"#, "", "completionReason: playBeepFailed is not published"),
        (
            r#"<ComplexType Name="outgoingCallOptions" BaseType="graph.callOptions" />"#,
            "",
            "callOptions: the type outgoingCallOptions is not published",
        ),
        (
            r#"<EntityType Name="stopTranscriptionOperation""#,
            r#"<EntityType Name="startSongOperation" BaseType="graph.commsOperation" />
               <EntityType Name="stopTranscriptionOperation""#,
            "commsOperation: the type startSongOperation is not in the model",
        ),
        (
            r#"<Property Name="hidden" Type="Edm.Boolean" />
        <Property Name="identity""#,
            r#"<Property Name="hidden" Type="Edm.Boolean" />
        <Property Name="region" Type="Edm.String" />
        <Property Name="identity""#,
            "invitationParticipantInfo.region: is published now, and no exception",
        ),
    ] {
        assert_eq!(EXCERPT.matches(was).count(), 1, "{was}");
        let found = differences(&[&EXCERPT.replace(was, is)]);
        assert!(found.contains(&line.to_owned()), "{line}: {found:?}");
        assert_eq!(found.len(), 1, "{line}: {found:?}");
    }
}

#[test]
fn an_enumeration_that_is_gone_is_reported_with_its_values() {
    let renamed = EXCERPT.replace(r#"<EnumType Name="mediaState">"#, r#"<EnumType Name="mediaStates">"#);
    assert_eq!(
        differences(&[&renamed]),
        [
            "mediaState: active is not published",
            "mediaState: inactive is not published",
            "mediaState: the enumeration mediaState is not published",
            "mediaState: unknownFutureValue is not published",
        ]
    );
}

/// What one version of the service has is published, whatever the other has.
#[test]
fn versions_are_read_in_union() {
    let older = EXCERPT.replace(r#"<Member Name="ringing" />"#, "").replace("answeredBy", "callbackUri");
    assert_eq!(
        differences(&[&older]),
        [
            "call.answeredBy: is not published",
            "call.callbackUri: published as participantInfo, in the model Edm.String",
            "callState: ringing is not published",
        ]
    );
    // A type that has changed between them is one that the model cannot take from both.
    assert_eq!(
        differences(&[&older, EXCERPT]),
        ["call.callbackUri: published as participantInfo, in the model Edm.String"]
    );
}

/// Types of other resources and namespaces are nothing to a call.
#[test]
fn what_belongs_elsewhere_is_left_alone() {
    let more = r#"</Schema>
        <Schema Namespace="microsoft.graph.callRecords" Alias="records"><!-- <call> -->
          <EnumType Name="modality"><Member Name="smell"/></EnumType>
          <EntityType Name="call" BaseType="graph.entity"><Property Name="pace" Type="records.pace"/></EntityType>
          <ComplexType Name="identity"><Annotation Term="x"><String>a &gt; b <![CDATA[<Property]]></String></Annotation>
          </ComplexType>
        </Schema>
        <Schema Namespace="microsoft.graph" Alias="graph">
          <ComplexType Name="chatMessageFromIdentitySet" BaseType="graph.identitySet"/>
        </Schema>"#;
    assert_eq!(differences(&[&EXCERPT.replace("</Schema>", more)]), [""; 0]);
}

/// A file that is cut, or is another, is no metadata without differences.
#[test]
fn what_is_no_metadata_is_an_error() {
    let read = |text: &str| Metadata::default().add(text);
    for at in (1..EXCERPT.trim_end().len()).step_by(97) {
        assert!(read(&EXCERPT[..at]).is_err(), "cut at {at}");
    }
    for text in ["", "{}", "<html></html>", "<Schema></schema>", "<a", "<a b='>", "<!-- ", "</a>"] {
        assert!(read(text).is_err(), "{text}");
    }
}
