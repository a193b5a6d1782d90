//! What was last applied, what runs and what the code says, side by side: the places where they differ.
//!
//! Invariant: a difference is told at the highest place where not all three sides have something of the same shape; below
//! that, only what differs.

use super::align::{Row, align};
use super::equal::{equivalent, is_empty, same, same_members};
use super::names;
use crate::drift::path::{Path, Step, holds_object};
use crate::drift::shown::Json;
use crate::rule::write;

/// A value of one side, with the same place of the two trees that go with it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Side<'a> {
    /// What stands there.
    pub(super) value: Option<&'a Json>,
    /// `true` where it is known only after apply.
    pub(super) unknown: Option<&'a Json>,
    /// `true` where it is sensitive.
    pub(super) mask: Option<&'a Json>,
}

impl<'a> Side<'a> {
    /// What stands there, and is known, and is not null.
    pub(super) fn known(self) -> Option<&'a Json> {
        self.value.filter(|value| !value.is_null() && !self.is_unknown())
    }

    /// Whether all of it is known only after apply.
    pub(super) fn is_unknown(self) -> bool {
        is_true(self.unknown)
    }

    fn has_unknown(self) -> bool {
        self.unknown.is_some_and(has_true)
    }

    fn member(self, key: &str) -> Side<'a> {
        Side {
            value: self.value.and_then(|value| value.get(key)),
            unknown: part(self.unknown, |map| map.get(key)),
            mask: part(self.mask, |map| map.get(key)),
        }
    }

    /// What stands at `path` below it.
    pub(super) fn at(self, path: &Path) -> Side<'a> {
        path.0.iter().fold(self, |side, step| match step {
            Step::Name(key) | Step::Key(key) => side.member(key),
            Step::Index(index) => side.element(Some(*index as usize)),
        })
    }

    fn element(self, index: Option<usize>) -> Side<'a> {
        let Some(index) = index else { return Side::default() };
        Side {
            value: self.value.and_then(|value| value.get(index)),
            unknown: part(self.unknown, |list| list.get(index)),
            mask: part(self.mask, |list| list.get(index)),
        }
    }

    /// Whether both sides say the same.
    pub(super) fn agrees(self, other: Side<'_>) -> bool {
        match (self.known(), other.known()) {
            _ if self.is_unknown() || other.is_unknown() => self.is_unknown() == other.is_unknown(),
            (Some(a), Some(b)) => !self.has_unknown() && !other.has_unknown() && same(a, b),
            (a, b) => a.is_none() && b.is_none() && !self.has_unknown() && !other.has_unknown(),
        }
    }

    /// Whether both sides say the same in the eyes of a provider.
    pub(super) fn is_like(self, other: Side<'_>) -> bool {
        !self.has_unknown() && !other.has_unknown() && equivalent(self.known(), other.known())
    }
}

/// A mark on a whole is a mark on each part of it.
fn part<'a>(
    marks: Option<&'a Json>,
    of: impl FnOnce(&'a Json) -> Option<&'a Json>,
) -> Option<&'a Json> {
    if is_true(marks) { marks } else { marks.and_then(of) }
}

pub(super) fn is_true(marks: Option<&Json>) -> bool {
    marks == Some(&Json::Bool(true))
}

/// Whether anything in `marks` is marked.
pub(super) fn has_true(marks: &Json) -> bool {
    match marks {
        Json::Bool(is_marked) => *is_marked,
        Json::Array(list) => list.iter().any(has_true),
        Json::Object(map) => map.values().any(has_true),
        _ => false,
    }
}

/// The three sides of one place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides<'a> {
    /// What was last applied.
    pub(super) base: Side<'a>,
    /// What runs.
    pub(super) live: Side<'a>,
    /// What the plan would make of it.
    pub(super) want: Side<'a>,
    /// Whether it is a secret by the look of its name.
    pub(super) is_named_secret: bool,
}

impl<'a> Sides<'a> {
    pub(super) fn all(self) -> [Side<'a>; 3] {
        [self.base, self.live, self.want]
    }

    /// Whether any side is marked as sensitive as a whole. What one side hides the others hide too.
    pub(super) fn is_secret(self) -> bool {
        self.is_named_secret || self.all().iter().any(|side| is_true(side.mask))
    }

    fn all_agree(self) -> bool {
        // What was applied and what is wanted are often one text, parsed once: then base is looked at for both.
        let is_one = self.base.value.zip(self.want.value).is_some_and(|(a, b)| std::ptr::eq(a, b));
        let is_known = !self.base.is_unknown() && !self.want.has_unknown();
        self.base.agrees(self.live) && ((is_one && is_known) || self.live.agrees(self.want))
    }

