//! What packs offer to the rules of every pack: gathers and selectors.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::entry::{Param, Params};
use super::language::{
    Compiler, Gather, GatherName, GatherPlace, Selector, SelectorName, Shared, order,
    selector_name, unknown_subject,
};
use super::mutators::Mutator;
use super::raw::RawGather;
use crate::config::{ConfigError, ConfigSource};
use crate::syntax::hcl::Block;

/// A pack, as far as others may use it.
pub(super) struct Offer<'a> {
    pub(super) pack: &'a str,
    pub(super) source: &'a ConfigSource,
    pub(super) params: &'a [Param],
    pub(super) gathers: &'a [RawGather],
    pub(super) selectors: &'a [Block],
}

/// What is offered: selectors, compiled, and gathers by their names.
pub(super) struct Offered<'a> {
    pub(super) selectors: Vec<Arc<Selector>>,
    pub(super) gathers: Vec<GatherName<'a>>,
    /// What offers each gather.
    offers: Vec<&'a Offer<'a>>,
    /// What of it has a mistake of which others would suffer, and the error that tells it.
    broken: Vec<(SmolStr, ConfigError)>,
}

impl<'a> Offered<'a> {
    /// What stands in `offers`, with `params` from every pack.
    pub(super) fn of(
        offers: &'a [Offer<'a>],
        params: &'a [Param],
        mutators: &[Mutator],
        errors: &mut Vec<ConfigError>,
    ) -> Self {
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
        let selector_names: Arc<[SelectorName<'_>]> = selector_names.into();
        let mut names: Vec<GatherName<'_>> = Vec::new();
        let mut offering = Vec::new();
        let mut broken: Vec<(SmolStr, ConfigError)> = Vec::new();
        for offer in offers {
            let own = names.len();
            for raw in offer.gathers {
                let &Offer { pack, source, params: own_params, .. } = offer;
                let params = Params { own: own_params, shared: params };
                let selectors = Arc::clone(&selector_names);
                let place = GatherPlace { pack, source, raw, params, selectors };
                let Some(name) = GatherName::of(place) else { continue };
                // What is proven is not even parsed before somebody needs it.
                let unproven = if source.is_proven { None } else { name.block() };
                if let Some(block) = unproven {
                    if names[own..].iter().any(|known| known.name == name.name) {
                        errors.push(source.error(block.header, "a second gather of that name"));
                        continue;
                    }
                    // Nobody knows what its rows would say.
                    let error = unknown_subjects(source, block).next();
                    broken.extend(error.map(|error| (name.name.clone(), error)));
                }
                names.push(name);
                offering.push(offer);
            }
        }
        let mut selectors = Vec::new();
        for (SelectorName { name, .. }, &(offer, block)) in
            selector_names.iter().zip(&selector_places)
        {
            let shared = Shared { mutators, gathers: &names, selectors: &[], broken: &broken };
            let params = Params { own: offer.params, shared: params };
            let mut wrong = Vec::new();
            let compiler = Compiler::new(offer.source, offer.pack, params, shared, &mut wrong);
            let number = selectors.len();
            match compiler.selector_block(block, name.clone(), number) {
                Some(selector) => selectors.push(Arc::new(selector)),
                None => broken.extend(wrong.first().map(|error| (name.clone(), error.clone()))),
            }
            errors.extend(wrong);
        }
        Offered { selectors, gathers: names, offers: offering, broken }
    }

    /// What the parts of an entry may use.
    pub(super) fn shared(&'a self, mutators: &'a [Mutator]) -> Shared<'a> {
        let Offered { gathers, selectors, broken, .. } = self;
        Shared { mutators, gathers, selectors, broken }
    }

    /// The gathers that nobody has proven: what is wrong with them has to be said, whoever needs them.
    pub(super) fn unproven(&self) -> impl Iterator<Item = usize> {
        let offers = self.offers.iter().enumerate();
        offers.filter(|(_, offer)| !offer.source.is_proven).map(|(number, _)| number)
    }

    /// Compiles the gathers that are `wanted`, by number, and what they need; all where nothing says which. Of the others
    /// the names are there.
    pub(super) fn compile(
        &self,
        wanted: Option<BTreeSet<usize>>,
        params: &[Param],
        mutators: &[Mutator],
        errors: &mut Vec<ConfigError>,
    ) -> Vec<Gather> {
        let shared = self.shared(mutators);
        let compile = |number: usize| {
            let (offer, known) = (self.offers[number], &self.gathers[number]);
            let mut errors = Vec::new();
            let params = Params { own: offer.params, shared: params };
            let compiler = Compiler::new(offer.source, offer.pack, params, shared, &mut errors);
            (number, compiler.gather_block(known), errors)
        };
        let before = errors.len();
        let name = |known: &GatherName<'_>| Gather::unread(known.name.clone());
        let mut compiled: Vec<Gather> = self.gathers.iter().map(name).collect();
        let mut known = BTreeSet::new();
        let mut next = wanted.unwrap_or_else(|| (0..self.gathers.len()).collect());
        while !next.is_empty() {
            known.extend(next.iter().copied());
            let read: Vec<_> = next.into_par_iter().map(compile).collect();
            next = BTreeSet::new();
            for (number, gather, wrong) in read {
                errors.extend(wrong);
                let Some(gather) = gather else { continue };
                next.extend(gather.needs().iter().filter(|need| !known.contains(need)));
                compiled[number] = gather;
            }
        }
        if errors.len() == before
            && let Err(number) = order(&mut compiled)
            && let Some((offer, known)) = self.offers.get(number).zip(self.gathers.get(number))
        {
            let header = known.block().map(|block| block.header).unwrap_or_default();
            errors.push(offer.source.error(header, "this gather needs itself"));
        }
        compiled
    }
}

/// What is wrong where the gather in `block` says what its rows are made of.
fn unknown_subjects(source: &ConfigSource, block: &Block) -> impl Iterator<Item = ConfigError> {
    let bodies = block.body.blocks_of("from").map(|from| &from.body).chain([&block.body]);
    let selects = bodies.flat_map(|body| body.blocks_of("select"));
    selects.filter_map(move |select| unknown_subject(source, select))
}
