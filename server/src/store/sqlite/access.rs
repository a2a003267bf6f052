//! People, devices, sign-ins, areas and the audit log.

use super::SqliteStore;
use super::rows::{area, area_of, from_word, get, id, row_name, word};
use super::sql::Sql;
use crate::store::StoreResult;
use crate::store::ledgers::Listed;
use crate::store::log::ActorFacts;
use crate::store::people::{Account, Audit, DeviceRow, NewSignIn, PeopleStore, SignInOutcome, SignedIn};
use bianfang_shared::access::Actor;
use bianfang_shared::area::{Area, AreaCode};
use bianfang_shared::chain::{Head, PublicKey};
use bianfang_shared::id::{DeviceId, UserId};
use bianfang_shared::wire::User;
use rusqlite::{Row, params};

const ACCOUNT: &str = "account.id, account.login, account.name, account.role, account.password_hash, account.disabled, \
     account.created_at_ms";

impl PeopleStore for SqliteStore {
    fn account_by_login(&self, login: &str) -> StoreResult<Option<Account>> {
        self.read_at_once(|sql| one_account(sql, "login = ?1", params![login]))
    }

    fn account(&self, user: UserId) -> StoreResult<Option<Account>> {
        self.read_at_once(|sql| one_account(sql, "id = ?1", params![user.bytes()]))
    }

    fn accounts(&self) -> StoreResult<Vec<Account>> {
        // Every list that tells names asks for all of them: it does not fail with one of them.
        self.read_at_once(|sql| Ok(readable_accounts(sql)?.rows))
    }

