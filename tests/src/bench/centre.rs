//! The server under load, through HTTP on loopback, with full durability.

use super::Figure;
use super::load::{self, Target};
use crate::maker::Maker;
use crate::wirecall::{Connection, request};
use anyhow::Context as _;
use bianfang_server::service::accounts::NewAccount;
use bianfang_server::service::password::PasswordCost;
use bianfang_server::{App, Config, serve};
use bianfang_shared::access::Role;
use bianfang_shared::id::Epoch;
use bianfang_shared::wire::{LoginReply, PULL_OPS_MAX, PullRequest};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;
use tempfile::TempDir;

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Villages.
    pub villages: u64,
    /// Households in all.
    pub households: u64,
    /// Visits in batches, in all.
    pub batch_visits: u64,
    /// Operations in one push.
    pub batch_ops: usize,
    /// Phones sending batches at once.
    pub batch_phones: usize,
    /// Operations sent one at a time, in all.
    pub single_ops: u64,
    /// Phones sending single operations at once.
    pub single_phones: usize,
    /// Connections pulling at once.
    pub pull_connections: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            villages: 9,
            households: 6_000,
            batch_visits: 100_000,
            batch_ops: 500,
            batch_phones: 4,
            single_ops: 20_000,
            single_phones: 16,
            pull_connections: 2,
        }
    }
}

/// A server on a socket, with its threads, in this process.
#[derive(Debug)]
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// The server.
    pub app: App,
    _folder: Option<TempDir>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<std::io::Result<()>>>,
}

impl Served {
    /// Starts one over an empty folder.
    pub fn start() -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let path = folder.path().to_owned();
        Self::start_with(&path, Some(folder))
    }

    /// Starts one over a folder that stays.
    pub fn start_in(folder: &Path) -> anyhow::Result<Self> {
        Self::start_with(folder, None)
    }

    fn start_with(folder: &Path, removed_after: Option<TempDir>) -> anyhow::Result<Self> {
        let mut config = Config::new(folder);
        config.password_cost = PasswordCost::cheap();
        let app = App::open(config)?;
        let (ready, address) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let served = app.clone();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let stopped = async { drop(stopped.await) };
            let tell = move |address| {
                let _ = ready.send(address);
            };
            runtime.block_on(serve::serve_until(served, "127.0.0.1:0", stopped, tell))
        });
        let address = address.recv().context("the server did not start")?;
        Ok(Self { address, app, _folder: removed_after, stop: Some(stop), thread: Some(thread) })
    }

    /// Makes an account over the load's villages and signs a maker in.
    pub fn sign_in(&self, number: u64) -> anyhow::Result<SignedIn> {
        let login = format!("phone{number}");
        let account = NewAccount {
            login: login.clone(),
            name: login.clone(),
            // It registers the load's households with their codes, which is an office's to do.
            role: Role::Supervisor,
            grants: vec!["430681113000".parse()?],
            password: "a long password".to_owned(),
        };
        let user = self.app.accounts().add(&account, None)?;
        let maker = Maker::new(user.id, number);
        let body = serde_json::to_vec(&maker.login(&login, "a long password"))?;
        let mut connection = Connection::open(self.address)?;
        let reply = connection.call(&request("POST", "/api/v1/login", None, &body))?.ok()?;
        let reply: LoginReply = serde_json::from_slice(&reply)?;
        Ok(SignedIn { maker, token: reply.token, epoch: reply.session.epoch, connection })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ended badly only if the measuring did too, and that is reported.
            let _ = thread.join();
        }
    }
}

/// A maker with a connection.
#[derive(Debug)]
pub struct SignedIn {
    /// Makes operations.
    pub maker: Maker,
    /// Its sign-in.
    pub token: String,
    /// The server's epoch.
    pub epoch: Epoch,
    /// Its connection.
    pub connection: Connection,
}

impl SignedIn {
    /// All that the maker has made, as requests ready to be sent.
    pub fn requests(&mut self, ops_max: usize) -> Vec<Vec<u8>> {
        let bodies = load::bodies(&mut self.maker, self.epoch, ops_max);
        bodies.iter().map(|(body, _)| request("POST", "/api/v1/sync/push", Some(&self.token), body)).collect()
    }

    fn send(&mut self, requests: &[Vec<u8>]) -> anyhow::Result<usize> {
        let mut merged = 0;
        for request in requests {
            let body = self.connection.call(request)?.ok()?;
            // Counted in the bytes: reading the whole answer would measure the client.
            merged += count(&body, br#""outcome":"merged""#);
        }
        Ok(merged)
    }
}

fn count(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len()).filter(|window| *window == part).count()
}

/// Runs all server figures, one after the other on the same growing database.
pub fn run(size: Size, tell: &mut dyn FnMut(&Figure)) -> anyhow::Result<()> {
    let served = Served::start()?;
    let mut targets = seed(&served, size)?;
    tell(&batches(&served, size, &mut targets)?);
    tell(&singles(&served, size, &mut targets)?);
    tell(&pulls(&served, size)?);
    Ok(())
}

