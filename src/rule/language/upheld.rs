//! What keeps a rule quiet: the places that the answers to its questions rest on.

use super::clause::{Doubtful, expand};
use super::env::Env;
use super::judge::{Declarative, Requirement};
use super::matcher::Around;
use super::shown::Shown;
use super::test::Test;
use crate::rule::{Context, Subject};
use crate::text::Span;

impl Declarative {
    /// The comments, entries and values without which a requirement may no longer be met.
    pub(super) fn upheld<'s>(&self, context: &Context<'s>, subject: Subject<'s>) -> Vec<Span> {
        let Context { repo, gathered, .. } = *context;
        let shown = Shown::new(subject);
        let started = self.start.envs(repo, gathered, &shown, Doubtful::Out);
        let mut found = Vec::new();
        for env in started.envs.iter().filter(|env| env.doubt.is_none()) {
            let (envs, _) = expand(repo, gathered, &self.clauses, Env::clone(env), Doubtful::Out);
            for env in envs {
                let around = Around { repo, gathered, env: &env, is_told: true };
                found.extend(self.requirements.iter().filter_map(|it| it.rests_on(&around)));
            }
        }
        found
    }
}

impl Requirement {
    /// What it rests on where it is met.
    fn rests_on(&self, around: &Around<'_, '_>) -> Option<Span> {
        let is_asked = self.when.as_ref().is_none_or(|when| when.ask(around).yes.is_some());
        if self.forbidden || !is_asked {
            return None;
        }
        let truth = self.test.ask(around);
        let evidence = truth.yes.filter(|_| truth.no.is_none() && truth.unknown.is_none())?;
        let evidence = evidence.into_evidence();
        // What is missing, and rightly so, cannot be taken away.
        let is_there = evidence.value.is_some() || matches!(self.test, Test::Ignored(_));
        evidence.site.filter(|site| is_there && *site != around.env.root.subject.site)
    }
}
