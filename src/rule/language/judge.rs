//! A declarative rule as a check: its subjects, what becomes of them, and the questions asked.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::breadth::Look;
use super::clause::{Clauses, Doubtful, expand};
use super::env::{Bound, Env, Filled};
use super::fix;
use super::gather::Gathered;
use super::matcher::Around;
use super::operand::{Operand, PathRef};
use super::selector::Start;
use super::shown::Shown;
use super::test::Test;
use super::truth::{Doubt, Evidence};
use crate::config::{ConfigSource, is_slip};
use crate::model::Repo;
use crate::rule::{Check, Context, Explanation, Finding, Findings, Interest, Subject};
use crate::text::{Span, TextRange};

/// A rule in the declarative language.
#[derive(Debug)]
pub(super) struct Declarative {
    /// What it is about.
    pub(super) start: Start,
    /// What names and narrows the subject.
    pub(super) clauses: Clauses,
    /// How many of these come before all that look at what was gathered; none where its subjects do.
    pub(super) before_rows: Option<usize>,
    /// What is asked.
    pub(super) requirements: Vec<Requirement>,
    /// The gathers that it needs.
    pub(super) needs: Vec<usize>,
    /// What it asks about rows.
    pub(super) looks: Vec<Look>,
    /// The entry, for explanations.
    pub(super) source: ConfigSource,
}

/// A question, and what it means if the answer is wrong.
#[derive(Debug)]
pub(super) struct Requirement {
    /// Where it stands in the entry.
    pub(super) range: TextRange,
    /// The outcome that words it.
    pub(super) outcome: SmolStr,
    /// Whether it is a `forbid`: wrong where the answer may be yes.
    pub(super) forbidden: bool,
    /// Asked only where this holds.
    pub(super) when: Option<Test>,
    /// The question.
    pub(super) test: Test,
    /// What to underline, where that is not what the answer rests on.
    pub(super) at: Option<PathRef>,
    /// Which part of that.
    pub(super) part: Part,
    /// Later situations win over the outcome's name: the first that holds gives the case.
    pub(super) situations: Vec<(Test, SmolStr)>,
    /// The edits that mend it, where they are written down: the first that fits.
    pub(super) fixes: Vec<fix::Written>,
    /// Whether an edit may be told from the question alone.
    pub(super) derives: bool,
    /// What else to show.
    pub(super) related: Vec<(PathRef, Operand)>,
}

/// Which part of a place is underlined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// The value, or a block's header.
    Value,
    /// The key or name.
    Key,
    /// The subject's header.
    Subject,
}

impl Check for Declarative {
    fn interests(&self) -> Vec<Interest> {
        self.start.interests()
    }

    fn needs(&self) -> &[usize] {
        &self.needs
    }

    fn looks(&self) -> Vec<Look> {
        self.looks.clone()
    }

    fn may_judge<'a>(&self, repo: &'a Repo<'a>, shown: &Shown<'a>) -> bool {
        let Some(before_rows) = self.before_rows else { return true };
        let (nothing, clauses) = (Gathered::default(), &self.clauses[..before_rows]);
        let started = self.start.envs(repo, &nothing, shown, Doubtful::Out);
        let may_be = |env: &Env<'a>| {
            let (envs, unknown) = expand(repo, &nothing, clauses, env.clone(), Doubtful::Out);
            env.doubt.is_some() || !envs.is_empty() || !unknown.is_empty()
        };
        !started.unknown.is_empty() || started.envs.iter().any(may_be)
    }

    fn rows_of(&self) -> Option<usize> {
        self.start.rows_of()
    }

    fn searches(&self) -> bool {
        // What a selector makes of a text serves all that start from it.
        self.start.searches() && matches!(self.start, Start::Own(_))
    }

    fn rest(&self) {
        self.start.rest();
    }

    fn judges_plans(&self) -> bool {
        self.start.is_about_plans()
    }

    fn compares(&self) -> bool {
        self.judges_commits()
    }

    fn judges_commits(&self) -> bool {
        self.start.is_about_commits()
    }

    fn explain(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Explanation> {
        self.retrace(context, subject)
    }

    fn upheld(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Span> {
        self.upheld(context, subject)
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        self.judge_shown(context, &Shown::new(subject), out);
    }

    fn judge_shown<'a>(&self, context: &Context<'a>, shown: &Shown<'a>, out: &mut Findings) {
        let Context { repo, gathered, is_wanted, .. } = *context;
        let is_about_rows = self.rows_of().is_some();
        let mut sites = BTreeSet::new();
        let started = self.start.envs(repo, gathered, shown, Doubtful::Out);
        for (site, reason) in &*started.unknown {
            if sites.insert(*site) {
                out.site();
            }
            out.unknown(*site, reason.to_string());
        }
        for env in &*started.envs {
            if is_about_rows && !is_wanted(env.root.subject.site.file) {
                continue;
            }
            if let Some(reason) = &env.doubt {
                if sites.insert(env.root.subject.site) {
                    out.site();
                }
                out.unknown(env.root.subject.site, reason.to_string());
                continue;
            }
            let (envs, unknown) = expand(repo, gathered, &self.clauses, env.clone(), Doubtful::Out);
            for (site, reason) in unknown {
                if sites.insert(site) {
                    out.site();
                }
                out.unknown(site, reason.to_string());
            }
            for env in envs {
                if sites.insert(env.innermost().site) {
                    out.site();
                }
                for requirement in &self.requirements {
                    requirement.judge(&Around { repo, gathered, env: &env, is_told: false }, out);
                }
            }
        }
    }
}

