//! Which elements of three lists are the same one.
//!
//! Invariant: every element of every list is in exactly one row.

use rustc_hash::FxHashMap;

use super::equal::same;
use crate::drift::shown::Json;

/// What blocks in lists are told apart by, the first that all of them have.
const IDENTITIES: [&str; 4] = ["name", "key", "mount_path", "id"];

/// One element: where it stands in each of the lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Row {
    pub(super) base: Option<usize>,
    pub(super) live: Option<usize>,
    pub(super) want: Option<usize>,
    /// The position to show: the one in the code, else the one that runs, else the one that was.
    pub(super) shown: u32,
}

impl Row {
    fn new(base: Option<usize>, live: Option<usize>, want: Option<usize>) -> Self {
        let shown = want.or(live).or(base).unwrap_or_default();
        Row { base, live, want, shown: u32::try_from(shown).unwrap_or(u32::MAX) }
    }
}

/// The rows of three lists: by what the elements are called, else by position. Where lists are not equally long, what they
/// begin and end with in common is the same, so that one insertion does not shift the rest.
pub(super) fn align(base: &[Json], live: &[Json], want: &[Json]) -> Vec<Row> {
    for field in IDENTITIES {
        let names = (names(base, field), names(live, field), names(want, field));
        if let (Some(base), Some(live), Some(want)) = names {
            return by_name(&base, &live, &want);
        }
    }
    let shortest = base.len().min(live.len()).min(want.len());
    let longest = base.len().max(live.len()).max(want.len());
    if shortest == longest {
        return (0..longest).map(|at| Row::new(Some(at), Some(at), Some(at))).collect();
    }
    let alike = |a: &Json, b: &Json, c: &Json| same(a, b) && same(b, c);
    let head = (0..shortest).take_while(|&at| alike(&base[at], &live[at], &want[at])).count();
    let tail = (1..=shortest - head)
        .take_while(|back| {
            alike(&base[base.len() - back], &live[live.len() - back], &want[want.len() - back])
        })
        .count();
    let mut rows: Vec<Row> = (0..head).map(|at| Row::new(Some(at), Some(at), Some(at))).collect();
    for at in head..longest - tail {
        let within = |list: &[Json]| (at < list.len() - tail).then_some(at);
        rows.push(Row::new(within(base), within(live), within(want)));
    }
    let from_end = |list: &[Json], back: usize| Some(list.len() - back);
    rows.extend(
        (1..=tail)
            .rev()
            .map(|back| Row::new(from_end(base, back), from_end(live, back), from_end(want, back))),
    );
    rows
}

/// What the elements of `list` are called by `field`; `None` where one has no such name or two share one.
fn names<'a>(list: &'a [Json], field: &str) -> Option<Vec<&'a str>> {
    let names: Option<Vec<&str>> =
        list.iter().map(|element| element.get(field)?.as_str()).collect();
    let mut sorted = names.clone()?;
    sorted.sort_unstable();
    sorted.windows(2).all(|pair| pair[0] != pair[1]).then_some(names).flatten()
}

fn by_name(base: &[&str], live: &[&str], want: &[&str]) -> Vec<Row> {
    fn positions<'a>(names: &[&'a str]) -> FxHashMap<&'a str, usize> {
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect()
    }
    let (in_base, in_live, in_want) = (positions(base), positions(live), positions(want));
    let mut all: Vec<&str> = live.to_vec();
    all.extend(want.iter().filter(|name| !in_live.contains_key(*name)));
    all.extend(
        base.iter().filter(|name| !in_live.contains_key(*name) && !in_want.contains_key(*name)),
    );
    let find = |map: &FxHashMap<&str, usize>, name: &str| map.get(name).copied();
    all.iter()
        .map(|name| Row::new(find(&in_base, name), find(&in_live, name), find(&in_want, name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(
        base: &str,
        live: &str,
        want: &str,
    ) -> Vec<(Option<usize>, Option<usize>, Option<usize>)> {
        let list = |text: &str| serde_json::from_str::<Vec<Json>>(text).unwrap();
        let rows = align(&list(base), &list(live), &list(want));
        rows.iter().map(|row| (row.base, row.live, row.want)).collect()
    }

    #[test]
    fn positions_where_all_are_equally_long() {
        assert_eq!(
            rows("[1,2]", "[3,4]", "[1,2]"),
            [(Some(0), Some(0), Some(0)), (Some(1), Some(1), Some(1))]
        );
    }

    #[test]
    fn an_insertion_and_a_removal() {
        assert_eq!(
            rows("[1,2]", "[1,9,2]", "[1,2]"),
            [(Some(0), Some(0), Some(0)), (None, Some(1), None), (Some(1), Some(2), Some(1))]
        );
        assert_eq!(
            rows("[1,2]", "[2]", "[1,2]"),
            [(Some(0), None, Some(0)), (Some(1), Some(0), Some(1))]
        );
        assert_eq!(rows("[]", "[1]", "[]"), [(None, Some(0), None)]);
    }

    #[test]
    fn names_before_positions() {
        let (a, b) = (r#"[{"name":"a"},{"name":"b"}]"#, r#"[{"name":"b"},{"name":"c"}]"#);
        assert_eq!(
            rows(a, b, a),
            [(Some(1), Some(0), Some(1)), (None, Some(1), None), (Some(0), None, Some(0))]
        );
        // The same name twice tells nothing.
        let twice = r#"[{"name":"a"},{"name":"a"}]"#;
        assert_eq!(rows(twice, twice, twice)[1], (Some(1), Some(1), Some(1)));
    }
}
