//! Questions about a subject: about places, comments, ignored fields, other rows; and their combinations.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::comment::CommentTest;
use super::ignored::{IgnoredTest, MarkerTest};
use super::matcher::{Around, Matcher, Order};
use super::node::Place;
use super::operand::{Operand, PathRef};
use super::relation::{Exists, Sum};
use super::truth::{Ground, Truth};
use super::units::count;
use super::walk::World;
use crate::model::{Data, Value};

/// A question about a subject.
#[derive(Debug)]
pub(super) enum Test {
    /// All of them.
    All(Vec<Test>),
    /// At least one of them.
    Any(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
    /// This certainly holds: what is not known does not.
    Certain(Box<Test>),
    /// Something about what a path leads to.
    At(AtTest),
    /// A comment stands there.
    Comment(CommentTest),
    /// A field is effectively ignored.
    Ignored(IgnoredTest),
    /// A marker stands in the lifecycle block.
    Marker(MarkerTest),
    /// There are rows like that.
    Exists(Exists),
    /// What the rows add up to.
    Sum(Sum),
}

/// Matchers on what a path leads to.
#[derive(Debug)]
pub(super) struct AtTest {
    /// The path.
    pub(super) path: PathRef,
    /// Whether every place must match, and not only one.
    pub(super) every: bool,
    /// Whether something must be there, or must not.
    pub(super) present: Option<bool>,
    /// What counts where nothing is there.
    pub(super) default: Option<Operand>,
    /// What each place must match: all of them.
    pub(super) matchers: Vec<Matcher>,
}

impl Test {
    /// All of `tests`; none where there is nothing to ask.
    pub(super) fn all(mut tests: Vec<Test>) -> Option<Test> {
        if tests.len() > 1 { Some(Test::All(tests)) } else { tests.pop() }
    }

    /// Whether what an answer rests on may name the right word that was nearly found: where something is none of several.
    pub(super) fn knows_near(&self, answer: bool) -> bool {
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().any(|it| it.knows_near(answer)),
            Test::Not(test) => test.knows_near(!answer),
            Test::Certain(test) => test.knows_near(answer),
            Test::At(test) => {
                let names = |it: &Matcher| matches!(it, Matcher::OneOf(_) | Matcher::In { .. });
                !answer && test.matchers.iter().any(names)
            }
            Test::Marker(_) => !answer,
            Test::Comment(_) | Test::Ignored(_) | Test::Exists(_) | Test::Sum(_) => false,
        }
    }

    /// What the `answer` rests on: each place on its own where one is enough for it.
    pub(super) fn grounds(&self, around: &Around<'_, '_>, answer: bool) -> Vec<Ground> {
        let one_by_one = match self {
            Test::At(test) => test.grounds(around, answer),
            _ => Vec::new(),
        };
        if !one_by_one.is_empty() {
            return one_by_one;
        }
        let truth = self.ask(around);
        vec![if answer { truth.yes } else { truth.no }.unwrap_or_default()]
    }

    /// The answer for the subject in `around`.
    pub(super) fn ask(&self, around: &Around<'_, '_>) -> Truth {
        match self {
            // What must not be there besides is not what is wrong.
            Test::All(tests) => Truth::all_with(
                tests.iter().map(|test| (test.ask(around), matches!(test, Test::Not(_)))),
            ),
            Test::Any(tests) => Truth::any(tests.iter().map(|test| test.ask(around))),
            Test::Not(test) => test.ask(around).not(),
            Test::Certain(test) => match test.ask(around) {
                Truth { yes: Some(yes), no: None, unknown: None } => Truth::yes(yes),
                Truth { no, .. } => Truth::no(no.unwrap_or_default()),
            },
            Test::At(test) => test.ask(around),
            Test::Comment(test) => test.ask(around),
            Test::Ignored(test) => test.ask(around),
            Test::Marker(test) => test.ask(around),
            Test::Exists(test) => test.ask(around),
            Test::Sum(test) => test.ask(around),
        }
    }
}

impl AtTest {
    fn ask(&self, around: &Around<'_, '_>) -> Truth {
        let worlds = match self.path.worlds(around.repo, around.env) {
            Ok(worlds) => worlds,
            Err(reason) => return Truth::unknown(reason),
        };
        worlds
            .iter()
            .map(|world| self.ask_world(around, world))
            .fold(Truth::default(), Truth::or_in_another_world)
    }

