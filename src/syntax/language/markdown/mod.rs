//! Markdown: what a document says, sentence by sentence, with the code spans and links in it; its headings, fences and tables.
//!
//! Invariant: comments, front matter and other HTML say nothing, but for where its links lead; and every text is one whatever it
//! looks like. Where markup stands in a cell or heading, its text is without it, and its range is all of it.

mod block;
mod html;
mod tables;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::build::{self, Object};
use crate::syntax::yaml::{Node, NodeKind, TextPiece};
use crate::text::TextRange;
use block::{Block, Kind};
use tables::Table;

/// Reads a document. Every text is one.
pub(super) fn parse(text: &str) -> Node {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader { text, ..Reader::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, TextRange::new(range.start, range.end));
    }
    reader.close();
    reader.finish()
}

/// A code block that is open.
struct Fence {
    language: Option<Node>,
    lines: Vec<TextRange>,
    range: TextRange,
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    /// The headings around, outermost first, with their levels.
    around: Vec<(usize, Node)>,
    block: Option<Block>,
    fence: Option<Fence>,
    table: Option<Table>,
    in_metadata: bool,
    /// How often each anchor has been given.
    anchors: FxHashMap<String, usize>,
    headings: Vec<Node>,
    statements: Vec<Node>,
    fences: Vec<Node>,
    tables: Vec<Node>,
}

impl<'t> Reader<'t> {
    fn event(&mut self, event: Event<'t>, range: TextRange) {
        let text = self.text;
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(said) if self.fence.is_some() => {
                if let Some(fence) = self.fence.as_mut().filter(|_| !said.is_empty()) {
                    fence.lines.push(range);
                }
            }
            _ if self.in_metadata => {}
            Event::Text(said) => self.inline(range).text(text, &said, range),
            Event::Code(said) => self.inline(range).code(text, &said, range),
            Event::SoftBreak | Event::HardBreak => self.inline(range).space(range),
            Event::InlineHtml(html) => {
                for target in html::targets(&html, range) {
                    self.inline(target).leads_to(text, target);
                }
            }
            _ => {}
        }
    }

    /// The block that something stands in. Items of a tight list have no paragraph.
    fn inline(&mut self, range: TextRange) -> &mut Block {
        self.block.get_or_insert_with(|| Block::new(Kind::Sentence, range))
    }

    fn start(&mut self, tag: Tag<'t>, range: TextRange) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.inline(range).cover(range);
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.inline(range).open_link(dest_url.to_string(), range);
            }
            Tag::TableCell => {
                if let Some(block) = &self.block {
                    let from = block.mark();
                    if let Some(table) = &mut self.table {
                        table.open_cell(from);
                    }
                }
            }
            Tag::Table(_) => {
                self.close();
                self.table = Some(Table::new(range));
            }
            Tag::TableHead | Tag::TableRow => self.block = Some(Block::new(Kind::Row, range)),
            Tag::Heading { level, .. } => {
                self.close();
                self.block = Some(Block::new(Kind::Heading(level as usize), range));
            }
            Tag::CodeBlock(kind) => {
                self.close();
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => language(self.text, info, range),
                    CodeBlockKind::Indented => None,
                };
                self.fence = Some(Fence { language, lines: Vec::new(), range });
            }
            Tag::MetadataBlock(_) => {
                self.close();
                self.in_metadata = true;
            }
            // Each link is a statement of its own: what stands around it is none.
            Tag::HtmlBlock => {
                self.close();
                for target in html::targets(&self.text[range.indices()], range) {
                    let text = self.text;
                    self.inline(target).leads_to(text, target);
                    self.close();
                }
            }
            _ => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: TextRange) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::Link | TagEnd::Image => {
                if let Some(block) = &mut self.block {
                    block.close_link(self.text);
                }
            }
            TagEnd::TableCell => {
                if let (Some(block), Some(table)) = (&self.block, &mut self.table) {
                    table.close_cell(self.text, block, range);
                }
            }
            TagEnd::TableHead => {
                if let Some(table) = &mut self.table {
                    table.close_head();
                }
                self.close();
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.close_row(range);
                }
                self.close();
            }
            TagEnd::Table => {
                self.close();
                if let Some(table) = self.table.take() {
                    self.tables.push(table.finish(self.section()));
                }
            }
            TagEnd::CodeBlock => self.close_fence(),
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            _ => self.close(),
        }
    }

    fn section(&self) -> Option<Node> {
        self.around.last().map(|(_, heading)| heading.clone())
    }

    fn sections(&self) -> Node {
        let range = self.around.last().map_or(TextRange::default(), |(_, it)| it.range);
        build::list(self.around.iter().map(|(_, heading)| heading.clone()).collect(), range)
    }

    /// Takes in the block that has ended.
    fn close(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        if let Kind::Heading(level) = block.kind {
            let heading = block.plain(self.text);
            self.around.retain(|(outer, _)| *outer < level);
            self.around.push((level, heading.clone()));
            let anchor = self.anchor(heading.as_str().unwrap_or_default());
            let object = Object::new(heading.range)
                .with("level", build::number(level, heading.range))
                .with("anchor", build::text(anchor, heading.range))
                .with("text", heading);
            self.headings.push(object.finish());
        }
        let (section, sections) = (self.section(), self.sections());
        for statement in block.statements(self.text) {
            let statement =
                statement.with_some("section", section.clone()).with("sections", sections.clone());
            self.statements.push(statement.finish());
        }
    }

    /// What a link to the heading names it, as GitHub has it.
    fn anchor(&mut self, heading: &str) -> String {
        let mut anchor: String = heading
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let given = self.anchors.entry(anchor.clone()).or_default();
        if *given > 0 {
            anchor = format!("{anchor}-{given}");
        }
        *given += 1;
        anchor
    }

    fn close_fence(&mut self) {
        let Some(Fence { language, lines, range }) = self.fence.take() else {
            return;
        };
        let object = Object::new(language.as_ref().map_or(range, |it| it.range))
            .with_some("language", language)
            .with("text", self.code(&lines, range))
            .with_some("section", self.section());
        self.fences.push(object.finish());
    }

    /// The text of a code block: its lines stand apart where it is indented.
    fn code(&self, lines: &[TextRange], range: TextRange) -> Node {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return build::text("", range);
        };
        let whole = first.cover(*last);
        if lines.windows(2).all(|pair| pair[0].end == pair[1].start) {
            return build::verbatim(self.text, whole);
        }
        let piece = |range: &TextRange| TextPiece {
            text: Some(self.text[range.indices()].into()),
            range: *range,
        };
        Node { kind: NodeKind::Pieces(lines.iter().map(piece).collect()), range: whole }
    }

    fn finish(self) -> Node {
        let whole = TextRange::new(0, self.text.len());
        Object::new(whole)
            .with("headings", build::list(self.headings, whole))
            .with("statements", build::list(self.statements, whole))
            .with("fences", build::list(self.fences, whole))
            .with("tables", build::list(self.tables, whole))
            .finish()
    }
}

/// The first word of what a fence says about itself.
fn language(text: &str, info: &str, fence: TextRange) -> Option<Node> {
    let word = info.split([' ', ',', '{', '\t']).next().filter(|word| !word.is_empty())?;
    let at = text[fence.indices()].find(word)?;
    Some(build::text(word, fence.slice(at, word.len())))
}

#[cfg(test)]
mod tests;
