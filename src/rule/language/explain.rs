//! Retraces a rule step by step, for one subject.

use smol_str::SmolStr;

use super::clause::{Clause, Doubtful, Envs};
use super::env::{Bound, Env, Filled};
use super::judge::{Declarative, Requirement};
use super::matcher::Around;
use super::selector::Start;
use super::shown::Shown;
use super::truth::{Ground, Truth};
use crate::config::ConfigSource;
use crate::model::Repo;
use crate::rule::{Answer, Context, Explanation, Step, Subject};
use crate::syntax::hcl;
use crate::text::{Span, TextRange};

/// A clause, and where it is written.
type Written<'a> = (&'a ConfigSource, TextRange, &'a Clause);

/// A clause is shown in at most so many characters.
const LONGEST: usize = 110;

/// The stack that calls what `env` is about, where that lies in none.
fn caller(repo: &Repo<'_>, env: &Env<'_>) -> Option<SmolStr> {
    let file = repo.sources.get(env.root.subject.site.file.index())?;
    match env.text("stack") {
        Filled::Text(stack) if repo.stack_of(&file.path).is_none() => {
            Some(SmolStr::from(stack)).filter(|stack| !stack.is_empty())
        }
        _ => None,
    }
}

impl Declarative {
    /// Every way that the rule takes from `subject`.
    pub(super) fn retrace<'s>(
        &self,
        context: &Context<'s>,
        subject: Subject<'s>,
    ) -> Vec<Explanation> {
        let mut found: Vec<Explanation> = Vec::new();
        let shown = Shown::new(subject);
        // Of a selector, too, every step is shown.
        let clauses = self.clauses.iter().map(|(range, clause)| (&self.source, *range, clause));
        let clauses: Vec<Written<'_>> = match &self.start {
            Start::Own(_) => clauses.collect(),
            Start::Named(it) => {
                let before = it.clauses.iter().map(|(range, clause)| (&it.source, *range, clause));
                before.chain(clauses).collect()
            }
        };
        let select = self.start.select();
        for env in &*select.envs(context.repo, context.gathered, &shown) {
            let mut steps = Vec::new();
            let before = found.len();
            self.follow(context, env.clone(), &clauses, &mut steps, &mut found);
            for explanation in &mut found[before..] {
                explanation.callers = caller(context.repo, env).into_iter().collect();
            }
        }
        // Every instance of a module goes the same way, mostly.
        let mut distinct: Vec<Explanation> = Vec::new();
        for explanation in found {
            let is_same = |it: &&mut Explanation| {
                (it.subject, &it.steps) == (explanation.subject, &explanation.steps)
            };
            match distinct.iter_mut().find(is_same) {
                Some(known) => {
                    known.callers.extend(explanation.callers);
                    known.callers.dedup();
                }
                None => distinct.push(explanation),
            }
        }
        distinct
    }

    fn follow<'s>(
        &self,
        context: &Context<'s>,
        env: Env<'s>,
        clauses: &[Written<'_>],
        steps: &mut Vec<Step>,
        found: &mut Vec<Explanation>,
    ) {
        let Context { repo, gathered, .. } = *context;
        let Some(((source, range, clause), rest)) = clauses.split_first() else {
            let around = Around { repo, gathered, env: &env, is_told: true };
            let mut steps = steps.clone();
            steps.extend(self.requirements.iter().map(|it| self.question(&around, it)));
            found.push(Explanation { subject: env.innermost().site, callers: Vec::new(), steps });
            return;
        };
        let subject = env.innermost().site;
        if let Clause::Where(test) = clause {
            let truth = test.ask(&Around { repo, gathered, env: &env, is_told: true });
            let goes_on = truth.yes.is_some();
            // `unless` is read as `where` of the opposite; people are told of what they wrote.
            let is_exception = source.text[range.indices()].starts_with("unless");
            let (answer, ground) = match (truth.yes, truth.unknown) {
                (Some(ground), _) if is_exception => (Answer::NoException, Some(ground)),
                (Some(ground), _) => (Answer::Holds, Some(ground)),
                (None, Some(doubt)) => (Answer::Unknown(doubt.reason.to_string()), None),
                (None, None) if is_exception => (Answer::Excepted, truth.no),
                (None, None) => (Answer::DoesNotApply, truth.no),
            };
            steps.push(step(source, *range, answer, ground.and_then(|it| shown(repo, it))));
            if goes_on {
                self.follow(context, env, rest, steps, found);
            } else {
                found.push(Explanation { subject, callers: Vec::new(), steps: steps.clone() });
            }
            steps.pop();
            return;
        }
        let is_question = matches!(clause, Clause::Unknown { .. });
        let mut next = Envs::new();
        let mut unknown = Vec::new();
        clause.apply(repo, gathered, (env, Doubtful::Out), &mut next, &mut unknown);
        let is_open = !unknown.is_empty();
        for (site, reason) in unknown {
            let mut steps = steps.clone();
            steps.push(step(source, *range, Answer::Unknown(reason.to_string()), None));
            found.push(Explanation { subject: site, callers: Vec::new(), steps });
        }
        if next.is_empty() && !is_open {
            let mut steps = steps.clone();
            steps.push(step(source, *range, Answer::Named(0), None));
            found.push(Explanation { subject, callers: Vec::new(), steps });
        }
        let count = next.len();
        for env in next {
            let value = clause.name().and_then(|name| {
                let site = match env.bound(name) {
                    Some(Bound::Place(place)) => place.site,
                    _ => env.innermost().site,
                };
                match env.text(name) {
                    Filled::Text(text) => Some((site, text.into_owned())),
                    Filled::Absent => Some((site, "nothing".to_owned())),
                    Filled::Unknown(_) => None,
                }
            });
            let answer = if is_question { Answer::NoException } else { Answer::Named(count) };
            steps.push(step(source, *range, answer, value));
            self.follow(context, env, rest, steps, found);
            steps.pop();
        }
    }

    fn question(&self, around: &Around<'_, '_>, requirement: &Requirement) -> Step {
        let range = requirement.range;
        if let Some(when) = &requirement.when {
            let truth = when.ask(around);
            if truth.yes.is_none() {
                let answer = match truth.unknown {
                    Some(doubt) => Answer::Unknown(doubt.reason.to_string()),
                    None => Answer::DoesNotApply,
                };
                return step(&self.source, range, answer, None);
            }
        }
        let Truth { yes, no, unknown } = requirement.test.ask(around);
        let (wrong, right) = if requirement.forbidden { (yes, no) } else { (no, yes) };
        match (wrong, unknown, right) {
            (Some(ground), _, _) => {
                step(&self.source, range, Answer::Reported, shown(around.repo, ground))
            }
            (None, Some(doubt), _) => {
                step(&self.source, range, Answer::Unknown(doubt.reason.to_string()), None)
            }
            (None, None, ground) => {
                let found = ground.and_then(|it| shown(around.repo, it));
                step(&self.source, range, Answer::Met, found)
            }
        }
    }
}

