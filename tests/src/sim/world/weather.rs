//! What may go wrong in a run, so that a failing seed says where to look.

use crate::sim::album::CENTRE_BYTES_MAX;
use crate::sim::centre::Habits;
use crate::sim::dice::Dice;

/// Uploads of impatient centres are forgotten after an hour.
const SHORT_EXPIRY_MS: i64 = 3_600_000;

/// What may go wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    pub(super) bad_signal: bool,
    pub(super) skewed_clocks: bool,
    pub(super) phones_die: bool,
    pub(super) phones_restored: bool,
    pub(super) disks_fail: bool,
    pub(super) centre_dies: bool,
    pub(super) centre_restored: bool,
    pub(super) grants_change: bool,
    pub(super) disks_fill: bool,
    pub(super) uploads_cut: bool,
    pub(super) uploads_expire: bool,
    pub(super) centre_takes_little: bool,
    pub(super) photo_folder_lost: bool,
    pub(super) paid_connections: bool,
}

impl Weather {
    /// Every fourth seed has it all; the others have each thing half of the time.
    pub(super) fn of(seed: u64, dice: &mut Dice) -> Self {
        let all = seed.is_multiple_of(4);
        let mut some = || all || dice.permille(500);
        Self {
            bad_signal: some(),
            skewed_clocks: some(),
            phones_die: some(),
            phones_restored: some(),
            disks_fail: some(),
            centre_dies: some(),
            centre_restored: some(),
            grants_change: some(),
            disks_fill: some(),
            uploads_cut: some(),
            uploads_expire: some(),
            centre_takes_little: some(),
            photo_folder_lost: some(),
            paid_connections: some(),
        }
    }

    /// The same without what makes the centre refuse somebody who did nothing wrong.
    pub(super) fn of_a_siege(self) -> Self {
        Self {
            disks_fail: false,
            grants_change: false,
            disks_fill: false,
            uploads_expire: false,
            centre_takes_little: false,
            photo_folder_lost: false,
            ..self
        }
    }

    /// All is well.
    pub(super) fn quiet() -> Self {
        Self {
            bad_signal: false,
            skewed_clocks: false,
            phones_die: false,
            phones_restored: false,
            disks_fail: false,
            centre_dies: false,
            centre_restored: false,
            grants_change: false,
            disks_fill: false,
            uploads_cut: false,
            uploads_expire: false,
            centre_takes_little: false,
            photo_folder_lost: false,
            paid_connections: false,
        }
    }

    /// What the centre of such a run is like, from its beginning to its end.
    pub(super) fn habits(self) -> Habits {
        Habits {
            photo_bytes_max: self.centre_takes_little.then_some(CENTRE_BYTES_MAX),
            upload_expiry_ms: self.uploads_expire.then_some(SHORT_EXPIRY_MS),
        }
    }
}
