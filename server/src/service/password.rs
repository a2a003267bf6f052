//! Passwords: argon2id, kept as PHC strings (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). Touches no store.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

/// Shortest password that is taken.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest, so that hashing costs the same for all.
pub const PASSWORD_CHARS_MAX: usize = 200;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Rounds.
    pub rounds: u32,
}

impl Default for PasswordCost {
    /// The second recommendation of OWASP's password storage sheet: 19 MiB, two rounds.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, rounds: 2 }
    }
}

impl PasswordCost {
    /// As cheap as argon2 can be. For tests only.
    pub fn cheap() -> Self {
        Self { memory_kib: 8, rounds: 1 }
    }
}

/// Why a password is not taken.
pub fn check(password: &str) -> Result<(), String> {
    let chars = password.chars().count();
    if (PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&chars) {
        Ok(())
    } else {
        Err(format!("A password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters."))
    }
}

/// Hashes a password.
pub fn hash(password: &str, salt: [u8; SALT_BYTES], cost: PasswordCost) -> String {
    let digest = digest(password, &salt, cost).expect("our own parameters are within argon2's bounds");
    let PasswordCost { memory_kib, rounds } = cost;
    format!("$argon2id$v=19$m={memory_kib},t={rounds},p=1${}${}", BASE64.encode(salt), BASE64.encode(digest))
}

/// Whether the password fits the hash. Takes as long whether or not it does.
pub fn fits(password: &str, phc: &str) -> bool {
    parse(phc).is_some_and(|(cost, salt, expected)| {
        digest(password, &salt, cost).is_some_and(|found| {
            // Every byte is looked at, so that time tells nothing.
            found.iter().zip(expected).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
        })
    })
}

fn digest(password: &str, salt: &[u8], cost: PasswordCost) -> Option<[u8; HASH_BYTES]> {
    let params = Params::new(cost.memory_kib, cost.rounds, 1, Some(HASH_BYTES)).ok()?;
    let mut digest = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut digest)
        .ok()?;
    Some(digest)
}

fn parse(phc: &str) -> Option<(PasswordCost, Vec<u8>, [u8; HASH_BYTES])> {
    let mut parts = phc.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut cost = parts.next()?.split(',').map(|part| part.split_once('='));
    let mut number = |key: &str| {
        cost.next().flatten().filter(|(name, _)| *name == key).and_then(|(_, number)| number.parse().ok())
    };
    let (memory_kib, rounds, _lanes) = (number("m")?, number("t")?, number("p").filter(|&p| p == 1)?);
    let salt = BASE64.decode(parts.next()?).ok()?;
    let hash = BASE64.decode(parts.next()?).ok()?.try_into().ok()?;
    Some((PasswordCost { memory_kib, rounds }, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_and_no_other() {
        let kept = hash("correct horse", [7; 16], PasswordCost::cheap());
        assert!(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(fits("correct horse", &kept));
        for wrong in ["", "correct hors", "Correct horse", "correct horse "] {
            assert!(!fits(wrong, &kept), "{wrong}");
        }
        for broken in ["", "$argon2id$", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "plain"] {
            assert!(!fits("correct horse", broken), "{broken}");
        }
    }
}
