//! One more run on top of what is known.

use std::collections::BTreeMap;

use super::moment::Moment;
use super::news;
use super::run::{Run, Sighting, StackRun};
use super::{History, Kept, PastRun, Spell, StackHistory, Standing};

/// How many runs the trend goes back: a year of nights.
const TREND: usize = 366;

/// What was noticed while a run was taken in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Observed {
    /// The stacks whose measurement is dated before the one that is known already, and the latest moment that is known of
    /// any of them. They count as of what is known.
    pub went_back: Option<(Vec<String>, Moment)>,
}

impl History {
    /// Takes in what a run saw. The same measurement twice counts once: a run that is resumed, merged or looked at again
    /// changes nothing.
    pub fn observe(&mut self, run: &Run) -> Observed {
        let mut back: Vec<(String, Moment)> = Vec::new();
        for (name, seen) in &run.stacks {
            let stack = self.stacks.entry(name.clone()).or_default();
            let at = seen.at.unwrap_or(run.at);
            if let Some(last) = stack.last().filter(|&last| at < last) {
                back.push((name.clone(), last));
            }
            stack.observe(seen, at);
        }
        if run.is_whole {
            self.count(run);
        }
        let latest = back.iter().map(|(_, last)| *last).max();
        let names = back.into_iter().map(|(name, _)| name).collect();
        Observed { went_back: latest.map(|latest| (names, latest)) }
    }

    /// When anything was seen last.
    pub fn last(&self) -> Option<Moment> {
        self.stacks.values().filter_map(StackHistory::last).max()
    }

    fn count(&mut self, run: &Run) {
        let mut stacks = BTreeMap::new();
        for stack in run.stacks.values() {
            *stacks.entry(stack.status).or_insert(0) += 1;
        }
        let findings = run.stacks.values().map(|stack| stack.findings.len()).sum();
        let newest = self.trend.last().map_or(run.at, |last| last.at.max(run.at));
        self.trend.retain(|past| past.at != run.at);
        self.trend.push(PastRun { at: newest, stacks, findings });
        let surplus = self.trend.len().saturating_sub(TREND);
        self.trend.drain(..surplus);
    }
}

impl StackHistory {
    /// When it was last seen, measured or not.
    pub fn last(&self) -> Option<Moment> {
        let standing = self.standing.iter().map(|standing| standing.spell.last);
        standing.chain(self.troubles.values().map(|spell| spell.last)).max()
    }

    fn observe(&mut self, seen: &StackRun, at: Moment) {
        let last = self.last();
        // To the second: a stack is not planned twice in one.
        let is_new = last != Some(at);
        let at = last.map_or(at, |last| last.max(at));
        if is_new {
            self.before = self.latest;
        }
        self.latest = Some(seen.status);
        if !seen.status.is_measured() {
            let spell = self.troubles.entry(seen.status).or_insert(Spell::none(at));
            spell.again(at, is_new);
            return;
        }
        self.troubles.clear();
        let ended = self.differ(&seen.findings, at, is_new);
        let standing = self.standing.filter(|standing| {
            let is_same = standing.status == seen.status;
            is_same || (standing.is_imported && seen.status.differs())
        });
        // A measurement that is told once more ends what it ended before, too.
        let before = if is_new { 0 } else { self.standing.map_or(0, |standing| standing.ended) };
        let mut spell = standing.map_or(Spell::none(at), |standing| standing.spell);
        spell.again(at, is_new);
        self.standing = Some(Standing {
            status: seen.status,
            spell,
            ended: before.saturating_add(ended),
            is_imported: standing.is_some_and(|standing| standing.is_imported),
        });
    }

