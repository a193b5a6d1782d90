//! What can be done about a diagnostic: its fix, the fixes of its rule, and a comment that says why it stays.
//!
//! Invariant: what is only meant to be shown is never an edit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lsp_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    CodeActionResponse, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::convert::Converter;
use super::server::Server;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::engine::keeps_readable;
use crate::syntax::hcl::{Body, Item};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::{FileId, TextRange, line_end};

/// What can be done in the range that `params` name of the file at `path`.
pub(super) fn actions(
    server: &Server,
    convert: &Converter<'_>,
    path: &str,
    params: &CodeActionParams,
) -> Option<CodeActionResponse> {
    let offers = Offers { server, convert, path };
    let range = convert.counted(path)?.bytes(params.range);
    let touches = |it: &&Diagnostic| {
        let found = it.span.range;
        found.overlaps(range) || found.start == range.end || found.end == range.start
    };
    let all = convert.session.diagnostics(path);
    let here: Vec<&Diagnostic> = all.iter().filter(touches).collect();
    let is_wanted = |kind: &CodeActionKind| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter().any(|it| kind.as_str() == it.as_str() || is_below(kind, it))
        })
    };
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) {
        actions.extend(here.iter().filter_map(|it| offers.fix(it)));
        let rules: BTreeSet<&str> = here.iter().map(|it| &*it.rule).collect();
        actions.extend(rules.into_iter().filter_map(|rule| offers.fix_all_of(rule, &all)));
        actions.extend(here.iter().filter_map(|it| offers.suppress(it)));
    }
    if is_wanted(&CodeActionKind::SOURCE_FIX_ALL) {
        actions.extend(offers.fix_all(&all));
    }
    Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// Whether a client that asks for `wanted` means `kind` too: `source` means `source.fixAll`.
fn is_below(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    wanted.as_str().is_empty() || rest.is_some_and(|rest| rest.starts_with('.'))
}

struct Offers<'a> {
    server: &'a Server,
    convert: &'a Converter<'a>,
    path: &'a str,
}

