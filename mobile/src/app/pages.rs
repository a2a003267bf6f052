//! A list of the centre that grows page by page. A refresh asks for as many rows as are shown and replaces them at once,
//! so that what is looked at stays where it is and what no longer belongs there goes.

use std::rc::Rc;

use bianfang_device::message::{Reply, Request, Trouble};
use bianfang_shared::query::Page;
use dioxus::prelude::*;

use super::ask::Again;
use super::core::Core;
use super::state::{use_app, use_core};

/// Most rows kept on a screen. Beyond, one narrows the filter.
pub const ROWS_SHOWN_MAX: usize = 1_000;

/// How to ask for a list.
pub struct Listing<Q, T> {
    /// The question for the page that begins at a cursor.
    pub request: fn(Q, Option<String>) -> Request,
    /// The page in an answer.
    pub read: fn(Reply) -> Option<Page<T>>,
}

// Not derived: that would ask the same of question and rows.
impl<Q, T> Clone for Listing<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Q, T> Copy for Listing<Q, T> {}

impl<Q, T> std::fmt::Debug for Listing<Q, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listing")
    }
}

impl<Q: Clone, T> Listing<Q, T> {
    /// One page.
    async fn page(self, core: &Core, question: &Q, after: Option<String>) -> Result<Page<T>, Trouble> {
        let reply = core.ask((self.request)(question.clone(), after)).await?;
        let other = Trouble { code: "not_now".to_owned(), detail: String::new(), may_retry: true };
        (self.read)(reply).ok_or(other)
    }

    /// Pages from the beginning until there are `wanted` rows.
    async fn pages(self, core: &Core, question: &Q, wanted: usize) -> Result<Page<T>, Trouble> {
        let mut all = self.page(core, question, None).await?;
        while all.rows.len() < wanted.min(ROWS_SHOWN_MAX)
            && let Some(after) = all.next.take()
        {
            let mut more = self.page(core, question, Some(after)).await?;
            all.rows.append(&mut more.rows);
            all.next = more.next;
            all.unreadable.append(&mut more.unreadable);
        }
        Ok(all)
    }
}

/// What a screen shows of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Pages<T: 'static> {
    /// The rows so far.
    pub rows: Rc<Vec<T>>,
    /// The names of those that the centre cannot read.
    pub unreadable: Rc<Vec<String>>,
    /// Whether there are more.
    pub more: bool,
    /// Whether something is being asked for.
    pub busy: bool,
    /// Whether any answer has come for this question.
    pub known: bool,
    /// Why the last attempt failed.
    pub trouble: Option<Trouble>,
    /// Asks for what is shown once more.
    pub again: Again,
    /// Asks for the next page.
    pub next: Callback<()>,
}

struct Held<Q, T> {
    of: Q,
    rows: Rc<Vec<T>>,
    unreadable: Rc<Vec<String>>,
    next: Option<String>,
    busy: bool,
    known: bool,
    trouble: Option<Trouble>,
}

impl<Q, T: Clone> Held<Q, T> {
    fn of(of: Q) -> Self {
        Self {
            of,
            rows: Rc::default(),
            unreadable: Rc::default(),
            next: None,
            busy: true,
            known: false,
            trouble: None,
        }
    }

    fn take(&mut self, answer: Result<Page<T>, Trouble>, onto: bool) {
        self.busy = false;
        match answer {
            Ok(page) => {
                let mut rows = if onto { (*self.rows).clone() } else { Vec::new() };
                rows.extend(page.rows);
                self.next = page.next.filter(|_| rows.len() < ROWS_SHOWN_MAX);
                self.rows = Rc::new(rows);
                let mut unreadable = if onto { (*self.unreadable).clone() } else { Vec::new() };
                unreadable.extend(page.unreadable);
                // The last rows of one page may stand in the next one as well.
                unreadable.sort();
                unreadable.dedup();
                self.unreadable = Rc::new(unreadable);
                self.known = true;
                self.trouble = None;
            }
            // What was fetched stays on the screen.
            Err(trouble) => self.trouble = Some(trouble),
        }
    }
}

/// Asks for a list of the centre, and once more when an exchange has ended or the question changes.
pub fn use_pages<Q, T>(question: Q, listing: Listing<Q, T>) -> Pages<T>
where
    Q: Clone + PartialEq + 'static,
    T: Clone + PartialEq + 'static,
{
    let (app, core) = (use_app(), use_core());
    let mut held = use_signal(|| Held::<Q, T>::of(question.clone()));
    let ask = use_callback(move |(question, after): (Q, Option<String>)| {
        let core = core.clone();
        let shown = held.peek().rows.len();
        held.write().busy = true;
        spawn(async move {
            let onto = after.is_some();
            let answer = match after {
                Some(_) => listing.page(&core, &question, after).await,
                None => listing.pages(&core, &question, shown).await,
            };
            // Another question meanwhile: its own answer follows.
            if held.peek().of == question {
                held.write().take(answer, onto);
            }
        });
    });
    let ended = app.sync.read().last_success_ms;
    let mut asked = use_signal(|| None::<(Q, Option<i64>)>);
    let now = (question.clone(), ended);
    if asked.peek().as_ref() != Some(&now) {
        asked.set(Some(now));
        if held.peek().of != question {
            held.set(Held::of(question.clone()));
        }
        ask.call((question.clone(), None));
    }
    let again = Again::new(move || ask.call((question.clone(), None)));
    let next = use_callback(move |()| {
        let (of, next, busy) = {
            let held = held.peek();
            (held.of.clone(), held.next.clone(), held.busy)
        };
        if let Some(next) = next.filter(|_| !busy) {
            ask.call((of, Some(next)));
        }
    });
    let held = held.read();
    Pages {
        rows: Rc::clone(&held.rows),
        unreadable: Rc::clone(&held.unreadable),
        more: held.next.is_some(),
        busy: held.busy,
        known: held.known,
        trouble: held.trouble.clone(),
        again,
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_onto_the_list_and_a_refresh_replaces_it() {
        let page = |rows: &[u32], next: Option<&str>| {
            Ok(Page { rows: rows.to_vec(), next: next.map(str::to_owned), unreadable: Vec::new() })
        };
        let mut held = Held::of(());
        held.take(page(&[3, 2], Some("a")), false);
        held.take(page(&[1], None), true);
        assert_eq!(*held.rows, [3, 2, 1]);
        held.take(Err(Trouble { code: "offline".into(), detail: String::new(), may_retry: true }), false);
        assert_eq!(*held.rows, [3, 2, 1], "what was fetched stays while there is no signal");
        held.take(page(&[4, 3, 1], Some("b")), false);
        assert_eq!((held.rows.to_vec(), held.next), (vec![4, 3, 1], Some("b".to_owned())));
    }
}
