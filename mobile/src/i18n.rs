//! The words of the screens, in two languages, from the message files. Holds no words itself.

use std::collections::BTreeMap;

use dioxus::prelude::*;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

/// The languages of the app. Chinese is the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// Under which key the choice is remembered on the device.
pub const LANGUAGE_KEY: &str = "language";

macro_rules! message_files {
    ($folder:literal) => {
        [
            include_str!(concat!("../../assets/messages/", $folder, "/app.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/terms.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/visit.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/review.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/capture.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/photo.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/ledger.ftl")),
            include_str!(concat!("../../assets/messages/", $folder, "/rules.ftl")),
        ]
    };
}

const ZH_FILES: [&str; 8] = message_files!("zh-CN");
const EN_FILES: [&str; 8] = message_files!("en");

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    // Bundles keep formatters that no other thread may use; the screens are drawn on one thread.
    static BUNDLES: BTreeMap<Lang, Bundle> = Lang::ALL.into_iter().map(|lang| (lang, lang.bundle())).collect();
}

impl Lang {
    /// Every language, the first one first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The tag of the page and of the choice remembered.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language for a tag such as `en-GB`; the first one for any other.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Zh }
    }

    /// The name of the language in itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    fn files(self) -> [&'static str; 8] {
        match self {
            Self::Zh => ZH_FILES,
            Self::En => EN_FILES,
        }
    }

    fn bundle(self) -> Bundle {
        let tag = self.tag().parse().expect("both tags are well formed");
        let mut bundle = Bundle::new(vec![tag]);
        // The marks around inserted words confuse screen readers and exact tests, and both languages run left to right.
        bundle.set_use_isolating(false);
        for text in self.files() {
            // What cannot be read is left out and shows as its key; a test holds that nothing is.
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        bundle
    }

    /// The message of a key. A key without a message is shown as it is.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.with(key, [])
    }

    /// The message of a key, with numbers and words put in.
    #[must_use]
    pub fn with<'a, const N: usize>(self, key: &str, args: [(&'a str, FluentValue<'a>); N]) -> String {
        self.with_args(key, &FluentArgs::from_iter(args)).unwrap_or_else(|| key.to_owned())
    }

    /// The message of a key, if there is one.
    #[must_use]
    pub fn with_args(self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        BUNDLES.with(|bundles| {
            let bundle = bundles.get(&self)?;
            let pattern = bundle.get_message(key)?.value()?;
            Some(bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
        })
    }

    /// The message of a key that comes from data; the data's own word where a newer version sent it.
    #[must_use]
    pub fn or(self, key: &str, word: &str) -> String {
        self.with_args(key, &FluentArgs::new()).unwrap_or_else(|| word.to_owned())
    }
}

/// The language of the component that asks; it is drawn anew when the language changes.
#[must_use]
pub fn use_lang() -> Lang {
    *use_context::<crate::app::AppState>().lang.read()
}

#[cfg(test)]
mod tests;
