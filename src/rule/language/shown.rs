//! A subject on its way through the rules, with what one of them has worked out for the others.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::env::Env;
use super::selector::Started;
use crate::rule::Subject;

/// A subject that is shown to rules, one after the other.
pub struct Shown<'s> {
    /// The subject.
    pub subject: Subject<'s>,
    /// Its environments.
    plain: OnceCell<Rc<[Env<'s>]>>,
    /// Its environments as a module call.
    call: OnceCell<Rc<[Env<'s>]>>,
    /// The environments of the rows of gathers, by number.
    rows: RefCell<Vec<(usize, Rc<[Env<'s>]>)>>,
    /// What selectors, by number, have made of it.
    selected: RefCell<Vec<(usize, Started<'s>)>>,
}

impl<'s> Shown<'s> {
    /// A subject that no rule has seen yet.
    pub fn new(subject: Subject<'s>) -> Self {
        Self {
            subject,
            plain: OnceCell::new(),
            call: OnceCell::new(),
            rows: RefCell::default(),
            selected: RefCell::default(),
        }
    }

    pub(super) fn plain(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.plain.get_or_init(|| envs().into()))
    }

    pub(super) fn rows(
        &self,
        gather: usize,
        envs: impl FnOnce() -> Rc<[Env<'s>]>,
    ) -> Rc<[Env<'s>]> {
        known_or(&self.rows, gather, envs)
    }

    pub(super) fn selected(
        &self,
        selector: usize,
        start: impl FnOnce() -> Started<'s>,
    ) -> Started<'s> {
        known_or(&self.selected, selector, start)
    }

    pub(super) fn call(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.call.get_or_init(|| envs().into()))
    }
}

/// What is `known` by this number, or else what is made and then known.
fn known_or<T: Clone>(
    known: &RefCell<Vec<(usize, T)>>,
    number: usize,
    make: impl FnOnce() -> T,
) -> T {
    if let Some((_, it)) = known.borrow().iter().find(|(known, _)| *known == number) {
        return it.clone();
    }
    let made = make();
    known.borrow_mut().push((number, made.clone()));
    made
}
