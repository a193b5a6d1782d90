//! What one plan, state or log says about one stack, digested: no secret in it, so it can be kept and sent.

use serde::{Deserialize, Serialize};

use super::change::{Change, Class};
use super::shown::Shown;
use super::state_file::StateFile;

/// How a stack stands. Ordered: the later, the more it wants a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Code, state and world agree.
    Clean,
    /// They differ in what Terraform ignores.
    Masked,
    /// The code is ahead of the world, or the checkout behind it.
    Pending,
    /// The world was changed.
    Drift,
    /// It was left out, with a reason.
    NotMeasured,
    /// The planning command checks first, and refused.
    BlockedByLint,
    /// Somebody held the lock.
    Locked,
    /// It took too long, or was stopped.
    Timeout,
    /// It could not be planned.
    Error,
}

impl Status {
    /// How a stack stands in which nothing differs but something of `class`.
    pub(super) fn of(class: Class) -> Status {
        match class {
            Class::Noise | Class::Read | Class::Perpetual => Status::Clean,
            Class::Masked => Status::Masked,
            Class::OutputOnly
            | Class::Moved
            | Class::Imported
            | Class::Forgotten
            | Class::Unapplied
            | Class::Deposed => Status::Pending,
            Class::OutOfBand | Class::Conflict | Class::DeletedOutside => Status::Drift,
        }
    }
}

/// Which stack.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct StackRef {
    /// Its name, as `tautline stacks` has it.
    pub name: String,
    /// Its directory relative to the root of the repo, where it is known.
    pub dir: Option<String>,
}

/// What a measurement was read from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// `terraform show -json PLAN`
    Plan,
    /// A plan that Terraform wrote with `-out`: only what its inner states prove.
    BinaryPlan,
    /// The lines of `terraform plan -json`: no values.
    UiStream,
    /// What `tautline drift run` measured.
    Run,
    /// A state, which tells of no apply: that of a stack without a plan.
    State,
}

/// The commit that was planned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Commit {
    /// Its full hash.
    pub id: String,
    /// When it was made: RFC 3339.
    pub time: Option<String>,
}

/// What went wrong, as far as the words of Terraform and of the programs around it tell.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Something else.
    #[default]
    Other,
    /// The configuration is wrong: an argument, a reference, a block.
    Configuration,
    /// A variable has no value.
    MissingVariable,
    /// A precondition, postcondition or `check` does not hold.
    Condition,
    /// A provider could not be installed or started, or a lock file does not fit.
    Provider,
    /// A resource or data source could not be read.
    Read,
    /// Credentials are missing, expired or refused.
    Credentials,
    /// Somebody holds the lock of the state.
    StateLock,
    /// The backend, or what the state is in, cannot be reached.
    Backend,
    /// Something took too long.
    Timeout,
    /// The run was interrupted.
    Interrupted,
}

/// What Terraform said went wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// What went wrong.
    #[serde(default)]
    pub kind: ProblemKind,
    /// Whether it is an error; else a warning.
    pub is_error: bool,
    /// One line.
    pub summary: String,
    /// More lines.
    pub detail: String,
    /// The address it is about.
    pub address: Option<String>,
    /// The file as Terraform names it (relative to the stack), and the line, counted from 1.
    pub place: Option<(String, u32)>,
}

/// A `check`, precondition or postcondition that does not hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FailedCheck {
    /// Its address.
    pub address: String,
    /// What it says.
    pub messages: Vec<String>,
}

/// An output that differs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OutputChange {
    /// Its name.
    pub name: String,
    /// What it was.
    pub before: Shown,
    /// What it will be.
    pub after: Shown,
}

/// A module call, as the plan's configuration has it: `a.b` is the call `b` in what the call `a` calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ModuleCall {
    /// The labels of the calls on the way, with dots.
    pub name: String,
    /// The source as written.
    pub source: String,
}

/// What is known of one stack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// Which stack.
    pub stack: StackRef,
    /// What it was read from: a path as the user gave it.
    pub file: String,
    /// What kind of file that is.
    pub kind: InputKind,
    /// The version of Terraform, or of `OpenTofu`.
    pub terraform: Option<String>,
    /// The commit that was planned, where it is known.
    pub commit: Option<Commit>,
    /// When it was planned: RFC 3339.
    pub planned_at: Option<String>,
    /// How the stack stands.
    pub status: Status,
    /// Why it is said to stand so: one line each.
    pub evidence: Vec<String>,
    /// What differs, in the order of addresses. Instances without a difference are not listed.
    pub changes: Vec<Change>,
    /// How many instances there are.
    pub instances: usize,
    /// The outputs that differ.
    pub outputs: Vec<OutputChange>,
    /// The checks that do not hold.
    pub checks: Vec<FailedCheck>,
    /// What Terraform complained of.
    pub problems: Vec<Problem>,
    /// The modules called.
    pub modules: Vec<ModuleCall>,
}

impl Measured {
    /// Nothing is known yet.
    pub fn new(file: &str, kind: InputKind) -> Self {
        Measured {
            stack: StackRef::default(),
            file: file.to_owned(),
            kind,
            terraform: None,
            commit: None,
            planned_at: None,
            status: Status::NotMeasured,
            evidence: Vec::new(),
            changes: Vec::new(),
            instances: 0,
            outputs: Vec::new(),
            checks: Vec::new(),
            problems: Vec::new(),
            modules: Vec::new(),
        }
    }

    /// What a state alone tells of its stack: that nobody has measured it.
    pub fn of_state(state: &StateFile) -> Self {
        let evidence = vec![
            "there is a state and no plan: what an apply would do is not known".to_owned(),
            STATE_HELP.to_owned(),
        ];
        Measured {
            terraform: state.terraform.clone(),
            instances: state.instances.iter().filter(|it| it.deposed.is_none()).count(),
            evidence,
            ..Measured::new(&state.file, InputKind::State)
        }
    }
}

/// What to type for a state.
pub(super) const STATE_HELP: &str =
    "`tautline drift state --stack NAME --state FILE` holds it against the code";
