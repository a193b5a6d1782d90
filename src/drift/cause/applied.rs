//! What an object itself says that admission changed: Kyverno's note of the patches that it applied last.

use super::facts::Facts;
use super::field::{self, Meets};
use super::patch;
use crate::drift::path::Path;

/// The annotation that holds the note.
const NOTE: &str = "policies.kyverno.io/last-applied-patches";

/// A patch that the note names.
pub(super) struct Applied<'a> {
    pub(super) policy: &'a str,
    pub(super) rule: &'a str,
    /// The line that says so.
    pub(super) line: &'a str,
}

/// The patch of the note that wrote what stands at `path`.
pub(super) fn applied<'a>(facts: &Facts<'a>, path: &Path) -> Option<Applied<'a>> {
    let own = facts.annotations().map(|it| (it, false));
    let of_pods = facts.pod_annotations().map(|it| (it, true));
    let notes = own.chain(of_pods).filter(|((key, _), _)| *key == NOTE);
    let kind = facts.kind();
    for ((_, note), is_of_pod) in notes {
        for line in note.as_str().into_iter().flat_map(str::lines) {
            let Some((applied, pointer)) = read(line) else { continue };
            let Some(written) = patch::of_pointer(pointer) else { continue };
            let in_template = is_of_pod.then(|| patch::in_template(&written, &kind)).flatten();
            let written = in_template.unwrap_or(written);
            if matches!(field::meets(&written, &path.0), Meets::Inside(_)) {
                return Some(applied);
            }
        }
    }
    None
}

/// `RULE.POLICY.kyverno.io: added /spec/dnsConfig`, and the pointer in it.
fn read(line: &str) -> Option<(Applied<'_>, &str)> {
    let (names, done) = line.split_once(": ")?;
    let (rule, policy) = names.strip_suffix(".kyverno.io")?.split_once('.')?;
    let (_, pointer) = done.trim().split_once(' ')?;
    let rule = rule
        .strip_prefix("autogen-cronjob-")
        .or_else(|| rule.strip_prefix("autogen-"))
        .unwrap_or(rule);
    Some((Applied { policy, rule, line: line.trim() }, pointer))
}