    fn ask_world<'s>(&self, around: &Around<'_, 's>, world: &World<'s>) -> Truth {
        let mut places = world.places.as_slice();
        let default;
        if places.is_empty() {
            // What is nowhere in one of them is nowhere in the others.
            if let Some(more) = world.unknown.as_ref().filter(|more| !more.is_alike) {
                return Truth::unknown(more.reason.clone()).about(world.anchor.site);
            }
            if let (Some(operand), None | Some(true)) = (&self.default, self.present) {
                default = default_place(around, operand, &world.anchor).map(Rc::new);
                places = default.as_slice();
            }
        }
        match self.present {
            Some(false) => {
                return match places.first() {
                    Some(place) => Truth::no(around.at(place)),
                    None => Truth::yes(around.missing(&world.anchor)),
                };
            }
            Some(true) if self.matchers.is_empty() => {
                return match places.first() {
                    // An input that is left to its default is not there as far as its caller goes.
                    Some(place) => Truth::of(place.is_written, around.at(place)),
                    None => Truth::no(around.missing(&world.anchor)),
                };
            }
            _ => {}
        }
        if places.is_empty() {
            let evidence = around.missing(&world.anchor);
            // Every one of none.
            return Truth::of(self.every && self.present.is_none(), evidence);
        }
        if places.iter().all(|place| place.value().is_none()) {
            let counted = self.matchers.iter().find_map(|matcher| match matcher {
                Matcher::Count(order, bound) => Some((*order, *bound)),
                _ => None,
            });
            if let Some((order, bound)) = counted {
                // Blocks are counted together: each is an element.
                let holds = order.holds(count(places.len()), bound);
                // More of them cannot undo that there are enough.
                let is_settled = holds && matches!(order, Order::AtLeast | Order::Above);
                return match &world.unknown {
                    Some(more) if !is_settled => Truth::unknown(more.reason.clone()),
                    _ => Truth::of(holds, around.at(&places[0])),
                };
            }
        }
        let answers = places.iter().map(|place| self.ask_place(around, place));
        let more = world.unknown.clone().filter(|more| !more.is_alike);
        let more = more.map(|more| Truth::unknown(more.reason).about(world.anchor.site));
        let answers = answers.chain(more);
        if self.every { Truth::all(answers) } else { Truth::any(answers) }
    }

    fn counts(&self) -> bool {
        self.matchers.iter().any(|matcher| matches!(matcher, Matcher::Count(..)))
    }

    /// What gives the `answer`, place by place; nothing where no single place does.
    fn grounds<'s>(&self, around: &Around<'_, 's>, answer: bool) -> Vec<Ground> {
        let is_enough = match self.present {
            Some(false) => !answer,
            // Blocks are counted together.
            _ => answer != self.every && !self.counts(),
        };
        let Ok(worlds) = self.path.worlds(around.repo, around.env) else { return Vec::new() };
        let places = worlds.iter().flat_map(|world| &world.places).filter(|_| is_enough);
        let mut sites = BTreeSet::new();
        let ground = |place: &Rc<Place<'s>>| {
            let truth = match self.present {
                Some(false) => Truth::no(around.at(place)),
                Some(true) if self.matchers.is_empty() => {
                    Truth::of(place.is_written, around.at(place))
                }
                _ => self.ask_place(around, place),
            };
            let ground = if answer { truth.yes } else { truth.no }?;
            sites.insert((place.site, place.key)).then_some(ground)
        };
        places.filter_map(ground).collect()
    }

    fn ask_place<'s>(&self, around: &Around<'_, 's>, place: &Place<'s>) -> Truth {
        if self.matchers.is_empty() {
            return Truth::yes(around.at(place));
        }
        Truth::all(self.matchers.iter().map(|matcher| matcher.ask(around, place))).about(place.site)
    }
}

/// The place of a default: it underlines where something else would have been written.
fn default_place<'s>(
    around: &Around<'_, 's>,
    default: &Operand,
    anchor: &Place<'s>,
) -> Option<Place<'s>> {
    let value = match default.text(around.repo, around.env) {
        super::env::Filled::Text(text) => Value::text(text.into_owned(), anchor.site),
        super::env::Filled::Absent => return None,
        super::env::Filled::Unknown(reason) => {
            Value { data: Data::Unknown(reason), span: anchor.site }
        }
    };
    let mut place = anchor.part(value, None);
    place.is_written = false;
    Some(place)
}
