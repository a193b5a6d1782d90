//! One block of prose: a paragraph, an item, a heading, the row of a table.

use crate::syntax::language::build::{self, Object};
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A paragraph or an item, which is made of sentences.
    Sentence,
    /// A heading of some level.
    Heading(usize),
    /// A row of a table.
    Row,
}

/// A link in a block.
struct Link {
    target: String,
    range: TextRange,
    /// Whether the target is what stands there; of a link by reference it stands elsewhere.
    is_written: bool,
    /// How much of the block's text comes before it, and with it.
    text: (usize, usize),
}

/// How far a block had been read.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    plain: usize,
    code: usize,
}

/// A block on its way.
pub(super) struct Block {
    pub(super) kind: Kind,
    range: Option<TextRange>,
    /// Its text without markup.
    plain: String,
    /// What the text is without markup, where that is just one piece.
    pieces: Vec<TextRange>,
    code: Vec<(String, TextRange)>,
    links: Vec<Link>,
    open: Vec<usize>,
    /// Where the last thing ends that stands in it.
    last: u32,
    /// Where a sentence ends.
    ends: Vec<u32>,
}

impl Block {
    pub(super) fn new(kind: Kind, range: TextRange) -> Self {
        // A paragraph is what stands in it: of a heading and a row the markup around belongs to it too.
        let range = (kind == Kind::Row).then_some(range);
        Self {
            kind,
            range,
            plain: String::new(),
            pieces: Vec::new(),
            code: Vec::new(),
            links: Vec::new(),
            open: Vec::new(),
            last: 0,
            ends: Vec::new(),
        }
    }

    /// Adds what stands in `range` to the block.
    pub(super) fn cover(&mut self, range: TextRange) {
        self.range = Some(self.range.map_or(range, |block| block.cover(range)));
    }

    pub(super) fn text(&mut self, text: &str, said: &str, range: TextRange) {
        self.cover(range);
        self.last = range.end;
        self.plain.push_str(said);
        self.pieces.push(range);
        if self.kind != Kind::Sentence {
            return;
        }
        for (at, c) in
            text[range.indices()].char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?'))
        {
            let end = range.start as usize + at + c.len_utf8();
            let after = text[end..].trim_start_matches(['*', '_', ')', '"', '\'']);
            let is_end = after.is_empty() || after.starts_with(char::is_whitespace);
            if is_end && !is_abbreviation(&text[range.start as usize..end]) {
                self.ends.push((text.len() - after.len()) as u32);
            }
        }
    }

    pub(super) fn code(&mut self, text: &str, said: &str, range: TextRange) {
        self.cover(range);
        self.last = range.end;
        self.plain.push_str(said);
        let written = &text[range.indices()];
        let inner = match written.find(said).filter(|_| !said.is_empty()) {
            Some(at) => range.slice(at, said.len()),
            None => range,
        };
        self.pieces.push(inner);
        self.code.push((said.to_owned(), inner));
    }

    pub(super) fn space(&mut self, range: TextRange) {
        self.cover(range);
        self.plain.push(' ');
    }

    /// Adds a link of HTML, with the target that is written at `range`.
    pub(super) fn leads_to(&mut self, text: &str, range: TextRange) {
        self.cover(range);
        let at = self.plain.len();
        let target = text[range.indices()].to_owned();
        self.links.push(Link { target, range, is_written: true, text: (at, at) });
    }

    pub(super) fn open_link(&mut self, target: String, range: TextRange) {
        self.cover(range);
        self.open.push(self.links.len());
        let at = self.plain.len();
        self.links.push(Link { target, range, is_written: false, text: (at, at) });
    }

