//! Why a file was not kept, in words.

use bianfang_shared::photo::PhotoProblem;
use fluent_bundle::FluentArgs;

use crate::components::trouble_words;
use crate::i18n::Lang;
use crate::photos::WhyRefused;

/// What happened to the file and what to do.
#[must_use]
pub fn refused_words(lang: Lang, why: &WhyRefused) -> String {
    match why {
        WhyRefused::Problem(problem) => problem_words(lang, problem),
        WhyRefused::Trouble(trouble) => trouble_words(lang, trouble),
        WhyRefused::Unreadable => lang.say("photo-unreadable"),
        WhyRefused::Full { max } => lang.with("photo-full", [("n", (*max as u64).into())]),
        WhyRefused::Twice => lang.say("photo-twice"),
    }
}

fn problem_words(lang: Lang, problem: &PhotoProblem) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in problem.values() {
        args.set(name, value);
    }
    lang.with_args(&format!("photo-problem-{}", problem.code()), &args)
        .unwrap_or_else(|| lang.say("photo-unreadable"))
}
