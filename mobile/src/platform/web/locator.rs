//! The page's geolocation.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Geolocation, Position, PositionError, PositionOptions};

use crate::platform::{Fix, LocationProblem, Locator, Watch};

/// How long one reading may take before the person is told; the watch goes on.
const READING_MS_MAX: u32 = 20_000;

pub(super) struct WebLocator;

impl Locator for WebLocator {
    fn watch(&self, on_change: Rc<dyn Fn(Result<Fix, LocationProblem>)>) -> Watch {
        match WebWatch::start(&on_change) {
            Ok(watch) => Watch::new(watch),
            Err(_unsupported) => {
                on_change(Err(LocationProblem::Unsupported));
                Watch::new(())
            }
        }
    }
}

struct WebWatch {
    geolocation: Geolocation,
    id: i32,
    _on_fix: Closure<dyn Fn(Position)>,
    _on_error: Closure<dyn Fn(PositionError)>,
}

impl WebWatch {
    fn start(on_change: &Rc<dyn Fn(Result<Fix, LocationProblem>)>) -> Result<Self, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let geolocation = window.navigator().geolocation()?;
        let (fixed, failed) = (Rc::clone(on_change), Rc::clone(on_change));
        let on_fix = Closure::<dyn Fn(Position)>::new(move |position: Position| fixed(Ok(fix(&position))));
        let on_error =
            Closure::<dyn Fn(PositionError)>::new(move |error: PositionError| failed(Err(problem(&error))));
        let options = PositionOptions::new();
        options.set_enable_high_accuracy(true);
        // Never an old position: it would place the person where they were.
        options.set_maximum_age(0);
        options.set_timeout(READING_MS_MAX);
        let id = geolocation.watch_position_with_error_callback_and_options(
            on_fix.as_ref().unchecked_ref(),
            Some(on_error.as_ref().unchecked_ref()),
            &options,
        )?;
        Ok(Self { geolocation, id, _on_fix: on_fix, _on_error: on_error })
    }
}

impl Drop for WebWatch {
    fn drop(&mut self) {
        self.geolocation.clear_watch(self.id);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970, never negative"
)]
fn fix(position: &Position) -> Fix {
    let coords = position.coords();
    Fix {
        latitude_deg: coords.latitude(),
        longitude_deg: coords.longitude(),
        accuracy_m: coords.accuracy(),
        taken_at_ms: position.timestamp() as u64,
        received_at_ms: js_sys::Date::now() as u64,
    }
}

fn problem(error: &PositionError) -> LocationProblem {
    match error.code() {
        PositionError::PERMISSION_DENIED => LocationProblem::Refused,
        PositionError::TIMEOUT => LocationProblem::TooSlow,
        _ => LocationProblem::Unavailable,
    }
}
