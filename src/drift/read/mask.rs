//! The last step before a value becomes part of a measurement: what is marked, named or known as a secret is taken out.
//!
//! Invariant: every value of a [`Measured`](crate::drift::Measured) that comes from a plan or state has been through here.

use super::names;
use super::secrets::{Filter, Secrets};
use super::tree::{Side, Sides, has_true, is_true};
use crate::drift::path::{Path, Step};
use crate::drift::shown::{Json, Shown};
use crate::syntax::is_secret_flag;

/// Longer texts are cut in the object that is kept for causes; an attribute that differs is kept whole.
const LONGEST: usize = 1024;

/// What is known of the secrets of one plan.
#[derive(Debug, Default)]
pub(super) struct Masks {
    filter: Filter,
}

impl Masks {
    pub(super) fn new(secrets: Secrets) -> Self {
        Masks { filter: secrets.filter() }
    }

    /// A text without the secrets in it.
    pub(super) fn text(&self, text: &str) -> String {
        self.filter.text(text).into_owned()
    }

    /// A path without the secrets in its keys.
    pub(super) fn path(&self, path: &Path) -> Path {
        let cleaned = path.0.iter().map(|step| match step {
            Step::Key(key) => Step::Key(self.filter.text(key).as_ref().into()),
            step => step.clone(),
        });
        Path(cleaned.collect())
    }

    /// One of the `sides` at `path`, fit to be shown. What one side hides the others hide too.
    pub(super) fn shown(&self, kind: &str, path: &Path, sides: Sides<'_>, side: Side<'_>) -> Shown {
        if side.is_unknown() {
            return Shown::Unknown;
        }
        let Some(value) = side.known() else { return Shown::Absent };
        if sides.is_secret() {
            return Shown::Hidden;
        }
        let mut steps = path.0.clone();
        let marks = [sides.base.mask, sides.live.mask, sides.want.mask];
        let others: Vec<&Json> = sides.all().iter().filter_map(|side| side.known()).collect();
        let cleaned = self.cleaned(kind, &mut steps, value, (&marks, &others));
        if cleaned == Shown::MASK { Shown::Hidden } else { Shown::Value(cleaned) }
    }

    /// A whole object, fit to be kept.
    pub(super) fn object(&self, kind: &str, side: Side<'_>) -> Json {
        let mut cleaned = self.whole(kind, side);
        shorten(&mut cleaned);
        cleaned
    }

    /// The same with all of its texts.
    pub(super) fn whole(&self, kind: &str, side: Side<'_>) -> Json {
        let value = side.known();
        value.map_or(Json::Null, |value| {
            self.cleaned(kind, &mut Vec::new(), value, (&[side.mask], &[]))
        })
    }

    /// An output, fit to be shown: what it is on one `side`, beside what it is on the `other`.
    pub(super) fn output(
        &self,
        name: &str,
        side: Side<'_>,
        other: Side<'_>,
        is_secret: bool,
    ) -> Shown {
        let is_named_secret = is_secret || crate::syntax::names_a_secret(name);
        let sides = Sides { live: side, want: other, is_named_secret, ..Sides::default() };
        self.shown("", &Path::default(), sides, side)
    }

    fn cleaned(
        &self,
        kind: &str,
        path: &mut Vec<Step>,
        value: &Json,
        (marks, others): (&[Option<&Json>], &[&Json]),
    ) -> Json {
        if value.is_null() {
            return Json::Null;
        }
        if marks.iter().any(|marks| is_true(*marks)) {
            return Shown::MASK.into();
        }
        match value {
            Json::Array(list) => {
                path.push(Step::Index(0));
                // Elements may stand elsewhere on another side: a mark on any of them is one on all.
                let below = elements(marks);
                let mut cleaned = Vec::with_capacity(list.len());
                let mut is_next = false;
                for (at, element) in list.iter().enumerate() {
                    let others: Vec<&Json> =
                        others.iter().filter_map(|other| other.get(at)).collect();
                    cleaned.push(if is_next && !element.is_null() {
                        Shown::MASK.into()
                    } else {
                        self.cleaned(kind, path, element, (&below, &others))
                    });
                    is_next = element.as_str().is_some_and(is_secret_flag);
                }
                path.pop();
                Json::Array(cleaned)
            }
            Json::Object(map) => {
                let mut cleaned = serde_json::Map::new();
                for (key, member) in map {
                    let shown = if !member.is_null() && names::hides(kind, path, value, key) {
                        Shown::MASK.into()
                    } else {
                        let below = marks.iter().filter_map(|marks| (*marks)?.get(key));
                        let below: Vec<Option<&Json>> = below.map(Some).collect();
                        path.push(Step::Name(key.into()));
                        let others: Vec<&Json> =
                            others.iter().filter_map(|other| other.get(key)).collect();
                        let shown = self.cleaned(kind, path, member, (&below, &others));
                        path.pop();
                        shown
                    };
                    cleaned.insert(self.text(key), shown);
                }
                Json::Object(cleaned)
            }
            _ => {
                // Where a secret stands on one side, another one may stand on the others.
                let knows = |value: &Json| self.filter.knows(value);
                if !knows(value) && others.iter().any(|other| knows(other)) {
                    return Shown::MASK.into();
                }
                let mut cleaned = value.clone();
                self.filter.clean(&mut cleaned);
                cleaned
            }
        }
    }
}

