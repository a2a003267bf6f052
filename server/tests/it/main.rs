//! The server through its routes, without sockets: what a device and a supervisor are promised.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod access;
mod administrators;
mod attacks;
mod bad_rows;
mod decisions;
mod description;
mod evidence;
mod faults;
mod harness;
mod limits;
mod operations;
mod photo_access;
mod photo_backups;
mod photos;
mod pictures;
mod push;
mod queries;
mod reading;
mod rights;
mod sessions;
mod stores;
mod threads;
mod tus;
mod unnamed_photos;
mod upload_limits;
mod uploads;
mod whole;
