//! Whether a difference looks like what a mutator does.

use super::facts::Facts;
use super::field::{self, Leaf};
use super::world::{Label, World};
use crate::drift::danger::Image;
use crate::drift::path::Step;
use crate::drift::shown::{Json, Shown};
use crate::rule::{Action, Bound, Mutator, Same, Signature, quantity};

/// How well a value fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// It says all that the signature asks for.
    Exactly,
    /// The signature does not say much: that something changed.
    Loosely,
    /// The value is not known.
    Unknown(String),
    /// It does not: why.
    No(String),
}

/// A difference below a field: the first `used` steps of its path lead to the field.
pub(super) struct Below<'a> {
    pub(super) leaf: &'a Leaf,
    pub(super) used: usize,
}

/// Whether the difference looks like what `mutator` does.
pub(super) fn fit(
    mutator: &Mutator,
    below: &Below<'_>,
    facts: &Facts<'_>,
    world: Option<&World<'_, '_>>,
) -> Fit {
    let Leaf { from, to, .. } = below.leaf;
    let signature = &mutator.signature;
    let is_hidden = |side: &Shown| matches!(side, Shown::Hidden | Shown::Unknown);
    if is_hidden(from) || is_hidden(to) {
        let why = "the value is a secret, or not known before an apply".to_owned();
        return if signature.tells_values() { Fit::Unknown(why) } else { Fit::Loosely };
    }
    if let Some(why) = wrong_action(signature, below) {
        return Fit::No(why);
    }
    let asked = [
        matches(signature, below, facts),
        same_repository(signature, from, to),
        rises(signature, from, to),
        bounds(signature, below, facts),
        namespace_label(signature, to, facts, world),
        cases(signature, below, facts),
    ];
    let mut unknown = None;
    let mut tells = false;
    for answer in asked.into_iter().flatten() {
        match answer {
            Fit::No(_) => return answer,
            Fit::Unknown(_) => unknown = Some(answer),
            Fit::Exactly => tells = true,
            Fit::Loosely => {}
        }
    }
    unknown.unwrap_or(if tells { Fit::Exactly } else { Fit::Loosely })
}

fn wrong_action(signature: &Signature, below: &Below<'_>) -> Option<String> {
    let Leaf { from, to, .. } = below.leaf;
    let (had, has) = (!field::is_nothing(from), !field::is_nothing(to));
    let is_inside = below.leaf.path.0.len() > below.used;
    match signature.action {
        // A list or map may have been there before; the part that is new says who wrote it.
        Action::Adds if had && !is_inside && !is_container(from) => {
            Some("it adds the field, and it was there before".to_owned())
        }
        Action::Adds | Action::Changes if !has => {
            Some("it writes the field, and there is none".to_owned())
        }
        Action::Removes if has => Some("it takes the field away, and it is there".to_owned()),
        Action::Removes if !had => Some("it takes the field away, and there was none".to_owned()),
        Action::Adds | Action::Changes | Action::Removes => None,
    }
}

fn is_container(side: &Shown) -> bool {
    matches!(side, Shown::Value(Json::Array(_) | Json::Object(_)))
}

fn matches(signature: &Signature, below: &Below<'_>, facts: &Facts<'_>) -> Option<Fit> {
    let pattern = signature.matches.as_ref()?;
    let side = match signature.action {
        Action::Removes => &below.leaf.from,
        Action::Adds | Action::Changes => &below.leaf.to,
    };
    let Shown::Value(value) = side else { return None };
    let steps = &below.leaf.path.0;
    let rest = &steps[below.used..];
    let alone = field::text(&field::wrapped(value.clone(), rest));
    if pattern.is_in(&alone) {
        let before = match (&below.leaf.from, signature.action) {
            (Shown::Value(before), Action::Adds) => {
                field::text(&field::wrapped(before.clone(), rest))
            }
            _ => return Some(Fit::Exactly),
        };
        // What was there before is not what was added.
        let is_new = !pattern.is_in(&before) || field::is_nothing(&below.leaf.from);
        let why = "what it adds was there before".to_owned();
        return Some(if is_new { Fit::Exactly } else { Fit::No(why) });
    }
    // A part of an element of a list may say little; the whole element says more.
    let element = rest.iter().rposition(|step| matches!(step, Step::Index(_)));
    let whole = element.and_then(|at| field::at(&facts.change.object, &steps[..=below.used + at]));
    if whole.is_some_and(|whole| pattern.is_in(&field::text(whole))) {
        return Some(Fit::Exactly);
    }
    Some(Fit::No(format!("`{}` is not what it writes", shortened(&alone))))
}

