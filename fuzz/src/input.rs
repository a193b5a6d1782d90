//! What the fuzzer makes up: a first line that says what it is about, and a text.

use tautline::rule::PackFile;
use tautline::rule::cases::{CaseFile, PageCase, cases};

/// The first line of `data` and what follows it, where both are text.
pub(crate) fn split(data: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(data).ok()?.split_once('\n')
}

/// The first file of `case` that its fixes change.
pub(crate) fn fixed_file(case: &mut PageCase) -> Option<&mut CaseFile> {
    let path = &case.fixed.first()?.path;
    case.files.iter_mut().find(|file| file.path == *path)
}

/// The cases of the built-in pages in which something is reported and fixed, each with its rule.
pub(crate) fn fixed_cases() -> Vec<(String, PageCase)> {
    let pages = PackFile::builtin().into_iter().filter(PackFile::is_page);
    let mut all = Vec::new();
    for page in pages {
        let Some(id) = page.rule().map(str::to_owned) else { continue };
        let of_page = cases(&page.text).unwrap_or_default();
        let wanted = of_page.into_iter().filter(|case| case.is_bad() && !case.fixed.is_empty());
        all.extend(wanted.map(|case| (id.clone(), case)));
    }
    all
}
