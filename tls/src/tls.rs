//! The start of the library.

use core::marker::PhantomData;

use crate::{Error, HeapUse, Sources, heap, system};

/// The library, started: whoever has this handle may open sessions.
///
/// It is for one thread, or one executor, as the library has no locks; and so are all sessions and roots.
///
/// ```
/// use graph_call_tls::{Error, Sources, Tls};
///
/// fn start(memory: &'static mut [u8; 48 * 1024], sources: Sources) -> Result<Tls, Error> {
///     let tls = Tls::start(memory, sources)?;
///     assert!(tls.heap().peak < 1024);
///     Ok(tls)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tls {
    one_thread: PhantomData<*const ()>,
}

impl Tls {
    /// Gives the library its memory, and says where random numbers and time come from. Once in a program.
    ///
    /// # Errors
    /// [`Error::NoMemory`] if the library has memory already or this is too little, [`Error::NoRandomness`].
    pub fn start(memory: &'static mut [u8], sources: Sources) -> Result<Self, Error> {
        if !heap::give(memory) {
            return Err(Error::NoMemory);
        }
        system::set(sources);
        system::start()?;
        Ok(Self { one_thread: PhantomData })
    }

    /// How much of the library's memory is in use, and ever was.
    pub fn heap(self) -> HeapUse {
        heap::in_use()
    }
}
