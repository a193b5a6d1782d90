//! The cases of the built-in pages in which something is fixed.

use tautline::rule::PackFile;
use tautline::rule::cases::{CaseFile, PageCase, cases};

/// The first file of `case` that its fixes change.
pub(crate) fn file(case: &mut PageCase) -> Option<&mut CaseFile> {
    let path = &case.fixed.first()?.path;
    case.files.iter_mut().find(|file| file.path == *path)
}

/// All of them, each with its rule.
pub(crate) fn all() -> Vec<(String, PageCase)> {
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
