//! Photographs sent to the centre, beside the same sent to servers that only keep them.

use super::centre::{Served, SignedIn};
use super::load::{name_of, upload};
use super::photos::camera_file;
use super::{Figure, percentile};
use crate::wirecall::{Connection, request_with};
use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Named, State};
use axum::http::StatusCode;
use axum::routing;
use bianfang_shared::photo::{PhotoPolicy, prepare};
use serde_json::json;
use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Photographs sent at a time.
const UPLOADS: usize = 200;
/// How often, to each server in turn; the median is told. A turn is a tenth of a second, and the disk is not as fast in
/// one as in the next: it takes many.
const ROUNDS: usize = 40;
/// As many times before, untimed: then the folders are made and the logs have their size.
const ROUNDS_BEFORE: usize = 3;
/// Between two turns, when nothing is left to do.
const REST: Duration = Duration::from_millis(200);
/// How often it is asked whether something is left.
const LOOKED_EVERY: Duration = Duration::from_millis(50);
/// Over so many connections: a few phones back from the valley, and a township's at the end of the day.
const CONNECTIONS: [usize; 2] = [4, 16];

/// Runs the figures of sending photographs to the centre.
pub fn run(tell: &mut dyn FnMut(&Figure)) -> anyhow::Result<()> {
    let files = Files::of(&camera_file()?)?;
    // Files go at the end only: a file system is slower for some time after many were removed.
    let folder = tempfile::TempDir::new()?;
    for connections in CONNECTIONS {
        let folder = folder.path().join(connections.to_string());
        sent(&files, connections, &folder)?.iter().for_each(&mut *tell);
    }
    Ok(())
}

/// Photographs as phones send them. All show the same; a number in a comment tells them apart.
struct Files {
    start: Vec<u8>,
    rest: Vec<u8>,
}

impl Files {
    fn of(camera_file: &[u8]) -> anyhow::Result<Self> {
        let mut start = prepare(camera_file, PhotoPolicy::builtin())?.photo.jpeg;
        let rest = start.split_off(2);
        Ok(Self { start, rest })
    }

    /// Those of a round, as no other round has them.
    fn round(&self, round: usize) -> anyhow::Result<Vec<Vec<u8>>> {
        let numbered = |at: usize| {
            let number = comment(&((round * UPLOADS + at) as u64).to_be_bytes())?;
            Ok([&self.start[..], &number, &self.rest].concat())
        };
        (0..UPLOADS).map(numbered).collect()
    }
}

fn comment(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let length = u16::try_from(bytes.len() + 2)?.to_be_bytes();
    Ok([&[0xff, 0xfe], &length[..], bytes].concat())
}

/// The same photographs by tus to the real server, each in one request, and by plain PUT to two that only keep them: by
/// turns, since a disk is not as fast at any time. Before each turn they go to yet another plain one, untimed: memory
/// and disk are then as whoever was there before left them for all three.
fn sent(files: &Files, connections: usize, folder: &Path) -> anyhow::Result<[Figure; 3]> {
    let plain = plain_lanes(connections, &folder.join("plain"), Check::Nothing, put)?;
    let checked = plain_lanes(connections, &folder.join("checked"), Check::Hash, put)?;
    let mut before = plain_lanes(connections, &folder.join("before"), Check::Nothing, put_anew)?;
    let tus_folder = folder.join("tus");
    std::fs::create_dir_all(&tus_folder)?;
    let served = Served::start_in(&tus_folder)?;
    let tus = (0..connections as u64)
        .map(|number| {
            let SignedIn { token, connection, .. } = served.sign_in(500 + number)?;
            Ok(Lane { connection, request: Box::new(move |photo| upload(photo, &token)), wanted: 201 })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut rates: [Vec<f64>; 3] = Default::default();
    let mut servers = [plain, checked, tus];
    // The real one notes some of them only when somebody asks: its turn ends then.
    let all_noted = || Ok(served.app.store().photos(None, 1).map(drop)?);
    let nothing_left = || Ok(());
    let ends: [&dyn Fn() -> anyhow::Result<()>; 3] = [&nothing_left, &nothing_left, &all_noted];
    let nothing_to_look_at = || -> anyhow::Result<()> {
        while !served.app.store().photos_to_examine(None, 1)?.is_empty() {
            thread::sleep(LOOKED_EVERY);
        }
        Ok(())
    };
    let mut bytes_each = 0;
    for turn in 0..ROUNDS_BEFORE + ROUNDS {
        let round = files.round(turn)?;
        bytes_each = round[0].len();
        // Another one begins each time, since a disk is not as fast in the next second.
        let order = (turn..).map(|at| at % rates.len()).take(rates.len());
        for server in order.collect::<Vec<_>>() {
            // All begin alike: nothing is left to be looked at, the disk has rested as long, and the same came before.
            nothing_to_look_at()?;
            thread::sleep(REST);
            send(&mut before, &round, &nothing_left)?;
            rates[server].push(send(&mut servers[server], &round, ends[server])?);
        }
        nothing_to_look_at()?;
        for kept in ["plain", "checked", "before", "tus/photos"] {
            emptied(&folder.join(kept))?;
        }
    }
    let [plain, checked, tus] = rates.map(|rates| percentile(&mut rates[ROUNDS_BEFORE..].to_vec(), 0.5));
    let kb_each = bytes_each / 1024;
    let with = json!({ "photos": UPLOADS, "kb_each": kb_each, "connections": connections, "times": ROUNDS });
    let compared =
        json!({ "of_plain_put": tus / plain, "of_checked_put": tus / checked, "more": with.clone() });
    Ok([
        Figure { name: "photo_plain_put", value: plain, unit: "MB/s", with: with.clone() },
        Figure { name: "photo_checked_put", value: checked, unit: "MB/s", with },
        Figure { name: "photo_uploaded", value: tus, unit: "MB/s", with: compared },
    ])
}

/// Gives back the room of all files in a folder. They stay: to remove them would slow down the file system.
fn emptied(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            emptied(&entry.path())?;
        } else if entry.metadata()?.len() > 0 {
            File::options().write(true).open(entry.path())?.set_len(0)?;
        }
    }
    Ok(())
}

