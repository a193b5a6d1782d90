//! Sets of globs as rules write them: read when a pack is loaded, compiled when the first path is held against them.
//!
//! Invariant: what is too long to compile is refused when it is read.

mod plain;
mod table;

use std::sync::{Arc, OnceLock};

use globset::{Glob, GlobBuilder};

pub use table::GlobTable;

/// No glob that means something is longer, in bytes.
const LONGEST: usize = 1000;

/// Paths, or names. Cheap to copy.
#[derive(Clone, Debug, Default)]
pub struct Globs(Arc<Parts>);

#[derive(Debug, Default)]
struct Parts {
    globs: Vec<Glob>,
    /// What they match and is not meant.
    except: Vec<Glob>,
    table: OnceLock<GlobTable>,
    except_table: OnceLock<GlobTable>,
}

impl Globs {
    /// All that any of `globs` matches.
    pub fn new(globs: Vec<Glob>) -> Self {
        Globs::but(globs, Vec::new())
    }

    /// All that any of `globs` matches and none of `except`.
    pub fn but(globs: Vec<Glob>, except: Vec<Glob>) -> Self {
        Globs(Arc::new(Parts { globs, except, ..Parts::default() }))
    }

    /// Reads one glob; with `paths`, `*` stays inside a path segment, and only `**` crosses them. What is wrong with it,
    /// where it is none.
    pub fn read(text: &str, paths: bool) -> Result<Glob, String> {
        if text.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        if paths && let Some(inside) = text.strip_prefix("./").or(text.strip_prefix('/')) {
            return Err(format!("paths are relative to the root: write `{inside}`"));
        }
        let glob = GlobBuilder::new(text).literal_separator(paths).empty_alternates(true).build();
        glob.map_err(|wrong| wrong.kind().to_string())
    }

    /// The globs, to be compiled with others.
    pub fn globs(&self) -> &[Glob] {
        &self.0.globs
    }

    /// What of it is not meant, to be compiled with others.
    pub fn except(&self) -> &[Glob] {
        &self.0.except
    }

    /// Whether there are none, so that nothing matches.
    pub fn is_empty(&self) -> bool {
        self.0.globs.is_empty()
    }

    /// Whether `path` is meant.
    pub fn is_match(&self, path: &str) -> bool {
        let Parts { globs, except, table, except_table } = &*self.0;
        let has = |table: &OnceLock<GlobTable>, globs: &[Glob]| {
            table.get_or_init(|| GlobTable::new(globs).unwrap_or_default()).is_match(path)
        };
        has(table, globs) && (except.is_empty() || !has(except_table, except))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_inside_a_segment_of_a_path() {
        let globs = |paths| Globs::new(vec![Globs::read("a/*.tf", paths).unwrap()]);
        assert!(globs(true).is_match("a/b.tf"));
        assert!(!globs(true).is_match("a/b/c.tf"));
        assert!(globs(false).is_match("a/b/c.tf"));
        assert!(!Globs::default().is_match("a"));
    }

    #[test]
    fn what_is_excepted_is_not_meant() {
        let read = |text| Globs::read(text, true).unwrap();
        let globs = Globs::but(vec![read("docs/**")], vec![read("docs/old/**")]);
        assert!(globs.is_match("docs/new/a.md") && !globs.is_match("docs/old/a.md"));
    }

    #[test]
    fn what_is_no_glob_is_told_when_it_is_read() {
        assert_eq!(Globs::read("a[", true).unwrap_err(), "unclosed character class; missing ']'");
        assert_eq!(
            Globs::read(&"*".repeat(1001), true).unwrap_err(),
            "it is longer than 1000 bytes"
        );
        for path in ["/bin/*", "./bin/*"] {
            let wrong = Globs::read(path, true).unwrap_err();
            assert_eq!(wrong, "paths are relative to the root: write `bin/*`");
        }
        assert!(Globs::read("/etc/*", false).is_ok(), "a text may begin with anything");
    }

    #[test]
    fn an_alternative_may_be_nothing() {
        let globs = Globs::new(vec![Globs::read("{docker-,}compose.yaml", true).unwrap()]);
        assert!(globs.is_match("docker-compose.yaml") && globs.is_match("compose.yaml"));
    }
}
