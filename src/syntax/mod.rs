//! One file → tree and comments. The only layer that knows how any language is written.

mod comments;
mod date;
pub mod directive;
pub mod duration;
mod format;
mod generated;
pub mod hcl;
mod joined;
pub mod json;
pub mod language;
mod secrets;
pub mod surface;
pub mod yaml;

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

pub use comments::{About, Attached, Comment, Comments};
pub use date::Date;
pub use format::{Format, HclUse, UNIT_FILES};
pub use generated::{FILLED_IN, Generated};
pub use joined::Joining;
pub use secrets::{is_secret_flag, literal_ranges, names_a_secret, plain_secrets, secret_ranges};

use crate::text::{FileId, LineIndex, Position, Span, TextRange};

/// Something in a file that is not valid in its language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What was unexpected: one line, lower case, no full stop.
    pub message: String,
    /// What to type instead, where that is clear.
    pub help: Option<String>,
    /// The bytes that are wrong.
    pub range: TextRange,
}

/// A file of one run.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its index in the run's list of sources.
    pub id: FileId,
    content: Arc<Parsed>,
    /// What stands behind its own text, in a file that was joined with others.
    parts: Option<joined::Parts>,
}

/// A file with its text and whatever its text could be understood as. It knows no run, so that many can share it.
#[derive(Debug)]
pub struct Parsed {
    /// Path relative to the root, with `/`.
    pub path: Box<str>,
    /// The whole text.
    pub text: Arc<str>,
    /// The language, by name and place.
    pub format: Format,
    /// The tree, for HCL.
    pub hcl: Option<hcl::Document>,
    lines: OnceLock<LineIndex>,
    generated: OnceLock<Vec<(TextRange, Generated)>>,
    template: OnceLock<Option<hcl::Template>>,
    terraform: OnceLock<Option<hcl::Document>>,
    surface: OnceLock<surface::Surface>,
}

impl Deref for SourceFile {
    type Target = Parsed;

    fn deref(&self) -> &Parsed {
        &self.content
    }
}

impl SourceFile {
    /// Reads `text` as what `format` says. HCL is parsed at once; other languages where a rule asks for them.
    pub fn new(id: FileId, path: Box<str>, text: Arc<str>, format: Format) -> Self {
        Self::of(id, Arc::new(Parsed::new(path, text, format)))
    }

    /// The file with `content` under the number that it has in a run.
    pub fn of(id: FileId, content: Arc<Parsed>) -> Self {
        Self { id, content, parts: None }
    }

    /// What other runs can share.
    pub fn content(&self) -> &Arc<Parsed> {
        &self.content
    }

    /// Where `range` is written: in this file, or in one that was joined with it.
    pub fn span(&self, range: TextRange) -> Span {
        let Some(parts) = &self.parts else { return range.in_file(self.id) };
        parts.span(range).unwrap_or_else(|| {
            let end = range.end.min(parts.end_of_own());
            TextRange { end, ..range }.in_file(self.id)
        })
    }

    /// The range of what is written at `span`; `None` where that is no part of this file.
    pub fn range_of(&self, span: Span) -> Option<TextRange> {
        match &self.parts {
            _ if span.file == self.id => Some(span.range),
            Some(parts) => parts.range(span),
            None => None,
        }
    }

    /// The files that it was joined with; none for a file as it was read.
    pub fn joined_with(&self) -> impl Iterator<Item = FileId> + '_ {
        self.parts.iter().flat_map(joined::Parts::files)
    }
}

impl Parsed {
    /// Reads `text` as what `format` says.
    pub fn new(path: Box<str>, text: Arc<str>, format: Format) -> Self {
        let hcl = Self::tree(&text, format);
        Self::with_tree(path, text, format, hcl)
    }

