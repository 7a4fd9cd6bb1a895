//! States the RAM that a program gives to each object: apart from the others, whose flash is measured.

#![no_std]
#![no_main]

use board::semihosting::exit;
use cortex_m_rt::entry;
use graph_call::exchange::Exchange;
use graph_call::job::Session;
use graph_call::{Call, Parser, TinyCall};
use measure::print_size;

#[entry]
fn main() -> ! {
    print_size("Parser", size_of::<Parser>());
    print_size("Exchange", size_of::<Exchange>());
    print_size("Session512", size_of::<Session<512, 2048>>());
    print_size("Session1024", size_of::<Session<1024, 2048>>());
    print_size("Session2048", size_of::<Session<2048, 2048>>());
    print_size("TinyCall", size_of::<TinyCall>());
    print_size("Call", size_of::<Call>());
    exit(true)
}
