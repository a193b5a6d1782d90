//! Which mutator or policy wrote a value.

use std::sync::Arc;

use super::facts::Facts;
use super::field::{self, Leaf, Meets};
use super::managers;
use super::object::{Differing, DifferingField};
use super::patch::{self, Patch, Written};
use super::policy::{Policy, Rule, Target};
use super::signature::{self, Below, Fit};
use super::world::{Label, World};
use super::{Asked, applied};
use crate::diagnostic::Label as Place;
use crate::drift::change::Class;
use crate::drift::condition::{Judged, Truth};
use crate::drift::report::{Cause, Confidence};
use crate::drift::shown::Shown;
use crate::rule::{Action, FieldPath, Manager, Mutator, Same};

/// Who wrote a value.
pub(super) enum Found {
    /// This did.
    By(Cause),
    /// Nobody who is known; what nearly fitted.
    Nobody(Vec<String>),
}

/// Somebody who may have written a value.
struct Candidate {
    cause: Cause,
    /// How much fitted: of two that are as sure, the one that asks for more.
    parts: usize,
    /// How sure it can get.
    most: Confidence,
}

impl Candidate {
    /// Takes what the policy itself says into account.
    fn agree(&mut self, policy: Cause) {
        let agreed = policy.confidence.min(self.most);
        self.cause.confidence = self.cause.confidence.max(agreed);
        self.cause.evidence.extend(policy.evidence);
        self.cause.related = policy.related;
    }
}

/// One question for who wrote a value.
pub(super) struct Asking<'a, 'r, 's> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) class: Class,
    pub(super) mutators: &'a [Mutator],
    pub(super) managers: &'a [Manager],
    pub(super) world: Option<&'a World<'r, 's>>,
}

