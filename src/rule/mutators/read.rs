//! Reads a mutator from its attributes.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{
    Action, After, BesideCase, Bound, Condition, FieldPath, Matches, Mutator, NeverIgnore, Same,
    Selector, Signature,
};
use crate::config::{ConfigError, ConfigSource, Literal, LiteralKind, meant};
use crate::rule::raw::RawMutator;
use crate::text::TextRange;

const MUTATOR: &[&str] = &[
    "advice",
    "condition",
    "dropped_by_provider",
    "instead",
    "managers",
    "marker",
    "never_ignore",
    "other_markers",
    "paths",
    "replaces",
    "retired",
    "reverts",
    "signature",
    "summary",
];

const CONDITION: &[&str] = &[
    "addresses",
    "after",
    "annotations",
    "attributes",
    "calls",
    "declares",
    "if_declared",
    "kinds",
    "labels",
    "names",
    "namespace_labels",
    "namespace_policy",
    "stacks",
    "unless_annotations",
    "unless_declared",
    "unless_labels",
    "unless_matches",
    "unless_values",
];

const SIGNATURE: &[&str] =
    &["action", "at_least_code", "at_most", "cases", "matches", "namespace_label", "rises", "same"];

const NEVER_IGNORE: &[&str] = &["reason", "when_declared"];
const CASE: &[&str] = &["beside", "matches", "value"];

/// The mutators in `raw`, each with the file it stands in.
pub(in crate::rule) fn read(
    raw: Vec<(RawMutator, &ConfigSource)>,
    errors: &mut Vec<ConfigError>,
) -> Vec<Mutator> {
    let names: Vec<SmolStr> = raw.iter().map(|(raw, _)| raw.name.value.clone()).collect();
    let read = |(raw, source)| Reader { source, names: &names, errors }.mutator(raw);
    raw.into_iter().map(read).collect()
}

/// An entry of an object: key, its place, value.
type Entry = (SmolStr, TextRange, Literal);

struct Reader<'a, 'e> {
    source: &'a ConfigSource,
    /// Every mutator there is.
    names: &'a [SmolStr],
    errors: &'e mut Vec<ConfigError>,
}

impl Reader<'_, '_> {
    fn mutator(mut self, raw: RawMutator) -> Mutator {
        let entry = |(name, range, value): &(String, TextRange, Literal)| {
            (SmolStr::new(name), *range, value.clone())
        };
        let entries: Vec<Entry> = raw.attributes.iter().map(entry).collect();
        let place = raw.name.range;
        self.shape("a mutator", &entries, MUTATOR);
        let summary = self.text(&entries, "summary");
        if !is_said(&entries, MUTATOR, "summary") {
            self.missing(place, "summary", "summary = \"…\"");
        }
        let paths = self.paths(&entries);
        if !is_said(&entries, MUTATOR, "paths") {
            self.missing(place, "paths", "paths = { TYPE = \"spec[0].…\" }");
        }
        // They are for those who judge markers.
        self.texts(&entries, "other_markers");
        let condition = match self.object(&entries, "condition") {
            Some(entries) => self.condition(&entries),
            None => Condition::default(),
        };
        let signature = match self.object(&entries, "signature") {
            Some(entries) => self.signature(&entries),
            None => Signature::default(),
        };
        let never_ignore = self.never_ignore(&entries, place);
        Mutator {
            summary: summary.unwrap_or_default().to_string(),
            marker: self.text(&entries, "marker").map(String::from),
            paths,
            condition,
            signature,
            managers: self.texts(&entries, "managers"),
            reverts: self.text(&entries, "reverts").map(String::from),
            replaces: self.texts(&entries, "replaces"),
            is_dropped: self.flag(&entries, "dropped_by_provider"),
            never_ignore,
            instead: self.text(&entries, "instead").map(String::from),
            advice: self.text(&entries, "advice").map(String::from),
            retired: self.text(&entries, "retired").map(String::from),
            file: Arc::clone(&self.source.path),
            name: raw.name.value,
            options: raw.attributes,
        }
    }

    fn paths(&mut self, entries: &[Entry]) -> Vec<(SmolStr, Vec<FieldPath>)> {
        let Some(kinds) = self.object(entries, "paths") else { return Vec::new() };
        let mut paths = Vec::with_capacity(kinds.len());
        for (kind, _, value) in &kinds {
            let texts = self.text_or_texts("paths", value);
            let fields = texts.into_iter().filter_map(|(text, range)| self.field(&text, range));
            paths.push((kind.clone(), fields.collect()));
        }
        paths
    }

