//! What an inventory shows: plain data, for whoever renders it.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::super::change::Danger;
use super::super::path::Path;
use super::super::report::{Cause, Confidence, Unread};
use super::super::shown::Shown;
use crate::text::Span;

/// An object of Kubernetes, by what names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectName {
    /// `Deployment`
    pub kind: SmolStr,
    /// `None` for one that is in no namespace.
    pub namespace: Option<SmolStr>,
    /// Its name.
    pub name: SmolStr,
}

/// Where the code declares something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The stack, where it is one's.
    pub stack: Option<Arc<str>>,
    /// The address in it, without the keys of instances: `module.app.kubernetes_deployment.web`.
    pub address: String,
    /// The smallest thing that says it.
    pub span: Span,
}

/// An object that the code declares and the cluster does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// Which.
    pub object: ObjectName,
    /// Where it is declared.
    pub place: Place,
}

/// A live object that is in no code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmanaged {
    /// Which.
    pub object: ObjectName,
    /// When it was made: RFC 3339.
    pub created: Option<String>,
    /// The program that wrote it last, where the dump tells.
    pub written_by: Option<String>,
    /// A block of its kind whose name is not known: it may be this one.
    pub may_be: Option<Place>,
    /// The stack that has the rest of its namespace.
    pub stack: Option<Arc<str>>,
    /// An `import` block and a resource to start from.
    pub adoption: String,
}

/// A live object that is unmanaged on purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnPurpose {
    /// Which.
    pub object: ObjectName,
    /// Why.
    pub reason: String,
}

/// What a difference is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// The image of the container of this name.
    Image(String),
    /// A workload that the code wants to run, and that is scaled to nothing.
    Parked,
    /// Anything else.
    Other,
}

/// A value that the code says literally, and that is another live.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Of which object.
    pub object: ObjectName,
    /// Where the code says it.
    pub place: Place,
    /// Where in the resource.
    pub path: Path,
    /// What it is about.
    pub topic: Topic,
    /// What the code says.
    pub want: Shown,
    /// What runs.
    pub live: Shown,
    /// Whether `ignore_changes` leaves it to somebody else.
    pub is_ignored: bool,
    /// Who did it.
    pub cause: Cause,
    /// Why it must not be left to whoever did it.
    pub never_ignore: Option<String>,
    /// Special cases.
    pub dangers: Vec<Danger>,
}

impl Difference {
    /// Whether it is as it should be: somebody owns it for all that is known, the code leaves it to him, and nothing is
    /// dangerous about it.
    pub fn is_settled(&self) -> bool {
        let is_left = self.is_ignored && self.never_ignore.is_none();
        let is_owned = self.cause.actor.is_some() && self.cause.confidence >= Confidence::Likely;
        is_left && is_owned && self.dangers.is_empty()
    }
}

/// Where an image runs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ImageUse {
    /// In which object.
    pub object: ObjectName,
    /// `container`, `init container`, `ephemeral container`
    pub role: &'static str,
}

/// A live image that no pattern of the trusted list admits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Untrusted {
    /// The image.
    pub image: String,
    /// Where it runs.
    pub uses: Vec<ImageUse>,
    /// Whether all of these are where the policy does not look.
    pub is_exempt: bool,
}

/// A pattern of the trusted list that no live image needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnusedPattern {
    /// The pattern.
    pub pattern: String,
    /// Where it is written.
    pub span: Span,
}

/// A Helm release that is in no code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct UnmanagedRelease {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// How many live objects say that they are of it.
    pub objects: usize,
}

/// One file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dump {
    /// The path as the user gave it.
    pub file: String,
    /// How many objects are in it.
    pub objects: usize,
    /// Whether it has the bookkeeping of field managers.
    pub has_managers: bool,
}

/// The numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Objects that the code declares.
    pub declared: usize,
    /// Of these, those that were found live.
    pub found: usize,
    /// Of these, those of which the name, the namespace or whether they are there is not known.
    pub unknown: usize,
    /// Of these, those that the dumps cannot tell about, by kind.
    pub not_covered: BTreeMap<SmolStr, usize>,
    /// Live objects.
    pub live: usize,
    /// Of these, those that somebody else makes, by who.
    pub made: BTreeMap<String, usize>,
    /// Of these, those that may be what code with a name known in part declares.
    pub perhaps: usize,
    /// Values that were compared.
    pub values: usize,
    /// Values and blocks that the code does not tell, or that could not be paired.
    pub values_unknown: usize,
    /// Images of containers that run as the code says.
    pub images_of_code: usize,
    /// Images that are other than the code says, by who owns them.
    pub images_of_others: BTreeMap<String, usize>,
}

/// The inventory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct InventoryReport {
    /// What was read, in the order given.
    pub dumps: Vec<Dump>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// What the cluster lacks.
    pub missing: Vec<Missing>,
    /// What the code lacks.
    pub unmanaged: Vec<Unmanaged>,
    /// Helm releases that the code lacks.
    pub releases: Vec<UnmanagedRelease>,
    /// What the code lacks on purpose.
    pub on_purpose: Vec<OnPurpose>,
    /// Entries of that list that no live object needs.
    pub idle_entries: Vec<String>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Images that are not trusted.
    pub untrusted: Vec<Untrusted>,
    /// Trust that nobody uses.
    pub unused_patterns: Vec<UnusedPattern>,
    /// Why images were not held against a list, where they were not.
    pub no_trust: Option<&'static str>,
    /// The numbers.
    pub counts: Counts,
}

impl InventoryReport {
    /// Whether code and world differ in what somebody has to do something about.
    pub fn has_drift(&self) -> bool {
        !self.missing.is_empty()
            || !self.unmanaged.is_empty()
            || !self.releases.is_empty()
            || self.untrusted.iter().any(|it| !it.is_exempt)
            || self.differences.iter().any(|it| !it.is_settled())
    }

    /// Whether the code declares something and none of it could be looked for: the dumps are empty, or of other kinds and
    /// namespaces.
    pub fn is_blind(&self) -> bool {
        let Counts { declared, found, perhaps, live, not_covered, .. } = &self.counts;
        let is_held = found + perhaps > 0 || !self.missing.is_empty();
        *declared > 0 && !is_held && (*live == 0 || !not_covered.is_empty())
    }
}
