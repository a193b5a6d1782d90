//! `acknowledge` blocks in `drift`: differences that somebody knows of, for a time and with a reason.

use regex::Regex;
use smol_str::SmolStr;

use super::raw;
use super::reader::{Reader, Shape, Spanned};
use crate::syntax::Date;
use crate::syntax::hcl::{Block, Body};
use crate::text::TextRange;

pub(super) const ACKNOWLEDGE: Shape = Shape {
    of: "an `acknowledge` block",
    attributes: &["address", "attribute", "owner", "reason", "stack", "until"],
    blocks: &[],
};

/// `acknowledge "…" { … }`
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// What it is called.
    pub name: Spanned<SmolStr>,
    /// In which stacks; in all where it is not written.
    pub stack: Option<Glob>,
    /// Of which instances; of all where it is not written.
    pub address: Option<Glob>,
    /// Which values in them, each with everything below it; the instance as a whole where it is not written.
    pub attribute: Option<AttributeGlob>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds, in UTC.
    pub until: Spanned<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The block's header.
    pub range: TextRange,
}

/// A text in which each `*` stands for any characters and everything else for itself: addresses are full of what other
/// globs read as sets of characters.
#[derive(Clone, Debug)]
pub struct Glob {
    /// As it is written.
    pub text: SmolStr,
    regex: Regex,
}

/// The path of an attribute, with globs for its names.
#[derive(Clone, Debug)]
pub struct AttributeGlob {
    /// As it is written.
    pub text: SmolStr,
    /// The steps from the instance down.
    pub steps: Vec<StepGlob>,
}

/// One step of an [`AttributeGlob`].
#[derive(Clone, Debug)]
pub enum StepGlob {
    /// An attribute, a block or a key of a map. `*` is any of them, and any position too.
    Name(Glob),
    /// A position in a list; any where none is written. Positions may be left out.
    Index(Option<u32>),
}

impl Glob {
    /// The glob in `text`.
    pub fn new(text: &str) -> Option<Glob> {
        let parts: Vec<String> = text.split('*').map(regex::escape).collect();
        let regex = Regex::new(&format!("(?s)^{}$", parts.join(".*"))).ok()?;
        Some(Glob { text: text.into(), regex })
    }

    /// Whether `text` is what it stands for.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl AttributeGlob {
    /// The glob in `text`: `spec.replicas`, `metadata[0].labels["tier"]`, `spec.container[*].image`. `None` where it is
    /// no path.
    pub fn new(text: &str) -> Option<AttributeGlob> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let (step, after) = step(rest, steps.is_empty())?;
            steps.push(step);
            rest = match after.strip_prefix('.') {
                Some(name) if !name.is_empty() && !name.starts_with('[') => name,
                None if after.is_empty() => break,
                None if after.starts_with('[') => after,
                _ => return None,
            };
        }
        Some(AttributeGlob { text: text.into(), steps })
    }
}

