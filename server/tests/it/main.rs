//! The server through its routes, without sockets: what a device and a supervisor are promised.

mod harness;
mod push;
