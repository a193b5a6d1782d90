//! The options of a `check` block, read by the check that they are for.

use std::collections::BTreeSet;

use crate::config::{Literal, LiteralKind};
use crate::text::{Globs, LazyRegex, TextRange};

/// The options as written, with params filled in. A check takes what it knows; [`Options::leftover`] is what it did not.
pub struct Options<'a> {
    entries: &'a [(String, TextRange, Literal)],
    taken: BTreeSet<String>,
    place: TextRange,
}

/// An option that is missing or of the wrong kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionError {
    /// What is wrong: one line.
    pub message: String,
    /// Where in the entry.
    pub range: TextRange,
}

impl<'a> Options<'a> {
    /// The options `entries` of the check block at `place`.
    pub fn new(entries: &'a [(String, TextRange, Literal)], place: TextRange) -> Self {
        Self { entries, taken: BTreeSet::new(), place }
    }

    /// The option `name`, if it was written.
    pub fn take(&mut self, name: &str) -> Option<&'a Literal> {
        self.taken.insert(name.to_owned());
        self.entries.iter().find(|(key, _, _)| key == name).map(|(_, _, value)| value)
    }

    /// The option `name`, which must be written.
    pub fn require(&mut self, name: &str) -> Result<&'a Literal, OptionError> {
        let range = self.place;
        self.take(name)
            .ok_or_else(|| OptionError { message: format!("option `{name}` is missing"), range })
    }

    /// A string.
    pub fn string(&mut self, name: &str) -> Result<String, OptionError> {
        as_string(name, self.require(name)?)
    }

    /// A string that may be left out.
    pub fn optional_string(&mut self, name: &str) -> Result<Option<String>, OptionError> {
        self.take(name).map(|value| as_string(name, value)).transpose()
    }

    /// A number. It has no default: how many are too many is a convention, and those are in packs.
    pub fn number(&mut self, name: &str) -> Result<f64, OptionError> {
        match self.require(name)? {
            Literal { kind: LiteralKind::Number(number), .. } => Ok(*number),
            other => Err(mismatch(name, "a number", other)),
        }
    }

    /// A boolean, or `default`.
    pub fn flag_or(&mut self, name: &str, default: bool) -> Result<bool, OptionError> {
        match self.take(name) {
            None => Ok(default),
            Some(Literal { kind: LiteralKind::Bool(value), .. }) => Ok(*value),
            Some(other) => Err(mismatch(name, "true or false", other)),
        }
    }

    /// A list of strings; empty where it is left out.
    pub fn strings(&mut self, name: &str) -> Result<Vec<String>, OptionError> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Literal { kind: LiteralKind::List(items), .. }) => {
                items.iter().map(|item| as_string(name, item)).collect()
            }
            Some(other) => Err(mismatch(name, "a list of strings", other)),
        }
    }

    /// Reads every object of a list of objects with `read`; unknown keys inside are errors.
    pub fn each_object<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Options<'_>) -> Result<T, OptionError>,
    ) -> Result<Vec<T>, OptionError> {
        let Some(value) = self.take(name) else { return Ok(Vec::new()) };
        let LiteralKind::List(items) = &value.kind else {
            return Err(mismatch(name, "a list of objects", value));
        };
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(read_object(name, item, &mut read)?);
        }
        Ok(out)
    }

    /// An object whose values are strings, in source order; empty where it is left out.
    pub fn string_map(&mut self, name: &str) -> Result<Vec<(String, String)>, OptionError> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Literal { kind: LiteralKind::Object(entries), .. }) => entries
                .iter()
                .map(|(key, _, value)| Ok((key.to_string(), as_string(name, value)?)))
                .collect(),
            Some(other) => Err(mismatch(name, "an object of strings", other)),
        }
    }

    /// A regex.
    pub fn regex(&mut self, name: &str) -> Result<LazyRegex, OptionError> {
        let value = self.require(name)?;
        let text = as_string(name, value)?;
        self.compiled(name, &text).map_err(|error| OptionError { range: value.range, ..error })
    }

    /// The regex `text`, of which the author thinks as `what`.
    pub fn compiled(&self, what: &str, text: &str) -> Result<LazyRegex, OptionError> {
        LazyRegex::parse(text).map_err(|reason| OptionError {
            message: format!("`{what}` is no regex: {reason}"),
            range: self.place,
        })
    }

    /// A list of path globs (`*` stays inside a path segment, `**` crosses them).
    pub fn globs(&mut self, name: &str) -> Result<Globs, OptionError> {
        let value = self.take(name);
        let place = value.map_or(self.place, |value| value.range);
        let items: &[Literal] = match value.map(|value| &value.kind) {
            None => &[],
            Some(LiteralKind::List(items)) => items,
            Some(_) => {
                return Err(OptionError {
                    message: format!("`{name}` must be a list of globs"),
                    range: place,
                });
            }
        };
        let read = |item: &Literal| {
            let text = as_string(name, item)?;
            Globs::read(&text, true).map_err(|reason| OptionError {
                message: format!("`{text}` is no glob: {reason}"),
                range: item.range,
            })
        };
        Ok(Globs::new(items.iter().map(read).collect::<Result<_, _>>()?))
    }

    /// What was written and never taken.
    pub fn leftover(&self) -> impl Iterator<Item = (&'a str, TextRange)> + '_ {
        self.entries
            .iter()
            .filter(|(key, _, _)| !self.taken.contains(key))
            .map(|(key, range, _)| (key.as_str(), *range))
    }

    /// The names that were asked for: what a "did you mean" may offer.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.taken.iter().map(String::as_str)
    }

    /// Where the check block stands.
    pub fn place(&self) -> TextRange {
        self.place
    }
}

fn read_object<T>(
    name: &str,
    item: &Literal,
    read: &mut impl FnMut(&mut Options<'_>) -> Result<T, OptionError>,
) -> Result<T, OptionError> {
    let LiteralKind::Object(fields) = &item.kind else {
        return Err(mismatch(name, "a list of objects", item));
    };
    let entries: Vec<_> =
        fields.iter().map(|(key, range, value)| (key.to_string(), *range, value.clone())).collect();
    let mut options = Options::new(&entries, item.range);
    let value = read(&mut options)?;
    if let Some((key, range)) = options.leftover().next() {
        return Err(OptionError { message: format!("unknown key `{key}` in `{name}`"), range });
    }
    Ok(value)
}

fn as_string(name: &str, value: &Literal) -> Result<String, OptionError> {
    match &value.kind {
        LiteralKind::String(text) => Ok(text.to_string()),
        _ => Err(mismatch(name, "a string", value)),
    }
}

fn mismatch(name: &str, wanted: &str, found: &Literal) -> OptionError {
    let found_noun = found.kind.noun();
    OptionError {
        message: format!("`{name}` must be {wanted}, not {found_noun}"),
        range: found.range,
    }
}
