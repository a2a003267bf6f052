//! The seam through which tests make the database fail. Production uses [`NoFaults`].

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Asked before every statement and commit.
pub trait Faults: Send + Sync + std::fmt::Debug {
    /// Whether this statement fails instead of being run.
    fn fails(&self, statement: &str) -> bool;
}

/// Nothing fails but what fails by itself.
#[derive(Debug, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn fails(&self, _statement: &str) -> bool {
        false
    }
}

/// Makes the n-th statement from now fail, once.
#[derive(Debug, Default)]
pub struct FailNth {
    left: AtomicI64,
    asked: AtomicU64,
}

impl FailNth {
    /// The `n`-th statement from now fails; 0 lets all pass.
    pub fn arm(&self, n: u32) {
        self.left.store(i64::from(n), Ordering::SeqCst);
    }

    /// Whether the fault is still to come.
    pub fn is_armed(&self) -> bool {
        self.left.load(Ordering::SeqCst) > 0
    }

    /// How many statements were asked about so far.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Faults for FailNth {
    fn fails(&self, _statement: &str) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.left.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

/// A test made the database fail here.
#[derive(Debug, thiserror::Error)]
#[error("made to fail before: {0}")]
pub struct Injected(pub String);
