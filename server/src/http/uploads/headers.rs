//! What tus says in headers, read and written.

use super::{UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET};
use crate::service::Refusal;
use crate::service::photos::{Algorithm, Begin, Checksum, Chunk};
use crate::store::photos::PhotoId;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::fmt::rfc2822::DateTimePrinter;

/// What bodies with bytes of an upload call themselves.
const OFFSET_STREAM: &str = "application/offset+octet-stream";
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
/// Longest metadata, in characters.
const METADATA_CHARS_MAX: usize = 1_000;

/// The headers of a request.
pub(super) struct Headers<'h>(pub(super) &'h HeaderMap);

impl Headers<'_> {
    fn text(&self, name: &HeaderName) -> Result<Option<&str>, Refusal> {
        let value = self.0.get(name).map(HeaderValue::to_str).transpose();
        value.map_err(|_| bad(format!("The header {name} holds something else than plain text.")))
    }

    fn number(&self, name: &HeaderName) -> Result<Option<u64>, Refusal> {
        let read =
            |text: &str| text.parse().map_err(|_| bad(format!("The header {name} is a whole number.")));
        self.text(name)?.map(read).transpose()
    }

    /// Where the bytes of a `PATCH` begin.
    pub(super) fn offset(&self) -> Result<u64, Refusal> {
        self.number(&UPLOAD_OFFSET)?.ok_or_else(|| bad("Upload-Offset has to tell where the bytes begin."))
    }

    /// What a `POST` is to begin.
    pub(super) fn begin(&self) -> Result<Begin, Refusal> {
        if self.0.contains_key("upload-concat") {
            return Err(bad("Photographs are uploaded in one piece; there is no concatenation."));
        }
        let bytes = self.number(&UPLOAD_LENGTH)?;
        let bytes = bytes.ok_or_else(|| {
            bad("Upload-Length has to tell the length of the photograph; it cannot be told later.")
        })?;
        let metadata = self.text(&UPLOAD_METADATA)?.unwrap_or_default();
        if metadata.len() > METADATA_CHARS_MAX {
            return Err(bad(format!("Upload-Metadata has at most {METADATA_CHARS_MAX} characters.")));
        }
        let photo = photo(metadata).ok_or_else(|| {
            bad("Upload-Metadata has to hold `sha256` and, in base64, the 64 lower-case hexadecimal digits of it.")
        })?;
        Ok(Begin { photo, bytes, metadata: metadata.to_owned() })
    }

    /// Whether the body holds bytes of the upload; one that does says so.
    pub(super) fn brings_bytes(&self) -> Result<bool, Refusal> {
        if self.is_stream()? {
            return Ok(true);
        }
        let length = self.number(&header::CONTENT_LENGTH)?;
        let is_empty = length.map_or(!self.0.contains_key(header::TRANSFER_ENCODING), |length| length == 0);
        if is_empty { Ok(false) } else { Err(other_kind()) }
    }

    /// Refuses a body that does not say that it holds bytes of an upload.
    pub(super) fn expect_bytes(&self) -> Result<(), Refusal> {
        if self.is_stream()? { Ok(()) } else { Err(other_kind()) }
    }

    fn is_stream(&self) -> Result<bool, Refusal> {
        Ok(self.text(&header::CONTENT_TYPE)?.is_some_and(|kind| kind.eq_ignore_ascii_case(OFFSET_STREAM)))
    }

    /// The bytes that the body brings.
    pub(super) fn chunk(&self, offset: u64) -> Result<Chunk, Refusal> {
        let checksum = self.text(&UPLOAD_CHECKSUM)?.map(checksum).transpose()?;
        Ok(Chunk { offset, length: self.number(&header::CONTENT_LENGTH)?, checksum })
    }
}

fn bad(detail: impl Into<String>) -> Refusal {
    Refusal::BadRequest { detail: detail.into() }
}

fn other_kind() -> Refusal {
    Refusal::UnsupportedBody { detail: format!("Bytes of an upload come as {OFFSET_STREAM}.") }
}

/// The photograph that metadata name: keys and values in base64, apart by a blank; pairs apart by commas.
fn photo(metadata: &str) -> Option<PhotoId> {
    let mut named = metadata.split(',').filter_map(|pair| {
        let (key, value) = pair.trim().split_once(' ')?;
        (key == "sha256").then_some(value)
    });
    let value = named.next().filter(|_| named.next().is_none())?;
    String::from_utf8(BASE64.decode(value.trim()).ok()?).ok()?.parse().ok()
}

fn checksum(text: &str) -> Result<Checksum, Refusal> {
    let read = || {
        let (name, value) = text.split_once(' ')?;
        Some(Checksum { algorithm: Algorithm::named(name)?, expected: BASE64.decode(value.trim()).ok()? })
    };
    read().ok_or_else(|| {
        bad(format!(
            "Upload-Checksum is one of {} and, after a blank, the result in base64.",
            Algorithm::NAMES
        ))
    })
}

/// When an upload expires, as HTTP writes times.
pub(super) fn expires(at_ms: i64) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_millisecond(at_ms).ok()?;
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_name_one_photograph_among_other_things() {
        let digits = "ab".repeat(32);
        let value = BASE64.encode(&digits);
        for (metadata, named) in [
            (format!("sha256 {value}"), true),
            (format!("filename YS5qcGc=,is_private,sha256 {value}"), true),
            (format!("filename YS5qcGc=, sha256 {value}"), true),
            (format!("sha256 {value},sha256 {value}"), false),
            (format!("sha256 {digits}"), false),
            (format!("sha256 {}", BASE64.encode(digits.to_uppercase())), false),
            ("sha256".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(photo(&metadata).is_some(), named, "{metadata}");
        }
    }

    #[test]
    fn an_expiry_is_written_as_http_writes_times() {
        assert_eq!(expires(1_403_712_000_000).unwrap(), "Wed, 25 Jun 2014 16:00:00 GMT");
    }
}
