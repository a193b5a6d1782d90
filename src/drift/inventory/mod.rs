//! What the repo declares, held against the live objects of a cluster, both ways.
//!
//! Invariant: what is not known of a name is never taken for an absence, and what a dump does not cover is not judged by it.

mod adopt;
mod changed;
mod compare;
mod declared;
mod fields;
mod itself;
mod live;
mod named;
mod pairs;
mod policy;
mod reach;
mod report;
mod trust;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use policy::{PACK, Policy};
pub use report::{
    Counts, Difference, Dump, InventoryReport, Missing, ObjectName, OnPurpose, Place, Topic,
    Unmanaged, UnmanagedRelease, Untrusted, UnusedPattern,
};
pub use trust::Trust;

use super::change::{Change, Class};
use super::report::{Cause, Unread};
use super::shown::Json;
use crate::model::{Repo, StackId};
use changed::Matched;
use declared::{Code, Declared, plain_namespace};
use live::{Live, Part};
use named::Fits;
use reach::Reach;

/// A difference on its way to its cause.
pub struct Suspect<'a> {
    /// The object as a change: what the code says as base, what runs as live.
    pub change: &'a Change,
    /// Which of its attributes.
    pub at: usize,
    /// Its stack.
    pub stack: Option<StackId>,
    /// The live object, with the bookkeeping of field managers where the dump has it.
    pub live: &'a Json,
}

/// What is known about who did it.
pub struct Attributed {
    /// Who.
    pub cause: Cause,
    /// Why the field must stay in the plan all the same.
    pub never_ignore: Option<String>,
}

/// Takes stock: made of a repo, shown dumps one by one, and asked for the report.
pub struct Inventory<'r, 's> {
    repo: &'r Repo<'s>,
    code: Code<'s>,
    /// What is declared, by kind and by a name that is known.
    by_name: FxHashMap<(SmolStr, SmolStr), Vec<usize>>,
    /// What is declared with a name that is not wholly known, by kind.
    vague: FxHashMap<SmolStr, Vec<usize>>,
    policy: Policy,
    /// Which entries of the policy were needed.
    idle: Vec<bool>,
    /// Which of what is declared was found.
    found: Vec<bool>,
    /// The live objects by name and group, so that one in two dumps counts once; each with the dump that it came in, and its
    /// `uid` where that has one.
    seen: BTreeMap<(ObjectName, SmolStr), (usize, Option<SmolStr>)>,
    /// The objects with their `uid`.
    uids: BTreeSet<(ObjectName, SmolStr)>,
    /// The dumps by name, also those that could not be read to the end.
    files: Vec<String>,
    /// How many objects of a dump are others by the same name in an earlier one, by both.
    elsewhere: BTreeMap<(usize, usize), usize>,
    /// By list of a dump: the namespaces and kinds in it.
    lists: BTreeMap<(usize, usize), Reach>,
    releases: BTreeMap<(String, String), usize>,
    images: trust::Images,
    /// Workloads whose replicas an autoscaler sets, as namespace, kind and name.
    scaled: BTreeSet<(SmolStr, SmolStr, SmolStr)>,
    matched: Vec<Matched>,
    report: InventoryReport,
}

impl<'r, 's> Inventory<'r, 's> {
    /// Of `repo`, with what `policy` says about live objects.
    pub fn new(repo: &'r Repo<'s>, policy: Policy) -> Self {
        let code = Code::of(repo);
        let mut by_name: FxHashMap<(SmolStr, SmolStr), Vec<usize>> = FxHashMap::default();
        let mut vague: FxHashMap<SmolStr, Vec<usize>> = FxHashMap::default();
        for (at, object) in code.objects.iter().enumerate() {
            for name in object.name.known() {
                by_name.entry((object.kind.clone(), name.clone())).or_default().push(at);
            }
            if object.name.is_vague() {
                vague.entry(object.kind.clone()).or_default().push(at);
            }
        }
        let found = vec![false; code.objects.len()];
        let idle = vec![true; policy.on_purpose.len()];
        Inventory {
            repo,
            code,
            by_name,
            vague,
            policy,
            idle,
            found,
            seen: BTreeMap::new(),
            uids: BTreeSet::new(),
            files: Vec::new(),
            elsewhere: BTreeMap::new(),
            lists: BTreeMap::new(),
            releases: BTreeMap::new(),
            images: trust::Images::default(),
            scaled: BTreeSet::new(),
            matched: Vec::new(),
            report: InventoryReport::default(),
        }
    }

