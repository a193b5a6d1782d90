//! Which stack a file is about, when several files are about one, and when a file is about none.
//!
//! Invariant: nothing is lost. What comes in goes out as the one measurement of its stack, as a file that a newer one took
//! the place of, or as unread with the reason.

use std::collections::BTreeMap;

use super::address::Address;
use super::measured::{InputKind, Measured, STATE_HELP, StackRef};
use super::report::{RunNote, RunNoteKind, StackReport, Unread};
use crate::config::which_stack;
use crate::model::{Stack, StackId};

/// A measurement, and what is known of the file that it was read from.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// What the file says.
    pub measured: Measured,
    /// The stack that the user says it is about.
    pub given: Option<String>,
    /// Its path below the directory that the user named, or its name; with `/`.
    pub below: String,
    /// Its path from the root of the repo, where it lies in it; with `/`.
    pub inside: Option<String>,
    /// When the file was last written, in seconds since 1970.
    pub modified: Option<u64>,
    /// The instances in it, where it is a state: what a plan is about, its changes tell.
    pub instances: Vec<Address>,
}

/// Measurements of which each has a stack of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// Sorted by the name of the stack.
    pub measured: Vec<Measured>,
    /// What is about no stack of the repo.
    pub unread: Vec<Unread>,
    /// The stacks with several files.
    pub several: Vec<Several>,
}

/// A stack with several files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Several {
    /// Its name.
    pub stack: String,
    /// The file that counts.
    pub counts: String,
    /// The others, the newest first.
    pub others: Vec<String>,
}

/// What Terraform's and Terragrunt's own words for a plan are: a file that is called so is named by its directory.
const PLAN_NAMES: [&str; 6] = ["tfplan", "plan", "terraform", "show", "out", "output"];

/// What files with plans, states and the output of planners end with.
pub const ENDINGS: [&str; 9] =
    ["json", "jsonl", "ndjson", "tfplan", "plan", "tfstate", "enc", "out", "log"];

/// Finds the stack of each of `arrivals` among `known`; without any, a file is named as it is called. Where no name tells,
/// `by_content` may. A state counts where its stack has nothing else.
pub fn name(
    arrivals: Vec<Arrival>,
    known: Option<&[Stack]>,
    by_content: impl Fn(&Arrival) -> Option<StackId>,
) -> Named {
    let mut named = Named::default();
    let mut by_stack: BTreeMap<StackRef, Vec<Arrival>> = BTreeMap::new();
    for arrival in arrivals {
        match stack_of(&arrival, known, &by_content) {
            Ok(stack) => by_stack.entry(stack).or_default().push(arrival),
            Err(unread) => named.unread.push(unread),
        }
    }
    for (stack, files) in by_stack {
        let (states, mut files): (Vec<Arrival>, Vec<Arrival>) =
            files.into_iter().partition(|it| it.measured.kind == InputKind::State);
        if files.is_empty() {
            files = states;
        } else {
            named.unread.extend(states.iter().map(|it| left_alone(it, "a state, and no plan")));
        }
        files.sort_by(|a, b| newness(a).cmp(&newness(b)));
        let Some(newest) = files.pop() else { continue };
        if !files.is_empty() {
            let others = files.iter().rev().map(|it| it.measured.file.clone()).collect();
            let (stack, counts) = (stack.name.clone(), newest.measured.file.clone());
            named.several.push(Several { stack, counts, others });
        }
        named.measured.push(Measured { stack, ..newest.measured });
    }
    named.unread.sort();
    named
}

/// That some stacks have several plans, of which only one counts, for a report about `stacks`.
pub fn notes(several: &[Several], stacks: &[StackReport]) -> Vec<RunNote> {
    let note = |it: &Several| RunNote {
        kind: RunNoteKind::SeveralPlans,
        message: format!("`{}` has {} plans: the newest counts", it.stack, it.others.len() + 1),
        evidence: std::iter::once(format!("`{}` counts", it.counts))
            .chain(it.others.iter().map(|file| format!("`{file}` does not")))
            .collect(),
        help: Some("remove the older ones, or report each directory by itself".to_owned()),
        stacks: stacks.iter().position(|known| known.stack.name == it.stack).into_iter().collect(),
    };
    several.iter().map(note).collect()
}

