//! What a centre says it takes, beyond what every version does. A phone may be newer than its centre: what the centre would
//! set aside as not known is then not written.

use crate::ledger;
use crate::op::Body;

/// It takes photographs.
pub const PHOTOS: &str = "photos";
/// It takes proposals, refusals of them, companions' words, and entries that are to be confirmed.
pub const PROPOSALS: &str = "proposals";
/// All that this version takes.
pub const ALL: &[&str] = &[PHOTOS, PROPOSALS];

/// Fields that came with a capability. All others were there from the beginning.
const FIELDS: &[(&str, &str)] = &[(ledger::REGISTRATION, PROPOSALS)];

/// What of an operation a centre with these capabilities takes; none where that is nothing.
pub fn taken(capabilities: &[String], mut body: Body) -> Option<Body> {
    let has = |capability: &str| capabilities.iter().any(|word| word == capability);
    let knows = |field: &str| FIELDS.iter().all(|(known, capability)| *known != field || has(capability));
    match &mut body {
        Body::Register { fields, .. } => fields.retain(|field, _| knows(field)),
        Body::Amend { changes, .. } => {
            changes.retain(|change| knows(&change.field));
            if changes.is_empty() {
                return None;
            }
        }
        Body::Propose { .. } | Body::Refuse { .. } | Body::Accompany { .. } if !has(PROPOSALS) => {
            return None;
        }
        _ => (),
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{EntityId, ObservationId};
    use crate::ledger::LedgerKind;
    use crate::op::Change;

    #[test]
    fn an_older_centre_is_sent_nothing_that_it_does_not_know() {
        let entity = EntityId::from_bytes([1; 16]);
        let changes = |fields: &[&str]| -> Vec<Change> {
            fields.iter().map(|field| Change::new(*field, "x", Vec::new())).collect()
        };
        let amend = |fields| Body::Amend { entity, changes: changes(fields), cause: None };
        let propose = Body::Propose { entity, changes: changes(&["colour"]), cause: None };
        let register = |fields: &[&str]| Body::Register {
            entity,
            ledger: LedgerKind::Post,
            fields: fields.iter().map(|field| ((*field).to_owned(), "x".into())).collect(),
            cause: None,
            photos: Vec::new(),
        };
        let accompany = Body::Accompany { observation: ObservationId::from_bytes([2; 16]) };
        for (body, older) in [
            (amend(&["remark", "registration"]), Some(amend(&["remark"]))),
            (amend(&["registration"]), None),
            (amend(&["remark"]), Some(amend(&["remark"]))),
            (register(&["kind", "registration"]), Some(register(&["kind"]))),
            (propose, None),
            (accompany, None),
        ] {
            assert_eq!(taken(&[PHOTOS.to_owned()], body.clone()), older);
            let all: Vec<String> = ALL.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(taken(&all, body.clone()), Some(body));
        }
    }
}
