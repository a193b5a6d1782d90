//! What an apply would take back or take away.

use super::{Action, Change, Found, Risk, brief, job, listed};
use crate::drift::change::{
    Class, REPLACE_BY_REQUEST, REPLACE_BY_TRIGGERS, TAINTED, UNTOLD, why_deleted,
};
use crate::drift::shown::{Json, Shown};

/// Types that have nothing in the world: to destroy one destroys nothing.
const NOTHING_BEHIND: [&str; 2] = ["null_resource", "terraform_data"];

/// Whether nothing is there.
fn is_nothing(side: &Shown) -> bool {
    matches!(side, Shown::Absent | Shown::Value(Json::Null))
}

/// The live changes that an apply would undo, and whether it destroys the instance.
pub(super) fn find(change: &Change) -> Vec<Found> {
    let attributes = change.attributes.iter().enumerate();
    let undone = attributes.filter_map(|(at, attribute)| {
        let (live, want) = (brief(&attribute.live), brief(&attribute.want));
        let message = match attribute.class {
            Class::OutOfBand if attribute.want == Shown::Unknown => {
                format!("an apply would undo a live change: {live} becomes what the code says")
            }
            Class::OutOfBand => {
                format!("an apply would undo a live change: {live} becomes {want} again")
            }
            Class::Conflict if is_nothing(&attribute.live) => {
                format!("an apply would write {want}, where a value was taken away outside")
            }
            Class::Conflict => {
                format!("an apply would write {want} over {live}, which was set outside")
            }
            _ => return None,
        };
        Some(Found::new(at, Risk::RevertsLive, message))
    });
    let mut found: Vec<Found> = undone.collect();
    found.extend(destroyed(change).map(|message| Found::new(None, Risk::Destroys, message)));
    found
}

fn destroyed(change: &Change) -> Option<String> {
    let kind = change.address.kind.as_str();
    if !change.action.destroys() || change.address.is_data || NOTHING_BEHIND.contains(&kind) {
        return None;
    }
    if let Some(key) = &change.deposed {
        if key == UNTOLD {
            return Some("an apply would destroy a leftover of a replacement".to_owned());
        }
        return Some(format!("an apply would destroy the leftover `{key}` of a replacement"));
    }
    if change.action == Action::Delete {
        let why = change.reason.as_deref().and_then(why_deleted);
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        return Some(format!("an apply would destroy it{why}"));
    }
    // That a job goes and comes back is told as what it is: it runs again.
    if job::is_job(change) {
        return None;
    }
    let forcing = change.attributes.iter().filter(|attribute| attribute.forces_replacement);
    let paths: Vec<String> = forcing.map(|attribute| format!("`{}`", attribute.path)).collect();
    let why = match (paths.is_empty(), change.reason.as_deref()) {
        (false, _) => format!(": {} cannot be changed in place", listed(&paths)),
        (true, Some(TAINTED)) => ": it is tainted".to_owned(),
        (true, Some(REPLACE_BY_REQUEST)) => ": the plan was asked to".to_owned(),
        (true, Some(REPLACE_BY_TRIGGERS)) => ": something that it depends on changes".to_owned(),
        (true, _) => String::new(),
    };
    Some(format!("an apply would destroy it and create it anew{why}"))
}