    /// Reads a dump, which the user calls `file`. What cannot be read is in the report.
    pub fn read(&mut self, file: &str, reader: impl Read) {
        let dump = self.files.len();
        self.files.push(file.to_owned());
        let mut has_managers = false;
        let result = live::read(reader, |part, live| {
            has_managers |= !live.managers.is_empty();
            self.see((dump, part), &live);
        });
        let objects = match result {
            Ok(objects) => objects,
            Err(error) => {
                // What would have come yet may be whatever is missed.
                self.lists.retain(|(of, _), _| *of != dump);
                self.report.unread.push(Unread {
                    file: file.to_owned(),
                    why: error.to_string(),
                    help: Some(error.help().to_owned()),
                    is_missing: true,
                });
                return;
            }
        };
        self.report.dumps.push(Dump { file: file.to_owned(), objects, has_managers });
    }

    /// Says that a dump could not be opened.
    pub fn unread(&mut self, unread: Unread) {
        self.report.unread.push(unread);
    }

    fn see(&mut self, (dump, part): (usize, Part), live: &Live) {
        let object = ObjectName {
            kind: live.kind.clone(),
            namespace: live.namespace.clone(),
            name: live.name.clone(),
        };
        if part.is_list {
            self.lists.entry((dump, part.document)).or_default().add(live);
        }
        let uid = live.json.pointer("/metadata/uid").and_then(Json::as_str).map(SmolStr::new);
        // One that is served under two groups is one.
        if let Some(uid) = &uid
            && !self.uids.insert((object.clone(), uid.clone()))
        {
            return self.see_again(live, object);
        }
        match self.seen.entry((object.clone(), live.group().into())) {
            Entry::Vacant(entry) => _ = entry.insert((dump, uid)),
            Entry::Occupied(entry) => {
                let (first, known) = entry.get();
                if *first != dump && known.is_some() && uid.is_some() && *known != uid {
                    *self.elsewhere.entry((dump, *first)).or_default() += 1;
                }
                return;
            }
        }
        self.report.counts.live += 1;
        self.note(live, &object);
        let (certain, perhaps) = self.declaring(live);
        if let Some(&first) = certain.first() {
            for &at in &certain {
                self.found[at] = true;
            }
            self.compare(first, live, object);
            return;
        }
        if let Some(who) = self.made_by(live) {
            *self.report.counts.made.entry(who).or_default() += 1;
            return;
        }
        if let Some(at) = self.policy.on_purpose.iter().position(|clause| clause.is_about(live)) {
            self.idle[at] = false;
            let reason = self.policy.on_purpose[at].why.clone();
            self.report.on_purpose.push(OnPurpose { object, reason });
            return;
        }
        let telling = |at: &&usize| self.code.objects[**at].name.tells(&live.name);
        if perhaps.iter().any(|at| telling(&at)) {
            self.report.counts.perhaps += 1;
            return;
        }
        let unmanaged = self.unmanaged(live, object, perhaps.first().copied());
        self.report.unmanaged.push(unmanaged);
    }

    /// Looks at one that was seen before, perhaps under another group: the code may declare it by this one.
    fn see_again(&mut self, live: &Live, object: ObjectName) {
        let (certain, _) = self.declaring(live);
        let is_news = certain.iter().all(|&at| !self.found[at]);
        if let Some(&first) = certain.first().filter(|_| is_news) {
            for &at in &certain {
                self.found[at] = true;
            }
            self.report.unmanaged.retain(|it| it.object != object);
            self.compare(first, live, object);
        }
    }

    /// What is known of the cluster as a whole, from one object.
    fn note(&mut self, live: &Live, object: &ObjectName) {
        self.images.add(live, object);
        let part = itself::release(live).map(|it| (it, 1));
        // A release of which no other object was dumped is known by Helm's note of it.
        if let Some(((namespace, name), objects)) =
            part.or(itself::recorded(live).map(|it| (it, 0)))
        {
            let namespace = plain_namespace(Some(namespace).filter(|it| !it.is_empty()));
            *self.releases.entry((namespace.to_owned(), name.to_owned())).or_default() += objects;
        }
        let text = |pointer: &str| Some(SmolStr::new(live.json.pointer(pointer)?.as_str()?));
        if live.kind == "HorizontalPodAutoscaler" {
            let target = (text("/spec/scaleTargetRef/kind"), text("/spec/scaleTargetRef/name"));
            if let (Some(namespace), (Some(kind), Some(name))) = (&live.namespace, target) {
                self.scaled.insert((namespace.clone(), kind, name));
            }
        }
    }

