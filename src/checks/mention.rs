//! What a host's name is doing where it occurs: three states that only context separates (an image, a live address, a
//! comment or story).

use crate::model::Repo;
use crate::syntax::hcl::{Expr, ExprKind, Surroundings, Template, TemplateForm};
use crate::syntax::surface::{
    ImageRole, ReferenceKind, Surface, Zone, command, reference_kind, surface_within, token_at,
};
use crate::syntax::{Format, SourceFile};
use crate::text::TextRange;

/// An occurrence of a host in a file.
pub(super) struct Mention<'f> {
    /// The file.
    pub(super) file: &'f SourceFile,
    /// The host's bytes.
    pub(super) range: TextRange,
    /// What it is doing there.
    pub(super) place: Place,
    /// What that word refers to.
    pub(super) kind: ReferenceKind,
}

/// What an occurrence is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Part of a comment.
    Comment,
    /// A reference to an image that a rule about images judges where it is used.
    UsedImage,
    /// A reference to an image; the range is the whole reference.
    Image(TextRange),
    /// Anything else that a machine reads.
    Code,
    /// A code block of a document.
    Fence,
    /// Prose, or code inside prose.
    Prose,
}

/// The occurrences of `host` in `file`. A longer name or port that merely contains it is another host.
pub(super) fn mentions<'f>(repo: &Repo<'_>, file: &'f SourceFile, host: &str) -> Vec<Mention<'f>> {
    let starts: Vec<usize> = memchr::memmem::find_iter(file.text.as_bytes(), host).collect();
    let ranges = starts.into_iter().map(|start| TextRange::new(start, start + host.len()));
    ranges
        .filter(|&range| is_whole(&file.text, range))
        .map(|range| mention(repo, file, range))
        .collect()
}

fn is_whole(text: &str, range: TextRange) -> bool {
    let head = &text[..range.start as usize];
    let before = head.bytes().next_back().filter(|_| !is_default(head));
    let after = &text.as_bytes()[range.end as usize..];
    let joins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let continues = match after {
        [b'.', next, ..] => joins(*next),
        [first, ..] => joins(*first),
        [] => false,
    };
    !before.is_some_and(|byte| joins(byte) || byte == b'.') && !continues
}

/// Whether what comes behind `head` is what a shell takes where a variable is not set: `${NAME:-…}`, `${NAME-…}`.
fn is_default(head: &str) -> bool {
    let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    head.strip_suffix('-').is_some_and(|head| {
        let name = head.strip_suffix(':').unwrap_or(head);
        let before = name.trim_end_matches(is_in_name);
        before.len() < name.len() && before.ends_with("${")
    })
}

fn mention<'f>(repo: &Repo<'_>, file: &'f SourceFile, range: TextRange) -> Mention<'f> {
    let token = token_at(&file.text, range);
    let kind = reference_kind(&file.text, token);
    let place = match &file.hcl {
        Some(document) if document.comments.at(range.start).is_some() => Place::Comment,
        Some(_) if repo.is_image_text(file.span(range)) => Place::UsedImage,
        Some(document) => in_hcl(file, &document.body.surroundings(range.start), range, kind),
        None => in_text(file.surface(), range),
    };
    Mention { file, range, place, kind }
}

fn in_text(surface: &Surface, range: TextRange) -> Place {
    match (surface.zone(range), surface.image_at(range)) {
        (Zone::Comment, _) => Place::Comment,
        // `host/<name>:<tag>` in a sentence is a pattern, not an image that anybody could pull.
        (Zone::Prose | Zone::InlineCode, Some(image))
            if image.role == ImageRole::Document && image.has_hole =>
        {
            Place::Prose
        }
        (_, Some(image)) => Place::Image(image.range.cover(image.registry.unwrap_or(image.range))),
        (Zone::Code, None) => Place::Code,
        (Zone::Fence, None) => Place::Fence,
        (Zone::Prose | Zone::InlineCode, None) => Place::Prose,
    }
}

fn in_hcl(
    file: &SourceFile,
    around: &Surroundings<'_>,
    range: TextRange,
    kind: ReferenceKind,
) -> Place {
    let Some(template) = around.template else { return Place::Code };
    let embedded = embedded(file, template, range);
    let names_image =
        around.keys.last().is_some_and(|key| key == "image" || key.ends_with("_image"));
    match embedded {
        Place::Code if names_image && kind == ReferenceKind::Image => {
            Place::Image(token_at(&file.text, range))
        }
        Place::Code => in_argument_list(file, around.list, range).unwrap_or(Place::Code),
        place => place,
    }
}

/// The image that `range` is part of, where the list `items` is a command and its arguments.
fn in_argument_list(file: &SourceFile, items: &[Expr], range: TextRange) -> Option<Place> {
    let word = |item: &Expr| match &item.kind {
        ExprKind::Template(template) => Some(template.inner),
        _ => None,
    };
    let words: Vec<TextRange> = items.iter().filter_map(word).collect();
    words.iter().find(|word| word.contains(range))?;
    command(&file.text, &words).image_at(range).map(|image| Place::Image(image.range))
}

/// What the place is in the language that a string holds: a script or YAML, whichever sees more in it.
fn embedded(file: &SourceFile, template: &Template, range: TextRange) -> Place {
    if let Some(lines) = file.lines_within(template.inner) {
        let start = template.inner.start;
        let inside =
            |range: TextRange| TextRange { start: range.start - start, end: range.end - start };
        return match read_as(SEVERAL_LINES, &lines, inside(template.inner), inside(range)) {
            Place::Image(it) => {
                Place::Image(TextRange { start: it.start + start, end: it.end + start })
            }
            place => place,
        };
    }
    let formats = match template.form {
        TemplateForm::Quoted => &[Format::Shell],
        TemplateForm::Heredoc | TemplateForm::IndentedHeredoc => SEVERAL_LINES,
    };
    read_as(formats, &file.text, template.inner, range)
}

const SEVERAL_LINES: &[Format] = &[Format::Shell, Format::Yaml];

/// What `range` is in `whole`, a part of `text` that may be in one of `formats`.
fn read_as(formats: &[Format], text: &str, whole: TextRange, range: TextRange) -> Place {
    let mut found = Place::Code;
    for &format in formats {
        match in_text(&surface_within(format, text, whole), range) {
            Place::Comment => return Place::Comment,
            Place::Image(image) => found = Place::Image(image),
            _ => {}
        }
    }
    found
}
