//! What packs offer to the rules of every pack: gathers and selectors.

use std::sync::Arc;

use rayon::prelude::*;

use super::entry::{Param, Params};
use super::language::{
    Compiler, Gather, GatherName, Selector, SelectorName, Shared, gather_name, order, selector_name,
};
use super::mutators::Mutator;
use crate::config::{ConfigError, ConfigSource};
use crate::syntax::hcl::Block;

/// A pack, as far as others may use it.
pub(super) struct Offer<'a> {
    pub(super) pack: &'a str,
    pub(super) source: &'a ConfigSource,
    pub(super) params: &'a [Param],
    pub(super) gathers: &'a [Block],
    pub(super) selectors: &'a [Block],
}

/// Compiles every gather and selector that is offered.
pub(super) fn shared(
    offers: &[Offer<'_>],
    params: &[Param],
    mutators: &[Mutator],
    errors: &mut Vec<ConfigError>,
) -> (Vec<GatherName>, Vec<Gather>, Vec<Arc<Selector>>) {
    let mut selector_names: Vec<SelectorName<'_>> = Vec::new();
    let mut selector_places = Vec::new();
    for offer in offers {
        for block in offer.selectors {
            let Some(name) = selector_name(offer.pack, block) else { continue };
            if selector_names.iter().any(|known| known.name == name.name) {
                errors.push(offer.source.error(block.header, "a second selector of that name"));
                continue;
            }
            selector_names.push(name);
            selector_places.push((offer, block));
        }
    }
    let mut names: Vec<GatherName> = Vec::new();
    let mut places = Vec::new();
    for offer in offers {
        for block in offer.gathers {
            let Some(name) = gather_name(offer.pack, block, &selector_names) else { continue };
            if names.iter().any(|known| known.name == name.name) {
                errors.push(offer.source.error(block.header, "a second gather of that name"));
                continue;
            }
            names.push(name);
            places.push((offer, block));
        }
    }
    let mut selectors = Vec::new();
    for (SelectorName { name, .. }, &(offer, block)) in selector_names.iter().zip(&selector_places)
    {
        let shared = Shared { mutators, gathers: &names, selectors: &[] };
        let params = Params { own: offer.params, shared: params };
        let compiler = Compiler::new(offer.source, offer.pack, params, shared, errors);
        let number = selectors.len();
        selectors.extend(compiler.selector_block(block, name.clone(), number).map(Arc::new));
    }
    let shared = Shared { mutators, gathers: &names, selectors: &selectors };
    let read: Vec<(Option<Gather>, Vec<ConfigError>)> = names
        .par_iter()
        .zip(&places)
        .map(|(GatherName { name, columns, .. }, &(offer, block))| {
            let mut errors = Vec::new();
            let params = Params { own: offer.params, shared: params };
            let compiler = Compiler::new(offer.source, offer.pack, params, shared, &mut errors);
            (compiler.gather_block(block, name.clone(), columns.clone()), errors)
        })
        .collect();
    let mut compiled = Vec::with_capacity(read.len());
    let before = errors.len();
    for (gather, wrong) in read {
        compiled.extend(gather);
        errors.extend(wrong);
    }
    if errors.len() == before
        && let Err(number) = order(&mut compiled)
        && let Some((offer, block)) = places.get(number)
    {
        errors.push(offer.source.error(block.header, "this gather needs itself"));
    }
    (names, compiled, selectors)
}