/// The marks of all elements of lists.
fn elements<'a>(marks: &[Option<&'a Json>]) -> Vec<Option<&'a Json>> {
    let lists = marks.iter().filter_map(|marks| marks.and_then(Json::as_array));
    lists.flatten().filter(|marks| has_true(marks)).map(Some).collect()
}

/// Cuts long texts.
fn shorten(value: &mut Json) {
    match value {
        Json::String(text) if text.len() > LONGEST => {
            let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
            text.truncate(end);
            text.push('…');
        }
        Json::Array(list) => list.iter_mut().for_each(shorten),
        Json::Object(map) => map.values_mut().for_each(shorten),
        _ => {}
    }
}

/// Whether names on the way to `path` in `object` make it a secret.
pub(super) fn names_hide(kind: &str, object: &Json, path: &Path) -> bool {
    let mut node = object;
    for (at, step) in path.0.iter().enumerate() {
        let next = match step {
            Step::Name(key) | Step::Key(key) => {
                if names::hides(kind, &path.0[..at], node, key) {
                    return true;
                }
                node.get(key.as_str())
            }
            Step::Index(index) => node.get(*index as usize),
        };
        let Some(next) = next else {
            return step.text().is_some_and(crate::syntax::names_a_secret);
        };
        node = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn marks_of_every_side_hide() {
        let masks = Masks::default();
        let (value, mask) = (json(r#"{"a":[{"p":"x","q":"y"}]}"#), json(r#"{"a":[{"p":true}]}"#));
        let plain = Side { value: Some(&value), ..Side::default() };
        let marked = Side { mask: Some(&mask), ..plain };
        let sides = Sides { base: marked, live: plain, want: plain, is_named_secret: false };
        let shown = masks.shown("k", &Path::default(), sides, sides.live);
        assert_eq!(shown, Shown::Value(json(r#"{"a":[{"p":"(sensitive)","q":"y"}]}"#)));
        let whole = json("true");
        let sides = Sides { base: Side { mask: Some(&whole), ..plain }, ..sides };
        assert_eq!(masks.shown("k", &Path::default(), sides, sides.live), Shown::Hidden);
        assert_eq!(masks.shown("k", &Path::default(), sides, Side::default()), Shown::Absent);
    }

    #[test]
    fn beside_a_known_secret_stands_another_one() {
        let mut secrets = Secrets::default();
        secrets.add(&json("\"new-hunter2\""));
        let masks = Masks::new(secrets);
        let (old, new) =
            (json(r#"{"a":"x old-hunter2","b":"y"}"#), json(r#"{"a":"x new-hunter2","b":"z"}"#));
        let [base, want] = [&old, &new].map(|it| Side { value: Some(it), ..Side::default() });
        let sides = Sides { base, live: base, want, is_named_secret: false };
        let shown = |side| masks.shown("k", &Path::default(), sides, side);
        assert_eq!(shown(base), Shown::Value(json(r#"{"a":"(sensitive)","b":"y"}"#)));
        assert_eq!(shown(want), Shown::Value(json(r#"{"a":"x (sensitive)","b":"z"}"#)));
        assert_eq!(masks.output("o", base, want, false), shown(base));
    }

    #[test]
    fn objects_are_kept_without_secrets_and_without_long_texts() {
        let mut secrets = Secrets::default();
        secrets.add(&json("\"s3cr3t\""));
        let masks = Masks::new(secrets);
        let value = json(&format!(
            r#"{{"password":"x","n":null,"url":"http://h/?k=s3cr3t","long":"{}","k/s3cr3t":1}}"#,
            "é".repeat(2000)
        ));
        let object = masks.object("k", Side { value: Some(&value), ..Side::default() });
        assert_eq!(object["password"], Shown::MASK);
        assert_eq!(object["url"], "http://h/?k=(sensitive)");
        assert_eq!(object["k/(sensitive)"], 1);
        assert!(object["long"].as_str().unwrap().len() < 1100);
    }

    #[test]
    fn names_on_the_way() {
        let object =
            json(r#"{"env":[{"name":"DB_PASSWORD","value":"x"},{"name":"A","value":"y"}]}"#);
        let hides = |text| names_hide("k", &object, &Path::parse(text).unwrap());
        assert!(hides("env[0].value") && !hides("env[1].value") && hides("api_key"));
    }
}
