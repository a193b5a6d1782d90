//! The packs that are part of the binary.

/// Path under `rules/` and text of every embedded file, sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// Path under `fixtures/bases/` and text of every embedded file, sorted by path.
static BASES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/bases.rs"));

/// Every embedded file of a pack or mutator: its path under `rules/` and its text, sorted by path.
pub fn builtin_files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// Whether there is a built-in pack `name`.
pub(super) fn has(name: &str) -> bool {
    let path = format!("{name}/pack.hcl");
    FILES.binary_search_by(|(known, _)| (*known).cmp(path.as_str())).is_ok()
}

/// The fixtures that cases of the built-in packs start from: `NAME/path` and text, sorted by path.
pub fn builtin_bases() -> &'static [(&'static str, &'static str)] {
    BASES
}

/// The page of the built-in rule `id`. Nothing reads it while checking.
pub fn page(id: &str) -> Option<&'static str> {
    let path = format!("{id}.md");
    let at = FILES.binary_search_by(|(known, _)| (*known).cmp(path.as_str())).ok()?;
    Some(FILES[at].1)
}
