//! A state against the code of its stack: what an apply would destroy, create and change, as far as the two alone tell. No
//! provider is asked, and no credentials are needed.
//!
//! Invariant: what is said without a "perhaps" is certain: where instances, modules or files are not known, nothing is
//! said of them, or it is marked as possible.

mod compare;
mod declared;
mod literal;
mod moves;
mod provider;
#[cfg(test)]
mod tests;

use super::address::Address;
use super::measured::StackRef;
use super::path::Path;
use super::report::{Place, Unread};
use super::shown::Shown;
use super::verdict::Verdict;

pub use compare::compare;

/// What kind of difference there is between a state and the code. Ordered: the later, the more it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StateKind {
    /// An `import` block that has done its work.
    FinishedImport,
    /// A `moved` block with nothing to move.
    FinishedMove,
    /// A `removed` block with nothing to remove.
    FinishedRemoval,
    /// A constant of the code that the state has otherwise, where Terraform is told to ignore it.
    Ignored,
    /// An apply takes it into the state.
    Imported,
    /// An apply gives it another address.
    Moved,
    /// An apply takes it out of the state and leaves it running.
    Forgotten,
    /// A constant of the code that the state has otherwise.
    Literal,
    /// It comes from another provider.
    OtherProvider,
    /// It is in the code and not in the state: an apply creates it.
    Missing,
    /// An apply replaces it: its creation failed half-way, or somebody said so.
    Tainted,
    /// A leftover of a replacement that failed.
    Deposed,
    /// It has another type in the code: an apply destroys it and creates the other.
    OtherType,
    /// It is in the state and not in the code, or a `removed` block says so: an apply destroys it.
    Undeclared,
}

/// One difference between a state and the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StateDifference {
    /// What kind it is.
    pub kind: StateKind,
    /// What it is about: the address of an instance or of a block, or of what a block names.
    pub address: String,
    /// What is so, and what follows: one line, lower case, no full stop.
    pub message: String,
    /// Whether that is certain.
    pub is_certain: bool,
    /// The instances that it is about, where they are several.
    pub instances: Vec<Address>,
    /// Where in the instance.
    pub path: Option<Path>,
    /// What the state has there.
    pub state: Shown,
    /// What the code says there.
    pub code: Shown,
    /// Where the code is about it.
    pub place: Option<Place>,
    /// What to type.
    pub help: Option<String>,
}

/// A state that was compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ComparedState {
    /// Which stack it is of.
    pub stack: StackRef,
    /// The path as the user gave it.
    pub file: String,
    /// The version of Terraform, or of `OpenTofu`, that wrote it.
    pub terraform: Option<String>,
    /// How often it has been written.
    pub serial: Option<u64>,
    /// How many instances of managed resources it has, leftovers not counted.
    pub instances: usize,
    /// How many of them are also in the code.
    pub matched: usize,
    /// How many of them nothing can be said of: what declares them is not in the repo.
    pub unknown: usize,
    /// What differs, the gravest first.
    pub differences: Vec<StateDifference>,
}

/// States and the code of their stacks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StateReport {
    /// The states, sorted by stack.
    pub states: Vec<ComparedState>,
    /// What could not be read, or was recognised and left alone.
    pub unread: Vec<Unread>,
}

impl StateDifference {
    /// A difference that is certain, about the whole of what is at `address`.
    fn new(kind: StateKind, address: String, message: String, place: Option<Place>) -> Self {
        Self {
            kind,
            address,
            message,
            is_certain: true,
            instances: Vec::new(),
            path: None,
            state: Shown::Absent,
            code: Shown::Absent,
            place,
            help: None,
        }
    }

    /// It is about all of these; one alone is named already.
    fn several(&mut self, mut instances: Vec<Address>) {
        instances.sort();
        if instances.len() > 1 {
            self.address = instances[0].of_block().to_string();
            self.instances = instances;
        }
    }

    /// Whether an apply would certainly do something about it.
    pub fn counts(&self) -> bool {
        self.is_certain && self.kind > StateKind::Ignored
    }
}

impl StateReport {
    /// What it comes to. Where no state at all could be read, nothing is known.
    pub fn verdict(&self) -> Verdict {
        let is_missing = self.unread.iter().any(|unread| unread.is_missing);
        if is_missing || self.states.is_empty() {
            return Verdict::Incomplete;
        }
        let differences = self.states.iter().flat_map(|state| &state.differences);
        let counts = differences.into_iter().any(StateDifference::counts);
        if counts { Verdict::Drift } else { Verdict::Clean }
    }
}