    pub(super) fn close_link(&mut self, text: &str) {
        let Some(link) = self.open.pop().and_then(|at| self.links.get_mut(at)) else {
            return;
        };
        link.text.1 = self.plain.len();
        // The target stands behind what is said, and may stand in the title behind it again. A link by reference has it elsewhere.
        let whole = link.range;
        let said = self.last.clamp(whole.start, whole.end);
        let behind = TextRange { start: said, end: whole.end };
        let target = Some(&*link.target).filter(|target| !target.is_empty());
        let within = |range: TextRange| {
            let at = text[range.indices()].find(target?)?;
            Some(range.slice(at, link.target.len()))
        };
        let written = within(behind).or_else(|| within(whole));
        link.is_written = written.is_some();
        link.range = written.unwrap_or(whole);
        self.last = whole.end;
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { plain: self.plain.len(), code: self.code.len() }
    }

    /// What was said since `mark`, in `range`: a single code span is shown without its backticks.
    pub(super) fn since(&self, mark: Mark, text: &str, range: TextRange) -> Node {
        let said = self.plain[mark.plain..].trim();
        let written = &text[range.indices()];
        let trimmed = written.trim_matches(['|', ' ', '\t', '\r', '\n']);
        let at = written.find(trimmed).unwrap_or(0);
        let range = range.slice(at, trimmed.len());
        if let [(code, inner)] = &self.code[mark.code..]
            && code == said
        {
            return build::text(said, *inner);
        }
        build::text(said, range)
    }

    /// The text of the block without markup.
    pub(super) fn plain(&self, text: &str) -> Node {
        let range = self.range.unwrap_or_default();
        let range = match self.pieces.as_slice() {
            [one] if text[one.indices()] == self.plain => *one,
            _ => range,
        };
        build::text(self.plain.trim(), range)
    }

    /// What the block says: a paragraph in sentences.
    pub(super) fn statements(&self, text: &str) -> Vec<Object> {
        let Some(range) = self.range else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut start = range.start;
        let ends = self.ends.iter().copied().filter(|end| *end < range.end);
        for end in ends.chain([range.end]) {
            let written = &text[start as usize..end as usize];
            let indent = written.len() - written.trim_start().len();
            let sentence =
                TextRange::new(start as usize + indent, start as usize + written.trim_end().len());
            start = end;
            if !sentence.is_empty() {
                found.push(self.statement(text, sentence));
            }
        }
        found
    }

    fn statement(&self, text: &str, range: TextRange) -> Object {
        let kind = match self.kind {
            Kind::Sentence => "sentence",
            Kind::Heading(_) => "heading",
            Kind::Row => "row",
        };
        let from = self.code.partition_point(|(_, at)| at.start < range.start);
        let code = self.code[from..].iter().take_while(|(_, at)| at.start < range.end);
        let code = code.map(|(said, at)| build::text(said.as_str(), *at)).collect();
        let from = self.links.partition_point(|link| link.range.start < range.start);
        let links = self.links[from..].iter().take_while(|link| link.range.start < range.end);
        let links = links.map(|link| self.link(link)).collect();
        Object::new(range)
            .with("kind", build::text(kind, range))
            .with("text", build::verbatim(text, range))
            .with("code", build::list(code, range))
            .with("links", build::list(links, range))
    }

    fn link(&self, link: &Link) -> Node {
        let (path, anchor) = match link.target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (link.target.as_str(), None),
        };
        let part = |from: usize, part: &str| {
            let range =
                if link.is_written { link.range.slice(from, part.len()) } else { link.range };
            build::text(part, range)
        };
        let said = &self.plain[link.text.0..link.text.1.max(link.text.0)];
        Object::new(link.range)
            .with("target", build::text(link.target.as_str(), link.range))
            .with("path", part(0, path))
            .with_some("anchor", anchor.map(|anchor| part(path.len() + 1, anchor)))
            .with("text", build::text(said, link.range))
            .finish()
    }
}

/// Whether the dot that ends `text` belongs to its last word.
fn is_abbreviation(text: &str) -> bool {
    let Some(before) = text.strip_suffix('.') else {
        return false;
    };
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or(before);
    let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        || matches!(word, "e.g" | "i.e" | "vs" | "cf" | "etc" | "ca" | "approx" | "incl" | "resp")
}
