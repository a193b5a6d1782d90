//! Paths from a node to the nodes below it: `spec.template.metadata.labels["app"]`, `spec.rules[*].host`, `**.limits`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};
use smol_str::SmolStr;

/// A path as written in a rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Path {
    /// Its steps; none means the node itself.
    pub(super) steps: Vec<Step>,
    /// Where a walk may pause, innermost last: how many steps are behind it, and the number of the path so far.
    pub(super) pauses: Vec<(usize, PathId)>,
}

/// The number of a path. Paths of the same steps have the same one, in whichever rule they stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct PathId(u32);

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Step {
    /// `.name` or `["name"]`: an attribute, the blocks of that type, or the entry of that key.
    Name(Name),
    /// `[0]`: the element or block at that position.
    Index(usize),
    /// `[*]` or `.*`: every element or entry.
    Every,
    /// `.**`: the node and everything below it.
    Deep,
}

/// A name in a path, and what HCL may call it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Name {
    /// As written.
    pub(super) text: SmolStr,
    /// The snake-case form of a camel-case name; none where it is the same.
    pub(super) snake: Option<SmolStr>,
    /// Whether it is written as `["name"]`: a key of a map, where it is missing.
    pub(super) is_key: bool,
}

impl Name {
    fn new(text: &str) -> Self {
        let snake = text.bytes().any(|byte| byte.is_ascii_uppercase()).then(|| {
            let mut out = String::with_capacity(text.len() + 4);
            for (at, letter) in text.chars().enumerate() {
                if letter.is_ascii_uppercase() && at > 0 {
                    out.push('_');
                }
                out.push(letter.to_ascii_lowercase());
            }
            out.into()
        });
        Self { text: text.into(), snake, is_key: false }
    }

    fn key(text: &str) -> Self {
        Self { is_key: true, ..Name::new(text) }
    }

    /// The names of blocks that it may mean, the best first: `initContainers`, `init_containers`, `init_container`.
    pub(super) fn spellings(&self) -> [Option<&str>; 3] {
        let snake = self.snake.as_deref();
        [Some(&*self.text), snake, snake.unwrap_or(&self.text).strip_suffix('s')]
    }
}

/// Why a text is no path.
pub(super) type PathError = String;

impl Path {
    /// Reads a path. The empty path is the node itself.
    pub(super) fn parse(text: &str) -> Result<Path, PathError> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (step, after) = bracket(inside)?;
                steps.push(step);
                rest = after;
            } else {
                let begin = rest.strip_prefix('.').unwrap_or(rest);
                let end = begin.find(['.', '[']).unwrap_or(begin.len());
                steps.push(match &begin[..end] {
                    "" => return Err("a name is missing between two dots".to_owned()),
                    "*" => Step::Every,
                    "**" => Step::Deep,
                    digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                        Step::Index(digits.parse().map_err(|_| too_large(digits))?)
                    }
                    name => Step::Name(Name::new(plain(name)?)),
                });
                rest = &begin[end..];
            }
        }
        Ok(Path::of(steps))
    }

    fn of(mut steps: Vec<Step>) -> Path {
        steps.shrink_to_fit();
        // A name takes the position behind it along, and below `**` and `callee` nothing is like elsewhere.
        let ends = steps.iter().position(|step| match step {
            Step::Name(name) => name.text == "callee",
            step => *step == Step::Deep,
        });
        let free = ends.unwrap_or(steps.len());
        let starts = (1..free).filter(|&at| matches!(steps[at], Step::Name(_)));
        let pauses = starts.chain(std::iter::once(steps.len())).filter(|&at| at > 0);
        let pauses = pauses.map(|at| (at, number_of(&steps[..at]))).collect();
        Path { steps, pauses }
    }

    /// The path to what the last step starts from.
    pub(super) fn parent(&self) -> Path {
        Path::of(self.steps.split_last().map_or(Vec::new(), |(_, before)| before.to_vec()))
    }

    /// The path without its first step.
    pub(super) fn behind_first(&self) -> Path {
        Path::of(self.steps.split_first().map_or(Vec::new(), |(_, behind)| behind.to_vec()))
    }

    /// The name it starts with, if it starts with one.
    pub(super) fn head(&self) -> Option<&SmolStr> {
        match self.steps.first() {
            Some(Step::Name(name)) => Some(&name.text),
            _ => None,
        }
    }
}

/// The number of the path with these steps. There are as many as rules and what they read spell out: some hundreds.
fn number_of(steps: &[Step]) -> PathId {
    static NUMBERS: Mutex<FxHashMap<Vec<Step>, u32>> =
        Mutex::new(HashMap::with_hasher(FxBuildHasher));
    let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    // Most are known.
    if let Some(number) = numbers.get(steps) {
        return PathId(*number);
    }
    let next = numbers.len() as u32;
    numbers.insert(steps.to_vec(), next);
    PathId(next)
}

/// What stands in brackets, and the text after them.
fn bracket(inside: &str) -> Result<(Step, &str), PathError> {
    if let Some(quoted) = inside.strip_prefix('"') {
        let Some((key, after)) = quoted.split_once("\"]") else {
            return Err("a `[\"` without its `\"]`".to_owned());
        };
        return Ok((Step::Name(Name::key(key)), after));
    }
    let Some((content, after)) = inside.split_once(']') else {
        return Err("a `[` without its `]`".to_owned());
    };
    match content {
        "*" => Ok((Step::Every, after)),
        digits => match digits.parse() {
            Ok(index) => Ok((Step::Index(index), after)),
            Err(_) => Err(format!("`[{digits}]` is no step: write `[0]`, `[*]` or `[\"key\"]`")),
        },
    }
}

/// `name`, if it is one: other languages for paths have steps of their own, which would be looked for as names.
fn plain(name: &str) -> Result<&str, PathError> {
    let is_odd =
        |c: char| c.is_whitespace() || matches!(c, '/' | '$' | '@' | ']' | '"' | '\'' | '*');
    match name.find(is_odd) {
        None => Ok(name),
        Some(_) if name.contains('/') => Err(format!(
            "`{name}` is no name: steps are joined by `.`, and a key with `.` or `/` in it is written `[\"…\"]`"
        )),
        Some(0) if name == "$" => Err("it starts at the subject: leave `$.` out".to_owned()),
        Some(_) => Err(format!("`{name}` is no name: a key is written `[\"key\"]`")),
    }
}

fn too_large(digits: &str) -> PathError {
    format!("`{digits}` is too large for a position")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Step {
        Step::Name(Name::new(name))
    }

    #[test]
    fn every_form_of_step_is_read() {
        let path = Path::parse("spec[0].a.0.labels[\"x.y/z\"][*].**.b").unwrap();
        let steps = [
            name("spec"),
            Step::Index(0),
            name("a"),
            Step::Index(0),
            name("labels"),
            Step::Name(Name::key("x.y/z")),
            Step::Every,
            Step::Deep,
            name("b"),
        ];
        assert_eq!(path.steps, steps);
        assert_eq!(Path::parse("").unwrap().steps, []);
    }

    #[test]
    fn what_is_no_path_says_why() {
        for text in [
            "a..b",
            "a[",
            "a[\"b]",
            "a[x]",
            "a.",
            "a.99999999999999999999999",
            "$.a",
            "a/b",
            "a]",
            "a b",
            "a*",
        ] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
