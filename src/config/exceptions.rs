//! What the settings say about parts of the repo: `override` blocks set severities for paths, `waiver` blocks excuse
//! paths from a rule for a time and with a reason.

use smol_str::SmolStr;

use super::paths::Paths;
use super::raw;
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

pub(super) fn read_override(reader: &mut Reader<'_>, block: &Block) -> Override {
    reader.check_shape(&block.body, &OVERRIDE);
    let paths = required_paths(reader, &block.body, block.header);
    if block.body.block("rule").is_none() {
        reader.error(block.header, "this `override` sets nothing").help =
            Some("add `rule \"pack/name\" { severity = \"…\" }`".to_owned());
    }
    let rules = block.body.blocks_of("rule").filter_map(|rule| raw::read_rule(reader, rule));
    let rules = rules.collect();
    let (source, errors) = reader.parts();
    Override { paths, rules: settings::check_rules(source, rules, errors) }
}

/// None where what is wrong with it was reported.
pub(super) fn read_waiver(reader: &mut Reader<'_>, block: &Block) -> Option<Waiver> {
    let rule = raw::only_label(block)?;
    let (body, range) = (&block.body, block.header);
    reader.check_shape(body, &WAIVER);
    let paths = required_paths(reader, body, range);
    let help = "say why the rule does not apply there";
    let reason = reader.reason(body, range, "this waiver", help);
    let until = reader.last_day(body, range);
    let owner = reader.string(body, "owner").map(|owner| owner.value.to_string());
    Some(Waiver { rule, paths, reason: reason?, until: until?, owner, range })
}

fn required_paths(reader: &mut Reader<'_>, body: &Body, place: TextRange) -> Paths {
    let globs = reader.strings(body, "paths");
    reader.require(body, "paths", place, "[\"stacks/web/**\"]");
    let (source, errors) = reader.parts();
    Paths::read(source, &globs, errors)
}
