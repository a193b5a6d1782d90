//! What will drift, from the code of the repo alone.

use std::collections::BTreeSet;

use super::examined::Examined;
use super::request::RequestError;
use crate::config::Settings;
use crate::drift::predict::{Forecast, predict as foresee};
use crate::model::StackId;
use crate::rule::RuleSet;
use crate::workspace::FileSet;

/// What will drift in the repo that is made of `files`: in the stacks `wanted`, or in all where none is.
pub fn predict(
    files: FileSet,
    settings: &Settings,
    rules: &RuleSet,
    wanted: &[String],
) -> Result<Examined<Forecast>, RequestError> {
    let mut unknown = None;
    let foreseen = Examined::of(files, settings, "nothing can be foreseen", |repo| {
        let called = wanted.iter().map(|name| repo.stack_called(name).ok_or(name));
        match called.collect::<Result<BTreeSet<StackId>, _>>() {
            Ok(stacks) => {
                let names: BTreeSet<&str> =
                    stacks.iter().map(|id| &*repo.stack(*id).name).collect();
                let is_wanted = |stack: &str| names.is_empty() || names.contains(stack);
                foresee(repo, &rules.mutators, &is_wanted)
            }
            Err(name) => {
                unknown = Some(RequestError::unknown_stack(name, repo));
                Forecast::default()
            }
        }
    });
    unknown.map_or(Ok(foreseen), Err)
}
