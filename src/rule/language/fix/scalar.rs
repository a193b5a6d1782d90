//! Texts in the scalars of YAML and JSON, with the quotes and escapes that they need there.
//!
//! Invariant: a scalar that is written over says the new text when it is read again, and keeps its quotes.

use crate::diagnostic::Edit;
use crate::rule::language::node::Place;
use crate::rule::write;
use crate::syntax::language::Language;
use crate::syntax::yaml::{self, Node, NodeKind, ScalarStyle};
use crate::syntax::{Format, SourceFile};
use crate::text::TextRange;

/// The edit that has the scalar at `place` say `text`. None where something else stands there.
pub(super) fn over(file: &SourceFile, place: &Place<'_>, text: &str) -> Option<Edit> {
    let site = place.site.range;
    // What an alias says is written elsewhere, and for others too.
    let is_its_own = place.key.is_none_or(|key| {
        let behind = &file.text[key.range.end as usize..];
        key.range.end <= site.start
            && !behind.trim_start_matches(['"', '\'', ' ', ':']).starts_with('*')
    });
    let scalar = Scalar::around(file, site).filter(|it| it.range == site && is_its_own)?;
    scalar.saying(file, site, text)
}

/// The edit that has the bytes at `range`, a scalar or a part of one, say `text`. None where no scalar is around them.
pub(super) fn say(file: &SourceFile, range: TextRange, text: &str) -> Option<Edit> {
    Scalar::around(file, range)?.saying(file, range, text)
}

/// A scalar as it is written.
struct Scalar {
    /// What is between its quotes.
    range: TextRange,
    style: ScalarStyle,
    /// Whether it stands in braces, where commas and braces end a text without quotes.
    is_in_braces: bool,
}

impl Scalar {
    fn around(file: &SourceFile, range: TextRange) -> Option<Scalar> {
        if !matches!(file.format, Format::Yaml | Format::Json) {
            return None;
        }
        let documents = Language::of(file.format).parse(&file.text).ok()?;
        let mut waiting: Vec<(&Node, bool)> = documents.iter().map(|it| (it, false)).collect();
        while let Some((node, is_in_braces)) = waiting.pop() {
            if !node.range.contains(range) {
                continue;
            }
            let is_inside = is_in_braces || file.slice(node.range).starts_with(['{', '[']);
            match &node.kind {
                NodeKind::Scalar { style, .. } => {
                    return Some(Scalar { range: node.range, style: *style, is_in_braces });
                }
                NodeKind::Sequence(items) => {
                    waiting.extend(items.iter().map(|it| (it, is_inside)));
                }
                NodeKind::Mapping(entries) => {
                    let parts = entries.iter().flat_map(|it| [&it.key, &it.value]);
                    waiting.extend(parts.map(|it| (it, is_inside)));
                }
                NodeKind::Pieces(_) | NodeKind::Alias { .. } => {}
            }
        }
        None
    }

    fn saying(&self, file: &SourceFile, range: TextRange, text: &str) -> Option<Edit> {
        let is_all = self.range == range;
        match self.style {
            ScalarStyle::DoubleQuoted => {
                let quoted = quoted(text)?;
                Some(write::replace(file, range, &quoted[1..quoted.len() - 1]))
            }
            ScalarStyle::SingleQuoted if !text.contains(char::is_control) => {
                Some(write::replace(file, range, text.replace('\'', "''")))
            }
            ScalarStyle::SingleQuoted => None,
            ScalarStyle::Literal | ScalarStyle::Folded => Some(write::replace(file, range, text)),
            ScalarStyle::Plain if file.format == Format::Json => {
                let is_word = matches!(text, "true" | "false" | "null") || is_number(text);
                let text = if is_word { text.to_owned() } else { quoted(text)? };
                is_all.then(|| write::replace(file, range, text))
            }
            ScalarStyle::Plain => {
                let (start, end) = (self.range.start as usize, self.range.end as usize);
                let before = &file.text[start..range.start as usize];
                let behind = &file.text[range.end as usize..end];
                let whole = format!("{before}{text}{behind}");
                if is_plain(&whole, self.is_in_braces) || before.contains('\n') {
                    return Some(write::replace(file, range, text));
                }
                Some(write::replace(file, self.range, quoted(&whole)?))
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// `text` between the quotes that JSON and YAML share.
fn quoted(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

/// Whether `text` says itself in YAML without quotes.
fn is_plain(text: &str, is_in_braces: bool) -> bool {
    if matches!(&*text.to_lowercase(), "" | "~" | "null") || yaml::is_disputed_truth(text) {
        return false;
    }
    let tried = if is_in_braces { format!("[{text}]") } else { format!("- {text}") };
    let read = yaml::parse(&tried).unwrap_or_default();
    let [NodeKind::Sequence(items)] = &*read.iter().map(|it| &it.kind).collect::<Vec<_>>() else {
        return false;
    };
    matches!(
        items.as_slice(),
        [Node { kind: NodeKind::Scalar { value, style: ScalarStyle::Plain, .. }, .. }] if value == text
    )
}
