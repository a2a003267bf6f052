//! Identifiers. Makes none by itself: the caller supplies time and random bytes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_newtype {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = "uuid"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A time-ordered id (UUIDv7) from a wall clock in milliseconds and ten random bytes.
            pub fn new(wall_ms: i64, random: [u8; 10]) -> Self {
                Self(uuid_v7(wall_ms, random))
            }

            /// The sixteen bytes, as databases keep them.
            pub fn bytes(&self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id that a database kept as sixteen bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

uuid_newtype! {
    /// One installation of the app, with a key and an operation chain of its own.
    DeviceId,
    /// A person with an account.
    UserId,
    /// A ledger entry: a household, a person, a house, a water supply, a post or a problem.
    EntityId,
    /// A record made in the field: a visit, an inspection, a check or an attendance.
    ObservationId,
    /// One life of a server's log. It changes when the server is restored from a backup.
    Epoch,
}

impl Epoch {
    /// When this life of the log began, in milliseconds since 1970; none where its name does not tell.
    pub fn began_ms(&self) -> Option<i64> {
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        i64::try_from(seconds.saturating_mul(1000) + u64::from(nanos) / 1_000_000).ok()
    }
}

fn uuid_v7(wall_ms: i64, random: [u8; 10]) -> Uuid {
    // Clocks before 1970 exist in the field; such an id is still unique, only not ordered.
    let ms = u64::try_from(wall_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}

/// The name of one operation: the device that made it and its place in that device's own order.
/// Written `device/seq`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// The device that made the operation.
    pub device: DeviceId,
    /// Its place in that device's chain; the first is 1.
    pub seq: u64,
}

impl OpId {
    /// The `seq`-th operation of `device`.
    pub fn new(device: DeviceId, seq: u64) -> Self {
        Self { device, seq }
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.device, self.seq)
    }
}

impl fmt::Debug for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Op({self})")
    }
}

/// The text is not `device/seq`.
#[derive(Debug, thiserror::Error)]
#[error("an operation is named device/seq, not {0:?}")]
pub struct BadOpId(String);

impl FromStr for OpId {
    type Err = BadOpId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadOpId(text.to_owned());
        let (device, seq) = text.split_once('/').ok_or_else(bad)?;
        Ok(Self { device: device.parse().map_err(|_| bad())?, seq: seq.parse().map_err(|_| bad())? })
    }
}

impl Serialize for OpId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OpId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse_str(deserializer, "an operation id as device/seq")
    }
}

/// Reads a value that is written as text, without copying the text where that can be avoided.
pub(crate) fn parse_str<'de, D, T>(deserializer: D, expecting: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: fmt::Display,
{
    struct Text<T>(&'static str, std::marker::PhantomData<T>);
    impl<T: FromStr> serde::de::Visitor<'_> for Text<T>
    where
        T::Err: fmt::Display,
    {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(expecting, std::marker::PhantomData))
}
