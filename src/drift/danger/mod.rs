//! The special cases that have cost outages: what an apply of a change would do to what runs.
//!
//! Invariant: what is hidden or not known is not judged, and what is not certain is not said.

mod image;
mod job;
mod kubernetes;
mod older;
mod revert;
mod storage;
mod swap;
mod version;

pub(in crate::drift) use image::Image;
pub(in crate::drift) use kubernetes::kind_of_type;

use super::change::{Action, Change, Danger, Risk};
use super::path::{Path, Step};
use super::shown::{Json, Shown};

/// The name of the container whose image the attribute `at` of `change` is.
pub(in crate::drift) fn container_of(change: &Change, at: usize) -> Option<String> {
    let container = kubernetes::ContainerImage::of(&change.attributes[at].path.0)?;
    Some(container.name(&change.object))
}

/// A special case, and the attribute that it is about: a position in [`Change::attributes`]; `None` for the instance.
struct Found {
    at: Option<usize>,
    danger: Danger,
}

impl Found {
    fn new(at: impl Into<Option<usize>>, risk: Risk, message: String) -> Self {
        Found { at: at.into(), danger: Danger { risk, message } }
    }
}

/// Fills in the special cases of `change` and of its attributes, in the place of what is there.
pub(super) fn judge(change: &mut Change) {
    let mut found = swap::find(change);
    found.extend(older::find(change));
    found.extend(storage::find(change));
    found.extend(job::find(change));
    found.extend(revert::find(change));
    change.dangers.clear();
    change.attributes.iter_mut().for_each(|attribute| attribute.dangers.clear());
    for Found { at, danger } in found {
        match at {
            None => change.dangers.push(danger),
            Some(at) => change.attributes[at].dangers.push(danger),
        }
    }
}

impl Action {
    /// Whether an apply destroys what is there, to put something in its place or not.
    fn destroys(self) -> bool {
        matches!(self, Action::Delete | Action::DeleteThenCreate | Action::CreateThenDelete)
    }

    /// Whether an apply makes another in the place of what is there.
    pub fn replaces(self) -> bool {
        matches!(
            self,
            Action::DeleteThenCreate | Action::CreateThenDelete | Action::CreateThenForget
        )
    }

    /// Whether an apply writes the values that the code wants over those that are there.
    fn writes(self) -> bool {
        self.replaces() || matches!(self, Action::Update | Action::Other)
    }
}

/// The names and keys of a path, without positions.
fn words(path: &Path) -> Vec<&str> {
    path.0.iter().filter_map(Step::text).collect()
}

/// What `json` has at `steps`.
fn at<'j>(json: &'j Json, steps: &[Step]) -> Option<&'j Json> {
    steps.iter().try_fold(json, |json, step| match step {
        Step::Name(text) | Step::Key(text) => json.get(text.as_str()),
        Step::Index(index) => json.get(*index as usize),
    })
}

/// A plain value as Terraform would write it into a string: a plan has numbers of Kubernetes as strings, and some not.
fn plain(shown: &Shown) -> Option<String> {
    match shown {
        Shown::Value(json) => scalar(json),
        Shown::Absent | Shown::Unknown | Shown::Hidden => None,
    }
}

fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) if !text.contains(Shown::MASK) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The value in a message: one line, and not a long one.
fn brief(shown: &Shown) -> String {
    const MOST: usize = 60;
    let text = match shown {
        Shown::Absent | Shown::Value(Json::Null) => return "nothing".to_owned(),
        Shown::Unknown => return "what is known after apply".to_owned(),
        Shown::Hidden => return "a value that is not shown".to_owned(),
        Shown::Value(Json::String(text)) => text.clone(),
        Shown::Value(json) => json.to_string(),
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "nothing".to_owned();
    }
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;