/// What a server does with the bytes beside keeping them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    /// Nothing: the least one can.
    Nothing,
    /// Whether they are those that the name stands for, as every store of objects does.
    Hash,
}

/// Connections to a server that takes a PUT: checks, writes, flushes, names.
fn plain_lanes(
    connections: usize,
    folder: &Path,
    check: Check,
    request: fn(&[u8]) -> Vec<u8>,
) -> anyhow::Result<Vec<Lane>> {
    std::fs::create_dir_all(folder)?;
    let address = plain_server(folder.to_owned(), check)?;
    (0..connections)
        .map(|_| Ok(Lane { connection: Connection::open(address)?, request: Box::new(request), wanted: 200 }))
        .collect()
}

fn put_as(name: &str, photo: &[u8]) -> Vec<u8> {
    request_with("PUT", &format!("/{name}"), &[], photo)
}

fn put(photo: &[u8]) -> Vec<u8> {
    put_as(&name_of(photo), photo)
}

/// Under another name each time: nothing is replaced, and so nothing removed.
fn put_anew(photo: &[u8]) -> Vec<u8> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    put_as(&NUMBER.fetch_add(1, Ordering::Relaxed).to_string(), photo)
}

fn plain_server(folder: PathBuf, check: Check) -> anyhow::Result<SocketAddr> {
    let (ready, address) = mpsc::channel();
    thread::spawn(move || -> anyhow::Result<()> {
        let threads = if check == Check::Nothing { "plain-put" } else { "checked-put" };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().thread_name(threads).enable_all().build()?;
        runtime.block_on(async move {
            let app = Router::new()
                .route("/{name}", routing::put(keep))
                .layer(DefaultBodyLimit::disable())
                .with_state((folder, check));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            let _ = ready.send(listener.local_addr()?);
            axum::serve(listener, app).await?;
            Ok(())
        })
    });
    address.recv().context("the plain server did not start")
}

async fn keep(
    State((folder, check)): State<(PathBuf, Check)>,
    Named(named): Named<String>,
    body: Bytes,
) -> StatusCode {
    let kept = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        if check == Check::Hash && name_of(&body) != named {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        let part = folder.join(format!("{named}.part"));
        let mut file = File::create(&part)?;
        file.write_all(&body)?;
        file.sync_all()?;
        std::fs::rename(part, folder.join(named))?;
        File::open(folder)?.sync_all()
    });
    match kept.await {
        // Not 204: that has no length, and the sender would wait for more.
        Ok(Ok(())) => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The request that brings a photograph.
type Request = dyn Fn(&[u8]) -> Vec<u8>;

/// A connection, what is sent over it for a photograph, and with which status it is answered.
struct Lane {
    connection: Connection,
    request: Box<Request>,
    wanted: u16,
}

/// Sends photographs over several connections, each its share, and ends what is left to do then. Answers in megabytes a
/// second.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn send(lanes: &mut [Lane], photos: &[Vec<u8>], end: &dyn Fn() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let shares = photos.chunks(photos.len().div_ceil(lanes.len()));
    let work: Vec<_> = (lanes.iter_mut().zip(shares))
        .map(|(lane, share)| {
            let requests: Vec<Vec<u8>> = share.iter().map(|photo| (lane.request)(photo)).collect();
            (&mut lane.connection, requests, lane.wanted)
        })
        .collect();
    let start = Instant::now();
    thread::scope(|scope| {
        let sending: Vec<_> = work
            .into_iter()
            .map(|(connection, requests, wanted)| {
                scope.spawn(move || send_all(connection, &requests, wanted))
            })
            .collect();
        sending
            .into_iter()
            .try_for_each(|sending| sending.join().map_err(|_| anyhow::anyhow!("a sender panicked"))?)
    })?;
    end()?;
    let bytes: usize = photos.iter().map(Vec::len).sum();
    Ok(bytes as f64 / 1e6 / start.elapsed().as_secs_f64())
}

fn send_all(connection: &mut Connection, requests: &[Vec<u8>], wanted: u16) -> anyhow::Result<()> {
    for request in requests {
        let answer = connection.call(request)?;
        let said = String::from_utf8_lossy(&answer.body);
        ensure!(answer.status == wanted, "the server answered {}: {said}", answer.status);
    }
    Ok(())
}
