//! Which questions belong together: one that is asked first, and those that ask further because of its answer.

use bianfang_shared::checklist::{Question, QuestionKind};

/// A question with those that ask further.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// Asked first.
    pub(super) lead: &'static Question,
    /// Asked because of its answer: signs, measures, a close view.
    pub(super) more: Vec<&'static Question>,
}

impl Part {
    fn takes(&self, question: &Question) -> bool {
        let lead = self.lead.key.as_str();
        let rest = question.key.strip_prefix("photo_").unwrap_or(&question.key);
        rest == lead || rest.strip_prefix(lead).is_some_and(|rest| rest.starts_with('_'))
    }
}

/// The questions in parts, by their keys: `walls` takes `walls_signs` and `photo_walls`, wherever those stand. Only what
/// can be damaged is a part; every other question stands alone.
pub(super) fn parts(questions: &[&'static Question]) -> Vec<Part> {
    let (mut parts, mut later) = (Vec::<Part>::new(), Vec::new());
    for question in questions {
        let part = parts.iter_mut().find(|part| is_damage(part.lead) && part.takes(question));
        match part {
            Some(part) => part.more.push(question),
            None => later.push(*question),
        }
        if is_damage(question) {
            parts.push(Part { lead: question, more: Vec::new() });
        }
    }
    later.into_iter().map(|lead| take_out(&mut parts, lead)).collect()
}

fn take_out(parts: &mut Vec<Part>, lead: &'static Question) -> Part {
    match parts.iter().position(|part| part.lead.key == lead.key) {
        Some(at) => parts.remove(at),
        None => Part { lead, more: Vec::new() },
    }
}

/// Whether the question is about the state of a part: 完好, 轻微, 严重.
pub(super) fn is_damage(question: &Question) -> bool {
    matches!(question.kind, QuestionKind::OneOf { .. })
        && question.kind.choices().iter().any(|choice| choice.key == "severe")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::checklist::Checklist;

    fn told(parts: &[Part]) -> Vec<(&str, Vec<&str>)> {
        let more = |part: &Part| part.more.iter().map(|question| question.key.as_str()).collect();
        parts.iter().map(|part| (part.lead.key.as_str(), more(part))).collect()
    }

    #[test]
    fn signs_measures_and_the_close_view_stand_with_their_part() {
        let house = Checklist::house();
        let ask = |keys: &[&str]| -> Vec<&'static Question> {
            keys.iter().filter_map(|key| house.question(key)).collect()
        };
        let asked = ask(&[
            "lived_in",
            "walls",
            "walls_signs",
            "walls_crack_mm",
            "roof",
            "photo_whole",
            "photo_walls",
        ]);
        assert_eq!(
            told(&parts(&asked)),
            [
                ("lived_in", vec![]),
                ("walls", vec!["walls_signs", "walls_crack_mm", "photo_walls"]),
                ("roof", vec![]),
                ("photo_whole", vec![]),
            ]
        );
        let none = ask(&["photo_walls", "lived_in"]);
        assert_eq!(told(&parts(&none)), [("photo_walls", vec![]), ("lived_in", vec![])]);
    }
}