    /// No block and an empty list of blocks are the same: nothing.
    fn without_empty_lists(self) -> Self {
        let strip = |side: Side<'a>| match side.known() {
            Some(Json::Array(list)) if list.is_empty() => Side { value: None, ..side },
            _ => side,
        };
        Sides {
            base: strip(self.base),
            live: strip(self.live),
            want: strip(self.want),
            is_named_secret: self.is_named_secret,
        }
    }

    fn member(self, key: &str) -> Sides<'a> {
        Sides {
            base: self.base.member(key),
            live: self.live.member(key),
            want: self.want.member(key),
            ..self
        }
    }

    /// Whether the name of the member `key` makes that a secret.
    fn hides(self, kind: &str, path: &[Step], key: &str) -> bool {
        let hides =
            |side: Side<'_>| side.value.is_some_and(|value| names::hides(kind, path, value, key));
        self.all().into_iter().any(hides)
    }

    fn element(self, row: &Row) -> Sides<'a> {
        Sides {
            base: self.base.element(row.base),
            live: self.live.element(row.live),
            want: self.want.element(row.want),
            is_named_secret: self.is_named_secret,
        }
    }
}

/// One place where they differ.
pub(super) struct Difference<'a> {
    pub(super) path: Path,
    pub(super) sides: Sides<'a>,
}

/// All places where the sides of an instance of `kind` differ.
pub(super) fn differences<'a>(kind: &'a str, sides: Sides<'a>) -> Vec<Difference<'a>> {
    let mut walk = Walk { kind, path: Vec::new(), found: Vec::new() };
    walk.descend(sides);
    walk.found
}

/// The step to `key` below `path`; see [`Step`].
pub(super) fn step(kind: &str, path: &[Step], key: &str) -> Step {
    let is_in_object = matches!(path.first(), Some(Step::Name(first)) if holds_object(kind, first));
    let is_below_name = matches!(path.last(), Some(Step::Name(_)));
    if write::is_name(key) && (is_in_object || !is_below_name) {
        Step::Name(key.into())
    } else {
        Step::Key(key.into())
    }
}

struct Walk<'a> {
    kind: &'a str,
    path: Vec<Step>,
    found: Vec<Difference<'a>>,
}

impl<'a> Walk<'a> {
    fn descend(&mut self, sides: Sides<'a>) {
        if !sides.all_agree() {
            self.differ(sides);
        }
    }

    /// Tells what differs in or below `sides`, which do not all agree.
    fn differ(&mut self, sides: Sides<'a>) {
        let known = sides.all().map(Side::known);
        if self.is_open(&known) {
            self.members(sides, &known);
        } else if let [Some(Json::Array(base)), Some(Json::Array(live)), Some(Json::Array(want))] =
            known
        {
            if sides.live.agrees(sides.want) && same_members(base, live) {
                return self.tell(sides);
            }
            if [base, live, want].iter().any(|list| list.is_empty()) {
                return self.tell(sides.without_empty_lists());
            }
            for row in align(base, live, want) {
                self.path.push(Step::Index(row.shown));
                self.descend(sides.element(&row));
                self.path.pop();
            }
        } else {
            self.tell(sides.without_empty_lists());
        }
    }

    /// Whether the members are looked at one by one: all sides have some; or it is a map in which every key has an owner
    /// of its own.
    fn is_open(&self, known: &[Option<&Json>; 3]) -> bool {
        let is_map = |side: Option<&Json>| matches!(side, Some(Json::Object(_)));
        let has_owners =
            matches!(self.path.last(), Some(Step::Name(name)) if names::has_owners(name));
        known.iter().all(|side| is_map(*side))
            || (has_owners
                && known.iter().any(|side| is_map(*side) && !side.is_none_or(is_empty))
                && known.iter().all(|side| side.is_none() || is_map(*side)))
    }

