//! An access token in a file that another program keeps fresh.

use core::time::Duration;
use std::path::PathBuf;

use super::written::{Last, Written, read_file};
use super::{Credential, Offer, Wanted};
use crate::error::Error;

/// How long a token is used before the file is read again.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// The access token in a file, read again every half minute and whenever the service refuses it.
///
/// The token may be bare, quoted, after `Bearer` or `Authorization: Bearer`, or in the JSON that a token endpoint or
/// `az account get-access-token` gives, as UTF-8 or UTF-16.
///
/// ```
/// use graph_call_std::Cloud;
/// use graph_call_std::credential::{Credential, Offer, TokenFile, Wanted};
///
/// let path = std::env::temp_dir().join(format!("token-file-example-{}", std::process::id()));
/// std::fs::write(&path, "Bearer eyJ0eXAiOiJKV1QifQ.e30.c2ln\r\n").expect("a folder for temporary files");
/// let mut file = TokenFile::new(&path);
/// let offer = file.offer(&Wanted::new(Cloud::Global))?;
/// assert!(matches!(offer, Offer::Token { token, .. } if token.reveal() == "eyJ0eXAiOiJKV1QifQ.e30.c2ln"));
/// # std::fs::remove_file(&path).expect("it was written");
/// # Ok::<(), graph_call_std::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenFile {
    path: PathBuf,
    last: Last,
}

impl TokenFile {
    /// Takes the path of the file, which need not exist yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), last: Last::default() }
    }
}

impl Credential for TokenFile {
    fn offer(&mut self, wanted: &Wanted<'_>) -> Result<Offer, Error> {
        let origin = format!("the token file {}", self.path.display());
        let written = read_file(&self.path, &origin).and_then(|bytes| Written::read(&bytes, &origin));
        let written = written.inspect_err(|_| self.last.forget())?;
        let lifetime = written.lifetime(false).map_or(LOOK_AGAIN, |left| left.min(LOOK_AGAIN));
        Ok(self.last.offer(written.token, Some(lifetime), wanted.was_refused))
    }

    fn revision(&self) -> u64 {
        self.last.revision
    }

    fn is_slow(&self) -> bool {
        true
    }
}
