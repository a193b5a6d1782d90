//! Live images held against the list of those that are trusted, and the list against the live images.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::super::shown::Json;
use super::live::Live;
use super::report::{ImageUse, ObjectName, Untrusted, UnusedPattern};
use crate::rule::covers;
use crate::text::Span;

/// What the repo's own admission policy says.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The patterns of images that may run, and where they are written.
    pub patterns: Vec<(SmolStr, Span)>,
    /// Patterns of the namespaces that it leaves alone.
    pub exempt: Vec<SmolStr>,
    /// Why there may be more of either than is known.
    pub is_open: bool,
}

/// The lists of containers in the description of a pod.
const LISTS: [(&str, &str); 3] = [
    ("containers", "container"),
    ("initContainers", "init container"),
    ("ephemeralContainers", "ephemeral container"),
];

/// The images that run, each with where.
#[derive(Debug, Default)]
pub(super) struct Images {
    uses: BTreeMap<String, BTreeSet<ImageUse>>,
}

impl Images {
    /// Adds those of the pods that `live` is or makes.
    pub(super) fn add(&mut self, live: &Live, object: &ObjectName) {
        let Some(pod) = live.pod() else { return };
        for (list, role) in LISTS {
            let containers = pod.get(list).and_then(Json::as_array).into_iter().flatten();
            for image in containers.filter_map(|it| it.get("image")?.as_str()) {
                let of_image = self.uses.entry(image.to_owned()).or_default();
                of_image.insert(ImageUse { object: object.clone(), role });
            }
        }
    }

    /// What `trust` does not admit, and which of its patterns admit nothing.
    pub(super) fn judge(self, trust: &Trust) -> (Vec<Untrusted>, Vec<UnusedPattern>) {
        let is_exempt = |it: &ImageUse| {
            let namespace = it.object.namespace.as_deref().unwrap_or("default");
            trust.exempt.iter().any(|pattern| covers(pattern, namespace))
        };
        let mut used = vec![false; trust.patterns.len()];
        let mut untrusted = Vec::new();
        for (image, uses) in self.uses {
            let mut is_admitted = false;
            for ((pattern, _), used) in trust.patterns.iter().zip(&mut used) {
                if covers(pattern, &image) {
                    is_admitted = true;
                    *used = true;
                }
            }
            if !is_admitted {
                let is_exempt = uses.iter().all(is_exempt);
                untrusted.push(Untrusted { image, uses: uses.into_iter().collect(), is_exempt });
            }
        }
        let unused = trust.patterns.iter().zip(used).filter(|(_, used)| !used);
        let unused = unused.map(|((pattern, span), _)| UnusedPattern {
            pattern: pattern.to_string(),
            span: *span,
        });
        (untrusted, unused.collect())
    }
}
