//! Paths of fields as tables write them.

use std::fmt;

use smol_str::SmolStr;

use crate::rule::write;

/// The path of a field: `spec[0].template[0].spec[0].container[*].image`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FieldPath(Vec<FieldStep>);

/// One step of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FieldStep {
    /// An attribute or nested block.
    Name(SmolStr),
    /// A key of a map.
    Key(SmolStr),
    /// A position in a list.
    Index(u32),
    /// Each element of a list, or each key of a map: `[*]`.
    Each,
}

impl FieldPath {
    /// The path that `text` spells.
    pub fn parse(text: &str) -> Option<FieldPath> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, after) = bracket(inner)?;
                steps.push(step);
                rest = after;
                continue;
            }
            let name = match (rest.strip_prefix('.'), steps.is_empty()) {
                (Some(name), false) => name,
                (None, true) => rest,
                _ => return None,
            };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
            if !is_name {
                return None;
            }
            steps.push(FieldStep::Name(name.into()));
            rest = after;
        }
        (!steps.is_empty()).then_some(FieldPath(steps))
    }

    /// The path of `steps`.
    pub fn of(steps: Vec<FieldStep>) -> FieldPath {
        FieldPath(steps)
    }

    /// Its steps.
    pub fn steps(&self) -> &[FieldStep] {
        &self.0
    }

    /// The lists of blocks on the way whose elements it means one by one: `spec[0].container` and `image` of
    /// `spec[0].container[*].image`. `None` where it means one field.
    pub fn split_each(&self) -> Option<(FieldPath, FieldPath)> {
        let at = self.0.iter().position(|step| *step == FieldStep::Each)?;
        let (list, rest) = (&self.0[..at], &self.0[at + 1..]);
        let is_whole = list.is_empty() || rest.is_empty();
        (!is_whole).then(|| (FieldPath(list.to_vec()), FieldPath(rest.to_vec())))
    }

    /// The same with `index` for its first `[*]`.
    #[must_use]
    pub fn of_element(&self, index: u32) -> FieldPath {
        let mut steps = self.0.clone();
        if let Some(each) = steps.iter_mut().find(|step| **step == FieldStep::Each) {
            *each = FieldStep::Index(index);
        }
        FieldPath(steps)
    }

    /// The field `name` beside this one.
    #[must_use]
    pub fn sibling(&self, name: &str) -> FieldPath {
        let mut steps = self.0.clone();
        steps.pop();
        steps.push(FieldStep::Name(name.into()));
        FieldPath(steps)
    }
}

/// The step that `inner`, which follows a bracket, starts with.
fn bracket(inner: &str) -> Option<(FieldStep, &str)> {
    if let Some(after) = inner.strip_prefix("*]") {
        return Some((FieldStep::Each, after));
    }
    if let Some(quoted) = inner.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return (!key.contains(['"', '\\'])).then(|| (FieldStep::Key(key.into()), after));
    }
    let (digits, after) = inner.split_once(']')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    if is_number { Some((FieldStep::Index(digits.parse().ok()?), after)) } else { None }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                FieldStep::Name(name) if at == 0 => f.write_str(name)?,
                FieldStep::Name(name) => write!(f, ".{name}")?,
                FieldStep::Key(key) => write!(f, "[{}]", write::quoted(key))?,
                FieldStep::Index(index) => write!(f, "[{index}]")?,
                FieldStep::Each => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}
