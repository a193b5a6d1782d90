//! What kind of difference one attribute shows: the three-way rule.
//!
//! Invariant: what is unknown to the plan is never called a removal, and what only looks different is noise.

use super::configuration::{Expressions, Said};
use super::equal::{equivalent, same_members};
use super::names;
use super::tree::{Difference, Side, Sides};
use crate::drift::change::Class;
use crate::drift::path::{Path, Step};
use crate::drift::shown::Json;

/// What is known of the instance.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) expressions: Option<&'a Expressions>,
    /// When the plan was made, as `plantimestamp()` gives it.
    pub(super) timestamp: Option<&'a str>,
}

/// What a difference is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// A difference of this class.
    Class(Class),
    /// It is computed anew because something else changes.
    Consequence,
}

/// Judges one difference.
pub(super) fn verdict(difference: &Difference<'_>, setting: Setting<'_>) -> Verdict {
    let Difference { path, sides } = difference;
    let Sides { base, live, want, .. } = *sides;
    let is_written = setting.expressions.map(|expressions| expressions.at(path) != Said::Nothing);
    if names::is_stamp(path) && is_written != Some(true) {
        return Verdict::Class(Class::Noise);
    }
    let has_moved = !base.is_like(live);
    let is_planned = !live.is_like(want);
    Verdict::Class(match (has_moved, is_planned) {
        (false, false) => Class::Noise,
        (true, false) if is_order_alone(base, live) => Class::Noise,
        (true, false) => Class::Masked,
        (false, true) if is_perpetual(path, want, setting) => Class::Perpetual,
        (false, true) if want.is_unknown() && is_written != Some(true) => {
            return Verdict::Consequence;
        }
        (false, true) => Class::Unapplied,
        (true, true) if want.is_unknown() && is_written != Some(true) => Class::Masked,
        (true, true) if want.is_like(base) => Class::OutOfBand,
        (true, true) => Class::Conflict,
    })
}

fn is_order_alone(base: Side<'_>, live: Side<'_>) -> bool {
    match (base.known(), live.known()) {
        (Some(Json::Array(base)), Some(Json::Array(live))) => same_members(base, live),
        _ => false,
    }
}

/// Whether the code asks for another value on every run: what comes of a call without references is unknown only if the call
/// is one of `timestamp()`, `uuid()`, `bcrypt()`; `plantimestamp()` is known, and the time of the plan.
fn is_perpetual(path: &Path, want: Side<'_>, setting: Setting<'_>) -> bool {
    if !want.is_unknown() {
        let is_now = |time: &str| want.known().and_then(Json::as_str) == Some(time);
        return setting.timestamp.is_some_and(is_now);
    }
    let Some(expressions) = setting.expressions else { return false };
    match expressions.at(path) {
        Said::Call => true,
        Said::References(references) => expressions.are_always_known(references),
        _ => false,
    }
}

/// What the code says at `path`, where an apply would leave what runs.
pub(super) fn written<'a>(path: &Path, expressions: Option<&'a Expressions>) -> Written<'a> {
    match expressions.map(|expressions| expressions.at(path)) {
        Some(Said::Nothing) => Written::Nothing,
        Some(Said::Literal(value)) => Written::Literal(value),
        _ => Written::Something,
    }
}

/// See [`written`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    /// Nothing.
    Nothing,
    /// This.
    Literal(&'a Json),
    /// Something that the plan does not tell.
    Something,
}

/// Whether `path` is, or is a part of, or has a part that is one of `paths`, in the steps of a plan.
pub(super) fn forces_replacement(path: &Path, paths: &[Vec<Json>]) -> bool {
    paths.iter().any(|steps| {
        !steps.is_empty()
            && path.0.iter().zip(steps).all(|(step, json)| match (step, json) {
                (Step::Name(text) | Step::Key(text), Json::String(json)) => text == json,
                (Step::Index(index), Json::Number(json)) => {
                    json.as_u64() == Some(u64::from(*index))
                }
                _ => false,
            })
    })
}

/// Whether what the code writes and what runs are the same, as far as anybody cares.
pub(in crate::drift) fn means_the_same(written: &Json, live: &Json) -> bool {
    if equivalent(Some(written), Some(live)) {
        return true;
    }
    let (Some(a), Some(b)) = (scalar(written), scalar(live)) else { return false };
    let (a, b) = (a.trim(), b.trim());
    let seconds = |text: &str| crate::syntax::duration::seconds(text);
    let is_same = |a: Option<f64>, b: Option<f64>| {
        // Exact: both come from the same arithmetic on what is written.
        a.zip(b).is_some_and(|(a, b)| a.to_bits() == b.to_bits())
    };
    a == b
        || is_same(crate::rule::quantity(a), crate::rule::quantity(b))
        || is_same(seconds(a), seconds(b))
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_force_replacement() {
        let paths: Vec<Vec<Json>> =
            serde_json::from_str(r#"[["spec",0,"template"],["n"]]"#).unwrap();
        let forces = |text| forces_replacement(&Path::parse(text).unwrap(), &paths);
        assert!(forces("spec[0].template[0].x") && forces("spec[0]") && forces("n[\"k\"]"));
        assert!(!forces("spec[1].template") && !forces("m") && !forces("spec[0].replicas"));
    }

    #[test]
    fn literals_as_providers_write_them() {
        let means = |a: &str, b: &str| {
            means_the_same(&serde_json::from_str(a).unwrap(), &serde_json::from_str(b).unwrap())
        };
        assert!(
            means("1", "\"1\"") && means("\"1000m\"", "\"1\"") && means("\"90m\"", "\"1h30m0s\"")
        );
        assert!(
            means("\"a\\n\"", "\"a\"") && means("\"1Gi\"", "\"1024Mi\"") && means("[]", "null")
        );
        assert!(
            !means("\"1.2.3\"", "\"1.2.4\"") && !means("\"a\"", "\"b\"") && !means("1", "null")
        );
    }
}
