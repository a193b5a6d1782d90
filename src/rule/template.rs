//! Messages with `{placeholders}`.
//!
//! Invariant: a template is checked when its pack is loaded, so rendering cannot fail.

use std::fmt;
use std::ops::Range;

use crate::config::ConfigError;

/// A text with holes; `{{` and `}}` stand for braces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Text(String),
    Hole(String),
}

/// What is wrong with a template, and where in its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
}

/// The ways a template can be wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateErrorKind {
    /// A `{` or `}` without its counterpart.
    LoneBrace,
    /// A placeholder that is not in the list.
    UnknownPlaceholder(String),
}

impl Template {
    /// Reads `text`, which may use the placeholders in `known`.
    pub fn parse(text: &str, known: &[&str]) -> Result<Template, TemplateError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}']) {
            let brace = at + found;
            plain.push_str(&text[at..brace]);
            let rest = &text[brace..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                plain.push_str(&rest[..1]);
                at = brace + 2;
                continue;
            }
            let (name, end) = hole(text, brace)?;
            if !known.contains(&name) {
                let kind = TemplateErrorKind::UnknownPlaceholder(name.to_owned());
                return Err(TemplateError { kind, range: brace..end });
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Hole(name.to_owned()));
            at = end;
        }
        plain.push_str(&text[at..]);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Template { pieces })
    }

    /// Reads `text`, a regex: a `{` that does not open one of the names in `known` is the regex's own. Also the regex that
    /// it makes with a word in every hole.
    pub(super) fn parse_within_regex(text: &str, known: &[&str]) -> (Template, String) {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut sample = String::new();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let name = rest
                .strip_prefix('{')
                .and_then(|inside| inside.split_once('}'))
                .map(|(name, _)| name)
                .filter(|name| known.contains(name));
            if let Some(name) = name {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Hole(name.to_owned()));
                sample.push('x');
                at += name.len() + 2;
                continue;
            }
            let length = rest.chars().next().map_or(1, char::len_utf8);
            plain.push_str(&rest[..length]);
            sample.push_str(&rest[..length]);
            at += length;
        }
        if !plain.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        (Template { pieces }, sample)
    }

    /// The text, where it has no holes.
    pub(super) fn as_plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The name, where it is nothing but one hole.
    pub(super) fn as_hole(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Hole(name)] => Some(name),
            _ => None,
        }
    }

    /// The names in its holes, in order.
    pub(super) fn holes(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with `args` in its holes. A hole without an argument stays visible, with its braces.
    pub fn render<N: AsRef<str>, V: AsRef<str>>(&self, args: &[(N, V)]) -> String {
        let plain = self.pieces.iter().map(|piece| match piece {
            Piece::Text(plain) => plain.len(),
            Piece::Hole(_) => 0,
        });
        let filled = args.iter().map(|(_, value)| value.as_ref().len());
        let mut text = String::with_capacity(plain.chain(filled).sum());
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Hole(name) => match args.iter().find(|(key, _)| key.as_ref() == name) {
                    Some((_, value)) => text.push_str(value.as_ref()),
                    None => text.extend(["{", name, "}"]),
                },
            }
        }
        text
    }
}

/// As it is written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(plain) => {
                    f.write_str(&plain.replace('{', "{{").replace('}', "}}"))?;
                }
                Piece::Hole(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

/// The name in the hole that opens at `brace`, and the offset after its closing brace.
fn hole(text: &str, brace: usize) -> Result<(&str, usize), TemplateError> {
    let inside = &text[brace + 1..];
    match inside.find(['{', '}']) {
        Some(length) if text.as_bytes()[brace] == b'{' && inside[length..].starts_with('}') => {
            Ok((&inside[..length], brace + 1 + length + 1))
        }
        _ => Err(TemplateError { kind: TemplateErrorKind::LoneBrace, range: brace..brace + 1 }),
    }
}

/// How a text says what the param `name` is.
fn named_param(name: &str) -> String {
    format!(
        "a hole holds a name: write `let \"{name}\" {{ text = param.{name} }}`, and `{{{name}}}`"
    )
}

/// `error`, that a hole holds `name`, which is none of those `known`, with what to do about it.
pub(super) fn of_hole<'k>(
    error: ConfigError,
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> ConfigError {
    match name.rsplit_once('.') {
        Some(("param", last)) => error.help(named_param(last)),
        Some((_, last)) => error.help(format!(
            "a hole holds a name: write `let \"{last}\" {{ path = \"{name}\" }}`, and `{{{last}}}`"
        )),
        None if name == "near" => {
            error.help("`{near}` is of `one_of` and `in`, where `require` finds none of them")
        }
        None => error.offer(name, known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_doubled_braces_are_braces() {
        let template = Template::parse("`auth = \"{tier}\"` of {{{name}}}", &["tier", "name"]);
        let template = template.unwrap();
        let args = [("tier", "app".to_owned()), ("name", "x".to_owned())];
        assert_eq!(template.to_string(), "`auth = \"{tier}\"` of {{{name}}}");
        assert_eq!(template.render(&args), "`auth = \"app\"` of {x}");
    }

    #[test]
    fn a_value_with_braces_is_not_read_again() {
        let template = Template::parse("{a}{b}", &["a", "b"]).unwrap();
        assert_eq!(template.render(&[("a", "{b}".to_owned()), ("b", "!".to_owned())]), "{b}!");
    }

    #[test]
    fn every_error_has_its_bytes() {
        let wrong = |text| Template::parse(text, &["tier"]).unwrap_err();
        assert_eq!(wrong("é {teir}").range, 3..9);
        assert_eq!(wrong("{teir}").kind, TemplateErrorKind::UnknownPlaceholder("teir".to_owned()));
        for (text, range) in [("a { b", 2..3), ("a } b", 2..3), ("{a{tier}", 0..1), ("{", 0..1)] {
            let error = wrong(text);
            assert_eq!((error.kind, error.range), (TemplateErrorKind::LoneBrace, range), "{text}");
        }
    }
}
