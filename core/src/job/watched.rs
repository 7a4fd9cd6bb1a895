//! What is read: any record that can say which call it is, and how far it has come.

use crate::model::{Call, CallState, Capacities};
use crate::record::{Place, Record, Schema};

/// A record that a job can fill. It is used through `dyn`, so that there is one copy of the machine whatever the
/// capacities are.
pub trait Watched: Record {
    /// The id of the call, if it was sent.
    fn call_id(&self) -> Option<&str>;

    /// Whether there was an id, be it kept or not.
    fn has_id(&self) -> bool {
        self.call_id().is_some()
    }

    /// How far it has come, if that was sent.
    fn call_state(&self) -> Option<CallState>;

    /// Says that the record is now a whole reading.
    fn complete(&mut self) {}
}

impl<C: Capacities> Watched for Call<C> {
    fn call_id(&self) -> Option<&str> {
        self.id.as_str()
    }

    fn has_id(&self) -> bool {
        self.id.as_str().is_some() || self.id.is_omitted()
    }

    fn call_state(&self) -> Option<CallState> {
        self.state.get()
    }
}

/// Two records: the last reading, which stays as it was whatever happens, and the one that is being filled.
///
/// ```
/// use graph_call::Call;
/// use graph_call::job::Pair;
///
/// let calls = Pair::new(Call::new(), Call::new());
/// assert_eq!(calls.last().id.as_str(), None);
/// ```
#[derive(Clone, Debug)]
pub struct Pair<R> {
    records: [R; 2],
    is_second_last: bool,
}

impl<R> Pair<R> {
    /// Two empty records.
    pub const fn new(first: R, second: R) -> Self {
        Self { records: [first, second], is_second_last: false }
    }

    /// The last reading that was complete; empty before the first one.
    pub const fn last(&self) -> &R {
        let [first, second] = &self.records;
        if self.is_second_last { second } else { first }
    }

    const fn filled(&self) -> &R {
        let [first, second] = &self.records;
        if self.is_second_last { first } else { second }
    }

    fn filled_mut(&mut self) -> &mut R {
        let [first, second] = &mut self.records;
        if self.is_second_last { first } else { second }
    }
}

impl<R: Record> Record for Pair<R> {
    fn schema(&self) -> &'static Schema {
        self.last().schema()
    }

    fn place(&mut self, row: u8) -> Place<'_> {
        self.filled_mut().place(row)
    }

    fn clear(&mut self) {
        self.filled_mut().clear();
    }
}

impl<R: Watched> Watched for Pair<R> {
    fn call_id(&self) -> Option<&str> {
        self.filled().call_id()
    }

    fn has_id(&self) -> bool {
        self.filled().has_id()
    }

    fn call_state(&self) -> Option<CallState> {
        self.filled().call_state()
    }

    fn complete(&mut self) {
        self.filled_mut().complete();
        self.is_second_last = !self.is_second_last;
    }
}
