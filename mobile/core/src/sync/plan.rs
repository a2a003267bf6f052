//! What comes next in an exchange. Pure: looks at where things stand and names one move.

use crate::message::SyncPhase;

/// Where things stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The centre knows this device.
    pub(super) enrolled: bool,
    /// The centre was asked lately where it stands.
    pub(super) greeted: bool,
    /// There is something to send, and nothing speaks against sending it.
    pub(super) may_push: bool,
    /// A village may have something new.
    pub(super) may_pull: bool,
}

/// One move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Enrol,
    Greet,
    Push,
    Pull,
    Rest,
}

impl Move {
    pub(super) fn phase(self) -> SyncPhase {
        match self {
            Self::Enrol | Self::Greet => SyncPhase::Greeting,
            Self::Push => SyncPhase::Pushing,
            Self::Pull => SyncPhase::Pulling,
            Self::Rest => SyncPhase::Idle,
        }
    }
}

/// Sending goes before fetching: what exists once goes before what the centre keeps anyway.
pub(super) fn choose(standing: &Standing) -> Move {
    match standing {
        Standing { enrolled: false, .. } => Move::Enrol,
        Standing { greeted: false, .. } => Move::Greet,
        Standing { may_push: true, .. } => Move::Push,
        Standing { may_pull: true, .. } => Move::Pull,
        _ => Move::Rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greeting_goes_before_sending_and_sending_before_fetching() {
        for (enrolled, greeted, may_push, may_pull, expected) in [
            (false, true, true, true, Move::Enrol),
            (true, false, true, true, Move::Greet),
            (true, true, true, true, Move::Push),
            (true, true, false, true, Move::Pull),
            (true, true, false, false, Move::Rest),
        ] {
            assert_eq!(choose(&Standing { enrolled, greeted, may_push, may_pull }), expected);
        }
    }
}
