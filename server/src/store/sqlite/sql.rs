//! The one gate to SQLite: prepared statements, transactions, and the seam where tests make them fail.

use crate::store::faults::{Faults, Injected};
use crate::store::ledgers::Listed;
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Params, Row};

/// Rows of one page that cannot be read, beyond which it ends.
const UNREADABLE_MAX: usize = 1_000;

/// A connection with its faults.
#[derive(Debug)]
pub(super) struct Sql<'c> {
    connection: &'c Connection,
    faults: &'c dyn Faults,
}

impl<'c> Sql<'c> {
    pub(super) fn new(connection: &'c Connection, faults: &'c dyn Faults) -> Self {
        Self { connection, faults }
    }

    fn ask(&self, statement: &str) -> StoreResult<()> {
        if self.faults.fails(statement) {
            return Err(StoreError::Unavailable(Box::new(Injected(statement.to_owned()))));
        }
        Ok(())
    }

    /// Runs a statement; answers how many rows it changed.
    pub(super) fn run(&self, statement: &str, params: impl Params) -> StoreResult<usize> {
        self.ask(statement)?;
        Ok(self.connection.prepare_cached(statement)?.execute(params)?)
    }

    /// Runs several statements without parameters.
    pub(super) fn script(&self, statements: &str) -> StoreResult<()> {
        self.ask(statements)?;
        Ok(self.connection.execute_batch(statements)?)
    }

    /// The row id of the row inserted last.
    pub(super) fn last_key(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// The first row, if any.
    pub(super) fn one<T>(
        &self,
        statement: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> StoreResult<Option<T>> {
        self.ask(statement)?;
        Ok(self.connection.prepare_cached(statement)?.query_row(params, read).optional()?)
    }

    /// All rows.
    pub(super) fn all<T>(
        &self,
        statement: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> StoreResult<T>,
    ) -> StoreResult<Vec<T>> {
        let mut rows = Vec::new();
        self.each(statement, params, |row| {
            rows.push(read(row)?);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// All rows that can be read, and the names of the others.
    pub(super) fn readable<T>(
        &self,
        statement: &str,
        params: impl Params,
        name: impl Fn(&Row<'_>) -> String,
        mut read: impl FnMut(&Row<'_>) -> StoreResult<T>,
    ) -> StoreResult<Listed<T>> {
        let mut listed = Listed::default();
        self.each(statement, params, |row| {
            match read(row) {
                Ok(read) => listed.rows.push(read),
                Err(StoreError::Damaged(cause)) => {
                    let name = name(row);
                    tracing::error!(row = name, cause, "a row cannot be read");
                    listed.unreadable.push(name);
                }
                Err(error) => return Err(error),
            }
            Ok(true)
        })?;
        Ok(listed)
    }

    /// So many rows that can be read, where there are, and the names of those between them that cannot.
    pub(super) fn page<T, P: Params>(
        &self,
        (statement, params): (&str, impl Fn() -> P),
        rows_max: usize,
        name: impl Fn(&Row<'_>) -> String,
        mut read: impl FnMut(&Row<'_>) -> StoreResult<T>,
    ) -> StoreResult<Listed<T>> {
        let mut limit = rows_max;
        loop {
            let limited = format!("{statement} LIMIT {limit}");
            let listed = self.readable(&limited, params(), &name, &mut read)?;
            let (readable, all) = (listed.rows.len(), listed.rows.len() + listed.unreadable.len());
            if readable >= rows_max || all < limit || listed.unreadable.len() >= UNREADABLE_MAX {
                return Ok(listed);
            }
            // Nearly never: some of the rows of this page cannot be read.
            limit += rows_max.max(listed.unreadable.len());
        }
    }

    /// Each row in turn, until one answers `false`.
    pub(super) fn each(
        &self,
        statement: &str,
        params: impl Params,
        mut take: impl FnMut(&Row<'_>) -> StoreResult<bool>,
    ) -> StoreResult<()> {
        self.ask(statement)?;
        let mut prepared = self.connection.prepare_cached(statement)?;
        let mut rows = prepared.query(params)?;
        while let Some(row) = rows.next()? {
            if !take(row)? {
                break;
            }
        }
        Ok(())
    }

    /// Begins the write transaction.
    pub(super) fn begin(&self) -> StoreResult<Transaction<'c>> {
        self.ask("BEGIN IMMEDIATE")?;
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Transaction { connection: self.connection, open: true })
    }

    /// Begins a reading transaction: all that follows sees the same moment.
    pub(super) fn begin_read(&self) -> StoreResult<Transaction<'c>> {
        self.ask("BEGIN")?;
        self.connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Transaction { connection: self.connection, open: true })
    }
}

/// Rolls back when dropped, unless committed.
#[derive(Debug)]
pub(super) struct Transaction<'c> {
    connection: &'c Connection,
    open: bool,
}

impl Transaction<'_> {
    /// Makes it durable. When this fails, nothing has happened.
    pub(super) fn commit(mut self, sql: &Sql<'_>) -> StoreResult<()> {
        sql.ask("COMMIT")?;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // SQLite itself ends some transactions on an error; then there is nothing to roll back.
        if self.open && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