impl Offers<'_> {
    fn fix(&self, diagnostic: &Diagnostic) -> Option<CodeAction> {
        let fix =
            diagnostic.fix.as_ref().filter(|fix| is_sent(fix) && self.is_sound(&fix.edits))?;
        let action = CodeAction {
            title: sentence(&fix.title),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: self.diagnostics([diagnostic]),
            ..CodeAction::default()
        };
        match fix.applicability {
            Applicability::Safe => Some(CodeAction {
                is_preferred: Some(true),
                edit: Some(self.edit(&fix.edits)?),
                ..action
            }),
            Applicability::Unsafe => Some(CodeAction {
                title: format!("{} (unsafe: it may change what Terraform does)", action.title),
                edit: Some(self.edit(&fix.edits)?),
                ..action
            }),
            Applicability::DisplayOnly if self.server.client.shows_disabled => {
                let reason =
                    "there is a gap to fill, or something said there that would be wrong then"
                        .to_owned();
                Some(CodeAction { disabled: Some(CodeActionDisabled { reason }), ..action })
            }
            Applicability::DisplayOnly => None,
        }
    }

    /// Makes every fix of a rule in the file at once, as far as they do not get in each other's way.
    fn fix_all_of(&self, rule: &str, all: &[Diagnostic]) -> Option<CodeAction> {
        let of_rule = || all.iter().filter(|it| *it.rule == *rule);
        let fixes = of_rule().filter_map(|it| it.fix.as_ref()).filter(|fix| is_sent(fix));
        let applicability = fixes.map(|fix| fix.applicability);
        let worst = applicability.filter(|it| *it != Applicability::DisplayOnly).max()?;
        let fixed: Vec<&Diagnostic> = of_rule().filter(|it| can_be_made(it, worst)).collect();
        let label = if worst == Applicability::Unsafe { " (unsafe)" } else { "" };
        let title = format!("Fix all {} of `{rule}` in this file{label}", fixed.len());
        (fixed.len() > 1).then(|| self.combined(title, CodeActionKind::QUICKFIX, &fixed)).flatten()
    }

    /// Makes every safe fix in the file.
    fn fix_all(&self, all: &[Diagnostic]) -> Option<CodeAction> {
        let safe = all.iter().filter(|it| can_be_made(it, Applicability::Safe));
        let safe: Vec<&Diagnostic> = safe.collect();
        let title = "Fix all that tautline can fix safely".to_owned();
        let kind = CodeActionKind::new("source.fixAll.tautline");
        (!safe.is_empty()).then(|| self.combined(title, kind, &safe)).flatten()
    }

    fn combined(
        &self,
        title: String,
        kind: CodeActionKind,
        fixed: &[&Diagnostic],
    ) -> Option<CodeAction> {
        let edits = self.together(fixed, false);
        // Only where something breaks is it worth to look which of them does it.
        let edits = if self.is_sound(&edits) { edits } else { self.together(fixed, true) };
        if edits.is_empty() {
            return None;
        }
        Some(CodeAction {
            title,
            kind: Some(kind),
            diagnostics: self.diagnostics(fixed.iter().copied()),
            edit: Some(self.edit(&edits)?),
            ..CodeAction::default()
        })
    }

    /// The edits that fix all of `fixed`, as far as they do not get in each other's way; if they are `tried`, without those after
    /// which a file could no longer be read.
    fn together(&self, fixed: &[&Diagnostic], tried: bool) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        for fix in fixed.iter().filter_map(|it| it.fix.as_ref()) {
            // What two fixes want to change is left to the first; the other is found again after that.
            let is_free = |edit: &Edit| !edits.iter().any(|taken| collide(taken, edit));
            if !fix.edits.iter().all(is_free) {
                continue;
            }
            let before = edits.len();
            edits.extend(fix.edits.iter().cloned());
            if tried && !self.is_sound(&edits) {
                edits.truncate(before);
            }
        }
        edits
    }

    /// Whether all that `edits` change can be read after them, as `check --fix` asks too.
    fn is_sound(&self, edits: &[Edit]) -> bool {
        let session = self.convert.session;
        let source = |file: FileId| {
            let parsed = session.parsed(session.path(file))?;
            Some(SourceFile::of(file, Arc::clone(parsed)))
        };
        keeps_readable(&source, edits)
    }

    /// Writes a control comment, whose reason is left to whoever types on.
    fn suppress(&self, diagnostic: &Diagnostic) -> Option<CodeAction> {
        let setup = self.convert.session.setup()?;
        let rule = setup.rules.rule(&diagnostic.rule).filter(|rule| !rule.locked)?;
        let parsed = self.convert.session.parsed(self.path)?;
        let (offset, text) = comment_for(parsed, diagnostic.span.range, &rule.id)?;
        let range = TextRange::empty(offset as usize);
        let edit = Edit { span: range.in_file(diagnostic.span.file), text };
        Some(CodeAction {
            title: format!("Suppress `{}` here: say why behind `--`", rule.id),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: self.diagnostics([diagnostic]),
            edit: Some(self.edit(&[edit])?),
            ..CodeAction::default()
        })
    }

    fn diagnostics<'d>(
        &self,
        diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    ) -> Option<Vec<lsp_types::Diagnostic>> {
        let counted = self.convert.counted(self.path)?;
        let convert = |it: &Diagnostic| self.convert.diagnostic(counted, it);
        Some(diagnostics.into_iter().map(convert).collect())
    }

    /// `edits` as the client makes them; `None` where one is of a file that is not there.
    fn edit(&self, edits: &[Edit]) -> Option<WorkspaceEdit> {
        let mut by_path: BTreeMap<&str, Vec<TextEdit>> = BTreeMap::new();
        for Edit { span, text } in edits {
            let path = self.convert.session.path(span.file);
            let range = self.convert.counted(path)?.range(span.range);
            by_path.entry(path).or_default().push(TextEdit { range, new_text: text.clone() });
        }
        workspace_edit(self.server, self.convert, by_path)
    }
}

/// Edits by path as the client makes them; `None` where one is of a file that is not there.
pub(super) fn workspace_edit(
    server: &Server,
    convert: &Converter<'_>,
    by_path: BTreeMap<&str, Vec<TextEdit>>,
) -> Option<WorkspaceEdit> {
    if !server.client.takes_versions {
        let changes = by_path.into_iter().map(|(path, edits)| Some(((convert.uri)(path)?, edits)));
        return Some(WorkspaceEdit {
            changes: Some(changes.collect::<Option<_>>()?),
            ..WorkspaceEdit::default()
        });
    }
    let of_document = |(path, edits): (&str, Vec<TextEdit>)| {
        let version = server.documents.get(path).map(|document| document.version);
        let uri = (convert.uri)(path)?;
        Some(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        })
    };
    let edits = by_path.into_iter().map(of_document).collect::<Option<_>>()?;
    let document_changes = Some(DocumentChanges::Edits(edits));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

/// Whether the protocol has words for all that `fix` does: it has none for a symbolic link.
fn is_sent(fix: &Fix) -> bool {
    fix.links.is_empty()
}

/// Whether the diagnostic has a fix that is at most as risky as `most`, and is one to be made.
fn can_be_made(diagnostic: &Diagnostic, most: Applicability) -> bool {
    diagnostic.fix.as_ref().is_some_and(|fix| {
        let is_made = fix.applicability != Applicability::DisplayOnly;
        fix.applicability <= most && is_made && is_sent(fix)
    })
}

/// Whether both edits want the same bytes, or the same place.
fn collide(a: &Edit, b: &Edit) -> bool {
    let (first, second) = (a.span.range, b.span.range);
    a.span.file == b.span.file && (first.overlaps(second) || first.start == second.start)
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + characters.as_str()
    })
}