fn step(
    source: &ConfigSource,
    range: TextRange,
    answer: Answer,
    found: Option<(Span, String)>,
) -> Step {
    let mut clause = on_one_line(&source.text[range.indices()]);
    if let Some((at, _)) = clause.char_indices().nth(LONGEST) {
        clause.truncate(at);
        clause.push('…');
    }
    Step { clause, place: source.place(range), answer, found }
}

/// A clause as it is written, on one line: a comment in it would take in what stands behind it.
fn on_one_line(written: &str) -> String {
    let document = hcl::parse(written);
    let mut code = String::with_capacity(written.len());
    let mut kept = 0;
    for comment in document.comments.all() {
        code.push_str(&written[kept..comment.range.start as usize]);
        code.push(' ');
        kept = comment.range.end as usize;
    }
    code.push_str(&written[kept..]);
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The place that decided, and what is there.
fn shown(repo: &Repo<'_>, ground: Ground) -> Option<(Span, String)> {
    let evidence = ground.into_evidence();
    let site = evidence.site?;
    let file = repo.sources.get(site.file.index())?;
    let value = match evidence.text() {
        Some(value) => value,
        None => file.slice(site.range).lines().next().unwrap_or_default().to_owned(),
    };
    Some((site, value))
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn a_comment_is_no_part_of_a_clause() {
        let written = "where { # In one module,\n  # or in two.\n  path = \"a#b\" // both\n}";
        assert_eq!(on_one_line(written), "where { path = \"a#b\" }");
    }
}
