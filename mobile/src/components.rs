//! Parts that several screens share. Each draws what it is given and forwards what the person does.

mod answers;
mod chrome;
mod conflict;
mod drop_dialog;
mod entry;
mod evidence;
mod first_sync;
mod icon;
mod list;
mod ownership;
mod photo;
mod plan;
mod proposal;
mod question;
mod rows;
mod segments;
mod sheet;
mod states;
mod tag;
mod update;
mod value_dialog;
mod verdict;

pub use answers::{Answers, RecordFacts};
pub use chrome::{Dialog, Head, Note, Weight};
pub use conflict::{ConflictCard, Dispute};
pub use drop_dialog::DropDialog;
pub use entry::{DueTag, EntryCell, EntryLines, TaskCell, issue_look, issue_presses, kind_sign, ledger_sign};
pub use evidence::{EffectList, EffectWords, EvidencePanel, weak_points};
pub use first_sync::FirstSync;
pub use icon::{Icon, Sign};
pub use list::{ActionRow, FactRow, Group, LinkRow};
pub use ownership::{OwnershipGate, use_ownership};
pub use photo::{
    FileButton, OwnCamera, PhotoField, PhotoShown, PhotoStrip, Viewer, Wanted, refused_words, use_picture,
};
pub use plan::Plan;
pub use proposal::ProposalCard;
pub use question::{DateInput, Labelled, ManyOf, NumberInput, OneOf, QuestionCard, TextInput, YesNo};
pub use rows::{DueCell, HouseholdCell, HouseholdLines, LastCounted, RecordCell, done_words};
pub use segments::{LinkSegments, Segment, Segments};
pub use sheet::{MonthGrid, MonthSum, SheetLegend};
pub use states::{Empty, Loading, TroubleDetail, TroubleLine, TroubleScreen, UnreadableRows, trouble_words};
pub use tag::{
    ColourTag, GradeTag, PlaceTag, ReviewStateTag, Tag, Tone, finding_look, grade_key, outcome_key,
    outcome_words, place_key, place_words, review_state_key,
};
pub use update::UpdateBanner;
pub use value_dialog::{ValueDialog, ValueInput, bad_words, can_edit, tidy};
pub use verdict::{Grounds, VerdictCard, house_grade_look, water_look};
