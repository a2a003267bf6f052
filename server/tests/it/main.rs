//! The server through its routes, without sockets: what a device and a supervisor are promised.

mod faults;
mod harness;
mod operations;
mod push;
mod queries;
mod sessions;
mod stores;
mod threads;
