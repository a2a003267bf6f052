//! Names of people, as far as this device was told.

use crate::store::{StoreError, meta};
use bianfang_shared::id::UserId;
use rusqlite::Connection;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Names(BTreeMap<UserId, String>);

impl Names {
    pub(crate) fn read(conn: &Connection) -> Result<Self, StoreError> {
        let session = meta::session(conn)?;
        let people = session.into_iter().flat_map(|session| session.people.into_iter().chain([session.user]));
        Ok(Self(people.map(|user| (user.id, user.name)).collect()))
    }

    /// The name, empty where it is not known.
    pub(crate) fn of(&self, user: UserId) -> String {
        self.0.get(&user).cloned().unwrap_or_default()
    }

    /// The names of these, by id.
    pub(crate) fn among(&self, users: impl IntoIterator<Item = UserId>) -> BTreeMap<String, String> {
        users.into_iter().filter_map(|user| Some((user.to_string(), self.0.get(&user)?.clone()))).collect()
    }
}