    fn members(&mut self, sides: Sides<'a>, known: &[Option<&'a Json>; 3]) {
        let mut keys: Vec<&'a String> = Vec::new();
        for map in known.iter().filter_map(|side| side.and_then(Json::as_object)) {
            keys.extend(map.keys());
        }
        if let Some(Json::Object(unknown)) = sides.want.unknown {
            keys.extend(unknown.keys());
        }
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let below = sides.member(key);
            // Most members agree: whether they are secret, and what they are called, nobody asks.
            if below.all_agree() {
                continue;
            }
            let is_named_secret = sides.is_named_secret || sides.hides(self.kind, &self.path, key);
            self.path.push(step(self.kind, &self.path, key));
            self.differ(Sides { is_named_secret, ..below });
            self.path.pop();
        }
    }

    fn tell(&mut self, sides: Sides<'a>) {
        self.found.push(Difference { path: Path(self.path.clone()), sides });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    fn paths(base: &str, live: &str, want: &str, unknown: &str) -> Vec<String> {
        let (base, live, want, unknown) = (json(base), json(live), json(want), json(unknown));
        let sides = Sides {
            base: Side { value: Some(&base), ..Side::default() },
            live: Side { value: Some(&live), ..Side::default() },
            want: Side { value: Some(&want), unknown: Some(&unknown), mask: None },
            is_named_secret: false,
        };
        differences("a", sides).iter().map(|found| found.path.to_string()).collect()
    }

    fn between(base: &str, live: &str) -> Vec<String> {
        paths(base, live, live, "{}")
    }

    #[test]
    fn only_what_differs_is_told() {
        assert!(between(r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":1.0}]}"#).is_empty());
        assert_eq!(
            between(
                r#"{"spec":[{"replicas":1,"t":[{"x":1}]}]}"#,
                r#"{"spec":[{"replicas":2,"t":[{"x":3}]}]}"#
            ),
            ["spec[0].replicas", "spec[0].t[0].x"]
        );
    }

    #[test]
    fn what_appears_is_told_at_its_root() {
        assert_eq!(
            between(r#"{"s":[{"d":[]}]}"#, r#"{"s":[{"d":[{"o":[{"n":"a"},{"n":"b"}]}]}]}"#),
            ["s[0].d"]
        );
        assert_eq!(between(r#"{"s":null}"#, r#"{"s":[{"d":[]}]}"#), ["s"]);
        assert_eq!(between(r#"{"data":null}"#, r#"{"data":{"a":"1","b":"2"}}"#), ["data"]);
        // Every label may have another owner.
        assert_eq!(
            between(r#"{"m":[{"labels":null}]}"#, r#"{"m":[{"labels":{"a":"1","b/c":"2"}}]}"#),
            [r#"m[0].labels["a"]"#, r#"m[0].labels["b/c"]"#]
        );
    }

    #[test]
    fn what_is_inserted_does_not_shift_the_rest() {
        assert_eq!(between(r#"{"l":["a","b"]}"#, r#"{"l":["a","x","b"]}"#), ["l[1]"]);
        assert_eq!(
            between(
                r#"{"e":[{"name":"a","v":1},{"name":"b","v":2}]}"#,
                r#"{"e":[{"name":"z"},{"name":"a","v":1},{"name":"b","v":3}]}"#
            ),
            ["e[0]", "e[2].v"]
        );
    }

    #[test]
    fn order_alone_is_one_difference() {
        assert_eq!(between(r#"{"l":["a","b","c"]}"#, r#"{"l":["c","a","b"]}"#), ["l"]);
    }

    #[test]
    fn unknown_is_not_null() {
        assert_eq!(paths(r#"{"a":"x"}"#, r#"{"a":"x"}"#, "{}", r#"{"a":true}"#), ["a"]);
        assert_eq!(paths(r#"{"a":null}"#, r#"{"a":null}"#, "{}", "{}"), [""; 0]);
        assert_eq!(
            paths(
                r#"{"l":["x","y"]}"#,
                r#"{"l":["x","y"]}"#,
                r#"{"l":["x",null]}"#,
                r#"{"l":[false,true]}"#
            ),
            ["l[1]"]
        );
        // A shell around nothing.
        let shell = r#"{"s":[{"t":[{}]}]}"#;
        assert!(
            paths(
                r#"{"s":[{"t":[{"a":1}]}]}"#,
                r#"{"s":[{"t":[{"a":1}]}]}"#,
                r#"{"s":[{"t":[{"a":1}]}]}"#,
                shell
            )
            .is_empty()
        );
    }

    #[test]
    fn keys_of_maps_are_told_from_names() {
        let path = |text| Path::parse(text).unwrap().0;
        assert_eq!(step("a", &path("m[0].labels"), "tier"), Step::Key("tier".into()));
        assert_eq!(step("a", &path("m[0]"), "labels"), Step::Name("labels".into()));
        assert_eq!(step("a", &path("m[0]"), "a/b"), Step::Key("a/b".into()));
        assert_eq!(step("a", &path("timeouts"), "create"), Step::Name("create".into()));
        assert_eq!(
            step("kubernetes_manifest", &path("manifest.spec"), "replicas"),
            Step::Name("replicas".into())
        );
    }
}
