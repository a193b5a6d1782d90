//! "Did you mean": the nearest of the known words to one that is not.

/// The word in `known` that `word` most likely stands for; the first in order where two are as near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the word may be wrong: `exlude` is `exclude`, but `paths` is not `packs_of`.
    let allowed = (word.chars().count() / 3).max(1);
    let distance = |candidate: &str| {
        let whole = strsim::osa_distance(word, candidate);
        // Somebody may remember a name without what stands before it: the pack of a rule, the directory of a stack.
        match candidate.rsplit_once('/').filter(|_| !word.contains('/')) {
            Some((_, name)) => whole.min(strsim::osa_distance(word, name)),
            None => whole,
        }
    };
    known
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Help for an unknown `word`: the nearest known one, else what is known as far as it fits on a line.
pub(super) fn offer<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const MOST_LISTED: usize = 30;
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    if let Some(nearest) = nearest(word, known.iter().copied()) {
        return Some(format!("did you mean `{nearest}`?"));
    }
    if known.is_empty() || known.len() > MOST_LISTED {
        return None;
    }
    Some(format!("known here: `{}`", known.join("`, `")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        assert_eq!(nearest("exlude", ["packs", "exclude"]), Some("exclude"));
        assert_eq!(nearest("sevreity", ["severity", "summary"]), Some("severity"));
        assert_eq!(nearest("colour", ["packs", "exclude"]), None);
    }

    #[test]
    fn what_is_known_is_listed_where_nothing_is_near() {
        assert_eq!(offer("colour", ["rule", "packs"]).unwrap(), "known here: `packs`, `rule`");
        assert_eq!(offer("colour", []), None);
    }
}