    /// What [`Parsed::new`] makes of `text` at once: the tree, for HCL.
    pub fn tree(text: &str, format: Format) -> Option<hcl::Document> {
        match format {
            Format::Hcl(HclUse::TerraformJson) => Some(hcl::parse_json(text)),
            Format::Hcl(HclUse::TerragruntJson | HclUse::OtherJson) => {
                Some(hcl::parse_json_unit(text))
            }
            Format::Hcl(HclUse::VariablesJson) => Some(hcl::parse_json_values(text)),
            Format::Hcl(_) => Some(hcl::parse(text)),
            _ => None,
        }
    }

    /// A file whose `tree` is the one of its text.
    pub fn with_tree(
        path: Box<str>,
        text: Arc<str>,
        format: Format,
        tree: Option<hcl::Document>,
    ) -> Self {
        Self {
            path,
            text,
            format,
            hcl: tree,
            lines: OnceLock::new(),
            generated: OnceLock::new(),
            template: OnceLock::new(),
            terraform: OnceLock::new(),
            surface: OnceLock::new(),
        }
    }

    /// The line index, made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The Terraform files that a Terragrunt file generates, parsed on first use, each with the place of its block's header;
    /// none elsewhere.
    pub fn generated(&self) -> &[(TextRange, Generated)] {
        self.generated.get_or_init(|| self.hcl.as_ref().map_or_else(Vec::new, generated::generated))
    }

    /// The text read as a template file, parsed on first use; `None` where it is not valid as one.
    pub fn template(&self) -> Option<&hcl::Template> {
        self.template.get_or_init(|| hcl::parse_template(&self.text).ok()).as_ref()
    }

    /// The text as a file of Terraform's, whatever it is called, parsed on first use; nothing where it is none.
    pub fn as_terraform(&self) -> Option<&hcl::Document> {
        let own = self.hcl.as_ref().filter(|_| self.format.is_terraform());
        let read = || Some(hcl::parse(&self.text)).filter(|document| document.errors.is_empty());
        own.or_else(|| self.terraform.get_or_init(read).as_ref())
    }

    /// What the bytes of a file are that is not HCL, read on first use.
    pub fn surface(&self) -> &surface::Surface {
        self.surface.get_or_init(|| surface::surface(self.format, &self.text))
    }

    /// The text of `range`.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range.indices()]
    }

    /// What stands between the quotes at `range`, line by line in as many bytes: of a string of JSON that has several.
    pub fn lines_within(&self, range: TextRange) -> Option<String> {
        self.format.is_hcl_in_json().then(|| json::lines(self.slice(range))).flatten()
    }

    /// The code at `range`: of a string of JSON, what its escapes stand for.
    pub fn code(&self, range: TextRange) -> Cow<'_, str> {
        let text = self.slice(range);
        if !self.format.is_hcl_in_json() || !text.contains('\\') {
            return text.into();
        }
        let mut code = String::with_capacity(text.len());
        let mut at = range.start;
        for escape in json::escapes(&self.text, range) {
            code.push_str(self.slice(TextRange { start: at, end: escape.range.start }));
            code.push(escape.value);
            at = escape.range.end;
        }
        code.push_str(self.slice(TextRange { start: at, end: range.end }));
        code.into()
    }

    /// Line and column of `offset`.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }

    /// The comments of an HCL file; none elsewhere.
    pub fn comments(&self) -> &Comments {
        static NONE: OnceLock<Comments> = OnceLock::new();
        match &self.hcl {
            Some(document) => &document.comments,
            None => NONE.get_or_init(Comments::default),
        }
    }

    /// Whether Terragrunt has written the file, as it does anew before each run.
    pub fn is_generated(&self) -> bool {
        let header = self.comments().header(&self.text);
        header.iter().any(|line| line.content(&self.text).starts_with(generated::SIGNATURE))
    }

    /// See [`Comments::leading`].
    pub fn leading(&self, node: TextRange) -> &[Comment] {
        self.comments().leading(&self.text, self.lines(), node)
    }

    /// See [`Comments::trailing`].
    pub fn trailing(&self, node: TextRange) -> Option<&Comment> {
        self.comments().trailing(&self.text, node)
    }
}