    fn add_account(&self, account: &Account, audit_line: &Audit) -> StoreResult<bool> {
        self.write(|sql| {
            let User { id, login, name, role } = &account.user;
            let added = sql.run(
                "INSERT OR IGNORE INTO account (id, login, name, role, password_hash, disabled, created_at_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id.bytes(),
                    login,
                    name,
                    word(role)?,
                    account.password_hash,
                    account.disabled,
                    account.created_at_ms
                ],
            )?;
            if added == 0 {
                return Ok(false);
            }
            put_grants(sql, *id, &account.grants)?;
            audit(sql, audit_line)?;
            Ok(true)
        })
    }

    fn set_grants(&self, user: UserId, grants: &[AreaCode], audit_line: &Audit) -> StoreResult<bool> {
        self.write(|sql| {
            if one_account(sql, "id = ?1", params![user.bytes()])?.is_none() {
                return Ok(false);
            }
            sql.run("DELETE FROM granted WHERE account = ?1", params![user.bytes()])?;
            put_grants(sql, user, grants)?;
            audit(sql, audit_line)?;
            Ok(true)
        })
    }

    fn set_password(&self, user: UserId, password_hash: &str, audit_line: &Audit) -> StoreResult<bool> {
        self.write(|sql| {
            let changed = sql.run(
                "UPDATE account SET password_hash = ?2 WHERE id = ?1",
                params![user.bytes(), password_hash],
            )?;
            sql.run("DELETE FROM sign_in WHERE account = ?1", params![user.bytes()])?;
            audit_if(sql, changed, audit_line)
        })
    }

    fn set_disabled(&self, user: UserId, disabled: bool, audit_line: &Audit) -> StoreResult<bool> {
        self.write(|sql| {
            let changed =
                sql.run("UPDATE account SET disabled = ?2 WHERE id = ?1", params![user.bytes(), disabled])?;
            if disabled {
                sql.run("DELETE FROM sign_in WHERE account = ?1", params![user.bytes()])?;
            }
            audit_if(sql, changed, audit_line)
        })
    }

    fn sign_in(&self, sign_in: &NewSignIn, audit_line: &Audit) -> StoreResult<SignInOutcome> {
        self.write(|sql| {
            let open = one_account(sql, "id = ?1", params![sign_in.user.bytes()])?
                .is_some_and(|account| !account.disabled);
            if !open {
                return Ok(SignInOutcome::Closed);
            }
            let outcome = enrol(sql, sign_in)?;
            if outcome != SignInOutcome::Kept {
                return Ok(outcome);
            }
            sql.run("DELETE FROM sign_in WHERE expires_at_ms <= ?1", params![sign_in.at_ms])?;
            sql.run(
                "INSERT OR REPLACE INTO sign_in (token_hash, account, device, created_at_ms, expires_at_ms, replaces) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    sign_in.token_hash,
                    sign_in.user.bytes(),
                    sign_in.device.bytes(),
                    sign_in.at_ms,
                    sign_in.expires_at_ms,
                    sign_in.replaces
                ],
            )?;
            audit(sql, audit_line)?;
            Ok(outcome)
        })
    }

    fn signed_in(&self, token_hash: &[u8; 32]) -> StoreResult<Option<SignedIn>> {
        self.read_at_once(|sql| {
            let found = sql.one(
                "SELECT sign_in.account, sign_in.device, sign_in.expires_at_ms, device.public_key, \
                 device.revoked, sign_in.replaces IS NOT NULL FROM sign_in JOIN device ON device.id = sign_in.device \
                 WHERE token_hash = ?1",
                params![token_hash],
                |row| {
                    let (account, device): ([u8; 16], [u8; 16]) = (row.get(0)?, row.get(1)?);
                    Ok((account, device, row.get(2)?, PublicKey(row.get(3)?), row.get(4)?, row.get(5)?))
                },
            )?;
            let Some((account, device, expires_at_ms, public_key, revoked, replaces)) = found else {
                return Ok(None);
            };
            let account = one_account(sql, "id = ?1", params![account])?;
            let device = DeviceId::from_bytes(device);
            Ok(account.map(|account| SignedIn { account, device, public_key, revoked, expires_at_ms, replaces }))
        })
    }

    fn end_replaced(&self, token_hash: &[u8; 32]) -> StoreResult<()> {
        self.write(|sql| {
            sql.run(
                "DELETE FROM sign_in WHERE token_hash = (SELECT replaces FROM sign_in WHERE token_hash = ?1)",
                params![token_hash],
            )?;
            sql.run("UPDATE sign_in SET replaces = NULL WHERE token_hash = ?1", params![token_hash]).map(drop)
        })
    }

    fn sign_out(&self, token_hash: &[u8; 32]) -> StoreResult<()> {
        self.write(|sql| sql.run("DELETE FROM sign_in WHERE token_hash = ?1", params![token_hash]).map(drop))
    }

    fn set_clock_offset(&self, device: DeviceId, offset_ms: i64) -> StoreResult<()> {
        self.write(|sql| {
            sql.run(
                "UPDATE device SET clock_offset_ms = ?2 WHERE id = ?1",
                params![device.bytes(), offset_ms],
            )
            .map(drop)
        })
    }

    fn devices(&self) -> StoreResult<Vec<DeviceRow>> {
        self.read(|sql| Ok(readable_devices(sql)?.rows))
    }

    fn revoke_device(&self, device: DeviceId, audit_line: &Audit) -> StoreResult<bool> {
        self.write(|sql| {
            let changed = sql.run("UPDATE device SET revoked = 1 WHERE id = ?1", params![device.bytes()])?;
            audit_if(sql, changed, audit_line)
        })
    }

    fn put_areas(&self, areas: &[Area]) -> StoreResult<()> {
        self.write(|sql| {
            for area in areas {
                sql.run(
                    "INSERT INTO area (code, name) VALUES (?1, ?2) \
                     ON CONFLICT (code) DO UPDATE SET name = excluded.name",
                    params![area.code.sql(), area.name],
                )?;
            }
            Ok(())
        })
    }

    fn areas(&self) -> StoreResult<Vec<Area>> {
        self.read(|sql| {
            let statement = "SELECT code, name FROM area ORDER BY code";
            let listed = sql.readable(
                statement,
                [],
                |row| row_name("area", row, 0..1),
                |row| Ok(Area { code: area(row, 0)?, name: get(row, 1)? }),
            );
            Ok(listed?.rows)
        })
    }

    fn audit(&self, line: &Audit) -> StoreResult<()> {
        self.write(|sql| audit(sql, line))
    }

    fn audit_log(&self, rows_max: usize) -> StoreResult<Vec<Audit>> {
        self.read(|sql| {
            let listed = sql.readable(
                "SELECT at_ms, actor, action, about, id FROM audit ORDER BY id DESC LIMIT ?1",
                params![i64::try_from(rows_max).unwrap_or(i64::MAX)],
                |row| row_name("audit", row, 4..5),
                |row| {
                    Ok(Audit {
                        at_ms: get(row, 0)?,
                        actor: get::<Option<[u8; 16]>>(row, 1)?.map(UserId::from_bytes),
                        action: get(row, 2)?,
                        about: get(row, 3)?,
                    })
                },
            );
            Ok(listed?.rows)
        })
    }
}

/// All accounts that can be read. What cannot be opens nothing: its person is not let in.
fn readable_accounts(sql: &Sql<'_>) -> StoreResult<Listed<Account>> {
    let statement = format!("SELECT {ACCOUNT} FROM account ORDER BY login");
    let mut found = sql.readable(&statement, [], |row| row_name("account", row, 0..1), read_account)?;
    for account in &mut found.rows {
        account.grants = grants(sql, account.user.id)?;
    }
    Ok(found)
}

