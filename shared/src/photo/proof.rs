//! What only those can tell who have, or had, a photograph's bytes.

use sha2::{Digest, Sha256};

/// A second hash of a photograph's bytes, in 64 hexadecimal digits. Its name is the first one, which is told to many; this
/// one is told to the centre alone, by whoever let the bytes go and is asked for them again.
pub fn proof(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"bianfang photograph, held once\n");
    hasher.update(bytes);
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_follows_from_the_bytes_and_not_from_their_name() {
        let (one, other) = (proof(b"one"), proof(b"other"));
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
        assert_ne!(one, hex::encode(Sha256::digest(b"one")));
        assert_eq!(one, proof(b"one"));
    }
}