/// What tells the newest of several files: when it was planned, else when it was written, else the name.
fn newness(arrival: &Arrival) -> (Option<&str>, Option<u64>, &str) {
    (arrival.measured.planned_at.as_deref(), arrival.modified, &arrival.measured.file)
}

fn stack_of(
    arrival: &Arrival,
    known: Option<&[Stack]>,
    by_content: impl Fn(&Arrival) -> Option<StackId>,
) -> Result<StackRef, Unread> {
    let Some(known) = known else {
        let (name, dir) = (own_name(arrival), arrival.measured.stack.dir.clone());
        return if name.is_empty() { Err(nameless(arrival)) } else { Ok(StackRef { name, dir }) };
    };
    let of =
        |known: &Stack| StackRef { name: known.name.to_string(), dir: Some(known.dir.to_string()) };
    if let Some(given) = &arrival.given {
        let found = known.iter().find(|it| it.is_called(given));
        return found.map(of).ok_or_else(|| Unread {
            file: arrival.measured.file.clone(),
            why: format!("there is no stack `{given}` in this repo"),
            help: Some(which_stack(given, known.iter().map(|it| &*it.name))),
            is_missing: true,
        });
    }
    // What measured it knew.
    let measured = &arrival.measured.stack;
    let told = known.iter().find(|it| !measured.name.is_empty() && *it.name == *measured.name);
    let found = told
        .or_else(|| holding(known, arrival))
        .or_else(|| by_path(known, &arrival.below))
        .or_else(|| by_content(arrival).and_then(|id| known.get(id.0 as usize)));
    found.map(of).ok_or_else(|| match arrival.measured.kind {
        InputKind::State => left_alone(arrival, "a state, and of no stack of this repo"),
        _ => foreign(arrival),
    })
}

/// What comes from no file has no name, either.
fn nameless(arrival: &Arrival) -> Unread {
    Unread {
        file: arrival.measured.file.clone(),
        why: "nothing tells which stack it is about".to_owned(),
        help: Some("`--stack NAME` says it".to_owned()),
        is_missing: true,
    }
}

/// A state is nothing that a report can lack.
fn left_alone(state: &Arrival, why: &str) -> Unread {
    Unread {
        file: state.measured.file.clone(),
        why: why.to_owned(),
        help: Some(STATE_HELP.to_owned()),
        is_missing: false,
    }
}

fn foreign(arrival: &Arrival) -> Unread {
    let Measured { stack: StackRef { name, dir }, kind, file, .. } = &arrival.measured;
    // What a run measured knows its stack: it is there no more.
    if *kind == InputKind::Run && !name.is_empty() {
        return Unread {
            file: dir.clone().unwrap_or_else(|| name.clone()),
            why: format!("the stack `{name}` was measured, and is not in this repo any more"),
            help: Some("`tautline drift run` measures the stacks that there are".to_owned()),
            is_missing: true,
        };
    }
    Unread {
        file: file.clone(),
        why: "it is about no stack of this repo: neither its name nor what is in it tells which".into(),
        help: Some(
            "`--stack NAME` says which stack one file is about; `tautline drift report --no-source` reports it without the repo"
                .to_owned(),
        ),
        is_missing: true,
    }
}

/// The innermost stack that the file lies in.
fn holding<'k>(known: &'k [Stack], arrival: &Arrival) -> Option<&'k Stack> {
    let path = arrival.inside.as_deref()?;
    let holds = |it: &&Stack| {
        !it.dir.is_empty() && path.strip_prefix(&*it.dir).is_some_and(|rest| rest.starts_with('/'))
    };
    known.iter().filter(holds).max_by_key(|it| it.dir.len())
}