/// Registers the households.
pub fn seed(served: &Served, size: Size) -> anyhow::Result<Vec<Target>> {
    let villages = load::villages(size.villages);
    let mut seeder = served.sign_in(1)?;
    let mut targets = Vec::new();
    for number in 0..size.households {
        let village = villages[usize::try_from(number % size.villages)?];
        targets.push(load::register(&mut seeder.maker, village, number));
        if seeder.maker.pending() >= size.batch_ops {
            let requests = seeder.requests(size.batch_ops);
            seeder.send(&requests)?;
        }
    }
    let requests = seeder.requests(size.batch_ops);
    seeder.send(&requests)?;
    Ok(targets)
}

fn batches(served: &Served, size: Size, targets: &mut [Target]) -> anyhow::Result<Figure> {
    let phones = deal(served, 100, size.batch_phones, size.batch_visits, size.batch_ops, targets)?;
    let (ops, seconds) = all_at_once(phones)?;
    let with = json!({ "ops": ops, "ops_per_push": size.batch_ops, "connections": size.batch_phones });
    Ok(Figure { name: "merged_batched", value: ops / seconds, unit: "ops/s", with })
}

fn singles(served: &Served, size: Size, targets: &mut [Target]) -> anyhow::Result<Figure> {
    let phones = deal(served, 200, size.single_phones, size.single_ops / 2, 1, targets)?;
    let (ops, seconds) = all_at_once(phones)?;
    let with = json!({ "ops": ops, "ops_per_push": 1, "connections": size.single_phones });
    Ok(Figure { name: "merged_singly", value: ops / seconds, unit: "ops/s", with })
}

type Load = (SignedIn, Vec<Vec<u8>>);

/// Deals the visits out to so many phones and writes their requests, before the clock runs.
fn deal(
    served: &Served,
    number: u64,
    phones: usize,
    visits: u64,
    ops_max: usize,
    targets: &mut [Target],
) -> anyhow::Result<Vec<Load>> {
    let mut signed_in =
        (0..phones as u64).map(|phone| served.sign_in(number + phone)).collect::<Result<Vec<_>, _>>()?;
    // Each phone has households of its own: no conflicts, as nearly always in the field.
    let share = targets.len() / phones;
    for visit in 0..visits {
        let turn = usize::try_from(visit)?;
        let phone = turn % phones;
        let target = &mut targets[phone * share + (turn / phones) % share];
        load::visit(&mut signed_in[phone].maker, target, (number << 32) + visit);
    }
    Ok(signed_in
        .into_iter()
        .map(|mut phone| {
            let requests = phone.requests(ops_max);
            (phone, requests)
        })
        .collect())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn all_at_once(phones: Vec<Load>) -> anyhow::Result<(f64, f64)> {
    let start = Instant::now();
    let senders: Vec<_> = phones
        .into_iter()
        .map(|(mut phone, requests)| thread::spawn(move || phone.send(&requests)))
        .collect();
    let mut merged = 0;
    for sender in senders {
        merged += sender.join().map_err(|_| anyhow::anyhow!("a sender panicked"))??;
    }
    Ok((merged as f64, start.elapsed().as_secs_f64()))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn pulls(served: &Served, size: Size) -> anyhow::Result<Figure> {
    let pullers = (0..size.pull_connections as u64)
        .map(|number| served.sign_in(300 + number))
        .collect::<Result<Vec<_>, _>>()?;
    let villages = load::villages(size.villages);
    let start = Instant::now();
    let threads: Vec<_> = pullers
        .into_iter()
        .map(|mut puller| {
            let villages = villages.clone();
            thread::spawn(move || pull_all(&mut puller, &villages))
        })
        .collect();
    let mut ops = 0;
    for thread in threads {
        ops += thread.join().map_err(|_| anyhow::anyhow!("a puller panicked"))??;
    }
    let seconds = start.elapsed().as_secs_f64();
    let with = json!({ "ops": ops, "connections": size.pull_connections, "ops_per_page": PULL_OPS_MAX });
    Ok(Figure { name: "pulled", value: ops as f64 / seconds, unit: "ops/s", with })
}

/// Fetches every village's whole log once, page by page.
fn pull_all(puller: &mut SignedIn, villages: &[bianfang_shared::area::AreaCode]) -> anyhow::Result<usize> {
    let mut ops = 0;
    for &village in villages {
        let mut next = 1;
        loop {
            let pull = PullRequest {
                epoch: puller.epoch,
                cursors: BTreeMap::from([(village, next)]),
                limit: PULL_OPS_MAX,
            };
            let body = serde_json::to_vec(&pull)?;
            let page = puller
                .connection
                .call(&request("POST", "/api/v1/sync/pull", Some(&puller.token), &body))?
                .ok()?;
            let here = count(&page, br#"{"seq":"#);
            ops += here;
            next += here as u64;
            if here == 0 || is_last(&page) {
                break;
            }
        }
    }
    Ok(ops)
}

/// Whether the page says that nothing is left.
fn is_last(page: &[u8]) -> bool {
    page.ends_with(br#""more":false}"#)
}
