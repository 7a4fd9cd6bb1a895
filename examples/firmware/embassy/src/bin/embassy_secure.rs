//! Watches a call over TLS: the whole job of a product.

#![no_std]
#![no_main]

embassy::image!(graph_call::TinyCall, embassy::watch_secure);