/// The stack that a path below a directory of plans is named after: `dns.json`, `dns/tfplan.json`,
/// `stacks/dns/tfplan.json`. The longest match counts.
fn by_path<'k>(known: &'k [Stack], below: &str) -> Option<&'k Stack> {
    let (directory, file) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = stem(file);
    let whole = if directory.is_empty() { stem.to_owned() } else { format!("{directory}/{stem}") };
    // A file that is named after its stack says more than where it lies.
    for path in [whole.as_str(), directory] {
        let ends_so = |name: &str| {
            !name.is_empty()
                && (path == name || path.strip_suffix(name).is_some_and(|it| it.ends_with('/')))
        };
        let longest = known
            .iter()
            .filter_map(|it| {
                let by = [&*it.dir, &*it.name].into_iter().filter(|name| ends_so(name));
                by.map(str::len).max().map(|length| (length, it))
            })
            .max_by_key(|(length, _)| *length);
        if let Some((_, found)) = longest {
            return Some(found);
        }
    }
    // The unit's directory with others below it: `dns/planned/tfplan.json`.
    directory.rsplit('/').find_map(|part| known.iter().find(|it| *it.name == *part))
}

/// The name of a file without what tells its format.
fn stem(file: &str) -> &str {
    let mut stem = file;
    while let Some((rest, ending)) = stem.rsplit_once('.') {
        if rest.is_empty() || !(ENDINGS.contains(&ending) || ending == "txt") {
            break;
        }
        stem = rest;
    }
    stem
}

