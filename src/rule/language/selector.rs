//! Named selectors: subjects, named and narrowed once for many rules.
//!
//! Invariant: what a selector makes of a subject depends on nothing but the subject and what was gathered, so the first
//! rule that starts from it works it out for all of them.

use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::asked::Asked;
use super::breadth::Look;
use super::clause::{Clauses, Doubtful, expand};
use super::env::Env;
use super::gather::Gathered;
use super::select::Select;
use super::shown::Shown;
use crate::config::ConfigSource;
use crate::model::{Reason, Repo};
use crate::rule::Interest;
use crate::text::Span;

/// A selector of a pack, compiled.
#[derive(Debug)]
pub(in crate::rule) struct Selector {
    /// `PACK.NAME`
    pub(in crate::rule) name: SmolStr,
    /// Its position among all selectors.
    pub(super) number: usize,
    /// What questions about its subjects may ask.
    pub(super) asked: Asked,
    pub(super) select: Select,
    pub(super) clauses: Clauses,
    /// The names that it gives.
    pub(super) names: Vec<SmolStr>,
    /// What its clauses ask about rows.
    pub(super) looks: Vec<Look>,
    /// The file it stands in, for explanations.
    pub(super) source: ConfigSource,
}

/// Where the subjects of a rule or gather come from.
#[derive(Debug)]
pub(super) enum Start {
    /// It says so itself.
    Own(Select),
    /// A selector does.
    Named(Arc<Selector>),
}

/// What a rule starts with.
#[derive(Clone, Debug)]
pub(super) struct Started<'s> {
    pub(super) envs: Rc<[Env<'s>]>,
    /// The sites of which it is not known whether they belong.
    pub(super) unknown: Vec<(Span, Reason)>,
}

impl Start {
    pub(super) fn select(&self) -> &Select {
        match self {
            Start::Own(select) => select,
            Start::Named(selector) => &selector.select,
        }
    }

    /// Whether it selects what plans would change.
    pub(super) fn is_about_plans(&self) -> bool {
        matches!(self.select(), Select::Change(_))
    }

    /// Whether it selects the commits that a comparison adds.
    pub(super) fn is_about_commits(&self) -> bool {
        matches!(self.select(), Select::Commit)
    }

    /// Whether it selects what a regex matches in texts.
    pub(super) fn searches(&self) -> bool {
        matches!(self.select(), Select::Text(_))
    }

    /// Lets go of what searching has made it remember.
    pub(super) fn rest(&self) {
        if let Select::Text(text) = self.select() {
            text.pattern.rest();
        }
    }

    /// The gather whose rows it selects.
    pub(super) fn rows_of(&self) -> Option<usize> {
        match self.select() {
            Select::Row { gather } => Some(*gather),
            _ => None,
        }
    }

    /// Whether what it selects depends on what was gathered.
    pub(super) fn needs_rows(&self) -> bool {
        let of_selector = matches!(self, Start::Named(selector) if !selector.looks.is_empty());
        of_selector || self.rows_of().is_some()
    }

    /// What the engine has to show.
    pub(super) fn interests(&self) -> Vec<Interest> {
        self.select().interests()
    }

    /// What becomes of the subject that was shown.
    pub(super) fn envs<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        shown: &Shown<'s>,
        doubtful: Doubtful,
    ) -> Started<'s> {
        match self {
            Start::Own(select) => {
                Started { envs: select.envs(repo, gathered, shown), unknown: Vec::new() }
            }
            Start::Named(selector) if doubtful == Doubtful::Out => {
                shown.selected(selector.number, || selector.select(repo, gathered, shown, doubtful))
            }
            Start::Named(selector) => selector.select(repo, gathered, shown, doubtful),
        }
    }
}

impl Selector {
    fn select<'s>(
        &self,
        repo: &Repo<'s>,
        gathered: &Gathered,
        shown: &Shown<'s>,
        doubtful: Doubtful,
    ) -> Started<'s> {
        let (mut envs, mut unknown) = (Vec::new(), Vec::new());
        for env in &*self.select.envs(repo, gathered, shown) {
            if let (Some(reason), Doubtful::Out) = (&env.doubt, doubtful) {
                unknown.push((env.root.subject.site, reason.clone()));
                continue;
            }
            let (more, not_known) = expand(repo, gathered, &self.clauses, env.clone(), doubtful);
            envs.extend(more);
            unknown.extend(not_known);
        }
        Started { envs: envs.into(), unknown }
    }
}
