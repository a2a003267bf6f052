//! The loop around a device: takes questions, answers them, and keeps the exchange going. One code for the native
//! thread and the browser's worker; whoever starts it polls it on one thread.

use crate::core::{Asked, Device, Exchange};
use crate::message::{Envelope, Message, News, Reply, Trouble};
use crate::platform::{Http, HttpError, HttpResponse};
use crate::sync::{Step, Ticket};
use futures::channel::mpsc;
use futures::future::{Either, LocalBoxFuture, pending};
use futures::stream::{FuturesUnordered, StreamExt as _};
use futures::{FutureExt as _, select_biased};
use std::rc::Rc;

/// Questions to the centre that may be under way at once. One more is answered with `not_now`.
const EXCHANGES_MAX: usize = 16;

type Carried = (u64, Exchange, Result<HttpResponse, HttpError>);
type Sent = (Ticket, Result<HttpResponse, HttpError>);

/// Serves a device until nobody asks any more. `tell` is handed every answer and all news, in order.
pub async fn serve(
    mut device: Device,
    http: Rc<dyn Http>,
    mut questions: mpsc::Receiver<Envelope>,
    mut tell: impl FnMut(Message),
) {
    let mut exchanges: FuturesUnordered<LocalBoxFuture<'static, Carried>> = FuturesUnordered::new();
    let mut sent: Option<(Ticket, LocalBoxFuture<'static, Sent>)> = None;
    loop {
        let wait = drive(&mut device, &http, &mut sent);
        device.take_news().into_iter().for_each(|news| tell(Message::News(news)));
        let mut timer = timer(&device, wait).fuse();
        let mut in_flight = match &mut sent {
            Some((_, answer)) => Either::Left(answer),
            None => Either::Right(pending()),
        }
        .fuse();
        select_biased! {
            question = questions.next() => match question {
                Some(envelope) => {
                    drop(in_flight);
                    take(&mut device, &http, &mut exchanges, envelope, &mut tell);
                }
                None => return,
            },
            carried = exchanges.select_next_some() => {
                drop(in_flight);
                let (id, exchange, answer) = carried;
                let result = device.finish(exchange, answer);
                tell(Message::Answer { id, result });
            }
            (ticket, answer) = in_flight => {
                sent = None;
                device.receive(ticket, answer);
            }
            () = timer => (),
        }
    }
}

/// Lets the exchange do what it wants, and tells how long it then waits.
fn drive(
    device: &mut Device,
    http: &Rc<dyn Http>,
    sent: &mut Option<(Ticket, LocalBoxFuture<'static, Sent>)>,
) -> Option<i64> {
    loop {
        let step = device.next();
        // A request that was given up is cancelled by forgetting it.
        if sent.as_ref().is_some_and(|(ticket, _)| device.under_way() != Some(*ticket)) {
            *sent = None;
        }
        match step {
            Step::Send { ticket, request } => {
                let answer = http.send(request).map(move |answer| (ticket, answer)).boxed_local();
                *sent = Some((ticket, answer));
                device.say_sync();
            }
            Step::Wait { until_ms } => return Some(until_ms),
            Step::Idle => return None,
        }
    }
}

fn timer(device: &Device, until_ms: Option<i64>) -> LocalBoxFuture<'static, ()> {
    let clock = &device.platform().clock;
    match until_ms {
        Some(until_ms) => {
            let ms = until_ms.saturating_sub(clock.monotonic_ms());
            clock.sleep(u64::try_from(ms).unwrap_or(0))
        }
        None => pending().boxed_local(),
    }
}

fn take(
    device: &mut Device,
    http: &Rc<dyn Http>,
    exchanges: &mut FuturesUnordered<LocalBoxFuture<'static, Carried>>,
    Envelope { id, request }: Envelope,
    tell: &mut impl FnMut(Message),
) {
    let answer = |result: Result<Reply, Trouble>| Message::Answer { id, result };
    match device.ask(request) {
        Asked::Ready(result) => tell(answer(*result)),
        Asked::Centre(_) if exchanges.len() >= EXCHANGES_MAX => {
            tell(answer(Err(crate::core::trouble("not_now", "too many questions are open", true))));
        }
        Asked::Centre(exchange) => {
            let going = http.send(exchange.request.clone());
            exchanges.push(async move { (id, *exchange, going.await) }.boxed_local());
        }
    }
}

impl Device {
    /// Tells the screens how the exchange stands.
    fn say_sync(&mut self) {
        let state = self.sync_state();
        self.say(News::Sync { state });
    }
}
