//! What a client is told about the place under its cursor: the page of a rule, a marker, the value of an expression.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

use super::convert::Converter;
use super::server::Server;
use crate::analysis::session::{Evaluated, Marker, Session};
use crate::rule::{explanation, find_page};
use crate::syntax::directive;
use crate::text::{FileId, TextRange};

/// What is known about the place at `offset` of the file at `path`: what is found there comes before what stands there.
pub(super) fn hover(
    _server: &Server,
    convert: &Converter<'_>,
    path: &str,
    offset: u32,
) -> Option<Hover> {
    let session = convert.session;
    let counted = convert.counted(path)?;
    let (range, text) = found_at(session, path, offset)
        .or_else(|| named_at(session, path, offset))
        .or_else(|| session.marker(path, offset).map(|it| (it.range, marker(&it))))
        .or_else(|| session.evaluated(path, offset).map(|it| (it.range, value(convert, &it))))?;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Some(Hover { contents, range: Some(counted.range(range)) })
}

/// The pages of the rules that report something at `offset`.
fn found_at(session: &Session, path: &str, offset: u32) -> Option<(TextRange, String)> {
    let diagnostics = session.diagnostics(path);
    let touches = |range: TextRange| range.start <= offset && offset <= range.end;
    let here: Vec<_> = diagnostics.iter().filter(|it| touches(it.span.range)).collect();
    // The narrowest says most about the place.
    let first = here.iter().min_by_key(|it| it.span.range.len())?;
    let mut rules: Vec<&str> = here.iter().map(|it| &*it.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let pages: Vec<String> = rules.iter().filter_map(|id| page(session, id)).collect();
    (!pages.is_empty()).then(|| (first.span.range, pages.join("\n---\n\n")))
}

/// The page of the rule that a control comment names at `offset`.
fn named_at(session: &Session, path: &str, offset: u32) -> Option<(TextRange, String)> {
    let parsed = session.parsed(path)?;
    let source = crate::syntax::SourceFile::of(FileId(0), std::sync::Arc::clone(parsed));
    let controls = directive::controls(&source).into_iter().flatten();
    let names = controls.flat_map(|control| control.directive.rules);
    let name = names.into_iter().find(|it| it.range.contains_offset(offset))?;
    Some((name.range, page(session, &name.id)?))
}

/// The page of the rule `id`, without its cases.
fn page(session: &Session, id: &str) -> Option<String> {
    let page = find_page(&session.setup()?.packs, id)?;
    Some(explanation(&page.text).to_owned() + "\n")
}

fn marker(marker: &Marker) -> String {
    let Marker { word, mutators, sites, files, .. } = marker;
    let mut out = format!("**`{word}`** marks what is changed behind Terraform's back:\n\n");
    for mutator in mutators {
        let _ = writeln!(out, "- {} (`{}`, `{}`)", mutator.summary, mutator.name, mutator.file);
        if let Some(reverts) = &mutator.reverts {
            let _ = writeln!(out, "  - where Terraform owns it too: {reverts}");
        }
        let paths = mutator.paths.iter().flat_map(|(_, it)| it);
        let mut paths: Vec<String> = paths.map(ToString::to_string).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let _ = writeln!(out, "  - `{path}`");
        }
    }
    let comments = if *sites == 1 { "comment says" } else { "comments say" };
    let files = if *files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    let _ = writeln!(out, "\n{sites} {comments} it, in {files}.");
    out
}

fn value(convert: &Converter<'_>, evaluated: &Evaluated) -> String {
    let mut out = String::new();
    for option in &evaluated.options {
        if !out.is_empty() {
            out.push_str("\nor\n\n");
        }
        match &option.value {
            Ok(value) => {
                let _ = writeln!(out, "```hcl\n{value}\n```");
            }
            Err(reason) => {
                let _ = writeln!(out, "not known: {reason}");
            }
        }
        let place = option.origin.as_ref().and_then(|(path, range)| {
            let line = convert.counted(path)?.position(range.start).line + 1;
            Some(format!("{path}:{line}"))
        });
        if let Some(place) = place {
            let _ = writeln!(out, "\nfrom `{place}`");
        }
    }
    out
}