/// The first step of `text`, and what follows it.
fn step(text: &str, is_first: bool) -> Option<(StepGlob, &str)> {
    if let Some(inner) = text.strip_prefix("[\"") {
        let (key, rest) = inner.split_once("\"]")?;
        return Some((StepGlob::Name(Glob::new(key)?), rest));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (index, rest) = inner.split_once(']')?;
        let step = if index == "*" { None } else { Some(index.parse().ok()?) };
        return (!is_first).then_some((StepGlob::Index(step), rest));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    // `spec.0.replicas`, as it was once written.
    if let (false, Ok(index)) = (is_first, name.parse()) {
        return Some((StepGlob::Index(Some(index)), rest));
    }
    Some((StepGlob::Name(Glob::new(name)?), rest))
}

/// Reads one block; none where what is wrong with it was reported.
pub(super) fn read(reader: &mut Reader<'_>, block: &Block) -> Option<Acknowledgement> {
    let name = raw::only_label(block)?;
    let body = &block.body;
    reader.check_shape(body, &ACKNOWLEDGE);
    let stack = glob(reader, body, "stack");
    let address = glob(reader, body, "address");
    let attribute = attribute(reader, body);
    let help = "say why the difference may stay until then";
    let reason = reader.reason(body, block.header, "this acknowledgement", help);
    let until = reader.last_day(body, block.header);
    let owner = reader.string(body, "owner").map(|owner| owner.value.to_string());
    let is_for = ["stack", "address", "attribute"].iter().any(|key| body.attribute(key).is_some());
    if !is_for {
        reader.error(block.header, "this acknowledgement is for every difference there is").help =
            Some("say which: `stack = \"…\"`, `address = \"…\"`, `attribute = \"…\"`".to_owned());
    }
    Some(Acknowledgement {
        name,
        stack,
        address,
        attribute,
        reason: reason?,
        until: until?,
        owner,
        range: block.header,
    })
}

fn glob(reader: &mut Reader<'_>, body: &Body, name: &str) -> Option<Glob> {
    let text = reader.string(body, name)?;
    let glob = Glob::new(&text.value).filter(|_| !text.value.is_empty());
    if glob.is_none() {
        reader.error(text.range, format!("`{}` names no {name}", text.value)).help =
            Some("`*` stands for any characters".to_owned());
    }
    glob
}

fn attribute(reader: &mut Reader<'_>, body: &Body) -> Option<AttributeGlob> {
    let text = reader.string(body, "attribute")?;
    let glob = AttributeGlob::new(&text.value);
    if glob.is_none() {
        let help =
            "write it as `spec.replicas`, `metadata.labels[\"tier\"]` or `spec.container[*].image`";
        reader.error(text.range, format!("`{}` is no path of an attribute", text.value)).help =
            Some(help.to_owned());
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, ConfigSource};

    fn read_all(text: &str) -> (Vec<Acknowledgement>, Vec<ConfigError>) {
        let source = ConfigSource::new("tautline.hcl", text);
        let mut errors = Vec::new();
        let (mut reader, document) = Reader::open(&source, &mut errors).unwrap();
        let blocks = document.body.blocks_of("acknowledge");
        let read = blocks.filter_map(|block| read(&mut reader, block)).collect();
        (read, errors)
    }

    #[test]
    fn a_block_is_read() {
        let (read, errors) = read_all(
            "acknowledge \"trial\" {\n  stack = \"blog\"\n  address = \"module.a[\\\"k\\\"].*\"\n  \
             attribute = \"spec.replicas\"\n  reason = \"until the move\"\n  until = \"2027-01-31\"\n  owner = \"me\"\n}\n",
        );
        assert_eq!(errors, []);
        let [trial] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(trial.name.value, "trial");
        assert!(trial.address.as_ref().unwrap().matches("module.a[\"k\"].b.c"));
        assert!(!trial.address.as_ref().unwrap().matches("module.ak.b.c"));
        assert_eq!(trial.until.value.to_string(), "2027-01-31");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (body, message) in [
            ("stack = \"a\"\nuntil = \"2027-01-31\"", "`reason` is missing"),
            ("stack = \"a\"\nreason = \"x\"", "`until` is missing"),
            ("stack = \"a\"\nreason = \"x\"\nuntil = \"soon\"", "`soon` is no date"),
            ("stack = \"a\"\nreason = \"-\"\nuntil = \"2027-01-31\"", "gives no reason"),
            ("reason = \"x\"\nuntil = \"2027-01-31\"", "for every difference there is"),
            ("stack = \"\"\nreason = \"x\"\nuntil = \"2027-01-31\"", "`` names no stack"),
            ("stak = \"a\"\nreason = \"x\"\nuntil = \"2027-01-31\"", "unknown key `stak`"),
            ("attribute = \"a..b\"\nreason = \"x\"\nuntil = \"2027-01-31\"", "is no path"),
        ] {
            let (_, errors) = read_all(&format!("acknowledge \"x\" {{\n{body}\n}}\n"));
            let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(all.iter().any(|error| error.contains(message)), "{body}: {all:?}");
        }
    }

    #[test]
    fn paths_are_read_as_people_write_them() {
        for (text, steps) in [
            ("spec", 1),
            ("spec[0].replicas", 3),
            ("spec.0.replicas", 3),
            ("spec.container[*].image", 4),
            ("spec.*.image", 3),
            ("metadata[0].annotations[\"keel.sh/*\"]", 4),
            ("[\"a key\"].b", 2),
        ] {
            assert_eq!(
                AttributeGlob::new(text).map(|glob| glob.steps.len()),
                Some(steps),
                "{text}"
            );
        }
        for text in
            ["", ".a", "a.", "a..b", "a[", "a[x]", "a[0]b", "[0].a", "a.[0]", "a[\"b]", "a b"]
        {
            assert!(AttributeGlob::new(text).is_none(), "{text}");
        }
    }
}
