//! Looks at values that are still text, so that what does not matter in them is never made into a value: most instances of a
//! plan do not change, and most of what they hold the code does not say.
//!
//! Invariant: an answer is the one that the parsed value would give; in doubt the answer is "no", and the value is parsed.

use super::classify::means_the_same;
use super::cursor::Cursor;
use super::equal::same;
use super::split::Broken;
use super::tree::has_true;
use crate::drift::shown::Json;

/// Whether `live` has all the literals of the block `said` (its expressions, as text), each in its place, and no key of a map
/// that is not written. Both have their keys in order, as Terraform writes them.
pub(super) fn fits(said: &[u8], live: &[u8]) -> bool {
    block(&mut Cursor::new(said), &mut Cursor::new(live)).unwrap_or(false)
}

/// What is not certain is `false`, and then nothing is read on.
fn block(said: &mut Cursor<'_>, live: &mut Cursor<'_>) -> Result<bool, Broken> {
    if !said.enter(b'{')? || !live.enter(b'{')? {
        return Ok(false);
    }
    while let Some(key) = said.key()? {
        loop {
            match live.key()? {
                None => return Ok(false),
                Some(other) if other == key => break,
                Some(_) => drop(live.value()?),
            }
        }
        if !member(said, live)? {
            return Ok(false);
        }
    }
    live.leave()?;
    Ok(true)
}

fn member(said: &mut Cursor<'_>, live: &mut Cursor<'_>) -> Result<bool, Broken> {
    if said.peek()? == b'[' {
        return blocks(said, live);
    }
    let mut inside = *said;
    if !inside.enter(b'{')? {
        return Ok(false);
    }
    match inside.key()? {
        // A call, or references.
        None | Some(b"references") => {
            said.value()?;
            live.value()?;
            Ok(true)
        }
        Some(b"constant_value") => {
            let written = inside.value()?;
            said.value()?;
            Ok(means(written, live.value()?))
        }
        Some(_) => block(said, live),
    }
}

fn blocks(said: &mut Cursor<'_>, live: &mut Cursor<'_>) -> Result<bool, Broken> {
    if !said.enter(b'[')? || !live.enter(b'[')? {
        return Ok(false);
    }
    while said.has_element()? {
        if !live.has_element()? || !block(said, live)? {
            return Ok(false);
        }
    }
    Ok(!live.has_element()?)
}

fn means(written: &[u8], live: &[u8]) -> bool {
    if written == live {
        return true;
    }
    let parsed = |text| serde_json::from_slice::<Json>(text);
    match (parsed(written), parsed(live)) {
        // A map may have more keys than are written.
        (Ok(written @ Json::Object(_)), Ok(live)) => same(&written, &live),
        (Ok(written), Ok(live)) => means_the_same(&written, &live),
        _ => false,
    }
}

/// Calls `f` with every value in `text` that `mask` marks, and with the key that it stands under.
pub(super) fn marked(
    text: &[u8],
    mask: &Json,
    f: &mut impl FnMut(Option<&str>, Json),
) -> Result<(), Broken> {
    pick(&mut Cursor::new(text), mask, None, f)
}

/// Takes the value at `cursor`, and calls `f` with what is marked in it.
fn pick(
    cursor: &mut Cursor<'_>,
    mask: &Json,
    key: Option<&str>,
    f: &mut impl FnMut(Option<&str>, Json),
) -> Result<(), Broken> {
    match (mask, cursor.peek()?) {
        (Json::Bool(true), _) => {
            let value = serde_json::from_slice(cursor.value()?).map_err(|_| Broken::Syntax(0))?;
            f(key, value);
            Ok(())
        }
        (Json::Array(marks), b'[') if has_true(mask) => {
            let mut marks = marks.iter();
            cursor.each_element(|cursor| pick(cursor, marks.next().unwrap_or(&Json::Null), None, f))
        }
        (Json::Object(marks), b'{') if has_true(mask) => cursor.each_member(|key, cursor| {
            let key = std::str::from_utf8(key).unwrap_or_default();
            pick(cursor, marks.get(key).unwrap_or(&Json::Null), Some(key), f)
        }),
        _ => cursor.value().map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_fits_at_a_glance_has_no_difference() {
        let said = br#"{"m":[{"labels":{"constant_value":{"a":"b"}},"t":{"constant_value":"x\"y"}}],"n":{"constant_value":1},"o":{"p":{"constant_value":[]}},"r":{"references":["var.r"]},"s":{}}"#;
        for live in [
            r#"{"a":{},"m":[{"labels":{"a":"b"},"t":"x\"y","u":[]}],"n":1,"o":{"p":null},"r":2,"s":[{}]}"#,
            r#"{"m":[{"labels":{ "a":"b" },"t":"x\u0022y"}],"n":"1","o":{"p":[],"q":1},"r":null,"s":0,"z":{}}"#,
        ] {
            assert!(fits(said, live.as_bytes()), "{live}");
        }
        let fitting = r#"{"m":[{"labels":{"a":"b"},"t":"x\"y"}],"n":1,"o":{"p":null},"r":2,"s":3}"#;
        assert!(fits(said, fitting.as_bytes()));
        for (part, other) in [
            (r#""n":1"#, r#""n":2"#),
            (r#""n":1,"#, ""),
            (r#"{"a":"b"}"#, r#"{"a":"b","c":"d"}"#),
            (r#"{"a":"b"}"#, "{}"),
            (r#"[{"labels":{"a":"b"},"t":"x\"y"}]"#, "[]"),
            (r#""t":"x\"y"}]"#, r#""t":"x\"y"},{}]"#),
            (r#"{"p":null}"#, r#"{"p":[1]}"#),
            (r#""s":3}"#, r#""s":3"#),
        ] {
            let live = fitting.replace(part, other);
            assert_ne!(live, fitting);
            assert!(!fits(said, live.as_bytes()), "{live}");
        }
        assert!(!fits(said, b"null"));
        // Out of order, nothing is certain.
        assert!(!fits(br#"{"b":{},"a":{}}"#, br#"{"a":1,"b":2}"#));
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