impl Requirement {
    fn judge(&self, around: &Around<'_, '_>, out: &mut Findings) {
        let site = around.env.innermost().site;
        let unknown = |doubt: Doubt, out: &mut Findings| {
            let place = doubt.place.filter(|place| place.file == site.file);
            out.unknown_at(site, place.unwrap_or(site), doubt.reason.to_string());
        };
        if let Some(when) = &self.when {
            let truth = when.ask(around);
            if truth.yes.is_none() {
                if let Some(doubt) = truth.unknown {
                    unknown(doubt, out);
                }
                return;
            }
        }
        let truth = self.test.ask(around);
        let wrong = if self.forbidden { truth.yes } else { truth.no };
        match (wrong, truth.unknown) {
            (Some(_), _) => {
                let told = Around { is_told: true, ..*around };
                for ground in self.test.grounds(&told, self.forbidden) {
                    out.report(self.finding(&told, &ground.into_evidence()));
                }
            }
            (None, Some(doubt)) => unknown(doubt, out),
            (None, None) => {}
        }
    }

    fn finding(&self, around: &Around<'_, '_>, evidence: &Evidence) -> Finding {
        let env = around.env;
        let at = self.at.as_ref().and_then(|at| at.first_or_anchor(around.repo, env));
        let (site, key) = match &at {
            Some(place) if place.looked_up().is_some() => (Some(place.site), place.key),
            Some(place) => (Some(place.expr), place.key),
            None => (evidence.site, evidence.key),
        };
        let innermost = env.innermost().site;
        let span = match self.part {
            Part::Subject => env.root.subject.site,
            Part::Key => key.or(site).unwrap_or(innermost),
            Part::Value => site.unwrap_or(innermost),
        };
        let value = evidence.text();
        let told = |text: &Option<String>| match text {
            Some(text) => Bound::Text(text.into()),
            None => Bound::Absent,
        };
        let telling = env
            .clone()
            .with(&"value".into(), told(&value))
            .with(&"near".into(), told(&evidence.near));
        let in_situation = Around { env: &telling, ..*around };
        let holds = |test: &Test| test.ask(&in_situation).yes.is_some();
        let situation = self.situations.iter().find(|(test, _)| holds(test));
        let outcome = situation.map_or(&self.outcome, |(_, outcome)| outcome);
        let mut finding = Finding::new(outcome.clone(), span);
        finding.args = env.args();
        finding = finding.arg("value", value.clone().unwrap_or_default());
        finding = finding.arg("near", evidence.near.clone().unwrap_or_default());
        finding.address = env.root.block.map(|block| block.address());
        // What is only like the right word may be told, and is not written.
        let slip = |near: &&String| value.as_deref().is_some_and(|value| is_slip(value, near));
        let slip = evidence.near.as_ref().filter(slip).cloned();
        let fixing = telling.clone().with(&"near".into(), told(&slip));
        let in_fix = Around { env: &fixing, ..*around };
        finding.fix = fix::fix(self, &in_fix, &fix::Told { evidence, span });
        for (path, said) in &self.related {
            if let Some(place) = path.first(around.repo, env)
                && let Filled::Text(said) = said.text(around.repo, env)
            {
                let shown = place.origin.unwrap_or(place.site);
                if shown != span {
                    finding = finding.related(shown, said);
                }
            }
        }
        for (span, message) in evidence.explained_by() {
            finding = finding.related(span, message);
        }
        finding
    }
}
