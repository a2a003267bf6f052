//! Parts that several screens share. Each draws what it is given and forwards what the person does.

mod answers;
mod chrome;
mod conflict;
mod evidence;
mod first_sync;
mod icon;
mod list;
mod ownership;
mod plan;
mod question;
mod rows;
mod states;
mod tag;
mod update;
mod value_dialog;

pub use answers::{Answers, RecordFacts};
pub use chrome::{Dialog, Head, Note, Weight};
pub use conflict::{ConflictCard, Dispute};
pub use evidence::{EffectList, EffectWords, EvidencePanel, weak_points};
pub use first_sync::FirstSync;
pub use icon::{Icon, Sign};
pub use list::{ActionRow, FactRow, Group, LinkRow};
pub use ownership::{OwnershipGate, use_ownership};
pub use plan::Plan;
pub use question::{DateInput, Labelled, ManyOf, NumberInput, OneOf, QuestionCard, TextInput, YesNo};
pub use rows::{DueCell, HouseholdCell, HouseholdLines, LastCounted, RecordCell};
pub use states::{Empty, Loading, TroubleDetail, TroubleLine, TroubleScreen, trouble_words};
pub use tag::{
    ColourTag, GradeTag, PlaceTag, ReviewStateTag, Tag, Tone, finding_look, grade_key, outcome_key,
    outcome_words, place_key, review_state_key,
};
pub use update::UpdateBanner;
pub use value_dialog::{ValueDialog, can_edit};
