//! Paths from a node to the nodes below it: `spec.template.metadata.labels["app"]`, `spec.rules[*].host`, `**.limits`.

use smol_str::SmolStr;

/// A path as written in a rule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Path {
    /// Its steps; none means the node itself.
    pub(super) steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// `.name` or `["name"]`: an attribute, the blocks of that type, or the entry of that key.
    Name(SmolStr),
    /// `[0]`: the element or block at that position.
    Index(usize),
    /// `[*]` or `.*`: every element or entry.
    Every,
    /// `.**`: the node and everything below it.
    Deep,
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
                    name => Step::Name(name.into()),
                });
                rest = &begin[end..];
            }
        }
        Ok(Path { steps })
    }

    /// The name it starts with, if it starts with one.
    pub(super) fn head(&self) -> Option<&SmolStr> {
        match self.steps.first() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }
}

/// What stands in brackets, and the text after them.
fn bracket(inside: &str) -> Result<(Step, &str), PathError> {
    if let Some(quoted) = inside.strip_prefix('"') {
        let Some((key, after)) = quoted.split_once("\"]") else {
            return Err("a `[\"` without its `\"]`".to_owned());
        };
        return Ok((Step::Name(key.into()), after));
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

fn too_large(digits: &str) -> PathError {
    format!("`{digits}` is too large for a position")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Step {
        Step::Name(name.into())
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
            name("x.y/z"),
            Step::Every,
            Step::Deep,
            name("b"),
        ];
        assert_eq!(path.steps, steps);
        assert_eq!(Path::parse("").unwrap().steps, []);
    }

    #[test]
    fn what_is_no_path_says_why() {
        for text in ["a..b", "a[", "a[\"b]", "a[x]", "a.", "a.99999999999999999999999"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