    /// What declares `live` for certain, and what may.
    fn declaring(&self, live: &Live) -> (Vec<usize>, Vec<usize>) {
        let namespace = plain_namespace(live.namespace.as_deref());
        let by_name = self.by_name.get(&(live.kind.clone(), live.name.clone()));
        let vague = self.vague.get(&live.kind);
        let (mut certain, mut perhaps) = (Vec::new(), Vec::new());
        for &at in by_name.into_iter().chain(vague).flatten() {
            let object = &self.code.objects[at];
            let is_group = object.group.as_ref().is_none_or(|group| group == live.group());
            let fits = object.namespace.fits(namespace).min(object.name.fits(&live.name));
            match fits {
                _ if !is_group => {}
                Fits::Yes => certain.push(at),
                Fits::Perhaps => perhaps.push(at),
                Fits::No => {}
            }
        }
        // The one that says most exactly what it is comes first.
        certain.sort_by_key(|&at| (self.code.objects[at].name.certain().is_none(), at));
        perhaps.sort_unstable();
        perhaps.dedup();
        (certain, perhaps)
    }

    fn made_by(&self, live: &Live) -> Option<String> {
        itself::made_by(live).or_else(|| {
            let clause = self.policy.made.iter().find(|clause| clause.is_about(live))?;
            Some(clause.why.clone())
        })
    }

    fn compare(&mut self, at: usize, live: &Live, object: ObjectName) {
        let declared = &self.code.objects[at];
        let compared = compare::compare(self.repo, declared, &live.json);
        let counts = &mut self.report.counts;
        counts.values += compared.values;
        counts.values_unknown += compared.unknown;
        counts.images_of_code += compared.images;
        if compared.differences.is_empty() {
            return;
        }
        let mut json = live.json.clone();
        json["metadata"]["managedFields"] = Json::Array(live.managers.clone());
        self.matched.push(Matched {
            declared: at,
            object,
            differences: compared.differences,
            live: json,
            names: compared.names,
        });
    }

    fn unmanaged(&self, live: &Live, object: ObjectName, may_be: Option<usize>) -> Unmanaged {
        let created = live.json.pointer("/metadata/creationTimestamp").and_then(Json::as_str);
        Unmanaged {
            created: created.map(str::to_owned),
            written_by: live.last_writer().map(str::to_owned),
            may_be: may_be.map(|at| self.place(&self.code.objects[at])),
            stack: match live.kind.as_str() {
                "Namespace" => self.home(&live.name),
                _ => self.home(plain_namespace(live.namespace.as_deref())),
            },
            adoption: adopt::adoption(live, &self.code.types),
            object,
        }
    }

    /// The stack that declares most in `namespace`.
    fn home(&self, namespace: &str) -> Option<Arc<str>> {
        if namespace.is_empty() {
            return None;
        }
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for object in &self.code.objects {
            let is_of_it = object.namespace.certain().is_some_and(|it| it == namespace)
                || (object.kind == "Namespace"
                    && object.name.certain().is_some_and(|it| it == namespace));
            if let (true, Some(stack)) = (is_of_it, object.stack) {
                *counts.entry(stack.0 as usize).or_default() += 1;
            }
        }
        // Of several with as many, the first.
        let most = counts.iter().max_by_key(|(stack, count)| (**count, usize::MAX - **stack))?;
        Some(Arc::clone(&self.repo.stacks[*most.0].name))
    }

    fn place(&self, declared: &Declared<'s>) -> Place {
        Place {
            stack: declared.stack.map(|stack| Arc::clone(&self.repo.stack(stack).name)),
            address: format!("{}{}", declared.through, declared.block.address()),
            span: declared.block.header(),
        }
    }