/// A comment that suppresses `rule` at `range`, and where it belongs; `None` in a language without comments.
fn comment_for(parsed: &Parsed, range: TextRange, rule: &str) -> Option<(u32, String)> {
    let (open, close) = match parsed.format {
        Format::Markdown | Format::Markup => ("<!-- ", " -->"),
        Format::SlashCommented => ("// ", ""),
        Format::DashCommented => ("-- ", ""),
        Format::Json | Format::Plain | Format::Commit => return None,
        format if format.is_hcl_in_json() => return comment_in_json(parsed, range, rule),
        _ => ("# ", ""),
    };
    let item = parsed.hcl.as_ref().and_then(|it| item_around(&it.body, range.start));
    let start = match item {
        Some(item) => item.range().start,
        None => parsed.surface().commented_at(range.start),
    };
    let lines = parsed.lines();
    let line = lines.range_of(&parsed.text, lines.line_of(start));
    let text = &parsed.text[line.indices()];
    if let Some(Item::Attribute(attribute)) = item
        && text.trim_end().len() == (attribute.range.end - line.start) as usize
    {
        // A comment between two attributes would part what `terraform fmt` aligns.
        return Some((attribute.range.end, format!(" # tautline: ignore[{rule}] -- ")));
    }
    let indent = &text[..text.len() - text.trim_start().len()];
    let ending = if parsed.text.contains("\r\n") { "\r\n" } else { "\n" };
    Some((line.start, format!("{indent}{open}tautline: ignore[{rule}] -- {close}{ending}")))
}

/// The same in Terraform's JSON syntax: a property before the one that is meant, or the first in its block.
fn comment_in_json(parsed: &Parsed, range: TextRange, rule: &str) -> Option<(u32, String)> {
    let comment = format!("\"//\": \"tautline: ignore[{rule}] -- \"");
    match item_around(&parsed.hcl.as_ref()?.body, range.start)? {
        Item::Attribute(attribute) => {
            let start = attribute.range.start;
            let line = parsed.lines().start_of(parsed.lines().line_of(start));
            let before = &parsed.text[line as usize..start as usize];
            let separator = match before.trim() {
                "" => format!("{}{before}", line_end(&parsed.text)),
                _ => " ".to_owned(),
            };
            Some((start, format!("{comment},{separator}")))
        }
        Item::Block(block) => {
            let body = parsed.slice(block.body.range);
            let first = body.trim_start();
            let space = &body[..body.len() - first.len()];
            let comma = if first.is_empty() { "" } else { "," };
            let behind = if space.is_empty() && !first.is_empty() { " " } else { "" };
            let space = if first.is_empty() { "" } else { space };
            Some((block.body.range.start, format!("{space}{comment}{comma}{behind}")))
        }
    }
}

/// The innermost attribute or block around `offset`: a comment beside it covers it.
fn item_around(body: &Body, offset: u32) -> Option<&Item> {
    let item = body.items.iter().find(|item| item.range().contains_offset(offset))?;
    match item {
        Item::Block(block) => item_around(&block.body, offset).or(Some(item)),
        Item::Attribute(_) => Some(item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SourceFile;
    use crate::syntax::directive::controls;

    #[test]
    fn in_json_a_suppression_is_a_property() {
        let suppressed = |text: &str, at: &str| {
            let path = "main.tf.json";
            let parsed = Parsed::new(path.into(), text.into(), Format::of(path));
            let range = TextRange::empty(text.find(at).unwrap());
            let (offset, comment) = comment_for(&parsed, range, "x/y").unwrap();
            let (before, behind) = text.split_at(offset as usize);
            let text = format!("{before}{}{behind}", comment.replace("-- ", "-- z"));
            let file = SourceFile::new(FileId(0), path.into(), text.clone().into(), parsed.format);
            assert_eq!(file.hcl.as_ref().unwrap().errors, []);
            let covers = controls(&file).pop().unwrap().unwrap().covers;
            (text.clone(), text[covers.indices()].to_owned())
        };
        let text = "{\"module\": {\"m\": {\n  \"a\": 1,\n  \"b\": 2\n}}}";
        let (with, covered) = suppressed(text, "\"b\"");
        assert_eq!(covered, "\"b\": 2");
        assert!(with.contains("1,\n  \"//\": \"tautline: ignore[x/y] -- z\",\n  \"b\": 2\n"));
        let (with, covered) = suppressed(text, "\"m\"");
        assert!(covered.starts_with("\"m\": {"));
        assert!(with.contains("{\n  \"//\": \"tautline: ignore[x/y] -- z\",\n  \"a\": 1"));
        let (with, _) = suppressed("{\"module\":{\"m\":{\"a\":1},\"n\":{}}}", "\"n\"");
        assert!(with.ends_with("\"n\":{\"//\": \"tautline: ignore[x/y] -- z\"}}}"));
        let (with, _) = suppressed("{\"module\":{\"m\":{\"a\":1}}}", "\"m\"");
        assert!(with.contains("{\"//\": \"tautline: ignore[x/y] -- z\", \"a\":1}"));
    }
}