    /// Takes in what differs, and says how much does not any more.
    fn differ(&mut self, sightings: &[Sighting], at: Moment, is_new: bool) -> u32 {
        let mut gone = std::mem::take(&mut self.findings);
        for seen in sightings {
            let known = gone.remove(&seen.fingerprint);
            let (first, times) = known.map_or((at, 0), |known| (known.first, known.times));
            let times = if is_new || times == 0 { times.saturating_add(1) } else { times };
            let kept = Kept {
                address: seen.address.clone(),
                path: seen.path.clone(),
                class: seen.class,
                cause: seen.cause.clone(),
                first,
                times,
            };
            self.findings.entry(seen.fingerprint.clone()).or_insert(kept);
        }
        let missed = gone.values().filter(|kept| !news::is_quiet(kept.class)).count();
        u32::try_from(missed).unwrap_or(u32::MAX)
    }
}

impl Spell {
    /// One that has not begun.
    fn none(at: Moment) -> Spell {
        Spell { first: at, last: at, times: 0 }
    }

    fn again(&mut self, at: Moment, is_new: bool) {
        self.last = at;
        if is_new || self.times == 0 {
            self.times = self.times.saturating_add(1);
        }
    }
}

impl History {
    /// Forgets the stacks that `is_over` holds for; says which.
    pub fn forget(&mut self, is_over: impl Fn(&str, &StackHistory) -> bool) -> Vec<String> {
        let over = self.stacks.iter().filter(|(name, stack)| is_over(name, stack));
        let names: Vec<String> = over.map(|(name, _)| name.clone()).collect();
        for name in &names {
            self.stacks.remove(name);
        }
        names
    }

    /// Dates everything that is said to have happened after `limit` to `limit`: the clock was wrong then. Says in how many
    /// stacks that changed something.
    pub fn set_back(&mut self, limit: Moment) -> usize {
        let before = self.clone();
        for stack in self.stacks.values_mut() {
            let spells = stack.standing.iter_mut().map(|standing| &mut standing.spell);
            for spell in spells.chain(stack.troubles.values_mut()) {
                spell.first = spell.first.min(limit);
                spell.last = spell.last.min(limit);
            }
            for kept in stack.findings.values_mut() {
                kept.first = kept.first.min(limit);
            }
        }
        self.trend.retain(|past| past.at <= limit);
        let changed =
            self.stacks.iter().filter(|(name, stack)| before.stacks.get(*name) != Some(stack));
        changed.count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, errored, night, run};
    use super::*;
    use crate::drift::Status;

    /// For how many days it had been so when the stack was last measured.
    fn days(kept: &Kept, standing: &Standing) -> u32 {
        standing.spell.last.days_since(kept.first)
    }

