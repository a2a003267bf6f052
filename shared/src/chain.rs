//! The hash chain over a device's operations, and the signature over its head.
//! `h(0)` is all zeros; `h(n) = SHA-256(h(n-1) ‖ bytes of op n)`. One signature over a head covers every op before it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// A head of a device's chain: 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
pub struct Head(pub [u8; 32]);

impl Head {
    /// The head of a chain without operations.
    pub const EMPTY: Head = Head([0; 32]);

    /// The head after one more operation, given as the exact bytes that travel.
    pub fn extend(self, op_bytes: &[u8]) -> Head {
        Head(digest(&self.0, op_bytes))
    }

    /// What is signed: a label, the device and the head, so that a signature serves for nothing else.
    fn signed_bytes(self, device: crate::id::DeviceId) -> Vec<u8> {
        [b"bianfang head v1".as_slice(), &device.bytes(), &self.0].concat()
    }
}

/// The running checksum of a scope's log, told with every page so that a device notices a log that is not its own.
/// The first eight bytes of `SHA-256(previous ‖ bytes of the op)`.
pub fn extend_checksum(previous: u64, op_bytes: &[u8]) -> u64 {
    let bytes = digest(&previous.to_be_bytes(), op_bytes);
    u64::from_be_bytes(bytes[..8].try_into().expect("eight of 32 bytes"))
}

fn digest(before: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(bytes);
    hasher.finalize().into()
}

/// The secret half of a device's key. Made once, at enrolment, from 32 random bytes.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key that these 32 secret bytes stand for.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The half that the server keeps.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a head of `device`'s chain.
    pub fn sign(&self, device: crate::id::DeviceId, head: Head) -> HeadSignature {
        HeadSignature(self.0.sign(&head.signed_bytes(device)).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(secret)")
    }
}

/// The public half of a device's key: 32 bytes, written in base64.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Byte))]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Whether `signature` is this key's over `head` of `device`'s chain.
    pub fn verifies(&self, device: crate::id::DeviceId, head: Head, signature: &HeadSignature) -> bool {
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| {
            key.verify(&head.signed_bytes(device), &Signature::from_bytes(&signature.0)).is_ok()
        })
    }
}

/// An Ed25519 signature over a head: 64 bytes, written in base64.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Byte))]
pub struct HeadSignature(pub [u8; 64]);

/// The text is not the expected number of bytes in the expected writing.
#[derive(Debug, thiserror::Error)]
#[error("expected {0}")]
pub struct BadKeyText(&'static str);

fn bytes_of<const N: usize>(decoded: Option<Vec<u8>>, expected: &'static str) -> Result<[u8; N], BadKeyText> {
    decoded.and_then(|bytes| bytes.try_into().ok()).ok_or(BadKeyText(expected))
}

impl FromStr for Head {
    type Err = BadKeyText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        bytes_of(hex::decode(text).ok(), "64 hexadecimal digits").map(Self)
    }
}

impl FromStr for PublicKey {
    type Err = BadKeyText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        bytes_of(BASE64.decode(text).ok(), "32 bytes in base64").map(Self)
    }
}

impl FromStr for HeadSignature {
    type Err = BadKeyText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        bytes_of(BASE64.decode(text).ok(), "64 bytes in base64").map(Self)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Display for HeadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

macro_rules! as_text {
    ($($name:ident: $expecting:literal),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::id::parse_str(deserializer, $expecting)
            }
        }
    )*};
}
as_text!(Head: "64 hexadecimal digits", PublicKey: "32 bytes in base64", HeadSignature: "64 bytes in base64");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;

    #[test]
    fn one_signature_covers_every_op_before_it_and_no_other_device() {
        let key = DeviceKey::from_seed(&[7; 32]);
        let (mine, other) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let head = Head::EMPTY.extend(b"one").extend(b"two");
        let signature = key.sign(mine, head);
        assert!(key.public().verifies(mine, head, &signature));
        assert!(!key.public().verifies(other, head, &signature));
        assert!(!key.public().verifies(mine, Head::EMPTY.extend(b"onf").extend(b"two"), &signature));
        assert!(!key.public().verifies(mine, Head::EMPTY.extend(b"two").extend(b"one"), &signature));
    }

    #[test]
    fn heads_and_keys_survive_their_text_form() {
        let key = DeviceKey::from_seed(&[9; 32]);
        let head = Head::EMPTY.extend(b"op");
        assert_eq!(head.to_string().parse::<Head>().unwrap(), head);
        assert_eq!(key.public().to_string().parse::<PublicKey>().unwrap(), key.public());
        assert!("abc".parse::<Head>().is_err());
    }
}
