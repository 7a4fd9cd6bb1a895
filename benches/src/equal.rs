//! Whether all parsers fill the same members with the same values.

use call_model::Digest;

use crate::document::Document;
use crate::peer::Peer;

/// What a parser makes of a document.
pub enum Outcome {
    /// It fills the call.
    Fills(Digest),
    /// It cannot read the document, in its own words.
    Refuses(String),
}

/// Lets every parser read the document.
///
/// # Errors
///
/// Two parsers filled different calls: which, and the first member that differs.
pub fn compare(document: &Document, peers: &mut [Box<dyn Peer>]) -> Result<Vec<Outcome>, String> {
    let mut reference: Option<(&'static str, Digest, Vec<String>)> = None;
    let mut outcomes = Vec::new();
    for peer in peers {
        let mut seen = None;
        if let Err(reason) = peer.parse(document, &mut |call| seen = Some((call.digest(), call.members()))) {
            outcomes.push(Outcome::Refuses(reason));
            continue;
        }
        let (digest, members) = seen.ok_or_else(|| format!("{} shows no call", peer.name()))?;
        let (name, expected, lines) = reference.get_or_insert_with(|| (peer.name(), digest, members.clone()));
        if digest != *expected {
            let (theirs, ours) = first_difference(lines, &members);
            return Err(format!("{}: {name} has {theirs}, {} has {ours}", document.name, peer.name()));
        }
        outcomes.push(Outcome::Fills(digest));
    }
    Ok(outcomes)
}

fn first_difference<'a>(left: &'a [String], right: &'a [String]) -> (&'a str, &'a str) {
    let index = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let at = |lines: &'a [String]| lines.get(index).map_or("nothing more", String::as_str);
    (at(left), at(right))
}
