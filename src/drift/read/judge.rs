//! From what a plan says of one instance to a change with its class.
//!
//! Invariant: a change whose action is not harmless is never dropped, whatever its values look like.

use super::absorbed;
use super::classify::{
    Setting, Verdict, Written, forces_replacement, means_the_same, verdict, written,
};
use super::collect::{Entry, Quiet};
use super::configuration::{Configuration, Expressions};
use super::mask::Masks;
use super::tree::{Difference, Side, Sides, differences};
use crate::drift::address::Address;
use crate::drift::change::{Action, AttributeChange, Change, Class};
use crate::drift::shown::{Json, Shown};

/// What all instances of a plan have in common.
pub(super) struct Judge<'a> {
    pub(super) configuration: &'a Configuration,
    pub(super) masks: &'a Masks,
    pub(super) timestamp: Option<&'a str>,
    /// Whether only what was changed outside is known, and not what an apply would do about it.
    pub(super) is_refresh_only: bool,
}

impl Judge<'_> {
    /// The change of one instance, from what was seen outside and what is planned; none where neither is a difference.
    pub(super) fn change(&self, drift: Option<&Entry>, planned: Option<&Entry>) -> Option<Change> {
        let entry = planned.or(drift)?;
        let expressions = self.configuration.expressions(&entry.address);
        let mut change = self.blank(entry, planned);
        let mut sides = sides(drift, planned);
        change.object = self.object(&entry.address, sides);
        if let Some(class) = whole(drift, planned) {
            change.class = class;
            return Some(change);
        }
        if change.action == Action::Delete {
            // What is destroyed is told as a whole; of what was changed outside before that, only what it was.
            sides.want = sides.live;
        }
        let found = differences(&entry.address.kind, sides);
        let consequences = self.attributes(&mut change, planned, &found, expressions.as_ref());
        // What the code says otherwise is ignored only where a plan has asked for it and leaves it so.
        if let (Action::NoOp | Action::Update, Some(live), false) =
            (change.action, sides.live.known(), self.is_refresh_only)
        {
            let live = Side { value: Some(live), ..sides.live };
            self.absorbed(&mut change, live, expressions.as_ref(), &found);
        }
        change.attributes.sort_by(|a, b| a.path.cmp(&b.path));
        let is_imported = planned.is_some_and(|planned| planned.importing.is_some());
        change.class = graded(&change, is_imported, consequences)?;
        change.noise += consequences;
        if change.class == Class::Noise {
            change.object = Json::Null;
        }
        Some(change)
    }

    /// The change of an instance to which nothing happens: only what has been absorbed into the state shows.
    pub(super) fn quiet(
        &self,
        quiet: &Quiet,
        address: Address,
        expressions: &Expressions,
    ) -> Option<Change> {
        let (live, mask) = quiet.values()?;
        let side = Side { value: Some(&live), unknown: None, mask: Some(&mask) };
        let mut change = Change::none(address);
        self.absorbed(&mut change, side, Some(expressions), &[]);
        if change.attributes.is_empty() {
            return None;
        }
        change.attributes.sort_by(|a, b| a.path.cmp(&b.path));
        change.class = Class::Masked;
        change.object = self.masks.object(&change.address.kind, side);
        Some(change)
    }

    fn blank(&self, entry: &Entry, planned: Option<&Entry>) -> Change {
        let importing = planned.and_then(|planned| planned.importing.clone());
        Change {
            deposed: entry.deposed.clone(),
            action: planned.map_or(Action::NoOp, |planned| planned.action),
            reason: entry.reason.clone(),
            previous: planned
                .and_then(|planned| planned.previous.clone())
                .or(entry.previous.clone()),
            import_id: importing.and_then(|importing| importing.id).map(|id| self.masks.text(&id)),
            ..Change::none(entry.address.clone())
        }
    }

    /// What runs, else what was, else what is wanted.
    fn object(&self, address: &Address, sides: Sides<'_>) -> Json {
        let best =
            [sides.live, sides.base, sides.want].into_iter().find(|side| side.known().is_some());
        best.map_or(Json::Null, |side| self.masks.object(&address.kind, side))
    }

    /// Fills in the attributes that differ; gives how many are only computed anew.
    fn attributes(
        &self,
        change: &mut Change,
        planned: Option<&Entry>,
        found: &[Difference<'_>],
        expressions: Option<&Expressions>,
    ) -> usize {
        let setting = Setting { expressions, timestamp: self.timestamp };
        let paths = planned.map_or(&[][..], |planned| &planned.values.replace_paths);
        let mut consequences = 0;
        for difference in found {
            let class = match verdict(difference, setting) {
                Verdict::Consequence => {
                    consequences += 1;
                    continue;
                }
                Verdict::Class(Class::Noise) => {
                    change.noise += 1;
                    continue;
                }
                Verdict::Class(class) => class,
            };
            let Difference { path, sides } = difference;
            let shown = |side: Side<'_>| self.masks.shown(&change.address.kind, path, *sides, side);
            let is_left = class == Class::Masked && sides.want.is_like(sides.live);
            if change.action == Action::Delete {
                change.attributes.push(AttributeChange {
                    path: self.masks.path(path),
                    class: Class::Conflict,
                    base: shown(sides.base),
                    live: shown(sides.live),
                    want: Shown::Absent,
                    forces_replacement: false,
                    dangers: Vec::new(),
                });
                continue;
            }
            let written = written(path, expressions);
            let class = if self.is_refresh_only && is_left {
                unless_applied(written, sides.live)
            } else {
                class
            };
            let want = match written {
                Written::Nothing if is_left => Shown::Absent,
                Written::Something if is_left => Shown::Unknown,
                Written::Literal(value) if is_left => {
                    shown(Side { value: Some(value), ..Side::default() })
                }
                _ => shown(sides.want),
            };
            change.attributes.push(AttributeChange {
                path: self.masks.path(path),
                class,
                base: shown(sides.base),
                live: shown(sides.live),
                want,
                forces_replacement: forces_replacement(path, paths),
                dangers: Vec::new(),
            });
        }
        consequences
    }

    /// Adds what differs from the literals in the code at paths that the plan leaves alone.
    fn absorbed(
        &self,
        change: &mut Change,
        live: Side<'_>,
        expressions: Option<&Expressions>,
        found: &[Difference<'_>],
    ) {
        let (Some(expressions), Some(value)) = (expressions, live.known()) else { return };
        let kind = change.address.kind.clone();
        for absorbed in absorbed::differences(&kind, expressions, value) {
            let path = &absorbed.path;
            if found.iter().any(|other| other.path.is_within(path) || path.is_within(&other.path)) {
                continue;
            }
            let side = live.at(path);
            let is_named_secret = super::mask::names_hide(&kind, value, path);
            let sides = Sides { base: side, live: side, want: side, is_named_secret };
            let written = Side { value: absorbed.written, ..Side::default() };
            let shown = |side| self.masks.shown(&kind, path, sides, side);
            change.attributes.push(AttributeChange {
                base: shown(side),
                live: shown(side),
                want: shown(written),
                path: self.masks.path(path),
                class: Class::Masked,
                forces_replacement: false,
                dangers: Vec::new(),
            });
        }
    }
}

/// The class of what was changed outside where nobody has asked what an apply would do about it.
fn unless_applied(written: Written<'_>, live: Side<'_>) -> Class {
    match written {
        Written::Nothing => Class::Masked,
        Written::Literal(value) if means_the_same(value, live.known().unwrap_or(&Json::Null)) => {
            Class::Masked
        }
        Written::Literal(_) | Written::Something => Class::OutOfBand,
    }
}

/// The three sides. Without drift, what was applied is what runs; without a planned change, what runs stays.
fn sides<'a>(drift: Option<&'a Entry>, planned: Option<&'a Entry>) -> Sides<'a> {
    let side = |value: &'a Json, mask: &'a Json| Side {
        value: Some(value),
        unknown: None,
        mask: Some(mask),
    };
    let before = |entry: &'a Entry| side(&entry.values.before, &entry.values.before_sensitive);
    let after = |entry: &'a Entry| side(&entry.values.after, &entry.values.after_sensitive);
    let live = drift.map(after).or(planned.map(before)).unwrap_or_default();
    let base = drift.map_or(live, before);
    let want = planned.map_or(live, |planned| Side {
        unknown: Some(&planned.values.after_unknown),
        ..after(planned)
    });
    Sides { base, live, want, is_named_secret: false }
}

/// The class where it is about the object and not about its values.
fn whole(drift: Option<&Entry>, planned: Option<&Entry>) -> Option<Class> {
    if planned.or(drift).is_some_and(|entry| entry.deposed.is_some()) {
        return Some(Class::Deposed);
    }
    if drift.is_some_and(|drift| drift.action == Action::Delete) {
        return Some(Class::DeletedOutside);
    }
    match (planned?.action, drift) {
        (Action::Read, _) => Some(Class::Read),
        (Action::Forget, _) => Some(Class::Forgotten),
        (Action::Create | Action::Delete, None) => Some(Class::Unapplied),
        _ => None,
    }
}

/// The class of a change with its attributes: the gravest of them and of what happens to the object; `None` where there is
/// no difference.
fn graded(change: &Change, is_imported: bool, consequences: usize) -> Option<Class> {
    let gravest = change.attributes.iter().map(|attribute| attribute.class).max();
    let has_noise = change.noise > 0;
    let action = match change.action {
        Action::NoOp => has_noise.then_some(Class::Noise),
        // Nothing but what is written down otherwise: an apply would only write it down again.
        Action::Update if has_noise && consequences == 0 => Some(Class::Noise),
        Action::Delete => Some(Class::Unapplied),
        _ if gravest.is_some() => None,
        _ => Some(Class::Unapplied),
    };
    let moved = change.previous.is_some().then_some(Class::Moved);
    let imported = is_imported.then_some(Class::Imported);
    [gravest, action, moved, imported].into_iter().flatten().max()
}
