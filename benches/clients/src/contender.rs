//! What a client must do to be measured; and how one that blocks and one that is awaited both come to do it.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;
use std::time::{Duration, Instant};

use call_model::value::Value;
use call_model::{Digest, Sink, storage};
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use crate::site::{Answering, Site};

/// The call of all peers: a `String` for each text.
pub type OwnedCall = call_model::Call<storage::Owned>;

/// A client under measurement.
pub trait Contender {
    /// Gets the call once for each of `times`, one after the other, and writes down how long each took.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn gets(&mut self, times: &mut [Duration]) -> Result<(), String>;

    /// Gets the call once and says what was in it.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn decoded(&mut self) -> Result<Decoded, String>;

    /// Lets some tasks get the call `gets` times each through this one client, and gives how long all took; nothing
    /// where the client serves fewer tasks.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn tasks(&mut self, _tasks: usize, _gets: usize) -> Result<Option<Duration>, String> {
        Ok(None)
    }

    /// Watches the call in some tasks until each has had two readings; calls `look` from time to time, and once more at the
    /// end. Gives whether one client serves all tasks; where it cannot, each has its own.
    ///
    /// # Errors
    ///
    /// What the client says, or that it cannot be awaited.
    fn watch(&mut self, _tasks: usize, _look: &mut dyn FnMut()) -> Result<bool, String> {
        Err("a thread for each watch is not measured".into())
    }
}

/// How often a watch reads.
pub const WATCH_INTERVAL: Duration = Duration::from_secs(2);

/// A client whose caller waits.
pub trait Blocking: Sized {
    /// What a get gives.
    type Call: Filled;
    /// A client of a server that answers in one way.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn new(site: &Site, answering: Answering) -> Result<Self, String>;
    /// Gets the call.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn get(&mut self) -> Result<Self::Call, String>;
}

/// A client on tokio.
pub trait Awaited: Sized + 'static {
    /// What a get gives.
    type Call: Filled;
    /// A client of a server that answers in one way.
    ///
    /// # Errors
    ///
    /// What the client says.
    fn new(site: &Site, answering: Answering) -> Result<Self, String>;
    /// Gets the call.
    fn get(&mut self) -> impl Future<Output = Result<Self::Call, String>>;
    /// The same client for another task, if it serves several.
    fn share(&self) -> Option<Self>;
    /// Reads the call every [`WATCH_INTERVAL`], for ever, and counts the readings.
    fn watch(mut self, readings: Rc<Cell<usize>>) -> impl Future<Output = Result<(), String>> {
        async move {
            loop {
                self.get().await?;
                readings.set(readings.get() + 1);
                tokio::time::sleep(WATCH_INTERVAL).await;
            }
        }
    }
}

/// A contender that blocks.
pub struct OnThread<B>(B);

impl<B: Blocking + 'static> OnThread<B> {
    /// Makes the client.
    ///
    /// # Errors
    ///
    /// What the client says.
    pub fn boxed(site: &Site, answering: Answering) -> Result<Box<dyn Contender>, String> {
        Ok(Box::new(Self(B::new(site, answering)?)))
    }
}

impl<B: Blocking> Contender for OnThread<B> {
    fn gets(&mut self, times: &mut [Duration]) -> Result<(), String> {
        for time in times {
            let began = Instant::now();
            drop(self.0.get()?);
            *time = began.elapsed();
        }
        Ok(())
    }

    fn decoded(&mut self) -> Result<Decoded, String> {
        Ok(Decoded::of(&self.0.get()?))
    }
}

/// A contender that is awaited, on a runtime of one thread.
pub struct OnTokio<A> {
    runtime: Runtime,
    client: A,
    site: Site,
    answering: Answering,
}

impl<A: Awaited> OnTokio<A> {
    /// Makes the client and its runtime.
    ///
    /// # Errors
    ///
    /// What the client says.
    pub fn boxed(site: &Site, answering: Answering) -> Result<Box<dyn Contender>, String> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        let guard = runtime.enter();
        let client = A::new(site, answering)?;
        drop(guard);
        Ok(Box::new(Self { runtime, client, site: site.clone(), answering }))
    }
}

