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

/// So many comparisons at most are made to find what lists have in common.
const MOST_COMPARED: usize = 1_000_000;

/// The rows of three lists: by what the elements are called; else what all have in common stands still, so that neither an
/// insertion nor a removal shifts the rest, and between that by a name of whatever kind, or by position.
pub(super) fn align(base: &[Json], live: &[Json], want: &[Json]) -> Vec<Row> {
    for field in IDENTITIES {
        let names = (names(base, field), names(live, field), names(want, field));
        if let (Some(base), Some(live), Some(want)) = names {
            return by_name(&base, &live, &want);
        }
    }
    let ends = [base.len(), live.len(), want.len()];
    let mut rows = Vec::new();
    let mut from = [0; 3];
    for common in anchors(base, live, want).into_iter().chain([ends]) {
        rows.extend(between([base, live, want], from, common));
        if common != ends {
            rows.push(Row::new(Some(common[0]), Some(common[1]), Some(common[2])));
        }
        from = common.map(|at| at + 1);
    }
    rows
}

/// The rows of what stands between two elements that are the same in all three lists.
fn between(lists: [&[Json]; 3], from: [usize; 3], to: [usize; 3]) -> Vec<Row> {
    let [base, live, want] = [0, 1, 2].map(|at| &lists[at][from[at].min(to[at])..to[at]]);
    let moved = |row: Row| {
        let at = |list: usize, at: Option<usize>| at.map(|at| at + from[list]);
        Row::new(at(0, row.base), at(1, row.live), at(2, row.want))
    };
    let longest = base.len().max(live.len()).max(want.len());
    let is_even = [base, live, want].iter().all(|list| list.len() == longest);
    let named = (!is_even).then(|| by_any_name(base, live, want)).flatten();
    let rows = named.unwrap_or_else(|| {
        let within = |list: &[Json], at: usize| (at < list.len()).then_some(at);
        let row = |at| Row::new(within(base, at), within(live, at), within(want, at));
        (0..longest).map(row).collect()
    });
    rows.into_iter().map(moved).collect()
}

/// By the member that tells the elements of each list apart and has the most values in common: `hostname`, `port`.
fn by_any_name(base: &[Json], live: &[Json], want: &[Json]) -> Option<Vec<Row>> {
    let first = [base, live, want].into_iter().find_map(<[Json]>::first)?.as_object()?;
    let mut best: Option<(usize, [Vec<&str>; 3])> = None;
    for field in first.keys() {
        let Some(base) = names(base, field) else { continue };
        let Some(live) = names(live, field) else { continue };
        let Some(want) = names(want, field) else { continue };
        let others = base.iter().chain(&want);
        let common = others.filter(|name| live.contains(name)).count();
        if common > best.as_ref().map_or(0, |best| best.0) {
            best = Some((common, [base, live, want]));
        }
    }
    let (_, [base, live, want]) = best?;
    Some(by_name(&base, &live, &want))
}

/// The positions of elements that are the same in all three lists, in their order, and as many as can be.
fn anchors(base: &[Json], live: &[Json], want: &[Json]) -> Vec<[usize; 3]> {
    let both = common(live, want);
    let kept: Vec<&Json> = both.iter().map(|(at, _)| &live[*at]).collect();
    let base: Vec<&Json> = base.iter().collect();
    let pairs = common_by(&base, &kept, |a, b| same(a, b));
    pairs.into_iter().map(|(base, at)| [base, both[at].0, both[at].1]).collect()
}

fn common(a: &[Json], b: &[Json]) -> Vec<(usize, usize)> {
    common_by(a, b, same)
}

/// The longest sequence that `a` and `b` have in common, as positions. Of lists that are too long for that, what they begin
/// and end with.
fn common_by<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<(usize, usize)> {
    let head = a.iter().zip(b).take_while(|(a, b)| same(a, b)).count();
    let (rest_a, rest_b) = (&a[head..], &b[head..]);
    let tail = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    let (rest_a, rest_b) = (&rest_a[..rest_a.len() - tail], &rest_b[..rest_b.len() - tail]);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if rest_a.len().saturating_mul(rest_b.len()) <= MOST_COMPARED {
        // How much is in common from each pair of positions on.
        let width = rest_b.len() + 1;
        let mut longest = vec![0_u32; (rest_a.len() + 1) * width];
        for i in (0..rest_a.len()).rev() {
            for j in (0..rest_b.len()).rev() {
                longest[i * width + j] = if same(&rest_a[i], &rest_b[j]) {
                    longest[(i + 1) * width + j + 1] + 1
                } else {
                    longest[(i + 1) * width + j].max(longest[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < rest_a.len() && j < rest_b.len() {
            if same(&rest_a[i], &rest_b[j]) {
                pairs.push((head + i, head + j));
                (i, j) = (i + 1, j + 1);
            } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    pairs.extend((1..=tail).rev().map(|back| (a.len() - back, b.len() - back)));
    pairs
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
    fn what_all_have_in_common_stands_still() {
        // One came before the others, and one of these was changed.
        assert_eq!(
            rows("[1,2,3]", "[9,1,8,3]", "[1,2,3]"),
            [
                (None, Some(0), None),
                (Some(0), Some(1), Some(0)),
                (Some(1), Some(2), Some(1)),
                (Some(2), Some(3), Some(2))
            ]
        );
        // As many as before, and yet one came and one went.
        assert_eq!(
            rows("[1,2]", "[2,3]", "[1,2]"),
            [(Some(0), None, Some(0)), (Some(1), Some(0), Some(1)), (None, Some(1), None)]
        );
        assert_eq!(rows("[1,2]", "[1,2]", "[1]")[1], (Some(1), Some(1), None));
        let long: String = format!("[{}]", vec!["0"; 3000].join(","));
        assert_eq!(rows(&long, &long, &long).len(), 3000);
    }

    #[test]
    fn between_that_any_name_tells() {
        let rule =
            |host: &str, service: &str| format!(r#"{{"hostname":"{host}","service":"{service}"}}"#);
        let rest = r#"{"hostname":null,"service":"404"}"#;
        let base = format!("[{},{},{rest}]", rule("a", "x"), rule("b", "x"));
        let live = format!("[{},{rest}]", rule("b", "y"));
        assert_eq!(
            rows(&base, &live, &base),
            [(Some(1), Some(0), Some(1)), (Some(0), None, Some(0)), (Some(2), Some(1), Some(2))]
        );
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
