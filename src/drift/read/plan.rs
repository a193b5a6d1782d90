//! From a plan to a measurement.
//!
//! Invariant: nothing of the plan gets into the measurement but through the masks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use smol_str::SmolStr;

use super::collect::{Collected, Entry, Failure};
use super::configuration::{Configuration, Expressions};
use super::judge::Judge;
use super::mask::Masks;
use super::split::Stream;
use super::status::status;
use super::tree::Side;
use crate::drift::address::Address;
use crate::drift::change::{Action, Change, Class, DELETE_BY_REQUEST};
use crate::drift::measured::{FailedCheck, InputKind, Measured, OutputChange, Status};

/// Why a plan gives no measurement.
pub(super) enum Refused {
    /// It cannot be read.
    Failure(Failure),
    /// Its format has a major version that this tautline does not know.
    Version(String),
}

/// Reads the plan called `name` from `reader`; and where something stands behind it, which is not read, at which byte.
pub(super) fn read(name: &str, reader: impl Read) -> Result<(Measured, Option<u64>), Refused> {
    let mut stream = Stream::new(reader);
    let mut collected = Collected::read(&mut stream).map_err(Refused::Failure)?;
    let rest = stream.rest().map_err(|broken| Refused::Failure(broken.into()))?;
    if let Some(format) = &collected.format
        && !matches!(format.split('.').next(), Some("0" | "1"))
    {
        return Err(Refused::Version(format.clone()));
    }
    let masks = Masks::new(std::mem::take(&mut collected.secrets));
    let mut measured = Measured {
        terraform: collected.terraform.take(),
        planned_at: collected.timestamp.take(),
        instances: collected.instances,
        outputs: outputs(&collected, &masks),
        checks: std::mem::take(&mut collected.checks),
        ..Measured::new(name, InputKind::Plan)
    };
    for FailedCheck { messages, .. } in &mut measured.checks {
        for message in messages {
            *message = masks.text(message);
        }
    }
    measured.modules = std::mem::take(&mut collected.configuration.modules);
    measured.modules.iter_mut().for_each(|call| call.source = masks.text(&call.source));
    measured.changes = changes(&collected, &masks, measured.planned_at.as_deref());
    conclude(&mut measured, &collected);
    Ok((measured, rest))
}

/// What was seen outside of an instance, and what is planned for it.
type Pair<'a> = (Option<&'a Entry>, Option<&'a Entry>);

fn changes(collected: &Collected, masks: &Masks, timestamp: Option<&str>) -> Vec<Change> {
    let configuration = &collected.configuration;
    let judge =
        Judge { configuration, masks, timestamp, is_refresh_only: collected.is_refresh_only() };
    let mut pairs: BTreeMap<(&Address, Option<&SmolStr>), Pair<'_>> = BTreeMap::new();
    for entry in &collected.drift {
        pairs.entry((&entry.address, entry.deposed.as_ref())).or_default().0 = Some(entry);
    }
    for entry in &collected.changes {
        pairs.entry((&entry.address, entry.deposed.as_ref())).or_default().1 = Some(entry);
    }
    let mut changes: Vec<Change> =
        pairs.values().filter_map(|(drift, planned)| judge.change(*drift, *planned)).collect();
    let mut last = Block::default();
    for quiet in &collected.quiet {
        let Some(address) = Address::parse(&quiet.address) else { continue };
        let Some(said) = configuration.text(&address) else { continue };
        if !pairs.contains_key(&(&address, None))
            && !super::glance::fits(said, quiet.text())
            && let Some(expressions) = last.expressions(configuration, &address)
        {
            changes.extend(judge.quiet(quiet, address, expressions));
        }
    }
    super::follow::follow(&mut changes, configuration);
    if collected.is_destroy() {
        let asked = changes.iter_mut().filter(|it| it.action == Action::Delete);
        asked.for_each(|it| it.reason = it.reason.take().or(Some(DELETE_BY_REQUEST.into())));
    }
    changes.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
    changes
}

