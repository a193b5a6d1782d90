//! Whatever a file says that a rule has something to say about: fixing it keeps every promise, and fixing twice is fixing once.
//!
//! The first line of the input is the number of a case on a page, the rest takes the place of the file that is fixed there.

#![no_main]

mod fixed;
mod input;
#[path = "../../tests/promises/mod.rs"]
mod promises;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tautline::analysis::Fixed;
use tautline::analysis::cases::{Bases, Suite};
use tautline::checks;
use tautline::rule::cases::PageCase;
use tautline::rule::{Home, PackFile};

static CASES: LazyLock<Vec<(String, PageCase)>> = LazyLock::new(fixed::all);
static SUITE: LazyLock<Suite> = LazyLock::new(|| {
    let bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
    Suite::load(PackFile::builtin(), checks::ALL, bases).expect("the built-in packs load")
});

fn run(id: &str, case: &PageCase) -> Fixed {
    SUITE.fixed(&Home::builtin(), id, case).expect("a case can be run")
}

fuzz_target!(|data: &[u8]| {
    let Some((number, text)) = input::split(data) else { return };
    let Some((id, case)) = number.parse().ok().and_then(|at: usize| CASES.get(at)) else { return };
    let mut case = case.clone();
    let Some(file) = fixed::file(&mut case) else { return };
    text.clone_into(&mut file.text);
    let once = run(id, &case);
    // Where line ends are mixed, which one a new line gets is nobody's promise.
    let is_mixed = |text: &str| text.contains("\r\n") && text.replace("\r\n", "").contains('\n');
    for file in once.files.iter().filter(|file| !is_mixed(&file.before)) {
        let wrong = promises::wrongs(file);
        assert!(wrong.is_empty(), "{id}: {}\n{}", wrong.join("\n"), file.before);
        if let Some(known) = case.files.iter_mut().find(|it| *it.path == *file.path) {
            known.text = file.after.to_string();
        }
    }
    if once.files.iter().all(|file| !is_mixed(&file.before)) {
        let twice = run(id, &case);
        assert!(twice.files.is_empty(), "{id} fixes again:\n{}", twice.files[0].after);
    }
});
