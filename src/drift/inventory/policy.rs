//! What the packs and the settings say about live objects: which of them something else makes, and which are unmanaged on
//! purpose.

use super::live::Live;
use crate::rule::{OptionError, Options, Pack, covers};
use crate::text::TextRange;

/// The pack whose params and gathers these are.
pub const PACK: &str = "inventory";

/// What a release of a chart is called among kinds.
const RELEASE: &str = "HelmRelease";

/// What is said about some live objects.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    which: Which,
    /// Who makes them, or why they are unmanaged.
    pub(super) why: String,
    /// The words of the entry, to tell it from others.
    pub(super) shown: String,
}

/// Which objects: each list that is written must have a pattern that fits.
#[derive(Clone, Debug, Default)]
struct Which {
    kinds: Vec<String>,
    namespaces: Vec<String>,
    names: Vec<String>,
    /// `KEY` or `KEY=VALUE`
    labels: Vec<String>,
    annotations: Vec<String>,
}

/// Everything that is said.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// What something else makes.
    pub(super) made: Vec<Clause>,
    /// What is unmanaged on purpose.
    pub(super) on_purpose: Vec<Clause>,
}

impl Policy {
    /// What the params of `pack` say.
    pub fn read(pack: &Pack) -> Result<Policy, OptionError> {
        let params = pack.options();
        let mut options = Options::new(&params, TextRange::empty(0));
        Ok(Policy {
            made: options.each_object("made_elsewhere", |entry| Clause::read(entry, "by"))?,
            on_purpose: options.each_object("unmanaged", |entry| Clause::read(entry, "reason"))?,
        })
    }
}

impl Clause {
    fn read(entry: &mut Options<'_>, why: &str) -> Result<Clause, OptionError> {
        let place = entry.place();
        let which = Which {
            kinds: entry.strings("kinds")?,
            namespaces: entry.strings("namespaces")?,
            names: entry.strings("names")?,
            labels: entry.strings("labels")?,
            annotations: entry.strings("annotations")?,
        };
        let said = entry.string(why)?;
        let wrong = |message: String| Err(OptionError { message, range: place });
        if said.trim().is_empty() {
            return wrong(format!("`{why}` says nothing"));
        }
        let shown = which.shown();
        if shown.is_empty() {
            return wrong(
                "this means every object: write `kinds`, `namespaces`, `names`, `labels` or `annotations`"
                    .to_owned(),
            );
        }
        Ok(Clause { which, why: said, shown })
    }

    /// The kinds that it names; none for any.
    pub(super) fn kinds(&self) -> &[String] {
        &self.which.kinds
    }

    /// Whether it speaks of `live`.
    pub(super) fn is_about(&self, live: &Live) -> bool {
        let Which { labels, annotations, .. } = &self.which;
        self.names(&live.kind, live.namespace.as_deref().unwrap_or_default(), &live.name)
            && (labels.is_empty() || labels.iter().any(|it| has(it, |key| live.label(key))))
            && (annotations.is_empty()
                || annotations.iter().any(|it| has(it, |key| live.annotation(key))))
    }

    /// Whether it speaks of the release of a chart: by the kind `HelmRelease`, and by what names it.
    pub(super) fn is_about_release(&self, namespace: &str, name: &str) -> bool {
        let Which { kinds, labels, annotations, .. } = &self.which;
        kinds.iter().any(|kind| kind == RELEASE)
            && labels.is_empty()
            && annotations.is_empty()
            && self.names(RELEASE, namespace, name)
    }

    fn names(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let Which { kinds, namespaces, names, .. } = &self.which;
        let fits = |patterns: &[String], text: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| covers(pattern, text))
        };
        fits(kinds, kind) && fits(namespaces, namespace) && fits(names, name)
    }
}

/// Whether the pair that `written` names is there: `KEY`, or `KEY=VALUE`.
fn has<'l>(written: &str, get: impl Fn(&str) -> Option<&'l str>) -> bool {
    match written.split_once('=') {
        Some((key, pattern)) => get(key).is_some_and(|value| covers(pattern, value)),
        None => get(written).is_some(),
    }
}

impl Which {
    fn shown(&self) -> String {
        let lists = [&self.kinds, &self.namespaces, &self.names, &self.labels, &self.annotations];
        let words = lists.into_iter().filter(|list| !list.is_empty()).map(|list| list.join(" or "));
        words.collect::<Vec<_>>().join(", ")
    }
}
