//! The real server process, killed without warning while phones send.
#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it must be")]

use anyhow::Context as _;
use bianfang_server::files::hash_of;
use bianfang_server::service::accounts::NewAccount;
use bianfang_server::store::photos::PhotoId;
use bianfang_server::{App, Config};
use bianfang_shared::access::Role;
use bianfang_shared::wire::{LoginReply, PushReply};
use bianfang_tests::bench::load;
use bianfang_tests::maker::Maker;
use bianfang_tests::wirecall::{Connection, request};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

const PASSWORD: &str = "a long password";
const PHONES: u64 = 4;
/// How many answers to wait for before each kill: early, in the middle, under way.
const ANSWERS_BEFORE_KILL: [usize; 6] = [1, 7, 20, 41, 64, 90];
const OPS_PER_PUSH: usize = 9;

/// A phone with all that it made, and how much of it the server has acknowledged.
struct Phone {
    login: String,
    maker: Maker,
    acknowledged: u64,
    /// Photographs that the server has said it holds.
    photos: Vec<PhotoId>,
}

#[test]
fn no_acknowledged_operation_or_photograph_is_lost_when_the_server_is_killed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let mut phones = prepare(folder.path());
    for answers in ANSWERS_BEFORE_KILL {
        let (mut server, address) = start(folder.path()).unwrap();
        let (told, answered) = channel();
        let senders: Vec<_> = phones
            .into_iter()
            .map(|mut phone| {
                let told = told.clone();
                thread::spawn(move || {
                    // Ends when the server dies; anything else is a fault.
                    let ended = send_until_cut_off(&mut phone, address, &told);
                    (phone, ended)
                })
            })
            .collect();
        drop(told);
        assert_eq!(answered.iter().take(answers).count(), answers, "the phones stopped before the kill");
        server.kill().unwrap();
        server.wait().unwrap();
        phones = senders
            .into_iter()
            .map(|sender| {
                let (phone, ended) = sender.join().unwrap();
                assert!(ended.is_ok(), "{ended:?}");
                phone
            })
            .collect();
    }
    let app = App::open(Config::new(folder.path())).unwrap();
    app.starting();
    for phone in &phones {
        let held = app.store().device_facts(phone.maker.device).unwrap().unwrap().last_seq;
        assert!(held >= phone.acknowledged, "{held} of {} acknowledged operations", phone.acknowledged);
        assert!(phone.acknowledged > 0 && !phone.photos.is_empty());
        for photo in &phone.photos {
            assert!(
                app.store().photo(*photo).unwrap().is_some_and(|held| !held.missing),
                "{photo} is not noted"
            );
            assert!(app.photos().files().holds(*photo).unwrap(), "{photo} is not there");
        }
    }
    let report = bianfang_server::service::verify::verify(&**app.store()).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

fn prepare(folder: &Path) -> Vec<Phone> {
    let app = App::open(Config::new(folder)).unwrap();
    (1..=PHONES)
        .map(|number| {
            let login = format!("phone{number}");
            let account = NewAccount {
                login: login.clone(),
                name: login.clone(),
                role: Role::Cadre,
                grants: vec!["430681113000".parse().unwrap()],
                password: PASSWORD.to_owned(),
            };
            let user = app.accounts().add(&account, None).unwrap();
            Phone { login, maker: Maker::new(user.id, number), acknowledged: 0, photos: Vec::new() }
        })
        .collect()
}

/// The program, built beside this test or named by whoever runs it.
fn program() -> PathBuf {
    std::env::var_os("BIANFANG_SERVER").map(PathBuf::from).unwrap_or_else(|| {
        let test = std::env::current_exe().unwrap();
        let built = test.parent().unwrap().parent().unwrap().join("bianfang-server");
        assert!(built.exists(), "build the server first: cargo build -p bianfang-server");
        built
    })
}

fn start(folder: &Path) -> anyhow::Result<(Child, SocketAddr)> {
    let mut server = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("starting the server")?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().context("its output")?).read_line(&mut line)?;
    let address = line.trim().strip_prefix("ready http://").context("it did not get ready")?.parse()?;
    Ok((server, address))
}

/// Signs in, finds out what the server holds, and sends on from there until the connection breaks.
fn send_until_cut_off(phone: &mut Phone, address: SocketAddr, told: &Sender<()>) -> anyhow::Result<()> {
    let Ok(mut connection) = Connection::open(address) else { return Ok(()) };
    let login = serde_json::to_vec(&phone.maker.login(&phone.login, PASSWORD))?;
    let Ok(reply) = connection.call(&request("POST", "/api/v1/login", None, &login)) else { return Ok(()) };
    let LoginReply { token, session } = serde_json::from_slice(&reply.ok()?)?;
    anyhow::ensure!(
        session.chain.last_seq >= phone.acknowledged,
        "the server holds {} of {} acknowledged operations",
        session.chain.last_seq,
        phone.acknowledged
    );
    phone.maker.rewind(session.chain.last_seq);
    let village = load::villages(1)[0];
    let mut number = phone.acknowledged << 8;
    loop {
        while phone.maker.pending() < OPS_PER_PUSH {
            number += 1;
            let unique =
                u64::from(phone.maker.device.bytes()[15]) << 40 | number << 8 | phone.acknowledged & 0xff;
            let mut household = load::register(&mut phone.maker, village, unique);
            load::visit(&mut phone.maker, &mut household, unique);
        }
        let push = phone.maker.push(session.epoch, OPS_PER_PUSH).context("something waits")?;
        let body = serde_json::to_vec(&push)?;
        let Ok(reply) = connection.call(&request("POST", "/api/v1/sync/push", Some(&token), &body)) else {
            return Ok(());
        };
        match serde_json::from_slice(&reply.ok()?)? {
            PushReply::Accepted { chain, .. } => phone.acknowledged = chain.last_seq,
            other => anyhow::bail!("{other:?}"),
        }
        let photo = photograph(phone, number);
        let Ok(reply) = connection.call(&load::upload(&photo, &token)) else { return Ok(()) };
        anyhow::ensure!(reply.status == 201, "a photograph was answered with {}", reply.status);
        phone.photos.push(hash_of(&photo));
        // Nobody counts any more once the kill is on its way.
        let _ = told.send(());
    }
}

/// Something that begins and ends as a photograph does, another one each time.
fn photograph(phone: &Phone, number: u64) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend(phone.maker.device.bytes());
    bytes.extend(number.to_be_bytes());
    bytes.extend([7; 2_000]);
    bytes.extend([0xff, 0xd9]);
    bytes
}
