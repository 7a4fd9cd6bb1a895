//! The same with a call of standard capacities.

#![no_std]
#![no_main]

embassy::image!(graph_call::Call, embassy::watch_secure);