    /// The report: images held against `trust`, where the repo says whom it trusts, and each difference with the cause
    /// that `attribute` finds.
    pub fn finish(
        mut self,
        trust: Option<&Trust>,
        attribute: impl Fn(&Suspect<'_>) -> Attributed,
    ) -> InventoryReport {
        self.missing();
        self.told_apart();
        self.differences(attribute);
        self.helm();
        let knows_pods = self.covers_all(&["Pod".to_owned()]);
        let idle = self.policy.on_purpose.iter().zip(&self.idle);
        let idle = idle.filter(|(clause, idle)| **idle && self.covers_all(clause.kinds()));
        self.report.idle_entries = idle.map(|(clause, _)| clause.shown.clone()).collect();
        let report = &mut self.report;
        match trust.filter(|trust| !trust.patterns.is_empty()) {
            None => report.no_trust = Some("no policy of the repo says which images may run"),
            Some(trust) if trust.is_open => {
                report.no_trust = Some("not all of the patterns that admit images are known");
            }
            Some(trust) => {
                let (untrusted, unused) = self.images.judge(trust);
                report.untrusted = untrusted;
                // Without pods, what charts and operators run is not known.
                report.unused_patterns = if knows_pods { unused } else { Vec::new() };
            }
        }
        report.missing.sort_by(|a, b| a.object.cmp(&b.object));
        report.unmanaged.sort_by(|a, b| a.object.cmp(&b.object));
        report.on_purpose.sort_by(|a, b| a.object.cmp(&b.object));
        report.differences.sort_by(|a, b| (&a.object, &a.path).cmp(&(&b.object, &b.path)));
        self.report
    }

    /// Says of which dumps objects were left out because another has others by their names: two clusters are not one.
    fn told_apart(&mut self) {
        for ((dump, first), count) in std::mem::take(&mut self.elsewhere) {
            let (objects, are) = match count {
                1 => ("1 object".to_owned(), "is another one"),
                _ => (format!("{count} objects"), "are other ones"),
            };
            self.report.unread.push(Unread {
                file: self.files[dump].clone(),
                why: format!(
                    "{objects} of it {are} by the same name in `{}`, and were not looked at",
                    self.files[first]
                ),
                help: Some("take the inventory of each cluster by itself".to_owned()),
                is_missing: true,
            });
        }
    }

    /// Whether some list is one of all namespaces and has objects of one of these kinds, or whatever there is.
    fn covers_all(&self, kinds: &[String]) -> bool {
        self.lists.values().any(|reach| {
            let has_kind = kinds.is_empty() || reach.has_one_of(kinds);
            reach.is_of_all() && has_kind
        })
    }

    fn missing(&mut self) {
        let counts = &mut self.report.counts;
        counts.declared = self.code.objects.len() + self.code.unknown_kinds;
        counts.unknown = self.code.unknown_kinds;
        let mut missing = Vec::new();
        for (at, object) in self.code.objects.iter().enumerate() {
            if self.found[at] {
                counts.found += 1;
                continue;
            }
            let certain = (object.name.certain(), object.namespace.certain());
            let ((Some(name), Some(namespace)), true) = (certain, object.is_certain) else {
                counts.unknown += 1;
                continue;
            };
            let is_covered = self.lists.values().any(|reach| reach.covers(object, namespace));
            if !is_covered {
                *counts.not_covered.entry(object.kind.clone()).or_default() += 1;
                continue;
            }
            let namespace = (!namespace.is_empty()).then(|| namespace.clone());
            missing.push((
                at,
                ObjectName { kind: object.kind.clone(), namespace, name: name.clone() },
            ));
        }
        for (at, object) in missing {
            let place = self.place(&self.code.objects[at]);
            self.report.missing.push(Missing { object, place });
        }
    }

    fn helm(&mut self) {
        for ((namespace, name), objects) in std::mem::take(&mut self.releases) {
            let is_declared = self.code.releases.iter().any(|release| {
                release.namespace.fits(&namespace).min(release.name.fits(&name)) != Fits::No
            });
            let purpose = &self.policy.on_purpose;
            let entry = purpose.iter().position(|it| it.is_about_release(&namespace, &name));
            match entry {
                _ if is_declared => {}
                Some(at) => self.idle[at] = false,
                None => self.report.releases.push(UnmanagedRelease { namespace, name, objects }),
            }
        }
    }

    fn differences(&mut self, attribute: impl Fn(&Suspect<'_>) -> Attributed) {
        for matched in std::mem::take(&mut self.matched) {
            let declared = &self.code.objects[matched.declared];
            let change = changed::change(declared, &matched);
            let place = self.place(declared);
            for (at, difference) in matched.differences.into_iter().enumerate() {
                let mut found = attribute(&Suspect {
                    change: &change,
                    at,
                    stack: declared.stack,
                    live: &matched.live,
                });
                let topic = changed::topic(&change, at);
                if changed::is_replicas(&difference.path) && self.is_scaled(&matched.object) {
                    found = Attributed { cause: changed::scaled(), never_ignore: None };
                }
                let Attributed { cause, never_ignore } = found;
                let owner = || cause.actor.as_deref().unwrap_or("nobody known").to_owned();
                if let Topic::Image(_) = topic {
                    *self.report.counts.images_of_others.entry(owner()).or_default() += 1;
                }
                self.report.differences.push(Difference {
                    object: matched.object.clone(),
                    place: Place { span: difference.span, ..place.clone() },
                    path: difference.path,
                    topic,
                    want: difference.want,
                    live: difference.live,
                    is_ignored: change.attributes[at].class == Class::Masked,
                    cause,
                    never_ignore,
                    dangers: change.attributes[at].dangers.clone(),
                });
            }
        }
    }

    fn is_scaled(&self, object: &ObjectName) -> bool {
        let namespace = object.namespace.clone().unwrap_or_default();
        self.scaled.contains(&(namespace, object.kind.clone(), object.name.clone()))
    }
}

#[cfg(test)]
mod tests;
