//! A watched call, with `await` between the readings.

use core::marker::PhantomData;
use core::time::Duration;

use graph_call::Call;

use super::AsyncClient;
use crate::error::Error;
use crate::query::Query;
use crate::random;
use crate::watch::{Reading, Turn, Watched};

/// The readings of a watched call; made by [`AsyncClient::watch`]. The rules are those of
/// [`Watch`](crate::Watch).
///
/// ```
/// use graph_call_std::{AsyncClient, Error, Reading};
///
/// async fn follow(client: &mut AsyncClient, id: &str) -> Result<(), Error> {
///     let mut watch = client.watch(id);
///     while let Some(reading) = watch.next().await {
///         match reading? {
///             Reading::Call(fetched) => println!("{:?}", fetched.call.state.get()),
///             Reading::Gone(_) => println!("it has ended"),
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct AsyncWatch<'c, 'q, C = Call> {
    client: &'c mut AsyncClient,
    query: Query<'q>,
    turn: Turn,
    call: PhantomData<C>,
}

impl<'c, 'q, C: Watched> AsyncWatch<'c, 'q, C> {
    pub(super) fn new(client: &'c mut AsyncClient, query: Query<'q>) -> Self {
        Self { client, query, turn: Turn::new(), call: PhantomData }
    }

    /// Reads every `interval`, give or take a fifth; more often than once a second is not done.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.turn.interval = interval;
        self
    }

    /// The next reading, after the wait that is due; `None` once the call has ended.
    pub async fn next(&mut self) -> Option<Result<Reading<C>, Error>> {
        if self.turn.is_over {
            return None;
        }
        if let Some(span) = self.turn.wait(random::number()) {
            self.client.wait(span, None).await;
        }
        let answer = self.client.get_call_as::<C>(self.query).await;
        Some(self.turn.judge(answer))
    }
}
