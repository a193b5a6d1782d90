//! Whether a run is worth a message.

use super::History;
use crate::drift::{Class, DriftReport, Finding, Seen, StackReport, Status, Verdict};

/// What is worth one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotifyOn {
    /// Something that was not there in the run before.
    New,
    /// That, and something that is over.
    Changed,
    /// Anything that wants a person.
    Any,
}

/// Whether `report` has news. Without a history, all of it is new. What is acknowledged, or differs in what Terraform
/// leaves alone, is no news by itself.
pub fn is_news(report: &DriftReport, history: Option<&History>, on: NotifyOn) -> bool {
    let findings = report.findings.iter().filter(|finding| wants_a_person(finding));
    let findings: Vec<Option<&Seen>> = findings.map(|finding| finding.seen.as_ref()).collect();
    let stacks = report.stacks.iter().filter(|stack| stack_wants_a_person(report, stack));
    let mut all = findings.into_iter().chain(stacks.map(|stack| stack.seen.as_ref()));
    let is_new = |seen: Option<&Seen>| seen.is_none_or(|seen| seen.times <= 1);
    match on {
        NotifyOn::Any => all.next().is_some() || report.unread.iter().any(|one| one.is_missing),
        NotifyOn::New => all.any(is_new),
        NotifyOn::Changed => {
            all.any(is_new)
                || history.is_some_and(|history| {
                    report.stacks.iter().any(|stack| is_over(stack, history))
                })
        }
    }
}

fn wants_a_person(finding: &Finding) -> bool {
    finding.acknowledged().is_none() && (!is_quiet(finding.class) || !finding.dangers.is_empty())
}

/// Whether a difference of this class is there to be looked up, and not to wake anybody.
pub(super) fn is_quiet(class: Class) -> bool {
    matches!(class, Class::Noise | Class::Read | Class::Masked)
}

/// Whether a stack wants a person for what its findings do not say.
fn stack_wants_a_person(report: &DriftReport, stack: &StackReport) -> bool {
    let mut findings = stack.findings.iter().filter_map(|&at| report.findings.get(at));
    let is_told = stack.status.is_measured() && findings.any(wants_a_person);
    !is_told && report.verdict_of(stack) != Verdict::Clean
}

/// Whether something of `stack` is over since the run before.
fn is_over(stack: &StackReport, history: &History) -> bool {
    let Some(known) = history.stacks.get(&stack.stack.name) else { return false };
    let Some(standing) = known.standing.filter(|_| stack.status.is_measured()) else {
        return false;
    };
    let was_in_the_way =
        known.before.is_some_and(|before| !before.is_measured() && before != Status::NotMeasured);
    let differed = known.before.is_some_and(Status::differs) && !stack.status.differs();
    standing.ended > 0 || was_in_the_way || differed
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finding, report};
    use super::super::{Run, apply};
    use super::*;
    use crate::drift::{Acknowledged, Action};

    const ALL: [NotifyOn; 3] = [NotifyOn::New, NotifyOn::Changed, NotifyOn::Any];

    /// What each of a row of nights is: new, changed, anything.
    fn nights(nights: &[(Status, &[&str])]) -> Vec<[bool; 3]> {
        let mut history = History::default();
        let judge = |(day, (status, found)): (usize, &(Status, &[&str]))| {
            let findings = found.iter().map(|name| finding(name, Action::Update)).collect();
            let mut report = report(day as u64, *status, findings);
            history.observe(&Run::of(&report, true).unwrap());
            apply(&mut report, &history);
            ALL.map(|on| is_news(&report, Some(&history), on))
        };
        nights.iter().enumerate().map(judge).collect()
    }

    #[test]
    fn what_is_new_what_is_over_and_what_is_there() {
        let story: [(Status, &[&str]); 9] = [
            (Status::Clean, &[]),
            (Status::Drift, &["x"]),
            (Status::Drift, &["x"]),
            (Status::Error, &[]),
            (Status::Error, &[]),
            (Status::Drift, &["x"]),
            (Status::Drift, &["x", "y"]),
            (Status::Drift, &["y"]),
            (Status::Clean, &[]),
        ];
        let expected = [
            [false, false, false],
            [true, true, true],
            [false, false, true],
            [true, true, true],
            [false, false, true],
            // It can be planned again, and what was there still is.
            [false, true, true],
            [true, true, true],
            [false, true, true],
            [false, true, false],
        ];
        assert_eq!(nights(&story), expected);
    }

    #[test]
    fn a_stack_may_differ_in_nothing_but_outputs() {
        let story: [(Status, &[&str]); 3] =
            [(Status::Pending, &[]), (Status::Pending, &[]), (Status::Clean, &[])];
        let expected = [[true, true, true], [false, false, true], [false, true, false]];
        assert_eq!(nights(&story), expected);
    }

    #[test]
    fn what_is_quiet_or_acknowledged_is_no_news() {
        let mut quiet = finding("x", Action::NoOp);
        quiet.class = Class::Masked;
        let masked = report(1, Status::Masked, vec![quiet]);
        let mut known = finding("y", Action::Update);
        let acknowledged = Acknowledged { reason: "r".to_owned(), until: "2027-01-01".to_owned() };
        let first = "2026-11-01T04:00:00Z".to_owned();
        known.seen = Some(Seen { first, days: 0, times: 1, acknowledged: Some(acknowledged) });
        let known = report(1, Status::Drift, vec![known]);
        for report in [masked, known] {
            assert_eq!(ALL.map(|on| is_news(&report, None, on)), [false; 3]);
        }
        let new = report(1, Status::Drift, vec![finding("z", Action::Update)]);
        assert_eq!(ALL.map(|on| is_news(&new, None, on)), [true; 3]);
    }
}