    fn condition(&mut self, entries: &[Entry]) -> Condition {
        self.shape("a condition", entries, CONDITION);
        let declares = self.placed(entries, "declares");
        Condition {
            namespace_policy: self.text(entries, "namespace_policy"),
            namespace_labels: self.selectors(entries, "namespace_labels"),
            labels: self.selectors(entries, "labels"),
            annotations: self.selectors(entries, "annotations"),
            attributes: self.valued(entries, "attributes"),
            names: self.texts(entries, "names"),
            kinds: self.texts(entries, "kinds"),
            stacks: self.texts(entries, "stacks"),
            addresses: self.texts(entries, "addresses"),
            declares: declares.and_then(|(path, range)| self.field(&path, range)),
            if_declared: self.flag(entries, "if_declared"),
            calls: self.texts(entries, "calls"),
            after: self.after(entries),
            unless_labels: self.selectors(entries, "unless_labels"),
            unless_annotations: self.selectors(entries, "unless_annotations"),
            unless_declared: self.flag(entries, "unless_declared"),
            unless_values: self.valued(entries, "unless_values"),
            unless_matches: self.matches(entries, "unless_matches"),
        }
    }

    /// A name means a mutator; an event is told in words.
    fn after(&mut self, entries: &[Entry]) -> Option<After> {
        let (text, range) = self.placed(entries, "after")?;
        if text.contains(' ') {
            return Some(After::Event(text.into()));
        }
        if self.names.contains(&text) {
            return Some(After::Mutator(text));
        }
        let message = format!("unknown mutator `{text}`");
        let known = self.names.iter().map(SmolStr::as_str);
        self.errors.push(self.source.error(range, message).offer(&text, known));
        None
    }

    fn signature(&mut self, entries: &[Entry]) -> Signature {
        self.shape("a signature", entries, SIGNATURE);
        let action =
            [("adds", Action::Adds), ("changes", Action::Changes), ("removes", Action::Removes)];
        let same = [("repository", Same::Repository), ("day", Same::Day)];
        Signature {
            action: self.word(entries, "action", &action).unwrap_or_default(),
            matches: self.matches(entries, "matches"),
            same: self.word(entries, "same", &same),
            rises: self.flag(entries, "rises"),
            at_least_code: self.flag(entries, "at_least_code"),
            at_most: self.bounds(entries),
            namespace_label: self.text(entries, "namespace_label"),
            cases: self.cases(entries),
        }
    }

    fn bounds(&mut self, entries: &[Entry]) -> Vec<Bound> {
        let bound = |text: SmolStr| if text == "code" { Bound::Code } else { Bound::Key(text) };
        self.texts(entries, "at_most").into_iter().map(bound).collect()
    }

    fn cases(&mut self, entries: &[Entry]) -> Vec<BesideCase> {
        let Some(literal) = find(entries, "cases") else { return Vec::new() };
        let LiteralKind::List(items) = &literal.kind else {
            self.mismatch("cases", "a list of objects", literal);
            return Vec::new();
        };
        let mut cases = Vec::with_capacity(items.len());
        for item in items {
            let LiteralKind::Object(entries) = &item.kind else {
                self.mismatch("cases", "a list of objects", literal);
                continue;
            };
            self.shape("a case", entries, CASE);
            let (beside, matches, value) = (
                self.text(entries, "beside"),
                self.matches(entries, "matches"),
                self.text(entries, "value"),
            );
            match (beside, matches, value) {
                (Some(beside), Some(matches), Some(value)) => {
                    cases.push(BesideCase { beside, matches, value });
                }
                _ => self.error(item.range, "a case has `beside`, `matches` and `value`"),
            }
        }
        cases
    }

    fn never_ignore(&mut self, entries: &[Entry], place: TextRange) -> Option<NeverIgnore> {
        let entries = self.object(entries, "never_ignore")?;
        self.shape("`never_ignore`", &entries, NEVER_IGNORE);
        let reason = self.text(&entries, "reason");
        if !is_said(&entries, NEVER_IGNORE, "reason") {
            self.missing(place, "reason", "reason = \"…\"");
        }
        let when_declared = self.flag(&entries, "when_declared");
        Some(NeverIgnore { reason: reason?.into(), when_declared })
    }

