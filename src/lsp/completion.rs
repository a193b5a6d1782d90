//! The ids of rules, where a control comment names some.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionResponse, CompletionTextEdit, TextEdit,
};

use super::convert::Converter;
use crate::text::TextRange;

/// What may stand at `offset` of the file at `path`.
pub(super) fn completion(
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
) -> Option<CompletionResponse> {
    let counted = convert.counted(path)?;
    let line = counted.lines.range_of(counted.text, counted.lines.line_of(offset));
    let before = counted.text.get(line.start as usize..offset as usize)?;
    let from = line.start as usize + name_begins(before)?;
    let rest = counted.text.get(offset as usize..line.end as usize)?;
    let to = offset as usize + rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
    let range = counted.range(TextRange::new(from, to));
    let setup = convert.session.setup()?;
    let rules = setup.rules.rules.iter().filter(|rule| !rule.locked);
    let items = rules.map(|rule| CompletionItem {
        label: rule.id.to_string(),
        kind: Some(CompletionItemKind::CONSTANT),
        detail: rule.convention.as_deref().map(str::to_owned),
        documentation: Some(lsp_types::Documentation::String(rule.summary.clone())),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range,
            new_text: rule.id.to_string(),
        })),
        ..CompletionItem::default()
    });
    Some(CompletionResponse::Array(items.collect()))
}

/// Where the rule's id begins that is being written at the end of `before`; `None` outside the brackets of a control
/// comment.
fn name_begins(before: &str) -> Option<usize> {
    let (comment, list) = before.rsplit_once('[')?;
    let is_control = comment.trim_end().ends_with("ignore") && comment.contains("tautline:");
    if !is_control || list.contains(']') {
        return None;
    }
    let begun = list.rsplit(',').next().unwrap_or(list).trim_start();
    begun.chars().all(is_of_name).then(|| before.len() - begun.len())
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_between_the_brackets_of_a_control_comment() {
        let begun = |before: &str| name_begins(before).map(|at| before[at..].to_owned());
        assert_eq!(begun("  # tautline: ignore[ima").as_deref(), Some("ima"));
        assert_eq!(begun("x = 1 # tautline: ignore[a/b, c/").as_deref(), Some("c/"));
        assert_eq!(begun("# tautline: ignore[").as_deref(), Some(""));
        assert_eq!(begun("# tautline: ignore[a/b] -- x"), None);
        assert_eq!(begun("a = [b"), None);
    }
}
