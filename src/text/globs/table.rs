//! Many globs that a path is held against at once, each by its position.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::plain::Plain;

/// Globs, ready to be matched.
#[derive(Debug, Default)]
pub struct GlobTable {
    plain: Vec<(usize, Plain)>,
    /// Those that are not plain.
    set: GlobSet,
    /// The position of each glob in the set.
    positions: Vec<usize>,
}

impl GlobTable {
    /// The table of `globs`. Fails where they are too large together.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g Glob>) -> Result<Self, globset::Error> {
        let mut table = GlobTable::default();
        let mut set = GlobSetBuilder::new();
        for (position, glob) in globs.into_iter().enumerate() {
            if let Some(plain) = Plain::of(glob) {
                table.plain.push((position, plain));
            } else {
                set.add(glob.clone());
                table.positions.push(position);
            }
        }
        if !table.positions.is_empty() {
            table.set = set.build()?;
        }
        Ok(table)
    }

    /// Whether one of them matches `path`.
    pub fn is_match(&self, path: &str) -> bool {
        self.plain.iter().any(|(_, plain)| plain.is_match(path))
            || self.others().is_some_and(|set| set.is_match(path))
    }

    /// The positions of those that match `path`: each once, in no order.
    pub fn matches(&self, path: &str) -> impl Iterator<Item = usize> {
        let plain = self.plain.iter().filter(move |(_, plain)| plain.is_match(path));
        let others = self.others().map(|set| set.matches(path)).unwrap_or_default();
        let others = others.into_iter().map(|at| self.positions[at]);
        plain.map(|(position, _)| *position).chain(others)
    }

    /// Those that are not plain. An empty set would take the path to pieces before it says no.
    fn others(&self) -> Option<&GlobSet> {
        (!self.positions.is_empty()).then_some(&self.set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Globs;

    #[test]
    fn each_glob_answers_by_its_position() {
        let globs: Vec<Glob> = ["a/?.tf", "**/*.tf", "a/**", "b", "*.tf"]
            .iter()
            .map(|text| Globs::read(text, true).unwrap())
            .collect();
        let table = GlobTable::new(&globs).unwrap();
        for path in ["a/b.tf", "b", "b.tf", "a/bc.tf", "c"] {
            let mut found: Vec<usize> = table.matches(path).collect();
            found.sort_unstable();
            let each = globs.iter().enumerate();
            let expected: Vec<usize> = each
                .filter(|(_, glob)| glob.compile_matcher().is_match(path))
                .map(|(at, _)| at)
                .collect();
            assert_eq!(found, expected, "{path}");
            assert_eq!(table.is_match(path), !expected.is_empty(), "{path}");
        }
    }
}