    fn shape(&mut self, of: &str, entries: &[Entry], known: &[&'static str]) {
        for (at, (name, range, _)) in entries.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let message = format!("unknown key `{name}` in {of}");
                let error = self.source.error(*range, message);
                self.errors.push(error.offer(name, known.iter().copied()));
            } else if entries[..at].iter().any(|(other, ..)| other == name) {
                self.error(*range, &format!("`{name}` is set twice"));
            }
        }
    }

    fn error(&mut self, range: TextRange, message: &str) {
        self.errors.push(self.source.error(range, message));
    }

    fn missing(&mut self, range: TextRange, name: &str, example: &str) {
        let error = self.source.error(range, format!("`{name}` is missing"));
        self.errors.push(error.help(format!("add `{example}`")));
    }

    fn mismatch(&mut self, name: &str, wanted: &str, found: &Literal) {
        let message = format!("`{name}` must be {wanted}, not {}", found.kind.noun());
        self.error(found.range, &message);
    }

    fn placed(&mut self, entries: &[Entry], name: &str) -> Option<(SmolStr, TextRange)> {
        let literal = find(entries, name)?;
        if let LiteralKind::String(text) = &literal.kind {
            return Some((text.clone(), literal.range));
        }
        self.mismatch(name, "a string", literal);
        None
    }

    fn text(&mut self, entries: &[Entry], name: &str) -> Option<SmolStr> {
        Some(self.placed(entries, name)?.0)
    }

    fn texts(&mut self, entries: &[Entry], name: &str) -> Vec<SmolStr> {
        self.placed_texts(entries, name).into_iter().map(|(text, _)| text).collect()
    }

    fn placed_texts(&mut self, entries: &[Entry], name: &str) -> Vec<(SmolStr, TextRange)> {
        match find(entries, name) {
            Some(literal @ Literal { kind: LiteralKind::List(_), .. }) => {
                self.text_or_texts(name, literal)
            }
            Some(other) => {
                self.mismatch(name, "a list of strings", other);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn text_or_texts(&mut self, name: &str, literal: &Literal) -> Vec<(SmolStr, TextRange)> {
        let items = match &literal.kind {
            LiteralKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(literal),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                LiteralKind::String(text) => texts.push((text.clone(), item.range)),
                _ => self.mismatch(name, "a string", item),
            }
        }
        texts
    }

    fn flag(&mut self, entries: &[Entry], name: &str) -> bool {
        match find(entries, name) {
            Some(Literal { kind: LiteralKind::Bool(value), .. }) => *value,
            Some(other) => {
                self.mismatch(name, "true or false", other);
                false
            }
            None => false,
        }
    }

    fn object(&mut self, entries: &[Entry], name: &str) -> Option<Vec<Entry>> {
        let literal = find(entries, name)?;
        if let LiteralKind::Object(entries) = &literal.kind {
            return Some(entries.clone());
        }
        self.mismatch(name, "an object", literal);
        None
    }

    fn word<T: Copy>(
        &mut self,
        entries: &[Entry],
        name: &str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let (text, range) = self.placed(entries, name)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let message = format!("unknown {name} `{text}`");
            let known = words.iter().map(|(word, _)| *word);
            self.errors.push(self.source.error(range, message).offer(&text, known));
        }
        found.map(|(_, value)| *value)
    }

    fn matches(&mut self, entries: &[Entry], name: &str) -> Option<Matches> {
        let (text, range) = self.placed(entries, name)?;
        match Matches::parse(&text) {
            Ok(matches) => Some(matches),
            Err(why) => {
                self.error(range, &format!("this is no regex: {why}"));
                None
            }
        }
    }

    fn field(&mut self, text: &str, range: TextRange) -> Option<FieldPath> {
        let path = FieldPath::parse(text);
        if path.is_none() {
            let error = self.source.error(range, format!("`{text}` is no path of a field"));
            let example = "write it as in `spec[0].container[*].image`, a map's key as `[\"key\"]`";
            self.errors.push(error.help(example));
        }
        path
    }

    fn selectors(&mut self, entries: &[Entry], name: &str) -> Vec<Selector> {
        let selector = |text: SmolStr| match text.split_once('=') {
            Some((key, value)) => Selector { key: key.into(), value: Some(value.into()) },
            None => Selector { key: text, value: None },
        };
        self.texts(entries, name).into_iter().map(selector).collect()
    }

    /// Paths with values: `spec[0].type=LoadBalancer`.
    fn valued(&mut self, entries: &[Entry], name: &str) -> Vec<(FieldPath, SmolStr)> {
        let mut valued = Vec::new();
        for (text, range) in self.placed_texts(entries, name) {
            let Some((path, value)) = text.split_once('=') else {
                self.error(range, &format!("`{text}` must be a path and a value: `PATH=VALUE`"));
                continue;
            };
            valued.extend(self.field(path, range).map(|path| (path, SmolStr::new(value))));
        }
        valued
    }
}

/// Whether `name` is among `entries`, or a word for which it was offered.
fn is_said(entries: &[Entry], known: &[&'static str], name: &str) -> bool {
    let is_meant =
        |word: &str| !known.contains(&word) && meant(word, known.iter().copied()) == Some(name);
    entries.iter().any(|(word, ..)| word == name || is_meant(word))
}

fn find<'l>(entries: &'l [Entry], name: &str) -> Option<&'l Literal> {
    entries.iter().find(|(key, ..)| key == name).map(|(_, _, value)| value)
}
