//! One reading: a job over a session that is taken out and given back.

use graph_call::drive;
use graph_call::job::{Credential, Plan, Watched};

use super::engine::{Engine, Worker};
use super::network::Network;
use super::observer::{Came, Observer};
use super::platform::Platform;
use super::query::Query;
use super::record::Wants;
use super::trace::Trace;
use crate::answer::AnswerHead;
use crate::error::{Error, ErrorKind, Phase};
use crate::random;

impl<N: Network> Engine<N> {
    /// One reading.
    pub(crate) async fn get(
        &self,
        query: &Query<'_>,
        call: &mut (dyn Watched + Send),
    ) -> Result<AnswerHead, Error> {
        self.get_over(query, call, &Trace::new(self.settings.wants())).await
    }

    /// One reading, and the content of the last answer as it came; none if there was no answer.
    pub(crate) async fn get_with_content(
        &self,
        query: &Query<'_>,
        call: &mut (dyn Watched + Send),
    ) -> (Result<AnswerHead, Error>, Option<Vec<u8>>) {
        let trace = Trace::new(Wants { content: true, ..self.settings.wants() });
        let result = self.get_over(query, call, &trace).await;
        let content = trace.lock().record.content(self.settings.limits);
        (result, content)
    }

    async fn get_over(
        &self,
        query: &Query<'_>,
        call: &mut (dyn Watched + Send),
        trace: &Trace,
    ) -> Result<AnswerHead, Error> {
        let asked = self.settings.query(query)?;
        let whole = self.settings.policy.reading;
        let began = self.network.now();
        let turn = self.turn(began.saturating_add(whole)).await?;
        let waited = self.network.now().saturating_sub(began);
        let mut policy = self.settings.policy;
        policy.reading = whole.saturating_sub(waited).max(1);
        let plan = Plan::once(asked, Credential::Outside).policy(policy);
        let mut worker = self.worker();
        let Worker { session, serial, buffer } = &mut *worker;
        let mut job = session.start(&plan, random::number());
        let mut observer = Observer::new(self, trace);
        let mut platform = Platform::new(self, trace, serial, Some(turn));
        drive::run_async(&mut job, &mut platform, buffer, call, |step| observer.see(step)).await;
        drop(platform);
        let came = observer.came();
        self.keep(worker);
        match came {
            Some(Came::Call(head)) => Ok(head),
            Some(Came::Gone(refusal)) => Err(Error::service(refusal).with_kind(ErrorKind::NoSuchCall)),
            Some(Came::Failed(error, _)) => Err(error),
            None => Err(Error::new(ErrorKind::Stack, Phase::Prepare, "the job came to nothing")),
        }
    }
}
