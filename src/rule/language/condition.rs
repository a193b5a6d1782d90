//! A condition on the repo as a whole, beside the call of a native check: where it does not hold, the check is not asked.
//!
//! Invariant: it adds nothing to what the check finds; where it is not known whether it holds, what would be found is unknown.

use super::asked::Asked;
use super::clause::Clause;
use super::matcher::Around;
use super::read::Compiler;
use super::subject::repo_env;
use super::test::Test;
use super::truth::Truth;
use crate::model::Reason;
use crate::rule::{Check, Context, Explanation, Findings, Interest, LookBack, Shown, Subject};
use crate::syntax::hcl::Body;
use crate::text::Span;

/// What must hold of the repo, and the gathers that it needs.
#[derive(Debug)]
pub(in crate::rule) struct Condition {
    tests: Vec<Test>,
    needs: Vec<usize>,
}

/// A check that is asked where a condition holds.
struct Conditional {
    condition: Condition,
    check: Box<dyn Check>,
    /// The gathers that both need.
    needs: Vec<usize>,
}

impl Compiler<'_> {
    /// Compiles the `where` and `unless` in `body`, an entry that calls a check. None where there are none, or some are wrong.
    pub(in crate::rule) fn condition(mut self, body: &Body) -> Option<Condition> {
        let before = self.errors.len();
        for block in body.blocks() {
            let name = block.kind.name.as_str();
            if matches!(name, "let" | "each" | "unknown") {
                let message = format!("`{name}` beside a check: nothing is judged one by one here");
                let help = "leave it out; `where` and `unless` may ask about the repo";
                self.error_with_help(block.header, message, help);
            }
        }
        self.asked = Some(Asked::of("repo", &Body::default()));
        let tests: Vec<Test> = self
            .clauses(body)
            .into_iter()
            .filter_map(|(_, clause)| match clause {
                Clause::Where(test) => Some(test),
                _ => None,
            })
            .collect();
        (!tests.is_empty() && self.errors.len() == before)
            .then(|| Condition { tests, needs: self.looks.iter().map(|it| it.gather).collect() })
    }
}

impl Condition {
    /// `check`, asked only where it holds.
    pub(in crate::rule) fn guard(self, check: Box<dyn Check>) -> Box<dyn Check> {
        let needs = self.needs.iter().chain(check.needs()).copied().collect();
        Box::new(Conditional { condition: self, check, needs })
    }

    /// Whether it may hold in the repo; or why that is not known.
    fn may_hold(&self, context: &Context<'_>) -> Result<bool, Reason> {
        let Context { repo, gathered, .. } = *context;
        let Some(env) = repo_env(repo) else { return Ok(false) };
        let around = Around { repo, gathered, env: &env, is_told: false };
        for test in &self.tests {
            match test.ask(&around) {
                Truth { yes: Some(_), .. } => {}
                Truth { unknown: Some(doubt), .. } => return Err(doubt.reason),
                Truth { .. } => return Ok(false),
            }
        }
        Ok(true)
    }
}

impl Check for Conditional {
    fn interests(&self) -> Vec<Interest> {
        self.check.interests()
    }

    fn needs(&self) -> &[usize] {
        &self.needs
    }

    fn finds_elsewhere(&self) -> bool {
        self.check.finds_elsewhere()
    }

    fn explain(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Explanation> {
        self.check.explain(context, subject)
    }

    fn upheld(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Span> {
        self.check.upheld(context, subject)
    }

    fn looks_back(&self) -> Option<LookBack> {
        self.check.looks_back()
    }

    fn compares(&self) -> bool {
        self.check.compares()
    }

    fn judges_commits(&self) -> bool {
        self.check.judges_commits()
    }

    fn judges_plans(&self) -> bool {
        self.check.judges_plans()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        self.judge_shown(context, &Shown::new(subject), out);
    }

    fn judge_shown<'a>(&self, context: &Context<'a>, shown: &Shown<'a>, out: &mut Findings) {
        match self.condition.may_hold(context) {
            Ok(true) => self.check.judge_shown(context, shown, out),
            Ok(false) => {}
            Err(reason) => {
                let mut found = Findings::default();
                self.check.judge_shown(context, shown, &mut found);
                out.sites += found.sites;
                out.unknown.extend(found.unknown);
                for finding in found.found {
                    out.unknown(finding.span, reason.to_string());
                }
            }
        }
    }
}
