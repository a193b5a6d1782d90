//! What the settings say about parts of the repo: `override` blocks set severities for paths, `waiver` blocks excuse
//! paths from a rule for a time and with a reason.

use smol_str::SmolStr;

use super::error::{ConfigError, ConfigSource};
use super::paths::Paths;
use super::raw::{self, RawRule};
use super::reader::{Reader, Shape, Spanned};
use super::settings::{self, RuleSetting};
use crate::syntax::Date;
use crate::syntax::hcl::{Block, Body};
use crate::text::TextRange;

pub(super) const OVERRIDE: Shape =
    Shape { of: "an `override` block", attributes: &["paths"], blocks: &[("rule", 1)] };

pub(super) const WAIVER: Shape = Shape {
    of: "a `waiver` block",
    attributes: &["owner", "paths", "reason", "until"],
    blocks: &[],
};

/// `override { paths = […]  rule "…" { … } }`
#[derive(Clone, Debug)]
pub struct Override {
    /// Where it holds.
    pub paths: Paths,
    /// What is set there.
    pub rules: Vec<RuleSetting>,
}

/// `waiver "image/untrusted-registry" { … }`
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule that is waived.
    pub rule: Spanned<SmolStr>,
    /// Where.
    pub paths: Paths,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Spanned<Date>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The block's header.
    pub range: TextRange,
}

/// [`Override`] as written.
#[derive(Debug)]
pub(super) struct RawOverride {
    paths: Vec<Spanned<SmolStr>>,
    rules: Vec<RawRule>,
}

/// [`Waiver`] as written; what is missing was reported.
#[derive(Debug)]
pub(super) struct RawWaiver {
    rule: Spanned<SmolStr>,
    paths: Vec<Spanned<SmolStr>>,
    reason: Option<Spanned<SmolStr>>,
    until: Option<Spanned<SmolStr>>,
    owner: Option<Spanned<SmolStr>>,
    range: TextRange,
}

pub(super) fn read_override(reader: &mut Reader<'_>, block: &Block) -> RawOverride {
    reader.check_shape(&block.body, &OVERRIDE);
    let paths = required_paths(reader, &block.body, block.header);
    if block.body.block("rule").is_none() {
        reader.error(block.header, "this `override` sets nothing").help =
            Some("add `rule \"pack/name\" { severity = \"…\" }`".to_owned());
    }
    let rules = block.body.blocks_of("rule").filter_map(|rule| raw::read_rule(reader, rule));
    RawOverride { paths, rules: rules.collect() }
}

pub(super) fn read_waiver(reader: &mut Reader<'_>, block: &Block) -> Option<RawWaiver> {
    let rule = raw::only_label(block)?;
    let body = &block.body;
    reader.check_shape(body, &WAIVER);
    Some(RawWaiver {
        rule,
        paths: required_paths(reader, body, block.header),
        reason: reader.required_string(body, "reason", block.header),
        until: reader.required_string(body, "until", block.header),
        owner: reader.string(body, "owner"),
        range: block.header,
    })
}

fn required_paths(reader: &mut Reader<'_>, body: &Body, place: TextRange) -> Vec<Spanned<SmolStr>> {
    let paths = reader.strings(body, "paths");
    reader.require(body, "paths", place, "[\"stacks/web/**\"]");
    paths
}

pub(super) fn check_override(
    source: &ConfigSource,
    raw: RawOverride,
    errors: &mut Vec<ConfigError>,
) -> Override {
    let paths = Paths::read(source, &raw.paths, errors);
    Override { paths, rules: settings::check_rules(source, raw.rules, errors) }
}

pub(super) fn check_waiver(
    source: &ConfigSource,
    raw: RawWaiver,
    errors: &mut Vec<ConfigError>,
) -> Option<Waiver> {
    let RawWaiver { rule, paths, reason, until, owner, range } = raw;
    let paths = Paths::read(source, &paths, errors);
    let (reason, until) = (reason?, until?);
    if !reason.value.chars().any(char::is_alphanumeric) {
        let help = "say why the rule does not apply there";
        errors.push(source.error(reason.range, "this waiver gives no reason").help(help));
    }
    let Some(date) = Date::parse(&until.value) else {
        let message = format!("`{}` is no date", until.value);
        errors.push(source.error(until.range, message).help("write the date as `YYYY-MM-DD`"));
        return None;
    };
    let until = Spanned { value: date, range: until.range };
    let owner = owner.map(|owner| owner.value.to_string());
    Some(Waiver { rule, paths, reason: reason.value.to_string(), until, owner, range })
}
