//! An apply that puts an older version in the place of a newer one.

use std::cmp::Ordering;

use super::image::Image;
use super::kubernetes::ContainerImage;
use super::{Change, Found, Risk, at, plain, version, words};
use crate::drift::change::Class;
use crate::drift::path::{Path, Step};

/// Names that end in `version` and say how something is spoken or written, not which release of it runs.
const NO_RELEASE: [&str; 10] =
    ["resource", "api", "schema", "tls", "ssl", "ip", "http", "protocol", "min", "minimum"];

/// The attributes that an apply takes to an older version.
pub(super) fn find(change: &Change) -> Vec<Found> {
    if !change.action.writes() {
        return Vec::new();
    }
    // What is ignored stays as it is.
    let attributes = change.attributes.iter().enumerate();
    let attributes = attributes.filter(|(_, attribute)| attribute.class != Class::Masked);
    let found = attributes.filter_map(|(number, attribute)| {
        let (live, want) = (plain(&attribute.live)?, plain(&attribute.want)?);
        let steps = &attribute.path.0;
        if let Some(container) = ContainerImage::of(steps) {
            let order = Image::parse(&want).compare(Image::parse(&live))?;
            let of = format!(" in container {}", container.shown(&change.object));
            return older(number, order, &live, &want, &of);
        }
        let order = if steps.last()?.text() == Some("image") {
            Image::parse(&want).compare(Image::parse(&live))?
        } else if says_version(&attribute.path, &change.object) {
            version::compare(&want, &live)?
        } else {
            return None;
        };
        older(number, order, &live, &want, "")
    });
    found.collect()
}

fn older(at: usize, order: Ordering, live: &str, want: &str, of: &str) -> Option<Found> {
    let message = format!("an apply would put the older `{want}` in the place of `{live}`{of}");
    (order == Ordering::Less).then(|| Found::new(at, Risk::Downgrade, message))
}

/// Whether the attribute says which release runs: by its own name, or by that of the Helm value that it sets.
fn says_version(path: &Path, object: &super::Json) -> bool {
    if words(path).iter().any(|word| matches!(*word, "labels" | "annotations")) {
        return false;
    }
    let Some(last) = path.0.last().and_then(Step::text) else { return false };
    if let ([set @ .., _], "value") = (path.0.as_slice(), last)
        && let Some(name) = at(object, set).and_then(|set| set.get("name")?.as_str())
    {
        let is_set = set.iter().any(|step| step.text() == Some("set"));
        return is_set && name.rsplit('.').next().is_some_and(is_version_name);
    }
    is_version_name(last)
}

/// `version`, `engine_version`, `imageTag`; not `conversion`.
fn is_version_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some(of) = lower.strip_suffix("version").or_else(|| lower.strip_suffix("tag")) else {
        return false;
    };
    let is_word = of.is_empty()
        || of.ends_with(['_', '-'])
        || name.as_bytes().get(of.len()).is_some_and(u8::is_ascii_uppercase);
    is_word && !of.split(['_', '-']).any(|word| NO_RELEASE.contains(&word))
}
