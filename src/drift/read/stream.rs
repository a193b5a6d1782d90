//! The lines that `terraform plan -json` prints while it works: no values, but what was complained of and where.
//!
//! Invariant: a stream that ends before its summary is never clean.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use super::mask::Masks;
use super::problem::problem_kind;
use super::status::status;
use crate::drift::address::Address;
use crate::drift::change::{
    Action, CANNOT_UPDATE, Change, Class, REPLACE_BY_REQUEST, REPLACE_BY_TRIGGERS, TAINTED, UNTOLD,
};
use crate::drift::measured::{InputKind, Measured, OutputChange, Problem, ProblemKind, Status};
use crate::drift::shown::{Json, Shown};

/// Reads the stream called `name`. Lines that are no JSON are passed over: wrappers print some.
pub(super) fn read(name: &str, reader: impl Read) -> std::io::Result<Measured> {
    let mut heard = Heard::new(name);
    let mut reader = std::io::BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if let Ok(message) = serde_json::from_slice::<Json>(&line) {
            heard.message(&message);
        }
        line.clear();
    }
    Ok(heard.conclude())
}

/// What the stream says of one instance.
#[derive(Default)]
struct Told {
    drift: Option<Action>,
    planned: Option<Action>,
    previous: Option<Address>,
    import_id: Option<String>,
    is_moved: bool,
    is_imported: bool,
    reason: Option<smol_str::SmolStr>,
    /// Whether there is a leftover of it too, which is deleted: what is said of that has the same address, and no key.
    has_leftover: bool,
}

impl Told {
    /// Whether it is deleted, and Terraform does not say why: with `-destroy`, or because it is a leftover.
    fn is_deleted_for_nothing(&self) -> bool {
        self.planned == Some(Action::Delete) && self.reason.is_none()
    }
}

struct Heard {
    measured: Measured,
    masks: Masks,
    told: BTreeMap<Address, Told>,
    has_summary: bool,
    /// Whether it is of a version that says why something is deleted.
    has_reasons: bool,
}

impl Heard {
    fn new(name: &str) -> Self {
        Heard {
            measured: Measured::new(name, InputKind::UiStream),
            masks: Masks::default(),
            told: BTreeMap::new(),
            has_summary: false,
            has_reasons: false,
        }
    }

    fn message(&mut self, message: &Json) {
        match message["type"].as_str() {
            Some("version") => {
                let version = message["terraform"].as_str().or(message["tofu"].as_str());
                self.measured.terraform = version.map(str::to_owned);
                self.measured.planned_at = message["@timestamp"].as_str().map(str::to_owned);
                let minor = message["ui"].as_str().and_then(|it| it.strip_prefix("1."));
                self.has_reasons = minor.and_then(|it| it.parse().ok()) >= Some(1_u32);
            }
            Some("refresh_start") => self.measured.instances += 1,
            Some("resource_drift") => self.change(&message["change"], true),
            Some("planned_change") => self.change(&message["change"], false),
            Some("change_summary") => self.has_summary = true,
            Some("outputs") => self.outputs(&message["outputs"]),
            Some("diagnostic") => self.diagnostic(&message["diagnostic"]),
            _ => {}
        }
    }

    fn change(&mut self, change: &Json, is_drift: bool) {
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let address = |value: &Json| Address::parse(value["addr"].as_str()?);
        let Some(of) = address(&change["resource"]) else { return };
        let told = self.told.entry(of).or_default();
        let action = match change["action"].as_str() {
            Some("noop") => Action::NoOp,
            Some("read") => Action::Read,
            Some("create") => Action::Create,
            Some("update") => Action::Update,
            Some("delete") => Action::Delete,
            Some("replace") => Action::DeleteThenCreate,
            Some("remove" | "forget") => Action::Forget,
            Some("move") => {
                told.is_moved = true;
                Action::NoOp
            }
            Some("import") => {
                told.is_imported = true;
                Action::NoOp
            }
            _ => Action::Other,
        };
        let why: Option<smol_str::SmolStr> = change["reason"].as_str().map(|it| reason(it).into());
        if is_drift {
            told.drift = Some(action);
        } else if told.planned.is_some() && action == Action::Delete && why.is_none() {
            told.has_leftover = true;
        } else {
            told.has_leftover |= told.is_deleted_for_nothing();
            told.planned = Some(action);
            told.reason = why;
        }
        told.previous = told.previous.take().or(address(&change["previous_resource"]));
        told.is_moved |= told.previous.is_some();
        told.is_imported |= change["importing"].is_object();
        let import_id = text(&change["importing"]["id"]).map(|id| self.masks.text(&id));
        told.import_id = told.import_id.take().or(import_id);
    }

    /// Takes what is deleted for no reason as leftovers, where something shows that all is not to be destroyed. Whether
    /// nothing does, and something is deleted so.
    fn settle_deletions(&mut self) -> bool {
        let is_quiet =
            |action: Action| matches!(action, Action::NoOp | Action::Read | Action::Forget);
        let shows = |told: &Told| {
            told.planned.is_some_and(|it| !is_quiet(it)) && !told.is_deleted_for_nothing()
        };
        if !self.told.values().any(shows) {
            return self.told.values().any(Told::is_deleted_for_nothing);
        }
        for told in self.told.values_mut().filter(|told| told.is_deleted_for_nothing()) {
            told.planned = None;
            told.has_leftover = true;
        }
        false
    }

