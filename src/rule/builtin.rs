//! The packs that are part of the binary.

use std::sync::LazyLock;

/// Path under `rules/` and text of every embedded file but the pages, sorted by path.
static ENTRIES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/entries.rs"));

/// Path under `rules/` of every page, sorted.
static PAGE_NAMES: &[&str] = include!(concat!(env!("OUT_DIR"), "/page_names.rs"));

/// The texts of the pages in the same order.
static PAGE_TEXTS: &[&str] = include!(concat!(env!("OUT_DIR"), "/page_texts.rs"));

/// Path under `fixtures/bases/` and text of every embedded file, sorted by path.
static BASES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/bases.rs"));

/// Every embedded file of a pack or mutator: its path under `rules/` and its text, sorted by path.
pub fn builtin_files() -> &'static [(&'static str, &'static str)] {
    static FILES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let pages = PAGE_NAMES.iter().copied().zip(PAGE_TEXTS.iter().copied());
        let mut files: Vec<_> = ENTRIES.iter().copied().chain(pages).collect();
        files.sort_by(|a, b| a.0.cmp(b.0));
        files
    });
    &FILES
}

/// Whether there is a built-in pack `name`.
pub(super) fn has(name: &str) -> bool {
    let path = format!("{name}/pack.hcl");
    ENTRIES.binary_search_by(|(known, _)| (*known).cmp(path.as_str())).is_ok()
}

/// The fixtures that cases of the built-in packs start from: `NAME/path` and text, sorted by path.
pub fn builtin_bases() -> &'static [(&'static str, &'static str)] {
    BASES
}

/// The page of the built-in rule `id`. Nothing reads it while checking.
pub fn page(id: &str) -> Option<&'static str> {
    let path = format!("{id}.md");
    let at = PAGE_NAMES.binary_search(&path.as_str()).ok()?;
    Some(PAGE_TEXTS[at])
}
