//! A subject on its way through the rules, with what one of them has worked out for the others.

use std::cell::OnceCell;
use std::rc::Rc;

use super::env::Env;
use crate::rule::Subject;

/// A subject that is shown to rules, one after the other.
pub struct Shown<'s> {
    /// The subject.
    pub subject: Subject<'s>,
    /// Its environments.
    plain: OnceCell<Rc<[Env<'s>]>>,
    /// Its environments as a module call.
    call: OnceCell<Rc<[Env<'s>]>>,
}

impl<'s> Shown<'s> {
    /// A subject that no rule has seen yet.
    pub fn new(subject: Subject<'s>) -> Self {
        Self { subject, plain: OnceCell::new(), call: OnceCell::new() }
    }

    pub(super) fn plain(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.plain.get_or_init(|| envs().into()))
    }

    pub(super) fn call(&self, envs: impl FnOnce() -> Vec<Env<'s>>) -> Rc<[Env<'s>]> {
        Rc::clone(self.call.get_or_init(|| envs().into()))
    }
}
