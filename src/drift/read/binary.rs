//! A plan as Terraform writes it with `-out`: a zip, of which only the two states inside are read.
//!
//! Invariant: what it proves is used (what was refreshed from what), and it is never called clean: what is planned stands in
//! a form of Terraform's own.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use smol_str::SmolStr;

use super::change_json::Values;
use super::collect::Entry;
use super::configuration::Configuration;
use super::judge::Judge;
use super::mask::Masks;
use super::secrets::Secrets;
use super::state::{Raw, RawInstance, file};
use super::status::status;
use crate::drift::address::Address;
use crate::drift::change::{Action, Change};
use crate::drift::measured::{InputKind, Measured, Status};
use crate::drift::shown::Json;

/// The most that is unpacked of one state.
const LARGEST: u64 = 1 << 30;

/// Reads the plan called `name`; `None` where the zip is something else.
pub(super) fn read(name: &str, bytes: &[u8]) -> Option<Measured> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    archive.by_name("tfplan").ok()?;
    let before = state(&mut archive, "tfstate-prev");
    let after = state(&mut archive, "tfstate");
    let mut measured = Measured::new(name, InputKind::BinaryPlan);
    if let (Some(before), Some(after)) = (before, after) {
        measured.terraform.clone_from(&after.terraform);
        let is_managed =
            |instance: &&RawInstance| !instance.address.is_data && instance.deposed.is_none();
        measured.instances = after.instances.iter().filter(is_managed).count();
        measured.changes = changes(before, after);
        (measured.status, measured.evidence) = status(&measured.changes, &[], &[]);
    }
    if measured.status == Status::Clean || measured.status == Status::Masked {
        measured.status = Status::NotMeasured;
    }
    measured.evidence.push(
        "a plan as `-out` writes it: only what was changed outside shows in it; `terraform show -json PLAN`, where its providers are installed, gives the rest"
            .to_owned(),
    );
    Some(measured)
}

fn state(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<Raw> {
    let mut text = Vec::new();
    archive.by_name(name).ok()?.take(LARGEST).read_to_end(&mut text).ok()?;
    file(&text).ok()
}

fn changes(before: Raw, after: Raw) -> Vec<Change> {
    let mut secrets = Secrets::default();
    before.secrets(&mut secrets);
    after.secrets(&mut secrets);
    let masks = Masks::new(secrets);
    let judge = Judge {
        configuration: &Configuration::default(),
        masks: &masks,
        timestamp: None,
        is_refresh_only: true,
    };
    let mut live: BTreeMap<(Address, Option<SmolStr>), RawInstance> = BTreeMap::new();
    for instance in after.instances {
        live.insert((instance.address.clone(), instance.deposed.clone()), instance);
    }
    let mut changes = Vec::new();
    for base in before.instances {
        // Data sources are read anew, and leftovers are not refreshed.
        if base.address.is_data || base.deposed.is_some() {
            continue;
        }
        let now = live.remove(&(base.address.clone(), None));
        changes.extend(judge.change(Some(&entry(base, now)), None));
    }
    changes.sort_by(|a, b| a.address.cmp(&b.address));
    changes
}

fn entry(base: RawInstance, now: Option<RawInstance>) -> Entry {
    let action = if now.is_some() { Action::Update } else { Action::Delete };
    let (after, after_sensitive) =
        now.map_or((Json::Null, Json::Null), |now| (now.attributes, now.mask));
    Entry {
        address: base.address,
        previous: None,
        deposed: None,
        reason: None,
        action,
        importing: None,
        values: Values {
            before: base.attributes.into(),
            before_sensitive: base.mask.into(),
            after: after.into(),
            after_sensitive: after_sensitive.into(),
            ..Values::default()
        },
    }
}
