//! Every suppression there is, and what a run made of it.
//!
//! Invariant: what is wrong with a suppression is not judged here a second time; it is read from the diagnostics about it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::analysis::Outcome;
use crate::config::{ConfigSource, Waiver};
use crate::engine::{EXPIRED_SUPPRESSION, LOCKED_RULE, UNKNOWN_RULE, UNUSED_SUPPRESSION};
use crate::syntax::SourceFile;
use crate::syntax::directive::{self, Control};
use crate::syntax::hcl::Item as Node;
use crate::text::{LineIndex, Span, TextRange};

/// One rule named by one control comment or waiver. Ordered by rule, then place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub(super) struct Item {
    /// The rule's id.
    pub(super) rule: String,
    /// The file it stands in.
    pub(super) path: String,
    /// Its line, from 1.
    pub(super) line: u32,
    /// `comment` or `waiver`.
    pub(super) kind: &'static str,
    /// Why.
    pub(super) reason: String,
    /// Who answers for it.
    pub(super) owner: Option<String>,
    /// The last day on which it holds.
    pub(super) until: Option<String>,
    /// Of a waiver, the paths it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) paths: Vec<String>,
    /// The code that it speaks for: of two that say the same, this tells which is which.
    #[serde(skip)]
    pub(super) covers: Box<str>,
    /// Where that code stands in its file, in words that stay while it is edited.
    #[serde(skip)]
    pub(super) place: Box<str>,
    /// What became of it; none in a state of the repo that was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<&'static str>,
}

/// What a run says about suppressions.
struct Said<'a> {
    /// By place.
    about: BTreeMap<Span, &'a str>,
    ran: BTreeSet<&'a str>,
}

impl<'a> Said<'a> {
    fn of(outcome: &'a Outcome) -> Said<'a> {
        let found = outcome.report.diagnostics.iter();
        Said {
            about: found.map(|it| (it.span, &*it.rule)).collect(),
            ran: outcome.report.summary.rules.iter().map(|run| &*run.rule).collect(),
        }
    }

    /// What became of a suppression of `rule`, whose name stands at `name` and whose last day at `until`.
    fn state(&self, rule: &str, name: Span, until: Option<Span>) -> &'static str {
        let about = |span: Span| self.about.get(&span).copied().unwrap_or_default();
        if until.is_some_and(|until| about(until) == EXPIRED_SUPPRESSION) {
            return "expired";
        }
        match about(name) {
            UNUSED_SUPPRESSION => "unused",
            UNKNOWN_RULE => "unknown rule",
            LOCKED_RULE => "locked rule",
            _ if self.ran.contains(rule) => "used",
            _ => "not judged",
        }
    }
}

/// The control comments.
pub(super) fn comments(outcome: &Outcome) -> Vec<Item> {
    let said = Said::of(outcome);
    let of_source = |source: &SourceFile| {
        let mut items = Vec::new();
        for (control, mut item) in controls(source) {
            let Control { directive, .. } = &control;
            let until = directive.until.as_ref().map(|until| source.span(until.range));
            let name = directive.rules.iter().find(|rule| rule.id == item.rule);
            let name = source.span(name.map_or(directive.range, |rule| rule.range));
            item.state = Some(said.state(&item.rule, name, until));
            items.push(item);
        }
        items
    };
    outcome.sources.iter().flat_map(of_source).collect()
}

/// What the well-formed control comments of `source` name, one by one.
pub(super) fn controls(source: &SourceFile) -> Vec<(Control, Item)> {
    let mut items = Vec::new();
    for control in directive::controls(source).into_iter().flatten() {
        for rule in &control.directive.rules {
            let item = Item {
                rule: rule.id.clone(),
                path: source.path.to_string(),
                line: source.position(rule.range.start).line,
                kind: "comment",
                reason: control.directive.reason.clone(),
                owner: control.directive.owner.clone(),
                until: control.directive.until.as_ref().map(|until| until.date.to_string()),
                paths: Vec::new(),
                covers: covered(source, &control).into(),
                place: place(source, &control),
                state: None,
            };
            items.push((control.clone(), item));
        }
    }
    items
}

/// The waivers of the settings `source`.
pub(super) fn waivers(outcome: &Outcome, source: &ConfigSource, waivers: &[Waiver]) -> Vec<Item> {
    let said = Said::of(outcome);
    let file = outcome.sources.iter().find(|file| *file.path == *source.path);
    let span = |range: TextRange| file.map(|file| file.span(range));
    let mut items = listed(source, waivers);
    for (item, waiver) in items.iter_mut().zip(waivers) {
        if let (Some(name), until) = (span(waiver.rule.range), span(waiver.until.range)) {
            item.state = Some(said.state(&waiver.rule.value, name, until));
        }
    }
    items
}

/// The same, without what became of them.
pub(super) fn listed(source: &ConfigSource, waivers: &[Waiver]) -> Vec<Item> {
    let lines = LineIndex::new(&source.text);
    let item = |waiver: &Waiver| Item {
        rule: waiver.rule.value.to_string(),
        path: source.path.to_string(),
        line: lines.line_of(waiver.range.start) as u32 + 1,
        kind: "waiver",
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        until: Some(waiver.until.value.to_string()),
        paths: waiver.paths.globs.iter().map(ToString::to_string).collect(),
        covers: Box::default(),
        place: Box::default(),
        state: None,
    };
    waivers.iter().map(item).collect()
}

/// The code that `control` speaks for, without itself behind it on the line.
fn covered<'s>(source: &'s SourceFile, control: &Control) -> &'s str {
    let code = source.slice(control.covers);
    let own = control.directive.range.start.checked_sub(control.covers.start);
    let before = own.and_then(|at| code.get(..at as usize)).filter(|it| !it.contains('\n'));
    before.map_or(code, |it| it.trim_end_matches(is_mark).trim_end())
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '/' | '*' | '-' | ';' | '<' | '!')
}

/// Where the code that `control` speaks for stands.
fn place(source: &SourceFile, control: &Control) -> Box<str> {
    let covers = control.covers;
    if covers.start == 0 && covers.end as usize == source.text.len() {
        return "the file".into();
    }
    match &source.hcl {
        Some(document) => {
            let construct = document.construct(covers);
            let head = construct.item.map(|item| match item {
                Node::Block(block) => source.slice(block.header),
                Node::Attribute(attribute) => attribute.key.name.as_str(),
            });
            let mut place = head.unwrap_or_default().to_owned();
            for step in &construct.trail {
                let _ = write!(place, " {step}");
            }
            place.into()
        }
        // Of a line, what stands before the first value.
        None => covered(source, control).split([':', '=']).next().unwrap_or_default().trim().into(),
    }
}