/// What a file is called where no repo says which stacks there are.
fn own_name(arrival: &Arrival) -> String {
    if let Some(given) = &arrival.given {
        return given.clone();
    }
    if !arrival.measured.stack.name.is_empty() {
        return arrival.measured.stack.name.clone();
    }
    let (directory, file) = arrival.below.rsplit_once('/').unwrap_or(("", &arrival.below));
    let stem = stem(file);
    match directory {
        "" => stem.to_owned(),
        directory if PLAN_NAMES.contains(&stem) => directory.to_owned(),
        directory => format!("{directory}/{stem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{InputKind, Status};

    fn known() -> Vec<Stack> {
        let stack = |(name, dir): (&str, &str)| Stack { name: name.into(), dir: dir.into() };
        let known = [
            ("dns", "stacks/dns"),
            ("plan", "stacks/plan"),
            ("eu/dns", "live/eu/dns"),
            ("my.app", "stacks/my.app"),
        ];
        known.map(stack).to_vec()
    }

    fn arrival(below: &str) -> Arrival {
        let mut measured = Measured::new(below, InputKind::Plan);
        measured.status = Status::Clean;
        Arrival {
            measured,
            given: None,
            below: below.to_owned(),
            inside: None,
            modified: None,
            instances: Vec::new(),
        }
    }

    fn names(arrivals: Vec<Arrival>) -> Vec<String> {
        let named = name(arrivals, Some(&known()), |_| None);
        assert_eq!(named.unread, []);
        named.measured.into_iter().map(|it| it.stack.name).collect()
    }

    #[test]
    fn a_path_names_a_stack() {
        for (below, stack) in [
            ("dns.json", "dns"),
            ("dns.tfplan.json", "dns"),
            ("my.app.json", "my.app"),
            ("dns/tfplan.json", "dns"),
            ("stacks/dns/tfplan.json", "dns"),
            ("live/eu/dns/tfplan.json", "eu/dns"),
            ("eu/dns.json", "eu/dns"),
            ("dns/2026/out.json", "dns"),
            // A file that is named after its stack says more than where it lies.
            ("dns/plan.json", "plan"),
        ] {
            assert_eq!(names(vec![arrival(below)]), [stack], "{below}");
        }
    }

    #[test]
    fn a_file_in_a_stack_is_about_it() {
        let inside = Some("stacks/my.app/dns.json".to_owned());
        assert_eq!(names(vec![Arrival { inside, ..arrival("dns.json") }]), ["my.app"]);
    }

    #[test]
    fn content_tells_where_no_name_does() {
        let named = name(vec![arrival("x.json")], Some(&known()), |_| Some(StackId(1)));
        assert_eq!(named.measured[0].stack.name, "plan");
        let named = name(vec![arrival("x.json")], Some(&known()), |_| None);
        assert!(named.measured.is_empty() && named.unread[0].is_missing, "{named:?}");
    }

    #[test]
    fn the_newest_of_several_counts() {
        let planned = |below: &str, at: Option<&str>, modified| {
            let mut it = Arrival { modified, ..arrival(below) };
            it.measured.planned_at = at.map(str::to_owned);
            it
        };
        let named = name(
            vec![
                planned("a/dns.json", Some("2026-11-26T00:00:00Z"), Some(1)),
                planned("b/dns.json", Some("2026-11-25T00:00:00Z"), Some(9)),
                planned("c/dns.json", None, Some(99)),
            ],
            Some(&known()),
            |_| None,
        );
        assert_eq!(named.measured.len(), 1);
        assert_eq!(named.several[0].counts, "a/dns.json");
        assert_eq!(named.several[0].others, ["b/dns.json", "c/dns.json"]);
    }

    #[test]
    fn a_stack_that_is_gone_is_named() {
        let mut gone = arrival("gone");
        gone.measured.stack = StackRef { name: "gone".into(), dir: Some("stacks/gone".into()) };
        gone.measured.kind = InputKind::Run;
        gone.measured.file = "terraform".to_owned();
        let unread = name(vec![gone], Some(&known()), |_| None).unread;
        assert_eq!((unread.len(), &*unread[0].file), (1, "stacks/gone"));
        assert!(unread[0].why.starts_with("the stack `gone` was measured"), "{unread:?}");
    }

    #[test]
    fn what_is_piped_in_has_no_name() {
        let piped = || Arrival { given: None, below: String::new(), ..arrival("-") };
        let named = name(vec![piped()], None, |_| None);
        assert_eq!(named.measured, []);
        assert_eq!(named.unread[0].help.as_deref(), Some("`--stack NAME` says it"));
        let given = Arrival { given: Some("dns".to_owned()), ..piped() };
        assert_eq!(name(vec![given], None, |_| None).measured[0].stack.name, "dns");
        assert_eq!(name(vec![piped()], Some(&known()), |_| None).unread.len(), 1);
        assert_eq!(
            name(vec![piped()], Some(&known()), |_| Some(StackId(0))).measured[0].stack.name,
            "dns"
        );
    }

    #[test]
    fn a_state_counts_where_there_is_no_plan() {
        let state = |below: &str| {
            let mut it = arrival(below);
            it.measured.kind = InputKind::State;
            it
        };
        let all = vec![state("dns.tfstate"), arrival("dns.json"), state("plan/x.tfstate")];
        let named = name([all, vec![state("else.tfstate")]].concat(), Some(&known()), |_| None);
        let counts = |it: &Measured| (it.stack.name.clone(), it.kind);
        assert_eq!(
            named.measured.iter().map(counts).collect::<Vec<_>>(),
            [("dns".to_owned(), InputKind::Plan), ("plan".to_owned(), InputKind::State)]
        );
        let left: Vec<_> = named.unread.iter().map(|it| (&*it.file, it.is_missing)).collect();
        assert_eq!(left, [("dns.tfstate", false), ("else.tfstate", false)]);
        assert_eq!(named.several, []);
    }

    #[test]
    fn without_a_repo_files_are_called_as_they_are() {
        let named = |below: &str| {
            let named = name(vec![arrival(below)], None, |_| None);
            named.measured[0].stack.name.clone()
        };
        assert_eq!(named("dns.json"), "dns");
        assert_eq!(named("stacks/dns/tfplan.json"), "stacks/dns");
        assert_eq!(named("eu/dns.json"), "eu/dns");
    }
}
