//! The server as it really runs: a merge thread, blocking reads, a socket.

use crate::harness::{NOW_MS, PASSWORD, TOWNSHIP, TestDevice, TestServer, VILLAGE, area, entity};
use bianfang_server::clock::{SeededRng, TestClock};
use bianfang_server::service::accounts::NewAccount;
use bianfang_server::service::password::PasswordCost;
use bianfang_server::service::verify::verify;
use bianfang_server::{App, Config, serve};
use bianfang_shared::access::Role;
use bianfang_shared::wire::PushReply;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PHONES: u8 = 16;
const OPS_EACH: u64 = 20;

pub(crate) fn threaded(folder: &std::path::Path, tune: impl FnOnce(&mut Config)) -> TestServer {
    let mut config = Config::new(folder);
    config.clock = Arc::new(TestClock::at(NOW_MS));
    config.rng = Arc::new(SeededRng::new(7));
    config.password_cost = PasswordCost::cheap();
    tune(&mut config);
    let app = App::open(config).unwrap();
    let new = NewAccount {
        login: "admin".to_owned(),
        name: "admin".to_owned(),
        role: Role::Administrator,
        grants: vec![area(TOWNSHIP)],
        password: PASSWORD.to_owned(),
    };
    app.accounts().add(&new, None).unwrap();
    let mut server = TestServer::new();
    server.router = app.router();
    server.app = app;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_phones_at_once_are_merged_in_groups_and_each_gets_its_own_answer() {
    let folder = tempfile::tempdir().unwrap();
    let server = Arc::new(threaded(folder.path(), |_| ()));
    let mut phones = Vec::new();
    for number in 1..=PHONES {
        let mut phone = TestDevice::new(number);
        phone.sign_in(&server, "admin").await;
        for at in 0..OPS_EACH {
            phone.register(VILLAGE, entity(u8::try_from(at).unwrap() + 1), "王小明");
        }
        phones.push(phone);
    }
    let tasks: Vec<_> = phones
        .into_iter()
        .map(|phone| {
            let server = Arc::clone(&server);
            tokio::spawn(async move {
                for seq in 1..=OPS_EACH {
                    let reply = phone.push(&server, seq, seq).await;
                    let PushReply::Accepted { outcomes, .. } = reply else { panic!("{reply:?}") };
                    assert_eq!((outcomes.len(), outcomes[0].seq), (1, seq));
                }
                phone
            })
        })
        .collect();
    let mut last = None;
    for task in tasks {
        last = Some(task.await.unwrap());
    }
    let phone = last.unwrap();
    assert_eq!(phone.log(&server, VILLAGE).await.len() as u64, u64::from(PHONES) * OPS_EACH);
    let report = verify(&**server.app.store()).unwrap();
    assert!(report.is_sound(), "{:?}", report.named);
    server.app.shutdown();
    let reply = server.post("/api/v1/sync/push", &phone.token, &phone.push_request(1, 1)).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "shutting_down"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_a_socket_tells_its_address_and_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(Config::new(folder.path())).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (told, address) = tokio::sync::oneshot::channel();
    let stopping = async move {
        let _ = stopped.await;
    };
    let ready = |address: std::net::SocketAddr| told.send(address).unwrap();
    let serving = tokio::spawn(serve::serve_until(app, "127.0.0.1:0", stopping, ready));
    let address = address.await.unwrap();
    assert_ne!(address.port(), 0);
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK") && reply.ends_with("ok\n"), "{reply}");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}
