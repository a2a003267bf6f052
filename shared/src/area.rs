//! Areas of the administrative division: GB/T 2260 style statistical codes of twelve digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// How far down an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// The whole country; the code is all zeros.
    Country,
    /// 省, 2 digits.
    Province,
    /// 市, 4 digits.
    City,
    /// 县 (区、县级市), 6 digits.
    County,
    /// 乡镇 (街道), 9 digits.
    Township,
    /// 村 (社区), 12 digits.
    Village,
}

impl AreaLevel {
    /// The unit below which everything of this level is zero in a code.
    fn unit(self) -> u64 {
        match self {
            Self::Country => 1_000_000_000_000,
            Self::Province => 10_000_000_000,
            Self::City => 100_000_000,
            Self::County => 1_000_000,
            Self::Township => 1_000,
            Self::Village => 1,
        }
    }
}

/// A twelve-digit area code, padded with zeros: province 2, city 4, county 6, township 9, village 12 digits.
/// A *scope* is a village.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9]{12}$"))]
pub struct AreaCode(u64);

/// The text is not twelve digits.
#[derive(Debug, thiserror::Error)]
#[error("an area code has twelve digits, padded with zeros, not {0:?}")]
pub struct BadAreaCode(String);

impl AreaCode {
    /// The whole country.
    pub const COUNTRY: Self = Self(0);

    /// No area at all, for what is worked out without one.
    pub(crate) const NOWHERE: Self = Self(0);

    /// The code with this number, if it has at most twelve digits.
    pub fn new(number: u64) -> Option<Self> {
        (number < 1_000_000_000_000).then_some(Self(number))
    }

    /// The code as a number, as databases keep it.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The code as the signed number that SQLite keeps.
    pub fn sql(self) -> i64 {
        i64::try_from(self.0).expect("twelve digits fit a signed 64-bit number")
    }

    /// How far down the area is.
    pub fn level(self) -> AreaLevel {
        use AreaLevel::*;
        [Country, Province, City, County, Township]
            .into_iter()
            .find(|level| self.0.is_multiple_of(level.unit()))
            .unwrap_or(Village)
    }

    /// Whether `other` is this area or lies in it.
    pub fn contains(self, other: AreaCode) -> bool {
        let unit = self.level().unit();
        self.0 / unit == other.0 / unit
    }

    /// The area of `level` that this one lies in; itself where it is not below that level.
    pub fn at(self, level: AreaLevel) -> AreaCode {
        let unit = level.unit();
        AreaCode(self.0 / unit * unit)
    }

    /// The numbers of all areas inside this one, first and last, for range queries.
    pub fn range(self) -> (AreaCode, AreaCode) {
        (self, AreaCode(self.0 + self.level().unit() - 1))
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Area({self})")
    }
}

impl FromStr for AreaCode {
    type Err = BadAreaCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number.map(Self).ok_or_else(|| BadAreaCode(text.to_owned()))
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AreaCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::id::parse_str(deserializer, "an area code of twelve digits")
    }
}

/// An area with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Area {
    /// Its code.
    pub code: AreaCode,
    /// Its Chinese name, such as 八景村.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn an_area_contains_what_lies_beneath_it_and_nothing_else() {
        for (outer, inner, holds) in [
            ("430681113000", "430681113214", true),
            ("430681113214", "430681113214", true),
            ("430681113214", "430681113000", false),
            ("430681000000", "430681113214", true),
            ("430000000000", "430681113214", true),
            ("440000000000", "430681113214", false),
            ("000000000000", "430681113214", true),
            ("430681112000", "430681113214", false),
        ] {
            assert_eq!(area(outer).contains(area(inner)), holds, "{outer} {inner}");
        }
    }

    #[test]
    fn a_code_keeps_its_leading_zeros_and_knows_its_level() {
        assert_eq!(area("010000000000").to_string(), "010000000000");
        assert_eq!(area("430681113214").level(), AreaLevel::Village);
        assert_eq!(area("430681113000").level(), AreaLevel::Township);
        assert_eq!(area("430681000000").level(), AreaLevel::County);
        assert_eq!(area("430600000000").level(), AreaLevel::City);
        assert_eq!(area("430681113214").at(AreaLevel::Township), area("430681113000"));
        for bad in ["", "43068111321", "4306811132144", "43068111321x", "+30681113214"] {
            assert!(bad.parse::<AreaCode>().is_err(), "{bad}");
        }
    }
}
