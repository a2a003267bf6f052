//! The watermark of a photograph: when, where, of whom, by whom. Shown over the picture and burned into copies only, so
//! that the bytes that count as evidence stay as they were taken.

use bianfang_shared::observation::{PhotoRef, PhotoSource};

use crate::i18n::Lang;
use crate::words;

/// What a photograph belongs to, for its watermark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// What it is about: a head of household, a supply, a post, a problem.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Who recorded it.
    pub author: String,
    /// What it shows, in the words of the question that asked for it.
    pub shows: String,
}

impl Mark {
    /// The lines, the most telling first.
    #[must_use]
    pub fn lines(&self, lang: Lang, photo: &PhotoRef) -> Vec<String> {
        let when = match photo.taken_at_ms {
            Some(at_ms) => words::moment(at_ms),
            None => lang.say("mark-no-time"),
        };
        let place = match &photo.place {
            Some(fix) => lang.with(
                "mark-place",
                [
                    ("place", format!("{:.5}, {:.5}", fix.lat, fix.lon).into()),
                    ("accuracy", words::distance(lang, fix.accuracy_m).into()),
                ],
            ),
            None => lang.say("mark-no-place"),
        };
        let source = match photo.source {
            PhotoSource::Camera => String::new(),
            PhotoSource::Gallery => lang.say("photo-gallery"),
            PhotoSource::Unknown => lang.say("photo-source-unknown"),
        };
        let of = [self.name.as_str(), self.code.as_str(), self.shows.as_str()];
        let by = lang.with("mark-by", [("author", self.author.as_str().into())]);
        [joined(&[&when, &source]), place, joined(&of), by]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// The same for a picture that is about to be taken.
    #[must_use]
    pub fn lines_now(
        &self,
        lang: Lang,
        at_ms: i64,
        fix: Option<bianfang_shared::observation::Fix>,
    ) -> Vec<String> {
        let photo = PhotoRef {
            sha256: String::new(),
            purpose: String::new(),
            bytes: 0,
            width: 0,
            height: 0,
            source: PhotoSource::Camera,
            taken_at_ms: Some(at_ms),
            place: fix,
            likeness: String::new(),
        };
        self.lines(lang, &photo)
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// Longest part of a file name taken from a name, in characters.
const NAME_CHARS_MAX: usize = 24;

/// The name of a copy with its watermark: what it is about and the beginning of its hash, so that it can be found again.
#[must_use]
pub fn file_name(mark: &Mark, photo: &PhotoRef) -> String {
    // Whatever a file system may not like becomes a dash.
    let plain = |text: &str| -> String {
        let letters = text.chars().take(NAME_CHARS_MAX);
        letters.map(|c| if c.is_alphanumeric() { c } else { '-' }).collect()
    };
    let parts = [plain(&mark.code), plain(&mark.name), photo.sha256.chars().take(8).collect()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.jpg", parts.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::observation::Fix;

    fn photo(source: PhotoSource, taken_at_ms: Option<i64>, place: Option<Fix>) -> PhotoRef {
        PhotoRef {
            sha256: "ab12cd34ef".to_owned(),
            purpose: "overview".to_owned(),
            bytes: 1,
            width: 1,
            height: 1,
            source,
            taken_at_ms,
            place,
            likeness: String::new(),
        }
    }

    #[test]
    fn the_watermark_says_when_where_of_whom_and_by_whom() {
        let mark = Mark {
            name: "王秀梅".to_owned(),
            code: "BJ-0012".to_owned(),
            author: "彭海燕".to_owned(),
            shows: "房屋全景".to_owned(),
        };
        let fix = Fix {
            lat: 28.913_421,
            lon: 113.308_172,
            accuracy_m: 12.0,
            altitude_m: None,
            at_ms: 0,
            received_at_ms: None,
            provider: None,
            mocked: None,
        };
        let taken = photo(PhotoSource::Camera, Some(1_752_805_800_000), Some(fix));
        assert_eq!(
            mark.lines(Lang::Zh, &taken),
            [
                "2025-07-18 10:30",
                "28.91342, 113.30817（误差 ±12 米）",
                "王秀梅 · BJ-0012 · 房屋全景",
                "记录人 彭海燕"
            ]
        );
        let chosen = photo(PhotoSource::Gallery, None, None);
        assert_eq!(mark.lines(Lang::Zh, &chosen)[..2], ["没有拍摄时间 · 相册", "没有拍摄地点"]);
        assert_eq!(file_name(&mark, &chosen), "BJ-0012_王秀梅_ab12cd34.jpg");
    }
}