    fn kept<'a>(history: &'a History, stack: &str, fingerprint: &str) -> Option<&'a Kept> {
        history.stacks[stack].findings.get(fingerprint)
    }

    #[test]
    fn an_error_night_neither_resets_nor_ages() {
        let mut history = History::default();
        history.observe(&night(1, &["x"]));
        history.observe(&night(2, &["x"]));
        let known = history.clone();
        history.observe(&errored(3));
        let stack = &history.stacks["blog"];
        assert_eq!(stack.findings, known.stacks["blog"].findings);
        assert_eq!(stack.standing, known.stacks["blog"].standing);
        let standing = stack.standing.unwrap();
        assert_eq!(days(kept(&history, "blog", "x").unwrap(), &standing), 1);
        assert_eq!(stack.troubles[&Status::Error], Spell { first: at(3), last: at(3), times: 1 });
        history.observe(&night(4, &["x"]));
        let stack = &history.stacks["blog"];
        let found = kept(&history, "blog", "x").unwrap();
        assert_eq!((found.first, found.times), (at(1), 3));
        assert_eq!(days(found, &stack.standing.unwrap()), 3);
        assert!(stack.troubles.is_empty());
        assert_eq!(stack.standing.unwrap().spell.times, 3);
    }

    /// 18 nights on which a stack could not be planned, for two reasons.
    #[test]
    fn errors_have_an_age_of_their_own() {
        let mut history = History::default();
        history.observe(&night(1, &["x"]));
        for day in 2..20 {
            let mut run = errored(day);
            if day == 10 {
                run.stacks.get_mut("blog").unwrap().status = Status::Locked;
            }
            history.observe(&run);
        }
        let stack = &history.stacks["blog"];
        let error = stack.troubles[&Status::Error];
        assert_eq!((error.last.days_since(error.first), error.times), (17, 17));
        assert_eq!(stack.troubles[&Status::Locked].times, 1);
        assert_eq!(stack.standing.unwrap().status, Status::Drift);
        assert!(kept(&history, "blog", "x").is_some());
    }

    #[test]
    fn a_clean_measurement_ends_it_and_coming_back_starts_anew() {
        let mut history = History::default();
        history.observe(&night(1, &["x", "y"]));
        history.observe(&night(2, &["y"]));
        assert_eq!(kept(&history, "blog", "x"), None);
        assert_eq!(history.stacks["blog"].standing.unwrap().ended, 1);
        history.observe(&night(3, &[]));
        assert_eq!(history.stacks["blog"].standing.unwrap().status, Status::Clean);
        assert_eq!(history.stacks["blog"].standing.unwrap().ended, 1);
        history.observe(&night(4, &["x"]));
        let back = kept(&history, "blog", "x").unwrap();
        assert_eq!((back.first, back.times), (at(4), 1));
        let standing = history.stacks["blog"].standing.unwrap();
        assert_eq!((standing.status, standing.spell.first), (Status::Drift, at(4)));
    }

    #[test]
    fn a_stack_that_a_run_is_not_about_keeps_what_it_had() {
        let mut history = History::default();
        history.observe(&night(1, &["x"]));
        let known = history.stacks["blog"].clone();
        history.observe(&run(2, "dns", Status::Clean, &[]));
        assert_eq!(history.stacks["blog"], known);
        assert_eq!(history.trend.len(), 2);
    }

    #[test]
    fn the_same_measurement_counts_once() {
        let mut history = History::default();
        history.observe(&night(1, &["x", "y"]));
        history.observe(&night(2, &["x"]));
        let known = history.clone();
        history.observe(&night(2, &["x"]));
        assert_eq!(history, known);
        // A later look at it knows better.
        history.observe(&night(2, &["z"]));
        assert_eq!(kept(&history, "blog", "x"), None);
        assert_eq!(kept(&history, "blog", "z").unwrap().times, 1);
        assert_eq!(history.stacks["blog"].standing.unwrap().ended, 2);
        assert_eq!(history.trend.len(), 2);
    }

    #[test]
    fn a_clock_that_jumps_back_is_noticed_and_ages_nothing() {
        let mut history = History::default();
        history.observe(&night(10, &["x"]));
        let observed = history.observe(&night(3, &["x", "y"]));
        assert_eq!(observed.went_back, Some((vec!["blog".to_owned()], at(10))));
        let found = kept(&history, "blog", "x").unwrap();
        assert_eq!((found.first, found.times), (at(10), 2));
        assert_eq!(kept(&history, "blog", "y").unwrap().first, at(10));
        let moments: Vec<Moment> = history.trend.iter().map(|past| past.at).collect();
        assert!(moments.is_sorted(), "{moments:?}");
        // The clock was wrong before, and now somebody says so.
        assert_eq!(history.set_back(at(4)), 1);
        assert_eq!(kept(&history, "blog", "x").unwrap().first, at(4));
        assert_eq!(history.observe(&night(5, &["x"])), Observed::default());
        let standing = history.stacks["blog"].standing.unwrap();
        assert_eq!(days(kept(&history, "blog", "x").unwrap(), &standing), 1);
    }

    #[test]
    fn the_trend_is_a_year_of_whole_runs() {
        let mut history = History::default();
        for day in 0..400 {
            let mut run = night(day, &["x"]);
            run.is_whole = day != 399;
            history.observe(&run);
        }
        assert_eq!(history.trend.len(), TREND);
        assert_eq!(history.trend.last().unwrap().at, at(398));
        assert_eq!(history.trend[0].stacks, BTreeMap::from([(Status::Drift, 1)]));
        assert_eq!(history.trend[0].findings, 1);
    }
}
