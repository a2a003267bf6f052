//! The data files that travel inside the program: checklists and policies. Holds their text only.

pub(crate) const VISIT_CHECKLIST: &str = include_str!("../../assets/checklists/visit.toml");
pub(crate) const HOUSE_CHECKLIST: &str = include_str!("../../assets/checklists/house.toml");
pub(crate) const WATER_CHECKLIST: &str = include_str!("../../assets/checklists/water.toml");
pub(crate) const POST_CHECKLIST: &str = include_str!("../../assets/checklists/post.toml");
pub(crate) const EVIDENCE_POLICY: &str = include_str!("../../assets/policy/evidence.toml");
pub(crate) const SCHEDULE_POLICY: &str = include_str!("../../assets/policy/schedule.toml");
pub(crate) const ISSUES_POLICY: &str = include_str!("../../assets/policy/issues.toml");
pub(crate) const PHOTO_POLICY: &str = include_str!("../../assets/policy/photo.toml");
pub(crate) const HOUSE_POLICY: &str = include_str!("../../assets/policy/house.toml");
pub(crate) const WATER_POLICY: &str = include_str!("../../assets/policy/water.toml");
pub(crate) const POSTS_POLICY: &str = include_str!("../../assets/policy/posts.toml");