fn same_repository(signature: &Signature, from: &Shown, to: &Shown) -> Option<Fit> {
    if signature.same != Some(Same::Repository) {
        return None;
    }
    let (Some(from), Some(to)) = (text_of(from), text_of(to)) else {
        return Some(Fit::Unknown("the image is not known".to_owned()));
    };
    let (from, to) = (Image::parse(&from).repository(), Image::parse(&to).repository());
    let is_same = from == to;
    let why = || format!("it keeps the repository, and `{to}` is another");
    Some(if is_same { Fit::Exactly } else { Fit::No(why()) })
}

fn rises(signature: &Signature, from: &Shown, to: &Shown) -> Option<Fit> {
    if !signature.rises {
        return None;
    }
    let versions = text_of(from).zip(text_of(to));
    let versions = versions.and_then(|(from, to)| Some((version(&from)?, version(&to)?, to)));
    Some(match versions {
        None => Fit::No("it raises versions, and one of the tags is none".to_owned()),
        Some((from, to, _)) if to > from => Fit::Exactly,
        Some((_, _, to)) => Fit::No(format!("it raises versions, and `{to}` is no later one")),
    })
}

fn bounds(signature: &Signature, below: &Below<'_>, facts: &Facts<'_>) -> Option<Fit> {
    if !signature.at_least_code && signature.at_most.is_empty() {
        return None;
    }
    let amount = |side: &Shown| text_of(side).and_then(|text| quantity(&text));
    let Some(live) = amount(&below.leaf.to) else {
        return Some(Fit::No("it writes an amount, and this is none".to_owned()));
    };
    let code = amount(&below.leaf.code).or_else(|| amount(&below.leaf.from));
    if signature.at_least_code {
        match code {
            Some(code) if live < code => {
                return Some(Fit::No(
                    "it only grows the amount, and this is a smaller one".to_owned(),
                ));
            }
            Some(_) => {}
            None => return Some(Fit::Unknown("the code's amount is not known".to_owned())),
        }
    }
    let limits = signature.at_most.iter().filter_map(|bound| match bound {
        Bound::Code => code,
        Bound::Key(key) => facts.value_of(key).and_then(|it| quantity(&field::text(it))),
    });
    let most = limits.reduce(f64::max);
    Some(match most {
        Some(most) if live > most => {
            Fit::No("it stays within a limit, and this is beyond it".to_owned())
        }
        _ => Fit::Exactly,
    })
}

fn namespace_label(
    signature: &Signature,
    to: &Shown,
    facts: &Facts<'_>,
    world: Option<&World<'_, '_>>,
) -> Option<Fit> {
    let key = signature.namespace_label.as_ref()?;
    let written = text_of(to)?;
    let (Some(namespace), Some(world)) = (facts.namespace(), world) else { return None };
    match world.label(namespace, key) {
        Label::Is(value, _) if value == written => Some(Fit::Exactly),
        Label::Is(value, _) => Some(Fit::No(format!(
            "it copies the label of the namespace, `{value}`, and this is `{written}`"
        ))),
        Label::None => {
            Some(Fit::No(format!("it copies the label `{key}` of the namespace, which has none")))
        }
        Label::Unknown(_) => None,
    }
}

fn cases(signature: &Signature, below: &Below<'_>, facts: &Facts<'_>) -> Option<Fit> {
    if signature.cases.is_empty() {
        return None;
    }
    let written = text_of(&below.leaf.to)?;
    let steps = &below.leaf.path.0;
    let (_, parent) = steps[..below.used].split_last()?;
    for case in &signature.cases {
        let mut path = parent.to_vec();
        path.push(Step::Name(case.beside.clone()));
        let Some(beside) = field::at(&facts.change.object, &path) else {
            return Some(Fit::Unknown(format!("its `{}` is not known", case.beside)));
        };
        if case.matches.is_in(&field::text(beside)) {
            let fits = written == case.value.as_str();
            let why = || format!("beside this `{}` it writes `{}`", case.beside, case.value);
            return Some(if fits { Fit::Exactly } else { Fit::No(why()) });
        }
    }
    Some(Fit::No("it writes nothing here".to_owned()))
}

fn text_of(side: &Shown) -> Option<String> {
    match side {
        Shown::Value(value) if !is_container(side) => Some(field::text(value)),
        _ => None,
    }
}

/// The numbers of the version in an image's tag.
fn version(image: &str) -> Option<Vec<u64>> {
    let tag = Image::parse(image).tag?;
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let numbers = tag.split(['-', '+', '_']).next()?;
    numbers.split('.').map(|number| number.parse().ok()).collect()
}

/// `text`, no longer than a line can bear.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_by_their_numbers() {
        assert!(version("a:v1.10.0") > version("a:v1.9.9"));
        assert!(version("a:8.11.0-r1") > version("a:8.10.9"));
        assert_eq!(version("a:latest"), None);
        assert_eq!(version("host:5000/a"), None);
    }
}
