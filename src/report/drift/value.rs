//! How the values of a difference are written.
//!
//! Invariant: what [`Shown`] hides is never looked at; whatever is written is harmless on a terminal.

use std::fmt::Write;

use super::super::harmless;
use crate::drift::{Class, Finding, STALE_CHECKOUT, Shown};

/// One side of a difference, with what it is called.
pub(super) type Side<'a> = (&'static str, &'a Shown);

/// What was last applied.
pub(super) const APPLIED: &str = "last applied";
/// What runs.
pub(super) const RUNNING: &str = "running";
/// What the code says.
pub(super) const WANTED: &str = "code";
/// What the code of another checkout said.
const PLANNED: &str = "planned";

/// The sides of `finding` that matter, from what is to what would be.
pub(super) fn sides(finding: &Finding) -> Vec<Side<'_>> {
    let Finding { base, live, want, .. } = finding;
    // The code that is here says what runs: the plan had another.
    let is_stale = finding.cause.actor.as_deref() == Some(STALE_CHECKOUT);
    let wanted = if is_stale { PLANNED } else { WANTED };
    match finding.class {
        // What the state has already differs from the code alone.
        Class::Masked if base != live || base.hides() => vec![(APPLIED, base), (RUNNING, live)],
        Class::Conflict => vec![(APPLIED, base), (RUNNING, live), (wanted, want)],
        _ => vec![(RUNNING, live), (wanted, want)],
    }
}

/// `shown` on one line of at most `limit` characters.
pub(in crate::report) fn brief(shown: &Shown, limit: usize) -> String {
    let text = match shown {
        Shown::Absent => "(none)".to_owned(),
        Shown::Unknown => "(known after apply)".to_owned(),
        Shown::Hidden => Shown::MASK.to_owned(),
        // A value is plain JSON, so writing it cannot fail.
        Shown::Value(value) => serde_json::to_string(value).unwrap_or_default(),
    };
    cut(&harmless(&text), limit)
}

/// `shown` as JSON over several lines, as long as it is.
pub(super) fn whole(shown: &Shown) -> String {
    match shown {
        Shown::Value(value @ (serde_json::Value::Array(_) | serde_json::Value::Object(_))) => {
            serde_json::to_string_pretty(value).unwrap_or_default()
        }
        Shown::Value(serde_json::Value::String(text)) if text.contains('\n') => text.clone(),
        shown => brief(shown, usize::MAX),
    }
}

/// The first `limit` characters of `text`, and how many there are where that is not all.
pub(super) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => {
            let mut out = text[..end].to_owned();
            let _ = write!(out, "… ({} characters)", text.chars().count());
            out
        }
    }
}

/// `running "1", code "2"`: what the difference of `finding` is, on one line.
pub(super) fn difference(finding: &Finding, limit: usize) -> String {
    let sides = sides(finding);
    let parts = sides.iter().map(|(name, shown)| format!("{name} {}", brief(shown, limit)));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drift::{Action, Address, Cause};

    #[test]
    fn a_value_is_written_on_one_line_and_cut() {
        let text = Shown::Value(json!("a\nb\u{1b}[31m"));
        assert_eq!(brief(&text, 99), "\"a\\nb\\u001b[31m\"");
        assert_eq!(brief(&Shown::Value(json!("ääää")), 3), "\"ää… (6 characters)");
        assert_eq!(brief(&Shown::Value(json!({"b": 1, "a": [null]})), 99), r#"{"a":[null],"b":1}"#);
        assert_eq!(brief(&Shown::Hidden, 99), "(sensitive)");
        let long: Shown = Shown::Value(serde_json::from_str("12345678901234567890123").unwrap());
        assert_eq!(brief(&long, 99), "12345678901234567890123");
    }

    #[test]
    fn the_sides_that_differ_are_told() {
        let told = |class, actor: Option<&str>, [base, live, want]: [&str; 3]| {
            let mut cause = Cause::unknown();
            cause.actor = actor.map(Into::into);
            let [base, live, want] = [base, live, want].map(|it| Shown::Value(json!(it)));
            let finding = Finding {
                stack: 0,
                address: Address::parse("a.b").unwrap(),
                deposed: None,
                action: Action::Update,
                reason: None,
                class,
                path: None,
                base,
                live,
                want,
                forces_replacement: false,
                dangers: Vec::new(),
                cause,
                place: None,
                fix: None,
                advice: String::new(),
                fingerprint: String::new(),
                seen: None,
            };
            difference(&finding, 99)
        };
        let masked = |sides| told(Class::Masked, None, sides);
        assert_eq!(masked(["a", "b", "a"]), r#"last applied "a", running "b""#);
        assert_eq!(masked(["b", "b", "a"]), r#"running "b", code "a""#);
        let unapplied = |actor| told(Class::Unapplied, actor, ["b", "b", "a"]);
        assert_eq!(unapplied(None), r#"running "b", code "a""#);
        assert_eq!(unapplied(Some(STALE_CHECKOUT)), r#"running "b", planned "a""#);
    }

    #[test]
    fn what_has_lines_keeps_them() {
        assert_eq!(whole(&Shown::Value(json!("a\nb"))), "a\nb");
        assert_eq!(whole(&Shown::Value(json!([1]))), "[\n  1\n]");
        assert_eq!(whole(&Shown::Absent), "(none)");
    }
}