impl Asking<'_, '_, '_> {
    /// Who wrote it. What is made of several parts has a cause if each of them has one.
    pub(super) fn who(&self, leaf: &Leaf) -> Found {
        let facts = Facts::of(self.asked.change);
        let kind = self.asked.change.address.kind.as_str();
        let patches = self.patches(&facts);
        let own = self.mutators.iter().flat_map(|it| it.fields(kind));
        let fields: Vec<&FieldPath> = own.chain(patches.iter().map(|it| &it.field)).collect();
        let mut parts = Vec::new();
        let owns_whole = self
            .mutators
            .iter()
            .flat_map(|it| it.fields(kind))
            .any(|it| matches!(field::meets(it, &leaf.path.0), Meets::Inside(_)));
        if owns_whole {
            parts.push(leaf.clone());
        } else {
            field::take_apart(leaf.clone(), &fields, &mut parts);
        }
        let mut nearly = Vec::new();
        let mut causes: Vec<Cause> = Vec::new();
        let mut is_whole = !parts.is_empty();
        for part in &parts {
            match self.best(part, &facts, &patches, &mut nearly) {
                Some(cause) => causes.push(cause),
                None => is_whole = false,
            }
        }
        nearly.sort();
        nearly.dedup();
        if !is_whole {
            let partly = causes.iter().filter_map(|it| it.actor.as_ref());
            nearly.extend(partly.map(|actor| format!("`{actor}` wrote a part of it, not all")));
            nearly.dedup();
            return Found::Nobody(nearly);
        }
        let least = causes.iter().map(|it| it.confidence).min();
        let mut causes = causes.into_iter();
        let Some(mut first) = causes.next() else { return Found::Nobody(nearly) };
        first.confidence = least.unwrap_or(first.confidence);
        for other in causes.filter(|other| other.actor != first.actor) {
            let line = other.actor.iter().map(|it| format!("`{it}` wrote a part of it too"));
            first.evidence.extend(line);
        }
        first.evidence.dedup();
        Found::By(first)
    }

    /// Who most likely wrote one part.
    fn best(
        &self,
        part: &Leaf,
        facts: &Facts<'_>,
        patches: &[OwnPatch<'_>],
        nearly: &mut Vec<String>,
    ) -> Option<Cause> {
        let mut candidates: Vec<Candidate> = Vec::new();
        candidates.extend(self.by_note(part, facts));
        let mut policy = self.by_policy(part, patches, facts);
        for mutator in self.mutators {
            // What the tables say of a policy, they say with more than its patches tell.
            let is_its_own = self.writes(mutator, part)
                && policy.as_ref().is_some_and(|it| {
                    it.cause.actor.as_deref() == mutator.condition.namespace_policy.as_deref()
                });
            let policy = if is_its_own { policy.take() } else { None };
            match self.by_mutator(mutator, part, facts) {
                Ok(Some(mut candidate)) => {
                    if let Some(policy) = policy {
                        candidate.agree(policy.cause);
                    }
                    candidates.push(candidate);
                }
                Ok(None) => {}
                Err(why) => nearly.push(why),
            }
        }
        candidates.extend(policy);
        // The first of those that are as sure: the note in the object, then the tables, then the policies.
        let best = candidates
            .iter()
            .enumerate()
            .max_by_key(|(at, it)| (it.cause.confidence, it.parts, std::cmp::Reverse(*at)))
            .map(|(at, _)| at)?;
        let others: Vec<String> = candidates
            .iter()
            .filter(|it| it.cause.actor != candidates[best].cause.actor)
            .filter_map(|it| it.cause.actor.as_ref().map(|it| format!("`{it}` would fit too")))
            .collect();
        let mut cause = candidates.swap_remove(best).cause;
        cause.evidence.extend(others);
        Some(cause)
    }

    /// Whether the field is one that `mutator` writes.
    fn writes(&self, mutator: &Mutator, part: &Leaf) -> bool {
        let mut fields = mutator.fields(&self.asked.change.address.kind).iter();
        fields.any(|it| matches!(field::meets(it, &part.path.0), Meets::Inside(_)))
    }

    /// The object itself says so.
    fn by_note(&self, part: &Leaf, facts: &Facts<'_>) -> Option<Candidate> {
        let note = applied::applied(facts, &part.path)?;
        let named = self.mutators.iter().find(|it| {
            it.condition.namespace_policy.as_deref() == Some(note.policy) && self.writes(it, part)
        });
        let actor = named.map_or(note.policy, |it| &it.name);
        let summary = named.map_or_else(
            || format!("the policy `{}` writes it (rule `{}`)", note.policy, note.rule),
            |it| it.summary.clone(),
        );
        let place = self.world.and_then(|world| world.policy(note.policy));
        let related =
            place.map(|it| Place { span: it.header, message: "this policy does it".to_owned() });
        let cause = Cause {
            actor: Some(actor.into()),
            summary,
            confidence: Confidence::Certain,
            evidence: vec![format!("the object notes the patch: `{}`", note.line)],
            related: related.into_iter().collect(),
            advice: named.and_then(|it| it.advice.clone()),
        };
        Some(Candidate { cause, parts: usize::MAX, most: Confidence::Certain })
    }

    /// Whether `mutator` wrote it; where it nearly did, why not.
    fn by_mutator(
        &self,
        mutator: &Mutator,
        part: &Leaf,
        facts: &Facts<'_>,
    ) -> Result<Option<Candidate>, String> {
        let fields = mutator.fields(&self.asked.change.address.kind).iter();
        let met = fields.into_iter().find_map(|it| match field::meets(it, &part.path.0) {
            Meets::Inside(used) => Some((it, used)),
            Meets::Around | Meets::Apart => None,
        });
        let Some((own, used)) = met else { return Ok(None) };
        let below = Below { leaf: part, used };
        let fit = match signature::fit(mutator, &below, facts, self.world) {
            Fit::No(why) => return Err(format!("not `{}`: {why}", mutator.name)),
            fit => fit,
        };
        let object =
            Differing { facts, stack: self.asked.stack, class: self.class, world: self.world };
        let mut judged = Judged::object(mutator, self.mutators, self.world, &object);
        let is_anything_known = !judged.evidence.is_empty();
        let field = DifferingField { object: &object, leaf: part, used };
        judged.field(&mutator.condition, &field);
        if let Truth::No(why) = &judged.holds {
            return Err(format!("not `{}`: {why}", mutator.name));
        }
        if let Some(since) = &mutator.retired {
            return Err(format!("not `{}`: nobody writes it since {since}", mutator.name));
        }
        let is_daily = mutator.signature.same == Some(Same::Day);
        // What only differs from the code may simply not be applied yet.
        if self.class == Class::Unapplied && fit != Fit::Exactly && !is_daily {
            return Ok(None);
        }
        // What happened outside leaves no trace in the code, and what is not what the code wants may not be applied yet.
        let may_be_new = self.class == Class::Unapplied && mutator.signature.action != Action::Adds;
        let is_capped = mutator.event().is_some() || may_be_new;
        let most = if is_capped { Confidence::Likely } else { Confidence::Certain };
        let confidence = sureness(&fit, &judged.holds, judged.parts).min(most);
        // A value that is told from the one before alone fits whoever changed it. Where nothing shows that the mutator is at
        // work at all, that names nobody.
        let is_anybodys = judged.is_foreign
            && !is_anything_known
            && mutator.signature.is_relative()
            && !self.is_seen_at_work(mutator, facts);
        let confidence =
            if is_anybodys { confidence.min(Confidence::Possible) } else { confidence };
        let mut evidence = vec![format!("`{own}` is a field that it writes")];
        match &fit {
            Fit::Exactly => evidence.push("the value is what it writes".to_owned()),
            Fit::Unknown(why) => evidence.push(format!("the value cannot be told: {why}")),
            Fit::Loosely | Fit::No(_) => {}
        }
        evidence.extend(judged.evidence);
        if let Truth::Unknown(why) = &judged.holds {
            evidence.push(format!("not certain: {why}"));
        }
        if let Some(event) = mutator.event() {
            evidence.push(format!("it does so when {event}"));
        }
        let confidence = self.recorded(mutator, part, confidence, &mut evidence);
        let cause = Cause {
            actor: Some(Arc::from(mutator.name.as_str())),
            summary: mutator.summary.clone(),
            confidence,
            evidence,
            related: judged.related,
            advice: mutator.advice.clone(),
        };
        Ok(Some(Candidate { cause, parts: judged.parts, most }))
    }

    /// Whether something shows that `mutator` is at work, though no code declares its policy: somebody leaves a field to it, or
    /// the object says something about it.
    fn is_seen_at_work(&self, mutator: &Mutator, facts: &Facts<'_>) -> bool {
        let is_marked = |marker: &String| self.world.is_some_and(|world| world.has_text(marker));
        let exempting = &mutator.condition.unless_annotations;
        let mut keys = facts.annotations().map(|(key, _)| key);
        mutator.marker.as_ref().is_some_and(is_marked)
            || keys.any(|key| exempting.iter().any(|it| it.key == key))
    }

    /// What the API server's record makes of it.
    fn recorded(
        &self,
        mutator: &Mutator,
        part: &Leaf,
        confidence: Confidence,
        evidence: &mut Vec<String>,
    ) -> Confidence {
        let object = self.asked.live.unwrap_or(&self.asked.change.object);
        let Some(writer) = managers::writer(object, &part.path.0) else { return confidence };
        if mutator.managers.is_empty() {
            return confidence;
        }
        let when = writer.time.map(|time| format!(" at {time}")).unwrap_or_default();
        let is_own = mutator.managers.iter().any(|it| crate::rule::covers(it, writer.manager));
        if is_own {
            evidence.push(format!("the API server recorded `{}`{when}", writer.manager));
            return match confidence {
                Confidence::Possible => Confidence::Likely,
                _ => Confidence::Certain,
            };
        }
        let known = self.managers.iter().find(|it| it.name.selects(writer.manager));
        let who = known.map(|it| format!(", {}", it.summary)).unwrap_or_default();
        evidence
            .push(format!("against it: the API server recorded `{}`{when}{who}", writer.manager));
        confidence.min(Confidence::Possible)
    }

    /// The fields that the policies of the repo write into objects like this one.
    fn patches(&self, facts: &Facts<'_>) -> Vec<OwnPatch<'_>> {
        let Some(world) = self.world else { return Vec::new() };
        let kind = facts.kind();
        let namespace = facts.namespace();
        let namespace_label = |key: &str| match world.label(namespace?, key) {
            Label::Is(value, _) => Some(Some(value)),
            Label::None => Some(None),
            Label::Unknown(_) => None,
        };
        let value =
            |found: Option<(&str, &super::Json)>| found.map(|(_, value)| field::text(value));
        let label = |key: &str| {
            facts.is_known().then(|| value(facts.labels().find(|(known, _)| *known == key)))
        };
        let annotation = |key: &str| {
            facts.is_known().then(|| value(facts.annotations().find(|(known, _)| *known == key)))
        };
        let target = Target {
            kind: &kind,
            name: facts.name(),
            namespace,
            namespace_label: &namespace_label,
            label: &label,
            annotation: &annotation,
        };
        let mut patches = Vec::new();
        for policy in world.policies() {
            for rule in policy.rules() {
                let is_about = rule.is_about(&target);
                if is_about == Some(false) {
                    continue;
                }
                for patch in &rule.patches {
                    let own = if rule.is_about_pods(&kind) {
                        patch::in_template(&patch.field, &kind)
                    } else {
                        Some(patch.field.clone())
                    };
                    let Some(field) = own else { continue };
                    let is_sure = is_about.is_some();
                    patches.push(OwnPatch { field, patch, rule, policy, is_sure });
                }
            }
        }
        patches
    }

    /// Whether a policy of the repo wrote it.
    fn by_policy(
        &self,
        part: &Leaf,
        patches: &[OwnPatch<'_>],
        facts: &Facts<'_>,
    ) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for own in patches {
            if !matches!(field::meets(&own.field, &part.path.0), Meets::Inside(_)) {
                continue;
            }
            let is_written = match (&own.patch.value, &part.to) {
                (Written::Text(text), Shown::Value(value)) => Some(field::text(value) == *text),
                (Written::Nothing, side) => Some(field::is_nothing(side)),
                (Written::Text(_), Shown::Absent) => Some(false),
                (Written::Unknown | Written::Text(_), _) => None,
            };
            let is_left_alone = own.patch.only_if_absent && !field::is_nothing(&part.from);
            let confidence = match (is_written, own.is_sure, own.rule.has_preconditions) {
                (Some(false), ..) => continue,
                _ if is_left_alone => continue,
                (Some(true), true, false) => Confidence::Certain,
                (Some(true), ..) => Confidence::Likely,
                // That some rule may write something here explains no value.
                (None, ..) => Confidence::Possible,
            };
            // What the code wants to be there may only not be applied yet.
            let is_unapplied = self.class == Class::Unapplied;
            let may_be_new = is_unapplied && own.patch.value == Written::Nothing;
            let confidence =
                if may_be_new { confidence.min(Confidence::Likely) } else { confidence };
            let is_plain = is_unapplied && confidence < Confidence::Likely;
            if is_plain || best.as_ref().is_some_and(|it| it.cause.confidence >= confidence) {
                continue;
            }
            let mut evidence = vec![format!(
                "the rule `{}` writes `{}`{}",
                own.rule.name,
                own.field,
                if is_written == Some(true) { ", and this value" } else { "" }
            )];
            if own.is_sure {
                evidence.push(format!("it is about objects of the kind `{}` here", facts.kind()));
            }
            let message = "the policy writes it here".to_owned();
            let cause = Cause {
                actor: Some(Arc::from(own.policy.name.as_str())),
                summary: format!("the repo's own policy `{}` writes it", own.policy.name),
                confidence,
                evidence,
                related: vec![Place { span: own.patch.span, message }],
                advice: None,
            };
            best = Some(Candidate { cause, parts: 1, most: Confidence::Certain });
        }
        best
    }
}

/// A field that a policy of the repo writes into objects like this one.
struct OwnPatch<'a> {
    field: FieldPath,
    patch: &'a Patch,
    rule: &'a Rule,
    policy: &'a Policy,
    /// Whether the rule is certainly about the object.
    is_sure: bool,
}

/// How sure it is that a mutator did it.
fn sureness(fit: &Fit, holds: &Truth, parts: usize) -> Confidence {
    match (fit, holds) {
        (Fit::Exactly, Truth::Yes) => Confidence::Certain,
        (Fit::Exactly, _) => Confidence::Likely,
        (_, Truth::Yes) if parts > 0 => Confidence::Likely,
        _ => Confidence::Possible,
    }
}
