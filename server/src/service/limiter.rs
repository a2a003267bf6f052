//! How often someone may fail to sign in: at an account from an address, at an account, from an address. Keeps counts in memory only; decides, waits for nobody.

use super::Refusal;
use std::collections::HashMap;
use std::sync::Mutex;

/// Failures for one account from one address before it has to wait there. Nobody locks others out of their account from
/// elsewhere.
const ACCOUNT_HERE_FAILURES_MAX: u32 = 10;
/// Failures for one account from everywhere before it has to wait.
const ACCOUNT_FAILURES_MAX: u32 = 100;
/// Failures from one address before it has to wait. A township's office shares one address.
const ADDRESS_FAILURES_MAX: u32 = 100;
/// Failures are forgotten after so long.
const WINDOW_MS: i64 = 15 * 60 * 1000;
/// Most names remembered; beyond, those whose time is over are forgotten, and then all.
const NAMES_MAX: usize = 20_000;

/// Counts failures by account and by address.
#[derive(Debug, Default)]
pub struct LoginLimiter {
    failures: Mutex<HashMap<String, Failures>>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since_ms: i64,
}

impl LoginLimiter {
    /// Whether another attempt is allowed now.
    pub fn check(&self, login: &str, address: &str, now_ms: i64) -> Result<(), Refusal> {
        let failures = self.lock();
        for (name, max) in keys(login, address) {
            if let Some(failed) = failures.get(&name)
                && failed.count >= max
                && now_ms < failed.since_ms + WINDOW_MS
            {
                let wait_ms = failed.since_ms + WINDOW_MS - now_ms;
                return Err(Refusal::TooManyAttempts {
                    retry_after_s: u64::try_from(wait_ms / 1000 + 1).unwrap_or(1),
                });
            }
        }
        Ok(())
    }

    /// Notes a failure.
    pub fn failed(&self, login: &str, address: &str, now_ms: i64) {
        let mut failures = self.lock();
        for (name, _) in keys(login, address) {
            let failed = failures.entry(name).or_insert(Failures { count: 0, since_ms: now_ms });
            if now_ms >= failed.since_ms + WINDOW_MS {
                *failed = Failures { count: 0, since_ms: now_ms };
            }
            failed.count += 1;
        }
        if failures.len() > NAMES_MAX {
            failures.retain(|_, failed| now_ms < failed.since_ms + WINDOW_MS);
        }
        if failures.len() > NAMES_MAX {
            failures.clear();
        }
    }

    /// Notes a success: the account's failures from there are forgotten.
    pub fn succeeded(&self, login: &str, address: &str) {
        self.lock().remove(&here_key(login, address));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Failures>> {
        self.failures.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn account_key(login: &str) -> String {
    format!("account {}", login.chars().take(64).collect::<String>())
}

fn here_key(login: &str, address: &str) -> String {
    format!("{} from {address}", account_key(login))
}

fn keys(login: &str, address: &str) -> [(String, u32); 3] {
    [
        (here_key(login, address), ACCOUNT_HERE_FAILURES_MAX),
        (account_key(login), ACCOUNT_FAILURES_MAX),
        (format!("address {address}"), ADDRESS_FAILURES_MAX),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(limiter: &LoginLimiter, login: &str, address: &str, times: u32) {
        for _ in 0..times {
            assert!(limiter.check(login, address, 0).is_ok());
            limiter.failed(login, address, 0);
        }
    }

    #[test]
    fn an_account_waits_where_it_failed_ten_times_and_a_quarter_of_an_hour_heals_it() {
        let limiter = LoginLimiter::default();
        fail(&limiter, "zhang", "a", ACCOUNT_HERE_FAILURES_MAX);
        assert!(matches!(
            limiter.check("zhang", "a", 1_000),
            Err(Refusal::TooManyAttempts { retry_after_s: 900 })
        ));
        assert!(limiter.check("zhang", "b", 1_000).is_ok(), "whoever guesses elsewhere locks nobody out");
        assert!(limiter.check("li", "a", 1_000).is_ok());
        assert!(limiter.check("zhang", "a", WINDOW_MS).is_ok());
    }

    #[test]
    fn guessing_from_many_addresses_ends_too() {
        let limiter = LoginLimiter::default();
        for address in 0..ACCOUNT_FAILURES_MAX / ACCOUNT_HERE_FAILURES_MAX {
            fail(&limiter, "zhang", &address.to_string(), ACCOUNT_HERE_FAILURES_MAX);
        }
        assert!(limiter.check("zhang", "one more", 0).is_err());
        assert!(limiter.check("li", "one more", 0).is_ok());
    }
}
