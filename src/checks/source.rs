//! Lists that a rule reads where the repo keeps them: inside a Kubernetes object that the repo declares.

use std::sync::Arc;

use crate::model::{Data, ObjectSite, Reason, Repo, StringList, Value};
use crate::rule::{OptionError, Options};
use crate::text::Span;

use crate::rule::{Match, matches};

/// `{ kind = "ClusterPolicy", name = "…", path = "spec.rules[*].exclude…", split = " | " }`
pub(super) struct ObjectList {
    /// The option as a whole: what makes two lists the same.
    key: String,
    kind: String,
    name: String,
    path: Vec<PathStep>,
    split: Option<String>,
}

enum PathStep {
    Key(String),
    Every,
}

impl ObjectList {
    /// The list in the option `name`, if it is there.
    pub(super) fn read(
        options: &mut Options<'_>,
        name: &str,
    ) -> Result<Option<ObjectList>, OptionError> {
        let mut lists = options.each_object(name, |entry| {
            let (kind, name) = (entry.string("kind")?, entry.string("name")?);
            let (path, split) = (entry.string("path")?, entry.optional_string("split")?);
            let key = format!("{kind} {name} {path} {split:?}");
            Ok(ObjectList { key, kind, name, path: steps(&path), split })
        })?;
        Ok(lists.pop())
    }

    /// The object's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The object, where the repo declares it.
    pub(super) fn object<'r, 's>(&self, repo: &'r Repo<'s>) -> Option<&'r ObjectSite<'s>> {
        repo.object(&self.kind, &self.name)
    }

    /// The line that a diagnostic shows as the requirement: the key under which the list stands.
    pub(super) fn place(&self, repo: &Repo<'_>) -> Option<Span> {
        let object = self.object(repo)?;
        let mut place = None;
        walk(&object.value, &self.path, &mut |_, key| place = place.or(key));
        place
    }

    /// The strings of the list; or why they are not all known.
    pub(super) fn strings(&self, repo: &Repo<'_>) -> Arc<StringList> {
        repo.list(&self.key, || self.read_strings(repo))
    }

    fn read_strings(&self, repo: &Repo<'_>) -> StringList {
        let Some(object) = self.object(repo) else {
            return Err(Reason::new(format!("the repo declares no {} `{}`", self.kind, self.name)));
        };
        let mut out = Vec::new();
        let mut unknown =
            object.value.first_unknown().filter(|_| matches!(object.value.data, Data::Unknown(_)));
        walk(&object.value, &self.path, &mut |value, _| {
            let values = if let Data::List(_) = value.data {
                value.items()
            } else {
                std::slice::from_ref(value)
            };
            for item in values {
                match item.as_str() {
                    Some(text) => match &self.split {
                        Some(separator) => out.extend(text.split(separator.as_str()).map(entry)),
                        None => out.push(entry(&text)),
                    },
                    None => unknown = item.first_unknown(),
                }
            }
            unknown = unknown.take().or_else(|| value.first_unknown());
        });
        match unknown {
            Some(reason) => Err(reason),
            None => Ok(out),
        }
    }
}

/// Whether one of `patterns` matches `value`.
pub(super) fn matches_any(patterns: &[String], value: &Value) -> Match {
    let mut result = Match::Never;
    for pattern in patterns {
        match matches(pattern, value) {
            Match::Always => return Match::Always,
            Match::Maybe(reason) => result = Match::Maybe(reason),
            Match::Never => {}
        }
    }
    result
}

fn entry(text: &str) -> String {
    text.trim().to_owned()
}

/// `spec.rules[*].match` as steps.
fn steps(path: &str) -> Vec<PathStep> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, every) = match part.strip_suffix("[*]") {
            Some(key) => (key, true),
            None => (part, false),
        };
        steps.push(PathStep::Key(key.to_owned()));
        if every {
            steps.push(PathStep::Every);
        }
    }
    steps
}

/// Shows `found` every value at `path`, with the place of the key it stands under.
fn walk<'v>(value: &'v Value, path: &[PathStep], found: &mut dyn FnMut(&'v Value, Option<Span>)) {
    descend(value, path, None, found);
}

fn descend<'v>(
    value: &'v Value,
    path: &[PathStep],
    key: Option<Span>,
    found: &mut dyn FnMut(&'v Value, Option<Span>),
) {
    match path.split_first() {
        None => found(value, key),
        Some((PathStep::Every, rest)) => {
            value.items().iter().for_each(|item| descend(item, rest, key, found));
        }
        Some((PathStep::Key(name), rest)) => {
            if let crate::model::Lookup::Found(entry) = value.get(name) {
                descend(&entry.value, rest, Some(entry.key_span), found);
            }
        }
    }
}
