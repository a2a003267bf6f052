//! What a reviewer is shown of a record's photographs: whether each is here, and where it, or one like it, was seen.

use super::Photos;
use crate::service::Refusal;
use crate::service::pull::actor;
use crate::service::queries::Subjects;
use crate::store::people::SignedIn;
use crate::store::photos::PhotoId;
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::{Observation, PhotoRef};
use bianfang_shared::query::{PhotoView, SimilarPhoto};

/// Most similar photographs shown of one.
const SIMILAR_MAX: usize = 20;

/// The photographs of a record as this person may see them.
pub fn views(photos: &Photos, who: &SignedIn, observation: &Observation) -> Result<Vec<PhotoView>, Refusal> {
    observation.photos.iter().map(|photo| photos.view(who, observation.id, photo)).collect()
}

impl Photos {
    fn view(&self, who: &SignedIn, of: ObservationId, photo: &PhotoRef) -> Result<PhotoView, Refusal> {
        let Ok(id) = photo.sha256.parse::<PhotoId>() else {
            return Ok(PhotoView { photo: photo.clone(), held: false, similar: Vec::new() });
        };
        let mut similar = Vec::new();
        for (other, distance) in std::iter::once((id, 0)).chain(self.store.photos_alike(id)?) {
            // What makes no record says nothing of where and when.
            for record in self.records_naming(other)?.into_iter().filter(|record| *record != of) {
                if similar.len() < SIMILAR_MAX {
                    let same_bytes = other == id;
                    similar.extend(self.similar(who, (other, record), distance, same_bytes)?);
                }
            }
        }
        Ok(PhotoView { photo: photo.clone(), held: self.is_held(id)?, similar })
    }

    /// Where a photograph was seen. That it was is told to everybody; where, only to those who have the village.
    /// Nothing of a record that is in no ledger.
    fn similar(
        &self,
        who: &SignedIn,
        (photo, record): (PhotoId, ObservationId),
        distance: u32,
        same_bytes: bool,
    ) -> Result<Option<SimilarPhoto>, Refusal> {
        let Some(record) = self.store.record(record)? else { return Ok(None) };
        let hidden = SimilarPhoto { distance, same_bytes, ..SimilarPhoto::default() };
        if !actor(who).covers(record.scope) {
            return Ok(Some(hidden));
        }
        let author = self.store.account(record.author)?.map(|account| account.user.name);
        Ok(Some(SimilarPhoto {
            sha256: photo.to_string(),
            record: Some(record.id),
            scope: Some(record.scope),
            subject_name: Subjects::load(&*self.store, [record.subject])?.name(record.subject),
            author_name: author.unwrap_or_default(),
            ended_at_ms: record.ended_at_ms,
            ..hidden
        }))
    }
}
