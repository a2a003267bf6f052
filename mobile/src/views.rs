//! The screens, one module each: ask for a view model, lay it out, forward what the person does.

mod conflicts;
mod form;
mod household;
mod households;
mod me;
mod quarantine;
mod record;
mod review;
mod saved;
mod shell;
mod sign_in;
mod today;
mod uploads;

pub use conflicts::ConflictsPage;
pub use form::FormPage;
pub use household::HouseholdPage;
pub use households::HouseholdsPage;
pub use me::MePage;
pub use quarantine::QuarantinePage;
pub use record::RecordPage;
pub use review::{ReviewNone, ReviewPage, Reviews};
pub use saved::SavedPage;
pub use shell::{Home, NotFound, Shell, Signed};
pub use sign_in::SignInPage;
pub use uploads::UploadsPage;
