//! Looks at values that are still text, so that what does not matter in them is never made into a value: most instances of a
//! plan do not change, and most of what they hold the code does not say.
//!
//! Invariant: an answer is the one that the parsed value would give; in doubt the answer is "no", and the value is parsed.

use super::classify::means_the_same;
use super::configuration::{Said, attribute};
use super::names;
use super::split::{Broken, elements, members};
use crate::drift::shown::Json;

/// Whether `live` has all the literals of the block `said`, each in its place, and no label that the code does not write.
pub(super) fn fits(said: &Json, live: &[u8]) -> bool {
    blocks(said, live).unwrap_or(false)
}

fn blocks(said: &Json, live: &[u8]) -> Result<bool, Broken> {
    let Json::Object(said) = said else { return Ok(false) };
    let mut missing = said.len();
    for member in members(live) {
        let (key, live) = member?;
        let Some((key, said)) = name(key).and_then(|key| said.get_key_value(key)) else { continue };
        if !self::member(key, said, live)? {
            return Ok(false);
        }
        missing -= 1;
        if missing == 0 {
            return Ok(true);
        }
    }
    Ok(missing == 0)
}

fn member(key: &str, said: &Json, live: &[u8]) -> Result<bool, Broken> {
    match (attribute(said), said) {
        (Some(Said::Literal(Json::Object(written))), _) if names::has_owners(key) => {
            let mut count = 0;
            for member in members(live) {
                let (key, live) = member?;
                count += 1;
                let written = name(key).and_then(|key| written.get(key));
                if !written.is_some_and(|written| means(written, live)) {
                    return Ok(false);
                }
            }
            Ok(count == written.len())
        }
        (Some(Said::Literal(written)), _) => Ok(means(written, live)),
        (Some(_), _) => Ok(true),
        (None, Json::Array(said)) => {
            let mut said = said.iter();
            for live in elements(live) {
                let live = live?;
                if !said.next().is_some_and(|said| fits(said, live)) {
                    return Ok(false);
                }
            }
            Ok(said.len() == 0)
        }
        (None, said) => blocks(said, live),
    }
}

/// The name between the quotes of a key, where nothing in it is escaped.
fn name(key: &[u8]) -> Option<&str> {
    let inner = key.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    std::str::from_utf8(inner).ok().filter(|name| !name.contains('\\'))
}

fn means(written: &Json, live: &[u8]) -> bool {
    if let (Json::String(written), Some(live)) = (written, name(live))
        && written == live
    {
        return true;
    }
    match serde_json::from_slice::<Json>(live) {
        // Of maps only what is written counts, as where they are compared one by one.
        Ok(live) if !written.is_object() => means_the_same(written, &live),
        Ok(live) => super::equal::same(written, &live),
        Err(_) => false,
    }
}

/// Calls `f` with every value in `text` that `mask` marks, and with the key that it stands under.
pub(super) fn marked(
    text: &[u8],
    mask: &Json,
    f: &mut impl FnMut(Option<&str>, Json),
) -> Result<(), Broken> {
    match mask {
        Json::Bool(true) => whole(None, text, f),
        Json::Array(marks) => {
            for (element, mark) in elements(text).zip(marks) {
                let element = element?;
                if has_mark(mark) {
                    marked(element, mark, f)?;
                }
            }
            Ok(())
        }
        Json::Object(marks) => {
            for member in members(text) {
                let (key, value) = member?;
                let Some((key, mark)) = name(key).and_then(|key| marks.get_key_value(key)) else {
                    continue;
                };
                match mark {
                    Json::Bool(true) => whole(Some(key), value, f)?,
                    mark if has_mark(mark) => marked(value, mark, f)?,
                    _ => {}
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn has_mark(mark: &Json) -> bool {
    super::tree::has_true(mark)
}

fn whole(
    key: Option<&str>,
    text: &[u8],
    f: &mut impl FnMut(Option<&str>, Json),
) -> Result<(), Broken> {
    f(key, serde_json::from_slice(text).map_err(|_| Broken::Syntax(0))?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_fits_at_a_glance_has_no_difference() {
        let said = json(
            r#"{"n":{"constant_value":1},"r":{"references":["var.r"]},"m":[{"labels":{"constant_value":{"a":"b"}},"t":{"constant_value":"x\"y"}}]}"#,
        );
        for live in [
            r#"{"n":1,"r":2,"other":{},"m":[{"labels":{"a":"b"},"t":"x\"y","u":[]}]}"#,
            r#"{"m":[{"t":"x\u0022y","labels":{"a":"b"}}],"r":null,"n":"1"}"#,
        ] {
            assert!(fits(&said, live.as_bytes()), "{live}");
        }
        for live in [
            r#"{"n":2,"r":2,"m":[{"labels":{"a":"b"},"t":"x\"y"}]}"#,
            r#"{"r":2,"m":[{"labels":{"a":"b"},"t":"x\"y"}]}"#,
            r#"{"n":1,"r":2,"m":[{"labels":{"a":"b","c":"d"},"t":"x\"y"}]}"#,
            r#"{"n":1,"r":2,"m":[{"labels":{},"t":"x\"y"}]}"#,
            r#"{"n":1,"r":2,"m":[]}"#,
            r#"{"n":1,"r":2,"m":[{"labels":{"a":"b"},"t":"x\"y"},{}]}"#,
            r#"{"n":1,"r":2"#,
            "null",
        ] {
            assert!(!fits(&said, live.as_bytes()), "{live}");
        }
    }

    #[test]
    fn what_is_marked_is_picked() {
        let text = r#"{"a":[{"p":"1"},{"p":"2","q":{"r":3}}],"b":"4","c":"5"}"#;
        let mask = json(r#"{"a":[{},{"p":true,"q":{"r":true}}],"b":true,"c":false,"d":true}"#);
        let mut found = Vec::new();
        marked(text.as_bytes(), &mask, &mut |key, value| found.push(format!("{key:?} {value}")))
            .unwrap();
        assert_eq!(found, [r#"Some("p") "2""#, r#"Some("r") 3"#, r#"Some("b") "4""#]);
        assert!(marked(b"{", &mask, &mut |_, _| {}).is_err());
    }
}
