//! What an apply would take back or take away.

use super::{Action, Change, Found, Risk, brief, job, listed};
use crate::drift::change::{
    Class, DELETE_BY_REQUEST, REPLACE_BY_REQUEST, REPLACE_BY_TRIGGERS, TAINTED,
};

/// Types that have nothing in the world: to destroy one destroys nothing.
const NOTHING_BEHIND: [&str; 2] = ["null_resource", "terraform_data"];

/// The live changes that an apply would undo, and whether it destroys the instance.
pub(super) fn find(change: &Change) -> Vec<Found> {
    let attributes = change.attributes.iter().enumerate();
    let undone = attributes.filter_map(|(at, attribute)| {
        let (live, want) = (brief(&attribute.live), brief(&attribute.want));
        let message = match attribute.class {
            Class::OutOfBand => {
                format!("an apply would undo a live change: {live} becomes {want} again")
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
        return Some(format!("an apply would destroy the leftover `{key}` of a replacement"));
    }
    if change.action == Action::Delete {
        let why = match change.reason.as_deref() {
            Some("delete_because_no_resource_config") => ": no code declares it",
            Some("delete_because_no_module") => ": its module is not called",
            Some("delete_because_no_move_target") => ": where it was moved to is not declared",
            Some(
                "delete_because_wrong_repetition"
                | "delete_because_count_index"
                | "delete_because_each_key",
            ) => ": the code asks for no such instance",
            Some(DELETE_BY_REQUEST) => ": the plan was asked to",
            _ => "",
        };
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
