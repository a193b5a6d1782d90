//! Acknowledgements: differences that somebody knows of.
//!
//! Invariant: an acknowledgement reaches no further than it says. One of an attribute never silences what destroys or
//! replaces the instance, and none silences a danger that cannot be acknowledged.

use super::moment::Moment;
use super::run::{newest, planned_at};
use crate::config::{Acknowledgement, StepGlob};
use crate::drift::{
    Acknowledged, Action, DriftReport, Finding, Path, RunNote, RunNoteKind, Seen, StackReport, Step,
};
use crate::syntax::Date;
use crate::text::TextRange;

/// How many differences a note names.
const NAMED: usize = 5;

/// What became of one acknowledgement.
#[derive(Default)]
struct Tally {
    /// Findings it was for, and could not be: why, one line each.
    refused: Vec<(usize, String)>,
    /// Findings it silences, or would if it were not over.
    matched: Vec<usize>,
}

/// Marks what is acknowledged in `report`, and notes which acknowledgements are over, for nothing, or reach less than
/// they name. What is over is judged by the day of the newest measurement. `is_whole`: the report is about every stack;
/// only then can one be for nothing. `place` says where a setting stands.
pub fn acknowledge(
    report: &mut DriftReport,
    acknowledgements: &[Acknowledgement],
    is_whole: bool,
    place: &dyn Fn(TextRange) -> String,
) {
    if acknowledgements.is_empty() {
        return;
    }
    let Some(now) = newest(report) else {
        let message = "acknowledgements do not count: nothing says when the stacks were planned";
        report.notes.push(note(message.to_owned(), Vec::new(), None));
        return;
    };
    let today = now.date();
    let tallies: Vec<Tally> =
        acknowledgements.iter().map(|own| tally(report, own, today)).collect();
    for (own, tally) in acknowledgements.iter().zip(&tallies) {
        if own.until.value >= today {
            tally.matched.iter().for_each(|&finding| mark(report, finding, own, now));
        }
        report.notes.extend(tell(report, own, tally, today, is_whole, place));
    }
    for stack in &mut report.stacks {
        let own = stack.findings.iter().map(|&finding| &report.findings[finding]);
        // Of a stack that was not measured, nobody knows all that there is to acknowledge.
        let acknowledged = whole(own).filter(|_| stack.status.is_measured());
        if let (Some(acknowledged), Some(seen)) = (acknowledged, &mut stack.seen) {
            seen.acknowledged = Some(acknowledged);
        }
    }
}

fn tally(report: &DriftReport, own: &Acknowledgement, today: Date) -> Tally {
    let mut tally = Tally::default();
    for (at, finding) in report.findings.iter().enumerate() {
        let Some(stack) = report.stacks.get(finding.stack) else { continue };
        if !is_for(own, stack, finding) {
            continue;
        }
        match refusal(own, finding) {
            Some(why) if own.until.value >= today => {
                let address = &finding.address;
                tally
                    .refused
                    .push((finding.stack, format!("{}: `{address}` {why}", stack.stack.name)));
            }
            Some(_) => {}
            None => tally.matched.push(at),
        }
    }
    tally
}

fn is_for(own: &Acknowledgement, stack: &StackReport, finding: &Finding) -> bool {
    own.stack.as_ref().is_none_or(|glob| glob.matches(&stack.stack.name))
        && own.address.as_ref().is_none_or(|glob| glob.matches(&finding.address.to_string()))
        && own.attribute.as_ref().is_none_or(|glob| {
            // A replacement has no path where the instance as a whole is gone: it is told why it does not count.
            finding.path.as_ref().is_none_or(|path| covers(&glob.steps, path))
        })
}

/// Why `own` does not silence a finding that it names.
fn refusal(own: &Acknowledgement, finding: &Finding) -> Option<String> {
    let mut dangers = finding.dangers.iter().filter(|it| !it.risk.can_be_acknowledged());
    if let Some(danger) = dangers.next() {
        return Some(format!("is dangerous: {}", danger.message));
    }
    let is_in_place = matches!(finding.action, Action::NoOp | Action::Read | Action::Update);
    let is_of_attribute = own.attribute.is_some();
    match finding.action {
        Action::Other => Some("would be changed in a way that is not known".to_owned()),
        Action::Create if is_of_attribute => Some("would be created".to_owned()),
        Action::Delete if is_of_attribute => Some("would be destroyed".to_owned()),
        Action::Forget if is_of_attribute => Some("would be forgotten".to_owned()),
        _ if is_of_attribute && !is_in_place => Some("would be replaced".to_owned()),
        _ if is_of_attribute && finding.path.is_none() => Some("differs as a whole".to_owned()),
        _ => None,
    }
}

