//! The packs that are part of the binary.

/// Path under `rules/` and text of every embedded file, sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Every embedded file of a pack or mutator: its path under `rules/` and its text, sorted by path.
pub fn builtin_files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// The page of the built-in rule `id`. Nothing reads it while checking.
pub fn page(id: &str) -> Option<&'static str> {
    let path = format!("{id}.md");
    let at = FILES.binary_search_by(|(known, _)| (*known).cmp(path.as_str())).ok()?;
    Some(FILES[at].1)
}