impl<A: Awaited> Contender for OnTokio<A> {
    fn gets(&mut self, times: &mut [Duration]) -> Result<(), String> {
        self.runtime.block_on(async {
            for time in times {
                let began = Instant::now();
                drop(self.client.get().await?);
                *time = began.elapsed();
            }
            Ok(())
        })
    }

    fn decoded(&mut self) -> Result<Decoded, String> {
        let call = self.runtime.block_on(self.client.get())?;
        Ok(Decoded::of(&call))
    }

    fn tasks(&mut self, tasks: usize, gets: usize) -> Result<Option<Duration>, String> {
        if tasks == 1 {
            let began = Instant::now();
            self.gets(&mut vec![Duration::ZERO; gets])?;
            return Ok(Some(began.elapsed()));
        }
        let Some(clients) = (0..tasks).map(|_| self.client.share()).collect::<Option<Vec<A>>>() else {
            return Ok(None);
        };
        let began = Instant::now();
        LocalSet::new().block_on(&self.runtime, async {
            let spawn = |mut client: A| {
                tokio::task::spawn_local(async move {
                    for _ in 0..gets {
                        drop(client.get().await?);
                    }
                    Ok::<(), String>(())
                })
            };
            let tasks: Vec<_> = clients.into_iter().map(spawn).collect();
            for task in tasks {
                task.await.map_err(|e| e.to_string())??;
            }
            Ok::<(), String>(())
        })?;
        Ok(Some(began.elapsed()))
    }

    fn watch(&mut self, tasks: usize, look: &mut dyn FnMut()) -> Result<bool, String> {
        LocalSet::new().block_on(&self.runtime, async {
            let mut watches = Vec::new();
            for _ in 0..tasks {
                let client = match self.client.share() {
                    Some(client) => client,
                    None => A::new(&self.site, self.answering)?,
                };
                let readings = Rc::new(Cell::new(0));
                watches.push((tokio::task::spawn_local(client.watch(Rc::clone(&readings))), readings));
            }
            while watches.iter().any(|(_, readings)| readings.get() < 2) {
                if let Some(index) = watches.iter().position(|(task, _)| task.is_finished()) {
                    let ended = watches.swap_remove(index).0.await;
                    return Err(format!("a watch has ended: {ended:?}"));
                }
                look();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            look();
            Ok(self.client.share().is_some())
        })
    }
}

/// A filled call, whatever its type.
pub trait Filled {
    /// Hands every member to a sink, in the order of the model.
    fn show(&self, sink: &mut Seen);
}

impl Filled for OwnedCall {
    fn show(&self, sink: &mut Seen) {
        self.put("", sink);
    }
}

/// What was in a call: two members to show, and all of them as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// Every member, value and structure.
    pub digest: Digest,
}

impl Decoded {
    /// What is in a call.
    pub fn of(call: &impl Filled) -> Self {
        let mut seen = Seen::default();
        call.show(&mut seen);
        Self { id: seen.id, state: seen.state, digest: seen.digest }
    }
}

/// A sink that remembers two members of the call itself and a digest of all.
#[derive(Debug, Default)]
pub struct Seen {
    depth: usize,
    id: String,
    state: String,
    digest: Digest,
}

impl Sink for Seen {
    fn open(&mut self, name: &str) {
        self.depth += 1;
        self.digest.open(name);
    }
    fn close(&mut self) {
        self.depth -= 1;
        self.digest.close();
    }
    fn text(&mut self, name: &str, value: &str) {
        match (self.depth, name) {
            (1, "id") => value.clone_into(&mut self.id),
            (1, "state") => value.clone_into(&mut self.state),
            _ => {}
        }
        self.digest.text(name, value);
    }
    fn number(&mut self, name: &str, value: i64) {
        self.digest.number(name, value);
    }
}
