//! Three-valued answers that remember why.
//!
//! Invariant: a value that may be one of several gives an answer for each. So a question can be answered yes and no at
//! once: a rule applies where it may be yes, and is broken where it may be no.

use super::node::Place;
use crate::model::{Data, Reason, Value};
use crate::text::Span;

/// The answer to a question about a node.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth {
    /// In some possible world it holds; with what made it so, where that is a place.
    pub(super) yes: Option<Ground>,
    /// In some possible world it does not hold; with what made it so.
    pub(super) no: Option<Ground>,
    /// Why the answer is not known in some world.
    pub(super) unknown: Option<Doubt>,
}

/// Why an answer is not known.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    pub(super) reason: Reason,
    /// The place that it is about, if it is about one.
    pub(super) place: Option<Span>,
}

/// What an answer rests on, where somebody is told. Most answers are never worded, and of those nothing is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground(Option<Box<Evidence>>);

/// What an answer rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// The place: bytes to underline. None where the question is not about a place.
    pub(super) site: Option<Span>,
    /// The key it stands under.
    pub(super) key: Option<Span>,
    /// Where the value found there is defined, if elsewhere.
    pub(super) origin: Option<Span>,
    /// What else explains it.
    pub(super) related: Vec<(Span, String)>,
    /// The value found there, for messages. Few answers are ever worded, so it is no text yet.
    pub(super) value: Option<Value>,
    /// The expected value nearest to it.
    pub(super) near: Option<String>,
}

impl Evidence {
    /// The evidence that `place` is.
    pub(super) fn at(place: &Place<'_>) -> Self {
        Self {
            site: Some(place.site),
            key: place.key,
            origin: place.origin,
            value: place.value().cloned(),
            ..Self::default()
        }
    }

    /// The evidence that stands at `site`.
    pub(super) fn of(site: Span) -> Self {
        Self { site: Some(site), ..Self::default() }
    }

    /// The text of the value found there.
    pub(super) fn text(&self) -> Option<String> {
        self.value.as_ref().and_then(shown)
    }

    /// Every other place that explains it, with what to say about it.
    pub(super) fn explained_by(&self) -> impl Iterator<Item = (Span, &str)> {
        let origin = self.origin.map(|origin| (origin, "the value comes from here"));
        origin.into_iter().chain(self.related.iter().map(|(span, label)| (*span, label.as_str())))
    }

    /// The evidence that something is missing below `anchor`.
    pub(super) fn missing(anchor: &Place<'_>) -> Self {
        Self { site: Some(anchor.site), key: anchor.key, ..Self::default() }
    }
}

impl Ground {
    pub(super) fn new(evidence: Evidence) -> Self {
        Self(Some(Box::new(evidence)))
    }

    /// The same with `change` made to what is told.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Evidence)) -> Self {
        if let Some(evidence) = &mut self.0 {
            change(evidence);
        }
        self
    }

    /// What is told; nothing where nobody was to be told.
    pub(super) fn into_evidence(self) -> Evidence {
        self.0.map_or_else(Evidence::default, |evidence| *evidence)
    }

    fn has_site(&self) -> bool {
        self.0.as_ref().is_some_and(|evidence| evidence.site.is_some())
    }
}

impl Truth {
    pub(super) fn yes(ground: Ground) -> Self {
        Self { yes: Some(ground), ..Self::default() }
    }

    pub(super) fn no(ground: Ground) -> Self {
        Self { no: Some(ground), ..Self::default() }
    }

    pub(super) fn unknown(reason: Reason) -> Self {
        Self { unknown: Some(Doubt { reason, place: None }), ..Self::default() }
    }

    /// The same about `place`: what is not known of it is not known of something there.
    pub(super) fn about(mut self, place: Span) -> Self {
        if let Some(doubt) = &mut self.unknown {
            doubt.place.get_or_insert(place);
        }
        self
    }

    pub(super) fn of(holds: bool, ground: Ground) -> Self {
        if holds { Self::yes(ground) } else { Self::no(ground) }
    }

    /// The opposite.
    pub(super) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, unknown: self.unknown }
    }

    /// The answer in either of two worlds.
    pub(super) fn or_in_another_world(mut self, other: Truth) -> Self {
        self.yes = self.yes.or(other.yes);
        self.no = self.no.or(other.no);
        self.unknown = self.unknown.or(other.unknown);
        self
    }

    /// Whether all of `answers` hold. Stops asking once one certainly does not.
    pub(super) fn all(answers: impl IntoIterator<Item = Truth>) -> Self {
        Self::all_with(answers.into_iter().map(|answer| (answer, false)))
    }

    /// The same for answers of which some only narrow the others down: those are not what it rests on, unless nothing else is.
    pub(super) fn all_with(answers: impl IntoIterator<Item = (Truth, bool)>) -> Self {
        let mut result = Truth::yes(Ground::default());
        for (answer, is_aside) in answers {
            let certainly_not = answer.yes.is_none() && answer.unknown.is_none();
            result.unknown = result.unknown.or(answer.unknown);
            result.no = result.no.or(answer.no);
            result.yes = match (result.yes, answer.yes) {
                (Some(so_far), Some(new)) => {
                    let is_newer = new.has_site() && !(is_aside && so_far.has_site());
                    Some(if is_newer { new } else { so_far })
                }
                _ => None,
            };
            if certainly_not {
                return Truth { yes: None, unknown: None, no: result.no };
            }
        }
        result
    }

    /// Whether any of `answers` holds. Stops asking once one certainly does.
    pub(super) fn any(answers: impl IntoIterator<Item = Truth>) -> Self {
        Self::all(answers.into_iter().map(Truth::not)).not()
    }
}

/// The text of a value as people are told it: `…` stands for what is not known of it.
pub(super) fn shown(value: &Value) -> Option<String> {
    match &value.data {
        Data::Text(text) => {
            Some(text.pieces.iter().map(|piece| piece.text.as_deref().unwrap_or("…")).collect())
        }
        _ => value.as_str().map(std::borrow::Cow::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(yes: bool, no: bool) -> Truth {
        Truth { yes: yes.then(Ground::default), no: no.then(Ground::default), unknown: None }
    }

    fn shape(truth: &Truth) -> (bool, bool, bool) {
        (truth.yes.is_some(), truth.no.is_some(), truth.unknown.is_some())
    }

    #[test]
    fn both_answers_of_one_of_several_survive_every_combination() {
        let either = known(true, true);
        assert_eq!(shape(&Truth::all([either.clone(), known(true, false)])), (true, true, false));
        assert_eq!(shape(&Truth::all([either.clone(), known(false, true)])), (false, true, false));
        assert_eq!(shape(&Truth::any([either.clone(), known(false, true)])), (true, true, false));
        assert_eq!(shape(&Truth::any([either, known(true, false)])), (true, false, false));
    }

    #[test]
    fn a_certain_answer_outweighs_an_unknown_one() {
        let unknown = || Truth::unknown(Reason::new("?"));
        assert_eq!(shape(&Truth::all([unknown(), known(false, true)])), (false, true, false));
        assert_eq!(shape(&Truth::any([unknown(), known(true, false)])), (true, false, false));
        assert_eq!(shape(&Truth::all([unknown(), known(true, false)])), (false, false, true));
        assert_eq!(shape(&Truth::all([])), (true, false, false));
    }
}
