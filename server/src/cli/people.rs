//! Commands about accounts and devices. A running server notices within seconds.

use super::data::explained;
use super::{Data, open, say};
use crate::clock::random;
use crate::service::accounts::NewAccount;
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bianfang_shared::access::Role;
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::{DeviceId, UserId};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read as _;
use std::path::PathBuf;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum RoleName {
    Cadre,
    TeamMember,
    VillageSecretary,
    FamilyDoctor,
    Supervisor,
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Cadre => Self::Cadre,
            RoleName::TeamMember => Self::TeamMember,
            RoleName::VillageSecretary => Self::VillageSecretary,
            RoleName::FamilyDoctor => Self::FamilyDoctor,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct PasswordSource {
    /// A file whose first line is the password, or - for standard input. Without it one is made and shown once.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Makes an account.
    Add {
        #[command(flatten)]
        data: Data,
        /// The name to sign in with.
        login: String,
        /// The name to show.
        #[arg(long)]
        name: Option<String>,
        /// What the person is.
        #[arg(long)]
        role: RoleName,
        /// An area granted; may be given several times.
        #[arg(long = "grant", value_name = "CODE")]
        grants: Vec<AreaCode>,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Sets another password and ends every sign-in.
    Passwd {
        #[command(flatten)]
        data: Data,
        /// The name to sign in with.
        login: String,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Replaces the areas granted.
    Grant {
        #[command(flatten)]
        data: Data,
        /// The name to sign in with.
        login: String,
        /// All areas granted from now on.
        areas: Vec<AreaCode>,
    },
    /// Closes an account.
    Disable {
        #[command(flatten)]
        data: Data,
        /// The name to sign in with.
        login: String,
    },
    /// Opens an account again.
    Enable {
        #[command(flatten)]
        data: Data,
        /// The name to sign in with.
        login: String,
    },
    /// Lists accounts.
    List {
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// Lists devices.
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Takes a device out of service.
    Revoke {
        #[command(flatten)]
        data: Data,
        /// Its id.
        device: DeviceId,
    },
}

/// `user`.
pub(super) fn user(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { data, login, name, role, grants, password } => {
            let app = open(&data)?;
            let password = password.read(&app)?;
            let name = name.unwrap_or_else(|| login.clone());
            let new = NewAccount { login, name, role: role.into(), grants, password: password.clone().0 };
            let user = app.accounts().add(&new, None).map_err(explained)?;
            say(&format!("added {} ({})", user.login, user.id))?;
            password.show_if_made()
        }
        UserCommand::Passwd { data, login, password } => {
            let app = open(&data)?;
            let password = password.read(&app)?;
            app.accounts().set_password(id_of(&app, &login)?, &password.0, None).map_err(explained)?;
            say(&format!("{login} has a new password and is signed out everywhere"))?;
            password.show_if_made()
        }
        UserCommand::Grant { data, login, areas } => {
            let app = open(&data)?;
            app.accounts().grant(id_of(&app, &login)?, &areas, None).map_err(explained)?;
            Ok(say(&format!("{login} has {} areas", areas.len()))?)
        }
        UserCommand::Disable { data, login } => set_disabled(&data, &login, true),
        UserCommand::Enable { data, login } => set_disabled(&data, &login, false),
        UserCommand::List { data } => list_users(&data),
    }
}

fn set_disabled(data: &Data, login: &str, disabled: bool) -> anyhow::Result<()> {
    let app = open(data)?;
    app.accounts().set_disabled(id_of(&app, login)?, disabled, None).map_err(explained)?;
    Ok(say(&format!("{login} is {}", if disabled { "closed" } else { "open" }))?)
}

fn list_users(data: &Data) -> anyhow::Result<()> {
    for account in open(data)?.accounts().list(None).map_err(explained)? {
        let grants: Vec<String> = account.grants.iter().map(AreaCode::to_string).collect();
        let state = if account.disabled { "closed" } else { "open" };
        let user = account.user;
        say(&format!("{}\t{:?}\t{state}\t{}\t{}", user.login, user.role, user.name, grants.join(" ")))?;
    }
    Ok(())
}

/// `device`.
pub(super) fn device(command: DeviceCommand) -> anyhow::Result<()> {
    match command {
        DeviceCommand::List { data } => {
            let app = open(&data)?;
            for row in app.accounts().devices(None).map_err(explained)? {
                let state = if row.revoked { "out of service" } else { "in service" };
                say(&format!("{}\t{state}\t{}\t{}\t{}", row.id, row.user, row.last_seq, row.label))?;
            }
            Ok(())
        }
        DeviceCommand::Revoke { data, device } => {
            open(&data)?.accounts().revoke_device(device, None).map_err(explained)?;
            Ok(say(&format!("{device} is out of service"))?)
        }
    }
}

fn id_of(app: &crate::App, login: &str) -> anyhow::Result<UserId> {
    let account = app.accounts().find(login).map_err(explained);
    Ok(account.with_context(|| format!("no account is called {login}"))?.user.id)
}

/// A password, and whether it was made here.
#[derive(Clone)]
struct Password(String, bool);

impl Password {
    fn show_if_made(&self) -> anyhow::Result<()> {
        if self.1 {
            say(&format!("password: {} (shown this once)", self.0))?;
        }
        Ok(())
    }
}

impl PasswordSource {
    fn read(&self, app: &crate::App) -> anyhow::Result<Password> {
        let text = match &self.password_file {
            None => return Ok(Password(BASE64.encode(random::<12>(&*app.config().rng)), true)),
            Some(path) if path.as_os_str() == "-" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
            Some(path) => {
                std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?
            }
        };
        Ok(Password(text.lines().next().unwrap_or_default().to_owned(), false))
    }
}
