//! Findings as rules see them: one object for each, at its place in the code.

use smol_str::SmolStr;

use super::measured::Measured;
use super::report::{Confidence, DriftReport, Finding};
use super::shown::{Json, Shown};
use super::{Ground, assemble};
use crate::model::{Entry, Repo, Value};
use crate::rule::Planned;
use crate::text::{Span, TextRange};

/// What `measured` shows of the stacks in the repo, for rules. What stands nowhere in the code is at the beginning of its
/// stack's first file; what belongs to no stack of the repo is left out.
pub fn planned(ground: &Ground<'_>, measured: Vec<Measured>) -> Vec<Planned> {
    let report = assemble(measured, Vec::new(), ground);
    let one = |finding: &Finding| {
        let (site, bounds) = site(ground.repo?, &report, finding)?;
        Some(Planned {
            value: object(finding, site),
            site,
            bounds,
            address: finding.address.to_string(),
            stack: report.stacks[finding.stack].stack.name.clone(),
        })
    };
    report.findings.iter().filter_map(one).collect()
}

/// Where a finding is reported, and what is around that.
fn site(repo: &Repo<'_>, report: &DriftReport, finding: &Finding) -> Option<(Span, Span)> {
    let Some(place) = &finding.place else {
        let stack = &report.stacks[finding.stack].stack;
        let dir = stack.dir.as_deref()?;
        let is_in = |path: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
        let file = repo.sources.iter().find(|file| is_in(&file.path))?;
        return Some((
            file.span(TextRange::empty(0)),
            file.span(TextRange::new(0, file.text.len())),
        ));
    };
    let file = repo.sources.get(place.span.file.index())?;
    let block = repo.block_around(file, place.block.range);
    let whole = TextRange::new(0, file.text.len());
    Some((place.span, file.span(block.map_or(whole, |it| it.block.range))))
}

fn object(finding: &Finding, site: Span) -> Value {
    let mut object = Object { entries: Vec::new(), site };
    object.text("address", finding.address.to_string());
    object.text("type", finding.address.kind.clone());
    object.text("name", finding.address.name.clone());
    object.text("action", finding.action.word());
    object.text("class", finding.class.word());
    if let Some(reason) = &finding.reason {
        object.text("reason", &**reason);
    }
    if let Some(path) = &finding.path {
        object.text("path", path.to_string());
    }
    object.side("base", &finding.base);
    object.side("live", &finding.live);
    object.side("want", &finding.want);
    object.value("forces_replacement", &Json::Bool(finding.forces_replacement));
    let risk = |it: &super::Danger| Value::text(it.risk.word(), site);
    object.push("risks", Value::list(finding.dangers.iter().map(risk).collect(), site));
    let message = |it: &super::Danger| Value::text(it.message.as_str(), site);
    object.push("dangers", Value::list(finding.dangers.iter().map(message).collect(), site));
    if let Some(actor) = &finding.cause.actor {
        object.text("cause", &**actor);
    }
    let is_sure = finding.cause.confidence >= Confidence::Likely;
    object.value("is_explained", &Json::Bool(finding.cause.actor.is_some() && is_sure));
    Value::map(object.entries, site)
}

/// An object in the making.
struct Object {
    entries: Vec<Entry>,
    site: Span,
}

impl Object {
    fn push(&mut self, key: &str, value: Value) {
        self.entries.push(Entry { key: key.into(), key_span: self.site, value });
    }

    fn text(&mut self, key: &str, text: impl Into<SmolStr>) {
        let text = Value::text(text, self.site);
        self.push(key, text);
    }

    fn value(&mut self, key: &str, json: &Json) {
        let value = value(json, self.site);
        self.push(key, value);
    }

    fn side(&mut self, key: &str, shown: &Shown) {
        match shown {
            Shown::Absent => {}
            Shown::Unknown => self.push(key, Value::unknown("known only after apply", self.site)),
            Shown::Hidden => self.push(key, Value::unknown("it is a secret", self.site)),
            Shown::Value(json) => self.value(key, json),
        }
    }
}

fn value(json: &Json, site: Span) -> Value {
    match json {
        Json::Null => Value::null(site),
        Json::Bool(it) => Value::bool(*it, site),
        Json::Number(it) => Value::number(it.to_string(), site),
        Json::String(it) if it == Shown::MASK => Value::unknown("it is a secret", site),
        Json::String(it) => Value::text(it.as_str(), site),
        Json::Array(items) => {
            Value::list(items.iter().map(|item| value(item, site)).collect(), site)
        }
        Json::Object(entries) => {
            let entry = |(key, item): (&String, &Json)| Entry {
                key: key.into(),
                key_span: site,
                value: value(item, site),
            };
            Value::map(entries.iter().map(entry).collect(), site)
        }
    }
}
