//! The data files that travel inside the program: checklists and policies. Holds their text only.

pub(crate) const VISIT_CHECKLIST: &str = include_str!("../../assets/checklists/visit.toml");
pub(crate) const EVIDENCE_POLICY: &str = include_str!("../../assets/policy/evidence.toml");
pub(crate) const SCHEDULE_POLICY: &str = include_str!("../../assets/policy/schedule.toml");
pub(crate) const ISSUES_POLICY: &str = include_str!("../../assets/policy/issues.toml");