/// The block that was looked at last: its instances follow each other.
#[derive(Default)]
struct Block {
    address: Option<Address>,
    expressions: Option<Expressions>,
}

impl Block {
    fn expressions(
        &mut self,
        configuration: &Configuration,
        address: &Address,
    ) -> Option<&Expressions> {
        let block = address.of_block();
        if self.address.as_ref() != Some(&block) {
            self.expressions = configuration.expressions(address);
            self.address = Some(block);
        }
        self.expressions.as_ref()
    }
}

fn outputs(collected: &Collected, masks: &Masks) -> Vec<OutputChange> {
    let mut outputs: Vec<OutputChange> = Vec::new();
    for output in &collected.outputs {
        let values = &output.values;
        let before = Side {
            value: Some(&values.before),
            unknown: None,
            mask: Some(&values.before_sensitive),
        };
        let after = Side {
            value: Some(&values.after),
            unknown: Some(&values.after_unknown),
            mask: Some(&values.after_sensitive),
        };
        if before.is_like(after) {
            continue;
        }
        let is_secret = [before, after].iter().any(|side| super::tree::is_true(side.mask));
        let shown = |side, other| masks.output(&output.name, side, other, is_secret);
        let (before, after) = (shown(before, after), shown(after, before));
        outputs.push(OutputChange { name: output.name.clone(), before, after });
    }
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    outputs
}

/// Says how the stack stands.
fn conclude(measured: &mut Measured, collected: &Collected) {
    let (status, mut evidence) = status(&measured.changes, &measured.outputs, &measured.checks);
    measured.status = status;
    if collected.errored == Some(true) {
        let n = measured.changes.iter().filter(|change| change.class > Class::Noise).count();
        let dropped = match n {
            0 => String::new(),
            1 => "; the difference that it had seen by then is not judged".to_owned(),
            n => format!("; the {n} differences that it had seen by then are not judged"),
        };
        evidence =
            vec![format!("the plan failed on the way (`errored`), and is only a part{dropped}")];
        evidence.extend(super::status::status(&[], &[], &measured.checks).1);
        measured.status = Status::Error;
        measured.changes.clear();
        measured.outputs.clear();
    }
    let is_errored = measured.status == Status::Error;
    let mut gaps = Vec::new();
    if collected.is_refresh_only() {
        gaps.push("a plan with `-refresh-only`: what an apply would do is not in it".to_owned());
    } else if collected.is_destroy() {
        gaps.push("a plan with `-destroy`: what the code asks for is not in it".to_owned());
    }
    // A plan that has to wait for another says so, whatever it says of itself.
    let is_part = collected.complete == Some(false) || collected.deferred > 0;
    if is_part && !is_errored {
        gaps.push("the plan covers only a part: targets, or changes that had to wait".to_owned());
    }
    let strange = collected.strange.iter();
    gaps.extend(strange.map(|it| format!("`{it}` is no address that this version can read")));
    let mut seen = BTreeSet::new();
    let known = collected.changes.iter().map(|it| (&it.address, it.deposed.as_ref()));
    let doubled: BTreeSet<_> = known.filter(|it| !seen.insert(*it)).collect();
    gaps.extend(doubled.iter().map(|(address, _)| {
        format!("`{address}` is in it several times, and the last counts: no plan is so")
    }));
    // What differs in a part, nobody takes for all that differs: it is told, and the stack is not measured.
    if !gaps.is_empty() && !is_errored {
        measured.status = Status::NotMeasured;
    }
    if is_errored {
        evidence.extend(gaps);
    } else {
        evidence.splice(..0, gaps);
    }
    if collected.deferred > 0 {
        evidence.push(format!("{} had to wait for another apply", collected.deferred));
    }
    if collected.is_cut {
        evidence.push("too large to compare unchanged instances with the code: what is ignored may differ there".to_owned());
    }
    measured.evidence = evidence;
}
