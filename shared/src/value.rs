//! A field's or an answer's value: JSON with one form for each meaning, so that equal means equal.

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What a field holds or an answer says. Whole numbers are always `Int`, also when written `3.0`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Not known, or taken away.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; never NaN or infinite.
    Num(f64),
    /// Text, the key of a choice, a date as `2025-07-18`, or an id.
    Text(String),
    /// Several choices or a series.
    List(Vec<Value>),
    /// A compound, such as a point.
    Map(BTreeMap<String, Value>),
}

/// Whole numbers up to this are exact in a 64-bit float.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

impl Value {
    /// A number in its one form; not a number becomes `Null`.
    pub fn number(number: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and exact just before")]
        match number {
            n if !n.is_finite() => Self::Null,
            n if n.fract() == 0.0 && n.abs() <= EXACT_MAX => Self::Int(n as i64),
            n => Self::Num(n),
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Yes or no, if it is that.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "comparison with bounds of a form, far below 2^53"
            )]
            Self::Int(number) => Some(*number as f64),
            Self::Num(number) => Some(*number),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether nothing is said: null, blank text or an empty list.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Bool(_) | Self::Int(_) | Self::Num(_) => false,
        }
    }

    /// Whether this is `text`, or a list that holds it.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Text(own) => own == text,
            Self::List(items) => items.iter().any(|item| item.holds(text)),
            _ => false,
        }
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(|item| Self::Text(item.into())).collect())
    }

    /// The value as any serialisable thing reads it back, or `None` where the shape differs.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::to_value(self).ok().and_then(|json| serde_json::from_value(json).ok())
    }

    /// The value of any serialisable thing; what has no JSON form becomes `Null`.
    pub fn write<T: Serialize>(thing: &T) -> Self {
        serde_json::to_value(thing)
            .ok()
            .and_then(|json| serde_json::from_value(json).ok())
            .unwrap_or_default()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::number(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(flag) => flag.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Num(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            other => f.write_str(&serde_json::to_string(other).map_err(|_| fmt::Error)?),
        }
    }
}

// Written by hand: the derived form for untagged enums tries one variant after another over a copy.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a number beyond 64 signed bits is no field value; keep its size"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Num(number as f64), Value::Int))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::number(number))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            entries.insert(key, value);
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form_however_it_was_written() {
        for (text, value) in [
            ("3", Value::Int(3)),
            ("3.0", Value::Int(3)),
            ("3e0", Value::Int(3)),
            ("-0.0", Value::Int(0)),
            ("2.5", Value::Num(2.5)),
            ("null", Value::Null),
            ("[1,\"a\"]", Value::List(vec![Value::Int(1), "a".into()])),
        ] {
            assert_eq!(serde_json::from_str::<Value>(text).unwrap(), value, "{text}");
        }
    }
}
