//! The loop around a device: takes questions, answers them, and keeps the exchange going. One code for the native
//! thread and the browser's worker; whoever starts it polls it on one thread.

use crate::core::{Asked, Device, Exchange, Preparation};
use crate::message::{Envelope, Message, News, Reply, Trouble};
use crate::platform::{Http, HttpError, HttpResponse, PictureError};
use crate::sync::{Step, Ticket};
use bianfang_shared::photo::Prepared;
use futures::channel::mpsc;
use futures::future::{LocalBoxFuture, pending, poll_fn};
use futures::stream::{FuturesUnordered, StreamExt as _};
use futures::{FutureExt as _, select_biased};
use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Poll;

/// Questions to the centre that may be under way at once. One more is answered with `not_now`.
const EXCHANGES_MAX: usize = 16;
/// Pictures that may wait for their turn. One more is answered with `not_now`.
const PICTURES_WAITING_MAX: usize = 16;

type Answered = Result<HttpResponse, HttpError>;
type Carried = (u64, Exchange, Answered);
type Made = (u64, Preparation, Result<Prepared, PictureError>);

/// Work that goes on while questions are answered.
struct Going {
    http: Rc<dyn Http>,
    /// Requests of the exchange, by their tickets: one of records and one of photographs.
    sent: Vec<(Ticket, LocalBoxFuture<'static, Answered>)>,
    /// Questions that the centre answers.
    exchanges: FuturesUnordered<LocalBoxFuture<'static, Carried>>,
    /// The picture that is worked on. One at a time: each takes much memory.
    picture: Option<LocalBoxFuture<'static, Made>>,
    waiting: VecDeque<(u64, Preparation)>,
}

/// What has come.
enum Come {
    Question(Option<Envelope>),
    Carried(Carried),
    Sent(Ticket, Answered),
    Made(Box<Made>),
    Time,
}

/// Serves a device until nobody asks any more. `tell` is handed every answer and all news, in order.
pub async fn serve(
    mut device: Device,
    http: Rc<dyn Http>,
    mut questions: mpsc::Receiver<Envelope>,
    mut tell: impl FnMut(Message),
) {
    let mut going = Going {
        http,
        sent: Vec::new(),
        exchanges: FuturesUnordered::new(),
        picture: None,
        waiting: VecDeque::new(),
    };
    loop {
        let wait = going.drive(&mut device);
        device.take_news().into_iter().for_each(|news| tell(Message::News(news)));
        let come = {
            let mut timer = timer(&device, wait).fuse();
            let Going { sent, exchanges, picture, .. } = &mut going;
            let mut sent = landed(sent).boxed_local().fuse();
            let mut made = finished(picture).boxed_local().fuse();
            select_biased! {
                question = questions.next() => Come::Question(question),
                carried = exchanges.select_next_some() => Come::Carried(carried),
                (ticket, answer) = sent => Come::Sent(ticket, answer),
                made = made => Come::Made(Box::new(made)),
                () = timer => Come::Time,
            }
        };
        match come {
            Come::Question(None) => return,
            Come::Question(Some(envelope)) => going.take(&mut device, envelope, &mut tell),
            Come::Carried((id, exchange, answer)) => {
                let result = device.finish(exchange, answer);
                tell(Message::Answer { id, result });
            }
            Come::Made(made) => {
                let (id, preparation, prepared) = *made;
                going.picture = None;
                let result = device.keep(preparation, prepared);
                tell(Message::Answer { id, result });
            }
            Come::Sent(ticket, answer) => device.receive(ticket, answer),
            Come::Time => (),
        }
    }
}

/// The first request that is answered, taken out of those under way.
async fn landed(sent: &mut Vec<(Ticket, LocalBoxFuture<'static, Answered>)>) -> (Ticket, Answered) {
    poll_fn(|context| {
        for at in 0..sent.len() {
            if let Poll::Ready(answer) = sent[at].1.poll_unpin(context) {
                let (ticket, _) = sent.swap_remove(at);
                return Poll::Ready((ticket, answer));
            }
        }
        Poll::Pending
    })
    .await
}

async fn finished(picture: &mut Option<LocalBoxFuture<'static, Made>>) -> Made {
    match picture {
        Some(working) => working.await,
        None => pending().await,
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

impl Going {
    /// Lets the exchange do what it wants and the next picture be worked on, and tells how long the exchange then waits.
    fn drive(&mut self, device: &mut Device) -> Option<i64> {
        if self.picture.is_none()
            && let Some((id, mut preparation)) = self.waiting.pop_front()
        {
            let working = device.platform().pictures.prepare(preparation.take_file());
            self.picture = Some(working.map(move |made| (id, preparation, made)).boxed_local());
        }
        loop {
            let step = device.next();
            // A request that was given up is cancelled by forgetting it.
            self.sent.retain(|(ticket, _)| device.is_under_way(*ticket));
            match step {
                Step::Send { ticket, request } => {
                    self.sent.push((ticket, self.http.send(request)));
                    device.say_sync();
                }
                Step::Wait { until_ms } => return Some(until_ms),
                Step::Idle => return None,
            }
        }
    }

    fn take(
        &mut self,
        device: &mut Device,
        Envelope { id, request }: Envelope,
        tell: &mut impl FnMut(Message),
    ) {
        let answer = |result: Result<Reply, Trouble>| Message::Answer { id, result };
        let not_now = |what: &str| answer(Err(crate::core::trouble("not_now", what, true)));
        match device.ask(request) {
            Asked::Ready(result) => tell(answer(*result)),
            Asked::Centre(_) if self.exchanges.len() >= EXCHANGES_MAX => {
                tell(not_now("too many questions are open"));
            }
            Asked::Centre(exchange) => {
                let going = self.http.send(exchange.request.clone());
                self.exchanges.push(async move { (id, *exchange, going.await) }.boxed_local());
            }
            Asked::Picture(_) if self.waiting.len() >= PICTURES_WAITING_MAX => {
                tell(not_now("too many pictures wait"));
            }
            Asked::Picture(preparation) => self.waiting.push_back((id, *preparation)),
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