/// Whether `path` is what `steps` stand for, or lies in it. Positions may be left out of the steps: what is a list of one
/// block in a plan is just a block to people.
fn covers(steps: &[StepGlob], path: &Path) -> bool {
    fn rest(steps: &[StepGlob], path: &[Step]) -> bool {
        let Some((step, later)) = steps.split_first() else { return true };
        let Some((own, below)) = path.split_first() else { return false };
        match (step, own) {
            (StepGlob::Name(glob), Step::Name(name) | Step::Key(name)) => {
                glob.matches(name) && rest(later, below)
            }
            (StepGlob::Name(glob), Step::Index(_)) => {
                (glob.text == "*" && rest(later, below)) || rest(steps, below)
            }
            (StepGlob::Index(wanted), Step::Index(index)) => {
                wanted.is_none_or(|wanted| wanted == *index) && rest(later, below)
            }
            (StepGlob::Index(_), _) => false,
        }
    }
    rest(steps, &path.0)
}

fn mark(report: &mut DriftReport, finding: usize, own: &Acknowledgement, now: Moment) {
    let Some(stack) = report.findings.get(finding).map(|finding| finding.stack) else { return };
    let at = report.stacks.get(stack).and_then(planned_at).unwrap_or(now);
    if let Some(finding) = report.findings.get_mut(finding) {
        // Without a history, all that is known is that it was seen now.
        let only = Seen { first: at.to_string(), days: 0, times: 1, acknowledged: None };
        let seen = finding.seen.get_or_insert(only);
        let acknowledged =
            Acknowledged { reason: own.reason.clone(), until: own.until.value.to_string() };
        seen.acknowledged.get_or_insert(acknowledged);
    }
}

/// The acknowledgement that ends first, if none of `findings` is left open.
fn whole<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> Option<Acknowledged> {
    if findings.clone().any(Finding::is_open) {
        return None;
    }
    findings.filter_map(Finding::acknowledged).min_by(|a, b| a.until.cmp(&b.until)).cloned()
}

/// What the reader of the report should know of `own`.
fn tell(
    report: &DriftReport,
    own: &Acknowledgement,
    tally: &Tally,
    today: Date,
    is_whole: bool,
    place: &dyn Fn(TextRange) -> String,
) -> Option<RunNote> {
    let (name, until, place) = (&own.name.value, own.until.value, place(own.range));
    let matched = tally.matched.len();
    if until < today {
        let message = match matched {
            0 => format!("the acknowledgement `{name}` was over on {until}"),
            1 => format!(
                "the acknowledgement `{name}` was over on {until}, and a difference is still there"
            ),
            _ => format!(
                "the acknowledgement `{name}` was over on {until}, and {matched} differences are still there"
            ),
        };
        let help = match matched {
            0 => format!("remove it: {place}"),
            _ => format!(
                "settle what it is for and remove it, or give it a new day and say why: {place}"
            ),
        };
        let findings = tally.matched.iter().map(|&finding| &report.findings[finding]);
        let mut stacks: Vec<usize> = findings.map(|finding| finding.stack).collect();
        stacks.dedup();
        return Some(RunNote { stacks, ..note(message, vec![own.reason.clone()], Some(help)) });
    }
    if let Some((_, first)) = tally.refused.first() {
        let message = match tally.refused.len() {
            1 => format!("the acknowledgement `{name}` does not silence {first}"),
            more => format!(
                "the acknowledgement `{name}` does not silence {more} differences that it names"
            ),
        };
        let evidence = tally.refused.iter().take(NAMED).map(|(_, why)| why.clone()).collect();
        let mut stacks: Vec<usize> = tally.refused.iter().map(|(stack, _)| *stack).collect();
        stacks.sort_unstable();
        stacks.dedup();
        let help = format!(
            "dangers other than `reverts-live` are never silenced, and an attribute's never silences a replacement: {place}"
        );
        return Some(RunNote { stacks, ..note(message, evidence, Some(help)) });
    }
    // A stack that was not measured may still differ.
    let may_differ = report.stacks.iter().any(|stack| {
        let is_named = own.stack.as_ref().is_none_or(|glob| glob.matches(&stack.stack.name));
        is_named && !stack.status.is_measured()
    });
    (matched == 0 && is_whole && !may_differ).then(|| {
        let message = format!("the acknowledgement `{name}` is for nothing that differs any more");
        note(message, vec![own.reason.clone()], Some(format!("remove it: {place}")))
    })
}

