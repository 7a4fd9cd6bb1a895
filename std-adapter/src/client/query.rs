//! Which call is wanted, and how much of it; what came of it.

use graph_call::HeapCall;
use graph_call::http::{ApiVersion, ExpandMember, SelectMember};

use crate::answer::AnswerHead;

/// A call to ask for: its id, and optionally which of its members.
///
/// A plain `&str` is a query for all members.
///
/// ```
/// use graph_call_std::Query;
/// use graph_call_std::graph_call::http::{ExpandMember, SelectMember};
///
/// let query = Query::new("57dab8b1-894c-409a-b240-bd8beae78896")
///     .select(&[SelectMember::ID, SelectMember::STATE])
///     .expand(&[ExpandMember::PARTICIPANTS]);
/// # let _ = query;
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Query<'a> {
    pub(crate) id: &'a str,
    pub(crate) version: Option<ApiVersion>,
    pub(crate) select: &'a [SelectMember],
    pub(crate) expand: &'a [ExpandMember],
    pub(crate) was_seen: bool,
}

impl<'a> Query<'a> {
    /// All members of the call with this id.
    #[must_use]
    pub const fn new(id: &'a str) -> Self {
        Self { id, version: None, select: &[], expand: &[], was_seen: false }
    }

    /// Another version of the API than the client's.
    #[must_use]
    pub const fn version(mut self, version: ApiVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// Only these members.
    #[must_use]
    pub const fn select(mut self, members: &'a [SelectMember]) -> Self {
        self.select = members;
        self
    }

    /// These relationships too.
    #[must_use]
    pub const fn expand(mut self, members: &'a [ExpandMember]) -> Self {
        self.expand = members;
        self
    }

    /// Says that there is, or was, such a call: then "not found" means that it is over, also before a watch has read
    /// it.
    #[must_use]
    pub const fn was_seen(mut self) -> Self {
        self.was_seen = true;
        self
    }

    /// The id of the call.
    #[must_use]
    pub const fn id(&self) -> &'a str {
        self.id
    }
}

impl<'a> From<&'a str> for Query<'a> {
    fn from(id: &'a str) -> Self {
        Self::new(id)
    }
}

impl<'a> From<&'a String> for Query<'a> {
    fn from(id: &'a String) -> Self {
        Self::new(id)
    }
}

/// A call of this size may pass over any thread's stack.
const STACKED_BYTES_MAX: usize = 64 * 1024;

/// An empty call on the heap.
///
/// Safe code brings a value to the heap over the stack, and a call of large capacities may be larger than the stack is: it
/// is made on a thread whose stack has room for it.
pub(crate) fn empty<C: Default + Send + 'static>() -> Box<C> {
    let length = size_of::<C>();
    if length <= STACKED_BYTES_MAX {
        return Box::default();
    }
    let room = length.saturating_mul(4).saturating_add(STACKED_BYTES_MAX);
    let maker = std::thread::Builder::new().stack_size(room).spawn(Box::<C>::default);
    // Without a thread to be had, this one has to do.
    maker.ok().and_then(|maker| maker.join().ok()).unwrap_or_default()
}

/// A call, and what the answer said besides.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched<C = HeapCall> {
    /// The call; on the heap, for some capacities make it large.
    pub call: Box<C>,
    /// The head of the answer.
    pub head: AnswerHead,
}
