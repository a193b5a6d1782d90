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
            selected: RefCell::default(),
        }
    }

    pub(super) fn plain(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.plain.get_or_init(|| envs().into()))
    }

    pub(super) fn selected(
        &self,
        selector: usize,
        start: impl FnOnce() -> Started<'s>,
    ) -> Started<'s> {
        let known = self.selected.borrow();
        if let Some((_, started)) = known.iter().find(|(number, _)| *number == selector) {
            return started.clone();
        }
        drop(known);
        let started = start();
        self.selected.borrow_mut().push((selector, started.clone()));
        started
    }

    pub(super) fn call(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.call.get_or_init(|| envs().into()))
    }
}
