//! People, their devices, their sign-ins, areas, and the audit log.

use super::StoreResult;
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::chain::PublicKey;
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;

/// People and what they may reach. Every change takes effect for the next question asked.
pub trait PeopleStore {
    /// The account with this name.
    fn account_by_login(&self, login: &str) -> StoreResult<Option<Account>>;
    /// The account with this id.
    fn account(&self, user: UserId) -> StoreResult<Option<Account>>;
    /// All accounts, by name.
    fn accounts(&self) -> StoreResult<Vec<Account>>;
    /// Makes an account. Answers `false`, and changes nothing, where its name or id is taken.
    fn add_account(&self, account: &Account, audit: &Audit) -> StoreResult<bool>;
    /// Replaces the grants. Answers whether the account exists.
    fn set_grants(&self, user: UserId, grants: &[AreaCode], audit: &Audit) -> StoreResult<bool>;
    /// Replaces the password and ends every sign-in.
    fn set_password(&self, user: UserId, password_hash: &str, audit: &Audit) -> StoreResult<bool>;
    /// Closes or opens the account; closing ends every sign-in.
    fn set_disabled(&self, user: UserId, disabled: bool, audit: &Audit) -> StoreResult<bool>;

    /// Enrols the device if it is new, and keeps the sign-in.
    fn sign_in(&self, sign_in: &NewSignIn, audit: &Audit) -> StoreResult<SignInOutcome>;
    /// Who holds the token with this hash.
    fn signed_in(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SignedIn>>;
    /// Ends the sign-in that this one replaces, if it does; it is being used now.
    fn end_replaced(&self, token_hash: &[u8; 32]) -> StoreResult<()>;
    /// Ends a sign-in.
    fn sign_out(&self, token_hash: &[u8; 32]) -> StoreResult<()>;
    /// Keeps how far a device's clock is off; positive when it is ahead.
    fn set_clock_offset(&self, device: DeviceId, offset_ms: i64) -> StoreResult<()>;

    /// All devices, by the time of their enrolment.
    fn devices(&self) -> StoreResult<Vec<DeviceRow>>;
    /// Takes a device out of service and ends its sign-ins. Answers whether it exists.
    fn revoke_device(&self, device: DeviceId, audit: &Audit) -> StoreResult<bool>;

    /// Adds areas, or renames them.
    fn put_areas(&self, areas: &[Area]) -> StoreResult<()>;
    /// All areas with a name.
    fn areas(&self) -> StoreResult<Vec<Area>>;

    /// Adds a line to the audit log. Nothing ever changes or removes one.
    fn audit(&self, audit: &Audit) -> StoreResult<()>;
    /// The last lines of the audit log, newest first.
    fn audit_log(&self, rows_max: usize) -> StoreResult<Vec<Audit>>;
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub user: User,
    /// The areas granted, in order.
    pub grants: Vec<AreaCode>,
    /// The password's argon2id hash as a PHC string.
    pub password_hash: String,
    /// Whether it is closed.
    pub disabled: bool,
    /// When it was made, in milliseconds since 1970.
    pub created_at_ms: i64,
}

/// A sign-in to keep.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who.
    pub user: UserId,
    /// On which device.
    pub device: DeviceId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// What the person calls it.
    pub label: String,
    /// Now, in milliseconds since 1970.
    pub at_ms: i64,
    /// Until when the token holds.
    pub expires_at_ms: i64,
    /// The sign-in that ends with the first use of this one.
    pub replaces: Option<[u8; 32]>,
}

/// What became of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Kept.
    Kept,
    /// The device is enrolled with another key.
    OtherKey,
    /// The device is enrolled for another person.
    OtherUser,
    /// The device was taken out of service.
    Revoked,
    /// The account is closed, or gone.
    Closed,
}

/// Someone with a token.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// On which device.
    pub device: DeviceId,
    /// The public half of its key.
    pub public_key: PublicKey,
    /// Whether the device was taken out of service.
    pub revoked: bool,
    /// Until when the token holds.
    pub expires_at_ms: i64,
    /// Whether another sign-in is still to be ended by the first use of this one.
    pub replaces: bool,
}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which.
    pub id: DeviceId,
    /// Whose.
    pub user: UserId,
    /// What the person calls it.
    pub label: String,
    /// When it was enrolled, in milliseconds since 1970.
    pub enrolled_at_ms: i64,
    /// The last operation held.
    pub last_seq: u64,
    /// Whether it was taken out of service.
    pub revoked: bool,
}

/// A line of the audit log: who did what to whom. Never an answer, a name or a number of a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who; none for the command line.
    pub actor: Option<UserId>,
    /// What, in a word such as `grants_set`.
    pub action: String,
    /// To which account, device or operation.
    pub about: String,
}