fn note(message: String, evidence: Vec<String>, help: Option<String>) -> RunNote {
    RunNote { kind: RunNoteKind::Acknowledgement, message, evidence, help, stacks: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finding, path, report};
    use super::*;
    use crate::config::{AttributeGlob, Glob, Spanned};
    use crate::drift::{Class, Danger, OutputChange, Risk, Shown, Status, Verdict};

    fn own(stack: Option<&str>, attribute: Option<&str>, until: &str) -> Acknowledgement {
        let range = TextRange::empty(0);
        Acknowledgement {
            name: Spanned { value: "trial".into(), range },
            stack: stack.and_then(Glob::new),
            address: None,
            attribute: attribute.and_then(AttributeGlob::new),
            reason: "until the move".to_owned(),
            until: Spanned { value: Date::parse(until).unwrap(), range },
            owner: None,
            range,
        }
    }

    /// What is acknowledged of `findings` on 5 November, and the notes.
    fn judge(findings: Vec<Finding>, own: &Acknowledgement) -> (Vec<bool>, Vec<String>) {
        let mut report = report(4, Status::Drift, findings);
        acknowledge(&mut report, std::slice::from_ref(own), true, &|_| "tautline.hcl:3".to_owned());
        let is_acknowledged = |finding: &Finding| finding.acknowledged().is_some();
        let marked = report.findings.iter().map(is_acknowledged).collect();
        (marked, report.notes.into_iter().map(|note| note.message).collect())
    }

    #[test]
    fn positions_may_be_left_out_and_what_lies_below_is_meant() {
        let long = path("spec[0].template[0].spec[0].container[1].image");
        for (glob, is_meant) in [
            ("spec.template.spec.container.image", true),
            ("spec[0].template[0].spec[0].container[1].image", true),
            ("spec.template.spec.container[*].image", true),
            ("spec.template.spec.container.*.image", true),
            ("spec.0.template.spec.container.1.image", true),
            ("spec.template", true),
            ("spec.*.spec.container", true),
            ("spec.template.spec.container[0].image", false),
            ("spec.template.spec.init_container.image", false),
            ("spec.template.spec.container.image.tag", false),
            ("template", false),
        ] {
            assert_eq!(covers(&AttributeGlob::new(glob).unwrap().steps, &long), is_meant, "{glob}");
        }
        let key = path("metadata[0].annotations[keel.sh/policy]");
        for (glob, is_meant) in [
            ("metadata.annotations[\"keel.sh/policy\"]", true),
            ("metadata.annotations[\"keel.sh/*\"]", true),
            ("metadata.annotations[\"keel.io/*\"]", false),
        ] {
            assert_eq!(covers(&AttributeGlob::new(glob).unwrap().steps, &key), is_meant, "{glob}");
        }
    }

    #[test]
    fn it_holds_up_to_its_last_day() {
        let found = || vec![finding("x", Action::Update)];
        let (marked, notes) = judge(found(), &own(Some("bl*"), Some("spec"), "2026-11-05"));
        assert_eq!((marked, notes), (vec![true], Vec::new()));
        let (marked, notes) = judge(found(), &own(Some("bl*"), Some("spec"), "2026-11-04"));
        assert_eq!(marked, [false]);
        assert_eq!(
            notes,
            ["the acknowledgement `trial` was over on 2026-11-04, and a difference is still there"]
        );
    }

    #[test]
    fn an_attribute_never_silences_a_replacement_or_a_destruction() {
        for (action, words) in [
            (Action::Delete, "would be destroyed"),
            (Action::DeleteThenCreate, "would be replaced"),
            (Action::CreateThenDelete, "would be replaced"),
            (Action::CreateThenForget, "would be replaced"),
            (Action::Forget, "would be forgotten"),
            (Action::Create, "would be created"),
            (Action::Other, "not known"),
        ] {
            let mut whole = finding("whole", action);
            whole.path = None;
            for found in [finding("x", action), whole] {
                let (marked, notes) = judge(vec![found], &own(None, Some("spec"), "2026-12-01"));
                assert_eq!(marked, [false], "{action:?}");
                assert!(notes.len() == 1 && notes[0].contains(words), "{notes:?}");
            }
        }
        // Of an instance as a whole, somebody may say so; of what nobody knows, not.
        let (marked, _) =
            judge(vec![finding("x", Action::Delete)], &own(Some("blog"), None, "2026-12-01"));
        assert_eq!(marked, [true]);
        let (marked, _) =
            judge(vec![finding("x", Action::Other)], &own(Some("blog"), None, "2026-12-01"));
        assert_eq!(marked, [false]);
    }

    #[test]
    fn no_danger_is_silenced_but_that_of_every_live_change() {
        let danger = |risk: Risk| Danger { risk, message: format!("it {}", risk.word()) };
        let all = [
            (Risk::RevertsLive, true),
            (Risk::Downgrade, false),
            (Risk::ImageSwap, false),
            (Risk::RunsJobAgain, false),
            (Risk::StorageRefuses, false),
            (Risk::Destroys, false),
        ];
        for (attribute, (risk, is_silenced)) in
            [None, Some("spec")].into_iter().flat_map(|it| all.map(|one| (it, one)))
        {
            let own = own(Some("blog"), attribute, "2026-12-01");
            // Beside the one that may be silenced, the other still counts.
            for dangers in [vec![danger(risk)], vec![danger(Risk::RevertsLive), danger(risk)]] {
                let found = Finding { dangers, ..finding("x", Action::Update) };
                let (marked, notes) = judge(vec![found], &own);
                assert_eq!(marked, [is_silenced], "{risk:?}");
                let is_told = notes.iter().any(|note| note.contains(risk.word()));
                assert_eq!(is_told, !is_silenced, "{risk:?}: {notes:?}");
            }
        }
    }

    #[test]
    fn what_was_deleted_outside_may_stay_away_where_nothing_would_run_again() {
        let gone =
            || Finding { class: Class::DeletedOutside, path: None, ..finding("x", Action::Create) };
        let instance = own(Some("blog"), None, "2026-12-01");
        assert_eq!(judge(vec![gone()], &instance).0, [true]);
        let message = "an apply would run the job `x` again".to_owned();
        let job = Finding { dangers: vec![Danger { risk: Risk::RunsJobAgain, message }], ..gone() };
        assert_eq!(judge(vec![job], &instance).0, [false]);
        // That is about the whole instance, which no attribute stands for.
        let (marked, notes) = judge(vec![gone()], &own(None, Some("spec"), "2026-12-01"));
        assert_eq!(marked, [false]);
        assert!(notes[0].contains("would be created"), "{notes:?}");
    }

    #[test]
    fn one_for_nothing_is_told_unless_its_stack_was_not_measured() {
        let other = own(Some("blog"), Some("metadata"), "2026-12-01");
        let (_, notes) = judge(vec![finding("x", Action::Update)], &other);
        assert_eq!(notes, ["the acknowledgement `trial` is for nothing that differs any more"]);
        let mut unknown = report(4, Status::Error, Vec::new());
        acknowledge(&mut unknown, &[other], true, &|_| String::new());
        assert_eq!(unknown.notes, []);
    }

    #[test]
    fn what_terraform_leaves_alone_needs_no_acknowledgement() {
        let verdict = |masked: Finding| {
            let mut report = report(4, Status::Drift, vec![finding("x", Action::Update), masked]);
            acknowledge(&mut report, &[own(None, Some("spec.x"), "2026-12-01")], true, &|_| {
                String::new()
            });
            report.verdict()
        };
        let masked = || Finding { class: Class::Masked, ..finding("y", Action::NoOp) };
        assert_eq!(verdict(masked()), Verdict::Clean);
        let message = "it downgrades".to_owned();
        let dangers = vec![Danger { risk: Risk::Downgrade, message }];
        assert_eq!(verdict(Finding { dangers, ..masked() }), Verdict::Drift);
        assert_eq!(verdict(finding("y", Action::Update)), Verdict::Drift);
    }

    #[test]
    fn a_stack_is_acknowledged_when_all_of_it_is() {
        let findings = vec![finding("x", Action::Update), finding("y", Action::Update)];
        let mut report = report(4, Status::Drift, findings);
        let run = super::super::Run::of(&report, true).unwrap();
        let mut history = super::super::History::default();
        history.observe(&run);
        super::super::apply(&mut report, &history);
        let x = own(None, Some("spec.x"), "2026-12-01");
        let both = [own(None, Some("spec.y"), "2026-11-09"), x.clone()];
        let mut half = report.clone();
        acknowledge(&mut half, &[x], true, &|_| String::new());
        assert_eq!(half.stacks[0].seen.as_ref().unwrap().acknowledged, None);
        acknowledge(&mut report, &both, true, &|_| String::new());
        let acknowledged = report.stacks[0].seen.as_ref().unwrap().acknowledged.as_ref();
        assert_eq!(acknowledged.unwrap().until, "2026-11-09");
        assert_eq!(report.verdict(), Verdict::Clean);
        // An output beside it follows from it.
        report.stacks[0].seen.as_mut().unwrap().acknowledged = None;
        report.stacks[0].outputs = vec![OutputChange {
            name: "address".to_owned(),
            before: Shown::Absent,
            after: Shown::Hidden,
        }];
        acknowledge(&mut report, &both, true, &|_| String::new());
        assert!(report.stacks[0].seen.as_ref().unwrap().acknowledged.is_some());
        assert_eq!(report.verdict(), Verdict::Clean);
        report.stacks[0].status = Status::NotMeasured;
        report.stacks[0].seen.as_mut().unwrap().acknowledged = None;
        acknowledge(&mut report, &both, true, &|_| String::new());
        assert_eq!(report.verdict(), Verdict::Incomplete, "a part is no whole");
        assert_eq!(report.findings[0].class, Class::OutOfBand);
        assert_eq!(report.findings[0].seen.as_ref().unwrap().first, "2026-11-05T04:00:00Z");
    }
}
