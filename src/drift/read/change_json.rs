//! One element of `resource_changes`, `resource_drift` or `output_changes`, as a plan writes it.
//!
//! Invariant: nothing that is missing, or that this version does not know, is an error; what has another shape than it
//! must have is.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use smol_str::SmolStr;

use super::cursor::Cursor;
use super::parsed::Parsed;
use super::split::Broken;
use crate::drift::change::Action;
use crate::drift::shown::Json;

/// Why an element cannot be used. What the parser says is left out: it may quote a value.
#[derive(Debug)]
pub(super) struct Unusable;

impl From<Broken> for Unusable {
    fn from(_: Broken) -> Self {
        Unusable
    }
}

impl From<serde_json::Error> for Unusable {
    fn from(_: serde_json::Error) -> Self {
        Unusable
    }
}

/// An element whose values are still text.
#[derive(Default)]
pub(super) struct Element<'a> {
    pub(super) address: String,
    pub(super) previous: Option<String>,
    pub(super) deposed: Option<SmolStr>,
    pub(super) reason: Option<SmolStr>,
    pub(super) is_data: bool,
    /// Whether it is opened for a plan or an apply, and is in no state.
    pub(super) is_ephemeral: bool,
    pub(super) actions: Actions,
    pub(super) importing: Option<Importing>,
    before: Option<&'a [u8]>,
    after: Option<&'a [u8]>,
    after_unknown: Option<&'a [u8]>,
    before_sensitive: Option<&'a [u8]>,
    after_sensitive: Option<&'a [u8]>,
    replace_paths: Option<&'a [u8]>,
}

/// That it is taken into the state.
#[derive(Clone, Debug)]
pub(super) struct Importing {
    /// By which id; newer imports may have an identity of several parts instead, which is told as JSON.
    pub(super) id: Option<String>,
}

/// What an apply would do, in the words of the plan.
#[derive(Default)]
pub(super) struct Actions(Vec<SmolStr>);

impl Actions {
    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|action| action == name)
    }

    /// The same as one word. Combinations that nobody has seen yet are searched for what destroys; where nothing is said, it is
    /// not known.
    pub(super) fn action(&self) -> Action {
        let words: Vec<&str> = self.0.iter().map(SmolStr::as_str).collect();
        match words.as_slice() {
            ["no-op"] => Action::NoOp,
            ["read"] => Action::Read,
            ["create"] => Action::Create,
            ["update"] => Action::Update,
            ["delete"] => Action::Delete,
            ["forget"] => Action::Forget,
            ["create", "forget"] => Action::CreateThenForget,
            ["create", "delete"] => Action::CreateThenDelete,
            ["delete", "create"] => Action::DeleteThenCreate,
            _ if self.has("delete") && !self.has("create") => Action::Delete,
            _ => Action::Other,
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unusable> {
    Ok(serde_json::from_slice(bytes)?)
}

impl<'a> Element<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Unusable> {
        let mut element = Element::default();
        Cursor::new(bytes).each_member(|key, cursor| {
            match key {
                b"change" => return element.change(cursor),
                b"address" => element.address = parse(cursor.value()?)?,
                b"previous_address" => element.previous = parse(cursor.value()?)?,
                b"deposed" => element.deposed = parse(cursor.value()?)?,
                b"action_reason" => element.reason = parse(cursor.value()?)?,
                b"mode" => {
                    let mode = cursor.value()?;
                    element.is_data = mode == b"\"data\"";
                    element.is_ephemeral = mode == b"\"ephemeral\"";
                }
                _ => drop(cursor.value()?),
            }
            Ok(())
        })?;
        // What is about nothing may stand for anything.
        if element.address.is_empty() { Err(Unusable) } else { Ok(element) }
    }

    /// What stands under `change`; for an output all there is.
    pub(super) fn change(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Unusable> {
        cursor.each_member(|key, cursor| {
            let value = cursor.value()?;
            match key {
                b"actions" => self.actions = Actions(parse(value)?),
                b"before" => self.before = Some(value),
                b"after" => self.after = Some(value),
                b"after_unknown" => self.after_unknown = Some(value),
                b"before_sensitive" => self.before_sensitive = Some(value),
                b"after_sensitive" => self.after_sensitive = Some(value),
                b"replace_paths" => self.replace_paths = Some(value),
                b"importing" => {
                    let importing: Json = parse(value)?;
                    if !importing.is_null() {
                        let id = importing.get("id").and_then(Json::as_str).map(str::to_owned);
                        let identity = || Some(importing.get("identity")?.to_string());
                        self.importing = Some(Importing { id: id.or_else(identity) });
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }

    /// Whether nothing happens to it, nor to its address.
    pub(super) fn is_quiet(&self) -> bool {
        self.actions.action() == Action::NoOp && self.previous.is_none() && self.importing.is_none()
    }

    /// What there is before an apply, as text, with its mask.
    pub(super) fn raw_before(&self) -> (&'a [u8], Option<&'a [u8]>) {
        (self.before.unwrap_or(b"null"), self.before_sensitive)
    }

    /// Its values; those that are `known` are shared.
    pub(super) fn values(&self, known: &mut Parsed) -> Result<Values, Unusable> {
        let mut json = |bytes: Option<&[u8]>| known.value(bytes.unwrap_or(b"null"));
        let list = |bytes: Option<&[u8]>| bytes.map_or(Ok(None), parse);
        let paths: Option<Vec<Vec<Json>>> = list(self.replace_paths)?;
        Ok(Values {
            before: json(self.before)?,
            after: json(self.after)?,
            after_unknown: json(self.after_unknown)?,
            before_sensitive: json(self.before_sensitive)?,
            after_sensitive: json(self.after_sensitive)?,
            replace_paths: paths.unwrap_or_default(),
        })
    }
}

/// The values of an element.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) before: Rc<Json>,
    pub(super) after: Rc<Json>,
    pub(super) after_unknown: Rc<Json>,
    pub(super) before_sensitive: Rc<Json>,
    pub(super) after_sensitive: Rc<Json>,
    /// Strings and numbers.
    pub(super) replace_paths: Vec<Vec<Json>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_as_one_word() {
        for (text, expected) in [
            (r#"["no-op"]"#, Action::NoOp),
            (r#"["delete","create"]"#, Action::DeleteThenCreate),
            (r#"["create","forget"]"#, Action::CreateThenForget),
            (r#"["delete","archive"]"#, Action::Delete),
            (r#"["create","delete","read"]"#, Action::Other),
            (r#"["open"]"#, Action::Other),
            ("[]", Action::Other),
        ] {
            let element = format!(r#"{{"address":"a.b","change":{{"actions":{text}}}}}"#);
            let element = Element::parse(element.as_bytes()).unwrap();
            assert_eq!(element.actions.action(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_unknown_is_passed_over_and_what_is_wrong_is_not() {
        let element =
            Element::parse(br#"{"new":{},"address":"a.b","change":{"actions":["no-op"],"before":{"a":12345678901234567890123},"newer":[]}}"#)
                .unwrap();
        assert!(element.is_quiet());
        assert_eq!(
            element.values(&mut Parsed::default()).unwrap().before["a"].to_string(),
            "12345678901234567890123"
        );
        for wrong in [
            r#"{"address":1}"#,
            r#"{"address":"a.b","change":{"actions":"update"}}"#,
            r#"{"address":"#,
            "[]",
            "null",
            "{}",
        ] {
            assert!(Element::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
