//! Packs that a document holds: a convention stands in a fence beside the prose that explains it.
//!
//! A fence `rule=PACK/NAME` is the entry of a rule, the prose above it its page, and the fences `case=NAME` below it are
//! the cases; a fence `pack=PACK` is the `pack.hcl`. All else is prose.
//!
//! Invariant: what is read keeps its place. A line of a fence is the same line of the document, and so is each byte.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::files::{Home, MUTATORS, PackFile};
use super::load::is_name;
use super::write::quoted;
use crate::config::{ConfigError, ConfigSource, Document};
use crate::text::TextRange;

/// What stands before a fence in a list or a quotation.
const INNER: [char; 3] = [' ', '\t', '>'];

/// The packs in `document`, which is at `home`; everything wrong with its fences at once.
pub fn document_packs(
    home: &Home,
    document: &ConfigSource,
) -> Result<Vec<PackFile>, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let fences = Fences::of(document, &mut errors).found;
    let text = document.text.as_str();
    let file = |name: String, part: String, fence: &Fence| PackFile {
        home: home.clone(),
        name: name.into(),
        text: part.into(),
        is_proven: false,
        document: Some(Arc::new(Document { text: document.text.clone(), begins: fence.info })),
    };
    let mut packs: BTreeMap<&str, (&Fence, Option<String>)> = BTreeMap::new();
    let mut files = Vec::new();
    for (at, fence) in fences.iter().enumerate() {
        match &fence.of {
            Of::Pack(pack) => {
                packs.insert(pack, (fence, Some(alone(text, &fence.inside))));
            }
            Of::Rule(id) => {
                packs.entry(id.split('/').next().unwrap_or_default()).or_insert((fence, None));
                let cases = fences[at + 1..].iter().take_while(|it| it.of == Of::Case);
                let page = page(text, fence, cases);
                files.push(file(format!("{id}.hcl"), alone(text, &fence.inside), fence));
                files.push(file(format!("{id}.md"), page, fence));
            }
            Of::Case => {}
        }
    }
    for (pack, (fence, written)) in packs {
        let text = written.unwrap_or_else(|| usual(home));
        files.push(file(format!("{pack}/pack.hcl"), text, fence));
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

/// Where fences of rules, cases and packs stand in a document with `text`: what is in them is none of its prose.
pub fn document_fences(text: &str) -> Vec<TextRange> {
    let document = ConfigSource::new("", text);
    let fences = Fences::of(&document, &mut Vec::new()).found;
    fences.into_iter().map(|it| TextRange::new(it.whole.start, it.whole.end)).collect()
}

/// What a document says of a pack that says nothing of itself.
fn usual(home: &Home) -> String {
    format!("summary = {}\n", quoted(&format!("what `{}` asks for", home.dir)))
}

/// A fence that says something about packs.
struct Fence {
    of: Of,
    /// How many backticks open it.
    ticks: usize,
    /// Where its info string is.
    info: TextRange,
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

/// What is open at a line of a document.
enum Open {
    /// A comment of HTML.
    Comment,
    /// A fence.
    Fence {
        mark: u8,
        /// How often that stands there.
        ticks: usize,
        /// In a list or a quotation: it ends where that does.
        is_inner: bool,
        /// Where it is one of ours.
        ours: Option<Fence>,
    },
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
        let mut open: Option<Open> = None;
        let (mut at, mut prose) = (0, 0);
        for line in document.text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let content = line.trim_start_matches(INNER);
            let is_inner = content.len() < line.len();
            let mark = content.bytes().next().filter(|mark| matches!(mark, b'`' | b'~'));
            let length = content.bytes().take_while(|byte| Some(*byte) == mark).count();
            match &mut open {
                Some(Open::Comment) if line.contains("-->") => open = None,
                Some(Open::Comment) => continue,
                Some(Open::Fence { is_inner: true, .. })
                    if !is_inner && !line.trim().is_empty() =>
                {
                    open = None;
                }
                Some(Open::Fence { mark: known, ticks, ours, is_inner: is_within }) => {
                    let before = &line[..line.len() - content.len()];
                    let is_near =
                        *is_within || (before.len() < 4 && before.trim_matches(' ').is_empty());
                    let closes = mark == Some(*known) && length >= *ticks && is_near;
                    if !closes || !content[length..].trim().is_empty() {
                        continue;
                    }
                    if let Some(mut fence) = ours.take() {
                        fence.inside.end = start;
                        fence.whole.end = end;
                        prose = end;
                        fences.found.push(fence);
                    }
                    open = None;
                    continue;
                }
                None => {}
            }
            // With a backtick behind it, it is code in a line of text.
            let is_code = mark == Some(b'`') && content[length..].contains('`');
            match mark {
                Some(mark) if length >= 3 && !is_code => {
                    let info = fences.trimmed(end - content.len() + length..end);
                    let of = fences.opened(info, mark == b'`' && !is_inner);
                    let ours = of.map(|of| {
                        let (whole, inside) = (start..end, end..end);
                        Fence { of, ticks: length, info, prose, whole, inside }
                    });
                    open = Some(Open::Fence { mark, ticks: length, is_inner, ours });
                }
                _ if line.starts_with('#') => prose = start,
                _ if content.starts_with("<!--") && !content.contains("-->") => {
                    open = Some(Open::Comment);
                }
                _ => {}
            }
        }
        if let Some(Open::Fence { ours: Some(fence), .. }) = open {
            let help = "end it with a line of backticks";
            fences.error(fence.info, "this fence is not closed", help);
        }
        fences
    }

    /// What the info string at `info` opens, where that is ours; only a fence that `is_plain` can.
    fn opened(&mut self, info: TextRange, is_plain: bool) -> Option<Of> {
        let document = self.document;
        let words: Vec<&str> = document.text[info.indices()].split_whitespace().collect();
        let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
        let (is_rule, is_pack_of) = (value("rule="), value("pack="));
        let is_case = value("case=").is_some();
        let is_meant = |word: &&str| {
            let word = word.trim_start_matches('{');
            ["rule", "pack"].iter().any(|name| {
                word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
            })
        };
        let of = match (is_rule, is_pack_of) {
            (None, None) if is_case => Of::Case,
            (Some(id), _) => Of::Rule(id.to_owned()),
            (None, Some(pack)) => Of::Pack(pack.to_owned()),
            // `rule = a/b`, `{rule=a/b}`: meant to be one, and read by nobody.
            (None, None) if words.iter().skip(1).any(is_meant) && words.join("").contains('=') => {
                Of::Rule(String::new())
            }
            (None, None) => return None,
        };
        if !is_plain {
            let help = "write it with backticks at the beginning of the line, outside of lists and quotations";
            self.error(info, "no rule is read in this fence", help);
            return Some(of);
        }
        let (name, form) = match &of {
            Of::Case => {
                if self.found.last().is_none_or(|it| matches!(it.of, Of::Pack(_))) {
                    let help = "put it below the fence of its rule, `hcl rule=PACK/NAME`";
                    self.error(info, "a case without a rule", help);
                }
                return Some(of);
            }
            Of::Rule(id) => (id.as_str(), "rule=PACK/NAME"),
            Of::Pack(pack) => (pack.as_str(), "pack=PACK"),
        };
        let is_well = match &of {
            Of::Rule(_) => name
                .split_once('/')
                .is_some_and(|(pack, rule)| rule != "pack" && is_pack(pack) && is_name(rule)),
            _ => is_pack(name),
        };
        if !is_well || words.len() != 2 || !words[1].ends_with(name) {
            let help = format!("write `hcl {form}` behind the backticks, the names in kebab-case");
            self.error(info, "this opens no rule and no pack", &help);
        } else if self.found.iter().any(|it| it.of == of) {
            let message = format!("a second `{}` in this document", words[1]);
            self.error(info, &message, "take one of them out");
        }
        Some(of)
    }

    /// `range` without the white space around it.
    fn trimmed(&self, range: Range<usize>) -> TextRange {
        let text = &self.document.text[range.clone()];
        let skipped = text.len() - text.trim_start().len();
        TextRange::new(range.start + skipped, range.start + text.trim_end().len().max(skipped))
    }

    fn error(&mut self, at: TextRange, message: &str, help: &str) {
        self.errors.push(self.document.error(at, message).help(help));
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
        page += &text[case.whole.start..case.inside.end];
        page += &"`".repeat(case.ticks);
        page.push('\n');
        at = case.whole.end;
    }
    page
}
