//! What each byte of a text is: comment, code or prose, and which runs are references to container images.
//!
//! Rules about registries must not go by substrings: the same name may be an image, a live address, a comment or a
//! story about last year. One file per language says what is what; what a language's file cannot make out is code.
//!
//! Invariant: [`surface`] never fails, takes time linear in the text, and every range is of bytes of the text given, on
//! character boundaries. Embedded text (a heredoc, a block scalar, a fence) is read in place, never copied.

mod builder;
mod command;
mod commented;
mod dockerfile;
mod lines;
mod markdown;
mod node;
mod reference;
mod shell;
mod template;
mod token;
mod usage;
mod yaml;

#[cfg(test)]
mod robustness;
#[cfg(test)]
mod testing;

use smol_str::SmolStr;

pub use reference::{ReferenceKind, reference_kind};
pub use token::token_at;

use builder::Builder;

use crate::syntax::{Comments, Format};
use crate::text::TextRange;

/// What a run of text is, in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// A comment, in whatever language stands there.
    Comment,
    /// Anything that is read by a machine, or cannot be told.
    Code,
    /// Markdown outside code.
    Prose,
    /// A fenced or indented code block of Markdown.
    Fence,
    /// Code between backticks in Markdown.
    InlineCode,
}

/// Where an image reference stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ImageRole {
    /// `image` of a service in a compose file.
    ComposeService,
    /// `image` of an element of `containers` or `ephemeralContainers`.
    PodContainer,
    /// `image` of an element of `initContainers`.
    PodInitContainer,
    /// What a pipeline's step, service or job runs in, or a `docker://` action.
    PipelineStep,
    /// `FROM` or `COPY --from` of a Dockerfile, or the `ARG` default a `FROM` consists of.
    From,
    /// Argument of a command that pulls, pushes, tags, builds, runs or inspects it.
    Command,
    /// What a build step pushes to (`tags`, `images`, `repo`, `cache-to`).
    BuildTag,
    /// A Helm value or another resource's image field: `repository` with `tag`, `image`, `imageName`, and `oci://`
    /// chart references, which are pulled from the same registries.
    HelmValues,
    /// A mention in Markdown that can be nothing but an image: a host, a path, and a tag or digest.
    Document,
}

/// A reference to a container image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageRef {
    /// The reference's bytes, without quotes, flags and `docker://`; for a split Helm value, of `repository`.
    pub range: TextRange,
    /// Where the registry is written, when it has a key of its own beside `repository`.
    pub registry: Option<TextRange>,
    /// The whole reference: for a split Helm value put together, otherwise as written.
    pub name: SmolStr,
    /// Where it stands.
    pub role: ImageRole,
    /// Whether part of it is filled in later: `${VAR}`, `$VAR`, `{{ }}`, `<placeholder>`.
    pub has_hole: bool,
}

/// What the bytes of one text are.
#[derive(Clone, Debug)]
pub struct Surface {
    /// What stands outside every zone.
    outside: Zone,
    /// Sorted and disjoint; comments are not among them.
    zones: Vec<(TextRange, Zone)>,
    comments: Comments,
    /// Sorted and disjoint.
    images: Vec<ImageRef>,
    /// The registries written under a key of their own, sorted, each with its image's index.
    registries: Vec<(TextRange, usize)>,
    texts: Vec<BlockText>,
}

/// A text of no known language in a block scalar of YAML.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockText {
    /// The key above it.
    pub(super) key: TextRange,
    /// All of it.
    pub(super) text: TextRange,
}

impl Surface {
    /// What the text at the start of `range` is.
    pub fn zone(&self, range: TextRange) -> Zone {
        if self.comments.at(range.start).is_some() {
            return Zone::Comment;
        }
        let after = self.zones.partition_point(|(zone, _)| zone.start <= range.start);
        match after.checked_sub(1).map(|last| self.zones[last]) {
            Some((zone, kind)) if zone.contains_offset(range.start) => kind,
            _ => self.outside,
        }
    }

    /// The texts of no known language in block scalars: what looks like a comment there is none to YAML.
    pub(super) fn texts(&self) -> &[BlockText] {
        &self.texts
    }

    /// Where what stands at `offset` begins for whoever comments on it: at the key, of a block of text.
    pub fn commented_at(&self, offset: u32) -> u32 {
        let around = self.texts.iter().find(|it| it.text.contains_offset(offset));
        around.map_or(offset, |it| it.key.start)
    }

    /// The image reference that overlaps `range`, the registry's own key included.
    pub fn image_at(&self, range: TextRange) -> Option<&ImageRef> {
        let after = self.images.partition_point(|image| image.range.start < range.end);
        let image = after.checked_sub(1).map(|last| &self.images[last]);
        image.filter(|image| image.range.overlaps(range)).or_else(|| {
            let after = self.registries.partition_point(|(registry, _)| registry.start < range.end);
            let (registry, image) = *self.registries.get(after.checked_sub(1)?)?;
            registry.overlaps(range).then(|| &self.images[image])
        })
    }

    /// The comments, those of embedded languages included.
    pub fn comments(&self) -> &Comments {
        &self.comments
    }
}

/// Reads `text` as `format`. HCL has a tree and comments of its own and is all code here.
pub fn surface(format: Format, text: &str) -> Surface {
    surface_within(format, text, TextRange::new(0, text.len()))
}

/// Reads `range` of `text` as `format`, for what is embedded (the body of a heredoc): all ranges are of the whole text.
pub fn surface_within(format: Format, text: &str, range: TextRange) -> Surface {
    let outside = if format == Format::Markdown { Zone::Prose } else { Zone::Code };
    let mut builder = Builder::new(text, outside);
    if text.get(range.indices()).is_some() {
        scan(&mut builder, format, range);
    }
    builder.finish()
}

/// What a command is that `text` gives as a list of words (`["docker", "push", "…"]`), each without its quotes.
pub fn command(text: &str, words: &[TextRange]) -> Surface {
    let mut builder = Builder::new(text, Zone::Code);
    command::judge_list(&mut builder, words);
    builder.finish()
}

/// The instructions of a Dockerfile in `range`, each with the lines and here-documents it goes on in.
pub(super) fn dockerfile_instructions(text: &str, range: TextRange) -> Vec<TextRange> {
    dockerfile::instructions(text, range, &mut Vec::new())
}

/// The words of the instruction in `range`, without continuation marks and the comments between its lines. What stands in quotes
/// is one word, but for quotes in here-documents.
pub(super) fn dockerfile_words(text: &str, range: TextRange) -> Vec<TextRange> {
    if dockerfile::has_heredoc(text, range) {
        dockerfile::words(text, range)
    } else {
        dockerfile::quoted_words(text, range)
    }
}

/// Reads `range` as `format`: the way into another language from within one.
fn scan(builder: &mut Builder<'_>, format: Format, range: TextRange) {
    match format {
        Format::Yaml => yaml::scan(builder, range),
        Format::Json => node::scan_json(builder, range),
        Format::Dockerfile => dockerfile::scan(builder, range),
        Format::Shell => shell::scan(builder, range),
        Format::Markdown => markdown::scan(builder, range),
        Format::Template => template::scan_template(builder, range),
        Format::Nginx | Format::HashCommented => commented::scan_hash(builder, range),
        Format::SlashCommented => commented::scan_slash(builder, range),
        Format::DashCommented => commented::scan_dash(builder, range),
        Format::Markup => commented::scan_markup(builder, range),
        Format::Plain | Format::Commit => template::scan_plain(builder, range),
        Format::Hcl(_) => {}
    }
}
