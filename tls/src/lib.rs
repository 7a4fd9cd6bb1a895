#![doc = include_str!("../README.md")]
#![no_std]

mod async_session;
#[allow(unsafe_code)] // the library calls it
mod chain;
#[allow(unsafe_code)] // it calls the library
mod engine;
mod error;
#[allow(unsafe_code)] // C's memory has no owner
mod heap;
#[cfg(all(feature = "libc", target_os = "none"))]
#[allow(unsafe_code)] // C's texts have no length
mod libc;
mod pipe;
#[allow(unsafe_code)] // it calls the library
mod roots;
mod session;
#[allow(unsafe_code)] // the library calls it
mod system;
mod tls;

pub use async_session::AsyncSession;
pub use error::Error;
pub use heap::HeapUse;
pub use roots::Roots;
pub use session::Session;
pub use system::Sources;
pub use tls::Tls;
