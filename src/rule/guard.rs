//! Runs code that may panic, and turns a panic into a message instead of a dead process.
//!
//! Invariant: a panic inside [`guarded`] prints nothing and is returned; a panic elsewhere goes the usual way.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; a panic comes back as its message, with the place in the source where it happened, and whose fault it is.
///
/// The values that `work` shares with its caller must not be left half-changed by a panic: checks only read theirs.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.map_err(|payload| {
        let place = PLACE.take().map(|place| format!(" ({place})")).unwrap_or_default();
        format!("{}{place}; this is a bug in tautline", message(payload.as_ref()))
    })
}

/// The hook is the process's: it is put in once, in front of the one that was there, which still sees every other panic.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if GUARDED.get() {
                PLACE.set(info.location().map(ToString::to_string));
            } else {
                previous(info);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").lines().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_place() {
        let error = guarded(|| panic!("no {}", "luck")).unwrap_err();
        assert!(error.starts_with("no luck (src/rule/guard.rs:"), "{error}");
        assert!(error.ends_with("); this is a bug in tautline"), "{error}");
        assert_eq!(guarded(|| 1), Ok(1));
    }

    #[test]
    fn guards_nest() {
        let outer = guarded(|| {
            let inner = guarded(|| panic!("inner")).unwrap_err();
            assert!(inner.starts_with("inner"));
            panic!("outer")
        });
        assert!(outer.unwrap_err().starts_with("outer"));
    }
}
