//! What a file says of itself may be wrong, and the library that reads it then now and then ends the thread instead of
//! saying so. Nothing of it is used again after that.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// What the work comes to; nothing where it breaks off.
pub(super) fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |about| {
            if !GUARDED.get() {
                usual(about);
            }
        }));
    });
    GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    done.ok().flatten()
}