    fn outputs(&mut self, outputs: &Json) {
        for (name, output) in outputs.as_object().into_iter().flatten() {
            let action = output["action"].as_str();
            if action.is_none_or(|action| action == "noop") {
                continue;
            }
            let is_hidden = output["sensitive"] == Json::Bool(true);
            let shown = if is_hidden { Shown::Hidden } else { Shown::Unknown };
            let side = |gone: &str| {
                if action == Some(gone) { Shown::Absent } else { shown.clone() }
            };
            self.measured.outputs.push(OutputChange {
                name: name.clone(),
                before: side("create"),
                after: side("delete"),
            });
        }
    }

    fn diagnostic(&mut self, diagnostic: &Json) {
        let text = |key: &str| self.masks.text(diagnostic[key].as_str().unwrap_or_default());
        let (summary, detail) = (text("summary"), text("detail"));
        let range = &diagnostic["range"];
        let line = range["start"]["line"].as_u64().and_then(|line| u32::try_from(line).ok());
        let place = range["filename"].as_str().map(str::to_owned).zip(line);
        self.measured.problems.push(Problem {
            kind: problem_kind(&summary, &detail),
            is_error: diagnostic["severity"] == "error",
            address: diagnostic["address"].as_str().map(str::to_owned),
            place,
            summary,
            detail,
        });
    }

    fn conclude(mut self) -> Measured {
        let is_unclear = self.has_reasons && self.settle_deletions();
        let mut changes: Vec<Change> =
            self.told.into_iter().flat_map(|(address, told)| told.changes(address)).collect();
        changes.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
        let measured = &mut self.measured;
        measured.outputs.sort_by(|a, b| a.name.cmp(&b.name));
        let errors: Vec<&Problem> =
            measured.problems.iter().filter(|problem| problem.is_error).collect();
        let has = |kind| errors.iter().any(|problem| problem.kind == kind);
        if let Some(first) = errors.first() {
            measured.status = if has(ProblemKind::StateLock) {
                Status::Locked
            } else if has(ProblemKind::Interrupted) {
                Status::Timeout
            } else {
                Status::Error
            };
            measured.evidence = vec![first.summary.clone()];
            if errors.len() > 1 {
                measured.evidence.push(format!("{} errors in all", errors.len()));
            }
            measured.outputs.clear();
        } else if self.has_summary {
            (measured.status, measured.evidence) = status(&changes, &measured.outputs, &[]);
            measured.changes = changes;
            if measured.problems.iter().any(is_about_targets) {
                let part = "the plan covers only a part: it was made with targets";
                measured.evidence.insert(0, part.to_owned());
                measured.status = Status::NotMeasured;
            }
            if is_unclear {
                let unclear = "a plan with `-destroy`, or what replacements left over: these lines do not tell; `terraform show -json PLAN` does";
                measured.evidence.insert(0, unclear.to_owned());
                measured.status = Status::NotMeasured;
            }
        } else {
            measured.status = Status::Timeout;
            measured.evidence =
                vec!["the stream ends before its summary: it was stopped on the way".to_owned()];
            measured.outputs.clear();
        }
        self.measured
    }
}

/// Whether `problem` is what Terraform says of `-target`, and `OpenTofu` of `-exclude` too: the plan covers only a part. Not every
/// version says so in the plan.
pub fn is_about_targets(problem: &Problem) -> bool {
    problem.summary == "Resource targeting is in effect"
}

/// The word that plans in JSON have for `word`, which is why something is replaced.
fn reason(word: &str) -> &str {
    match word {
        "tainted" => TAINTED,
        "requested" => REPLACE_BY_REQUEST,
        "replace_triggered_by" => REPLACE_BY_TRIGGERS,
        "cannot_update" => CANNOT_UPDATE,
        other => other,
    }
}

impl Told {
    /// What becomes of the instance, and of a leftover of it.
    fn changes(self, address: Address) -> Vec<Change> {
        let leftover = self.has_leftover.then(|| Change {
            deposed: Some(UNTOLD.into()),
            action: Action::Delete,
            class: Class::Deposed,
            ..Change::none(address.clone())
        });
        self.change(address).into_iter().chain(leftover).collect()
    }

    fn change(self, address: Address) -> Option<Change> {
        let planned = self.planned.unwrap_or(Action::NoOp);
        let class = match (self.drift, planned) {
            (Some(Action::Delete), _) => Class::DeletedOutside,
            (Some(Action::Update), Action::NoOp) => Class::Masked,
            (Some(Action::Update), _) => Class::OutOfBand,
            (_, Action::Read) => Class::Read,
            (_, Action::Forget) => Class::Forgotten,
            (_, Action::NoOp) if self.is_imported => Class::Imported,
            (_, Action::NoOp) if self.is_moved => Class::Moved,
            (_, Action::NoOp) => return None,
            _ => Class::Unapplied,
        };
        Some(Change {
            action: planned,
            reason: self.reason,
            class,
            previous: self.previous,
            import_id: self.import_id,
            ..Change::none(address)
        })
    }
}