fn readable_devices(sql: &Sql<'_>) -> StoreResult<Listed<DeviceRow>> {
    sql.readable(
        "SELECT id, account, label, enrolled_at_ms, last_seq, revoked FROM device ORDER BY key",
        [],
        |row| row_name("device", row, 0..1),
        |row| {
            Ok(DeviceRow {
                id: id(row, 0)?,
                user: id(row, 1)?,
                label: get(row, 2)?,
                enrolled_at_ms: get(row, 3)?,
                last_seq: get::<i64>(row, 4)?.cast_unsigned(),
                revoked: get(row, 5)?,
            })
        },
    )
}

/// Names what cannot be read of people and devices.
pub(super) fn unreadable(sql: &Sql<'_>, named: &mut Vec<String>) -> StoreResult<()> {
    named.extend(readable_accounts(sql)?.unreadable);
    named.extend(readable_devices(sql)?.unreadable);
    Ok(())
}

fn accounts(sql: &Sql<'_>, which: &str, params: impl rusqlite::Params) -> StoreResult<Vec<Account>> {
    let statement = format!("SELECT {ACCOUNT} FROM account WHERE {which}");
    let mut found = sql.all(&statement, params, read_account)?;
    for account in &mut found {
        account.grants = grants(sql, account.user.id)?;
    }
    Ok(found)
}

fn one_account(sql: &Sql<'_>, which: &str, params: impl rusqlite::Params) -> StoreResult<Option<Account>> {
    Ok(accounts(sql, which, params)?.into_iter().next())
}

fn read_account(row: &Row<'_>) -> StoreResult<Account> {
    Ok(Account {
        user: User { id: id(row, 0)?, login: get(row, 1)?, name: get(row, 2)?, role: from_word(row, 3)? },
        grants: Vec::new(),
        password_hash: get(row, 4)?,
        disabled: get(row, 5)?,
        created_at_ms: get(row, 6)?,
    })
}

fn grants(sql: &Sql<'_>, user: UserId) -> StoreResult<Vec<AreaCode>> {
    let granted = sql.readable(
        "SELECT area, account FROM granted WHERE account = ?1 ORDER BY area",
        params![user.bytes()],
        |row| row_name("grant", row, 0..2),
        |row| area_of(get(row, 0)?),
    );
    Ok(granted?.rows)
}

fn put_grants(sql: &Sql<'_>, user: UserId, grants: &[AreaCode]) -> StoreResult<()> {
    for grant in grants {
        sql.run(
            "INSERT OR IGNORE INTO granted (account, area) VALUES (?1, ?2)",
            params![user.bytes(), grant.sql()],
        )?;
    }
    Ok(())
}

/// A person as the judge needs one.
pub(super) fn actor_facts(sql: &Sql<'_>, user: UserId) -> StoreResult<Option<ActorFacts>> {
    let found =
        sql.all("SELECT role, disabled FROM account WHERE id = ?1", params![user.bytes()], |row| {
            Ok((from_word(row, 0)?, get(row, 1)?))
        })?;
    let Some((role, disabled)) = found.into_iter().next() else { return Ok(None) };
    Ok(Some(ActorFacts { actor: Actor { user, role, grants: grants(sql, user)? }, disabled }))
}

/// Enrols a device that is new; one that is known must agree.
fn enrol(sql: &Sql<'_>, sign_in: &NewSignIn) -> StoreResult<SignInOutcome> {
    let known = sql.one(
        "SELECT account, public_key, revoked FROM device WHERE id = ?1",
        params![sign_in.device.bytes()],
        |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, bool>(2)?)),
    )?;
    match known {
        Some((account, _, _)) if account != sign_in.user.bytes() => Ok(SignInOutcome::OtherUser),
        Some((_, key, _)) if key != sign_in.public_key.0 => Ok(SignInOutcome::OtherKey),
        Some((_, _, true)) => Ok(SignInOutcome::Revoked),
        Some(_) => Ok(SignInOutcome::Kept),
        None => {
            sql.run(
                "INSERT INTO device (id, account, public_key, label, enrolled_at_ms, head) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    sign_in.device.bytes(),
                    sign_in.user.bytes(),
                    sign_in.public_key.0,
                    sign_in.label,
                    sign_in.at_ms,
                    Head::EMPTY.0
                ],
            )?;
            Ok(SignInOutcome::Kept)
        }
    }
}

fn audit(sql: &Sql<'_>, line: &Audit) -> StoreResult<()> {
    sql.run(
        "INSERT INTO audit (at_ms, actor, action, about) VALUES (?1, ?2, ?3, ?4)",
        params![line.at_ms, line.actor.map(|user| user.bytes()), line.action, line.about],
    )?;
    Ok(())
}

fn audit_if(sql: &Sql<'_>, changed: usize, line: &Audit) -> StoreResult<bool> {
    if changed > 0 {
        audit(sql, line)?;
    }
    Ok(changed > 0)
}
