//! Containers of one pod that run each other's image.

use std::collections::{BTreeMap, BTreeSet};

use super::image::Image;
use super::kubernetes::ContainerImage;
use super::{Change, Found, Risk, Shown, listed, plain};
use crate::drift::change::{AttributeChange, Class};
use crate::drift::path::Step;

/// A container whose image differs between two sides.
struct Moved<'c> {
    /// Its attribute.
    at: usize,
    container: ContainerImage<'c>,
    from: String,
    to: String,
}

type Side = fn(&AttributeChange) -> &Shown;

/// The swaps that happened, and those that an apply would make. What undoes one is not another.
pub(super) fn find(change: &Change) -> Vec<Found> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for swap in swaps(change, |_| true, |it| &it.base, |it| &it.live) {
        let names = names(change, &swap);
        let is_undone = change.action.writes()
            && swap.iter().all(|moved| {
                let attribute = &change.attributes[moved.at];
                !is_left(attribute) && attribute.want == attribute.base
            });
        let then = if is_undone { "an apply puts that back" } else { "an apply leaves it so" };
        let message = format!("{names} run each other's image; {then}");
        known.extend(swap.iter().map(|moved| moved.at));
        found.extend(swap.iter().map(|it| Found::new(it.at, Risk::ImageSwap, message.clone())));
    }
    let is_known = |swap: &[Moved<'_>]| swap.iter().all(|moved| known.contains(&moved.at));
    let mut tell = |swap: &[Moved<'_>], message: String| {
        found.extend(swap.iter().map(|it| Found::new(it.at, Risk::ImageSwap, message.clone())));
    };
    // What is left alone and has got into the state: the code says what is right.
    for swap in swaps(change, is_left, |it| &it.live, |it| &it.want) {
        if !is_known(&swap) {
            let names = names(change, &swap);
            tell(&swap, format!("{names} run each other's image; an apply leaves it so"));
        }
    }
    if change.action.writes() {
        for swap in swaps(change, |it| !is_left(it), |it| &it.live, |it| &it.want) {
            if !is_known(&swap) {
                let names = names(change, &swap);
                tell(&swap, format!("an apply would give {names} each other's image"));
            }
        }
    }
    found
}

/// Whether an apply leaves it as it is, whatever else it changes.
fn is_left(attribute: &AttributeChange) -> bool {
    attribute.class == Class::Masked
}

fn names(change: &Change, swap: &[Moved<'_>]) -> String {
    let names: Vec<String> = swap.iter().map(|it| it.container.shown(&change.object)).collect();
    listed(&names)
}

/// The containers that changed places with each other between two sides, pod by pod; of those that are meant.
fn swaps<'c>(
    change: &'c Change,
    is_meant: impl Fn(&AttributeChange) -> bool,
    from: Side,
    to: Side,
) -> Vec<Vec<Moved<'c>>> {
    let mut pods: BTreeMap<&[Step], Vec<Moved<'c>>> = BTreeMap::new();
    let attributes = change.attributes.iter().enumerate();
    for (at, attribute) in attributes.filter(|(_, it)| is_meant(it)) {
        let Some(container) = ContainerImage::of(&attribute.path.0) else { continue };
        let (Some(from), Some(to)) = (plain(from(attribute)), plain(to(attribute))) else {
            continue;
        };
        pods.entry(container.pod).or_default().push(Moved { at, container, from, to });
    }
    pods.into_values().flat_map(circles).collect()
}

/// The containers whose images went round in a circle: whole names where that closes one, else what they are without tags,
/// for a tag may have moved on the way.
fn circles(mut moved: Vec<Moved<'_>>) -> Vec<Vec<Moved<'_>>> {
    let mut circles = Vec::new();
    for is_whole in [true, false] {
        let edges: Vec<(Image<'_>, Image<'_>)> = moved
            .iter()
            .map(|it| {
                let (from, to) = (Image::parse(&it.from), Image::parse(&it.to));
                if is_whole { (from, to) } else { (from.repository(), to.repository()) }
            })
            .collect();
        // Who can be reached from where the image went to: if that is where it came from, it went round.
        let reached: Vec<BTreeSet<Image<'_>>> =
            edges.iter().map(|(_, to)| reachable(&edges, *to)).collect();
        let groups: Vec<Option<usize>> = (0..edges.len())
            .map(|at| {
                let (from, to) = edges[at];
                let goes_round = from != to && reached[at].contains(&from);
                let is_with = |other: &usize| {
                    let (other_from, other_to) = edges[*other];
                    other_from != other_to
                        && reached[at].contains(&other_from)
                        && reached[*other].contains(&from)
                };
                goes_round.then(|| (0..=at).find(is_with).unwrap_or(at))
            })
            .collect();
        let mut by_group: BTreeMap<usize, Vec<Moved<'_>>> = BTreeMap::new();
        let mut rest = Vec::new();
        for (moved, group) in std::mem::take(&mut moved).into_iter().zip(groups) {
            match group {
                Some(group) => by_group.entry(group).or_default().push(moved),
                None => rest.push(moved),
            }
        }
        circles.extend(by_group.into_values());
        moved = rest;
    }
    circles
}

fn reachable<'t>(edges: &[(Image<'t>, Image<'t>)], start: Image<'t>) -> BTreeSet<Image<'t>> {
    let mut reached = BTreeSet::from([start]);
    let mut waiting = vec![start];
    while let Some(image) = waiting.pop() {
        for (_, to) in edges.iter().filter(|(from, to)| *from == image && from != to) {
            if reached.insert(*to) {
                waiting.push(*to);
            }
        }
    }
    reached
}
