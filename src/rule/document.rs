//! Packs that a document holds: a convention stands in a fence beside the prose that explains it.
//!
//! A fence `rule=PACK/NAME` is the entry of a rule, the prose above it its page, and the fences `case=NAME` below it are
//! the cases; a fence `pack=PACK` is the `pack.hcl`. All else is prose.
//!
//! Invariant: what is read keeps its place. A line of a fence is the same line of the document, and so is each byte.

use std::collections::BTreeMap;
use std::ops::Range;

use super::files::{Home, MUTATORS, PackFile};
use super::load::is_name;
use super::write::quoted;
use crate::config::{ConfigError, ConfigSource};
use crate::text::TextRange;

/// The packs in `document`, which is at `home`; everything wrong with its fences at once.
pub fn document_packs(
    home: &Home,
    document: &ConfigSource,
) -> Result<Vec<PackFile>, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let fences = Fences::of(document, &mut errors).found;
    let text = document.text.as_str();
    let file = |name: String, text: String| PackFile {
        home: home.clone(),
        name: name.into(),
        text: text.into(),
        is_proven: false,
    };
    let mut packs: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut files = Vec::new();
    for (at, fence) in fences.iter().enumerate() {
        match &fence.of {
            Of::Pack(pack) => {
                let says_when = text[fence.inside.clone()].contains("\napplies_when {");
                let usual = if says_when { String::new() } else { evidence(home) };
                packs.insert(pack, Some(alone(text, &fence.inside) + &usual));
            }
            Of::Rule(id) => {
                packs.entry(id.split('/').next().unwrap_or_default()).or_default();
                let cases = fences[at + 1..].iter().take_while(|it| it.of == Of::Case);
                let page = page(text, fence, cases);
                files.push(file(format!("{id}.hcl"), alone(text, &fence.inside)));
                files.push(file(format!("{id}.md"), page));
            }
            Of::Case => {}
        }
    }
    for (pack, written) in packs {
        files.push(file(format!("{pack}/pack.hcl"), written.unwrap_or_else(|| usual(home))));
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

/// What a document says of a pack that says nothing of itself.
fn usual(home: &Home) -> String {
    let summary = quoted(&format!("what `{}` asks for", home.dir));
    format!("summary = {summary}\n{}", evidence(home))
}

/// What a document says of a pack that does not say when it is on: here it is.
fn evidence(home: &Home) -> String {
    let path = quoted(&globset::escape(&home.dir));
    format!("\napplies_when {{\n  file {{ path = {path} }}\n}}\n")
}

/// A fence that says something about packs.
struct Fence {
    of: Of,
    /// Where the prose that belongs to it begins.
    prose: usize,
    /// Its lines.
    whole: Range<usize>,
    /// The lines between the first and the last one.
    inside: Range<usize>,
}

#[derive(PartialEq, Eq)]
enum Of {
    Pack(String),
    Rule(String),
    Case,
}

/// The fences of a document, as far as it has been read.
struct Fences<'a> {
    document: &'a ConfigSource,
    found: Vec<Fence>,
    errors: &'a mut Vec<ConfigError>,
}

impl<'a> Fences<'a> {
    fn of(document: &'a ConfigSource, errors: &'a mut Vec<ConfigError>) -> Self {
        let mut fences = Fences { document, found: Vec::new(), errors };
        // What is open: its mark and how often that stands there, and the fence where it is one of ours.
        let mut open: Option<(u8, usize, Option<Fence>)> = None;
        let (mut at, mut prose) = (0, 0);
        for line in document.text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let mark = line.bytes().next().filter(|mark| matches!(mark, b'`' | b'~'));
            let length = line.bytes().take_while(|byte| Some(*byte) == mark).count();
            match &mut open {
                Some((known, least, ours)) => {
                    let closes = mark == Some(*known) && length >= *least;
                    if !closes || !line[length..].trim().is_empty() {
                        continue;
                    }
                    if let Some(mut fence) = ours.take() {
                        fence.inside.end = start;
                        fence.whole.end = end;
                        prose = end;
                        fences.found.push(fence);
                    }
                    open = None;
                }
                None if length >= 3 => {
                    let info = start + length..end;
                    let of = fences.opened(info);
                    let ours =
                        of.map(|of| Fence { of, prose, whole: start..end, inside: end..end });
                    open = mark.map(|mark| (mark, length, ours));
                }
                None if line.starts_with('#') => prose = start,
                None => {}
            }
        }
        if let Some((_, _, Some(fence))) = open {
            fences.error(
                &fence.whole,
                "this fence is not closed",
                "end it with a line of backticks",
            );
        }
        fences
    }

    /// What the info string at `info` opens, where that is ours.
    fn opened(&mut self, info: Range<usize>) -> Option<Of> {
        let document = self.document;
        let words: Vec<&str> = document.text[info.clone()].split_whitespace().collect();
        let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
        if value("case=").is_some() {
            let is_below_rule = self.found.last().is_some_and(|it| !matches!(it.of, Of::Pack(_)));
            if !is_below_rule {
                let help = "put it below the fence of its rule, `hcl rule=PACK/NAME`";
                self.error(&info, "a case without a rule", help);
            }
            return Some(Of::Case);
        }
        let (of, name) = match (value("rule="), value("pack=")) {
            (Some(id), _) => (Of::Rule(id.to_owned()), id),
            (None, Some(pack)) => (Of::Pack(pack.to_owned()), pack),
            (None, None) => return None,
        };
        let (is_well, form) = match &of {
            Of::Rule(_) => {
                let parts = name.split_once('/').filter(|(_, rule)| *rule != "pack");
                (parts.is_some_and(|(pack, rule)| is_pack(pack) && is_name(rule)), "rule=PACK/NAME")
            }
            _ => (is_pack(name), "pack=PACK"),
        };
        if !is_well || words.len() != 2 || !words[1].ends_with(name) {
            let help = format!("write `hcl {form}` behind the backticks, the names in kebab-case");
            self.error(&info, "this opens no rule and no pack", &help);
        } else if self.found.iter().any(|it| it.of == of) {
            let said = words[1];
            self.error(
                &info,
                &format!("a second `{said}` in this document"),
                "take one of them out",
            );
        }
        Some(of)
    }

    fn error(&mut self, at: &Range<usize>, message: &str, help: &str) {
        let line = &self.document.text[at.clone()];
        let first = line.lines().next().unwrap_or_default();
        let skipped = first.len() - first.trim_start().len();
        let range = TextRange::new(at.start + skipped, at.start + first.trim_end().len());
        self.errors.push(self.document.error(range, message).help(help));
    }
}

fn is_pack(name: &str) -> bool {
    is_name(name) && name != MUTATORS
}

/// `text` up to the end of `kept`, of which nothing else is left than where its lines end.
fn alone(text: &str, kept: &Range<usize>) -> String {
    blank(text, 0..kept.start) + &text[kept.clone()]
}

fn blank(text: &str, part: Range<usize>) -> String {
    text[part].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// The page of the rule in the fence `entry`: the prose above it, and the `cases` below. Line by line it is the document.
fn page<'a>(text: &str, entry: &Fence, cases: impl Iterator<Item = &'a Fence>) -> String {
    let lines = |part: &str| "\n".repeat(part.matches('\n').count());
    let mut page = lines(&text[..entry.prose]);
    page += &text[entry.prose..entry.whole.start];
    page += "## Cases\n";
    let mut at = entry.inside.start;
    for case in cases {
        page += &lines(&text[at..case.whole.start]);
        page += &text[case.whole.clone()];
        at = case.whole.end;
    }
    page
}
