//! "Did you mean": the nearest of the known words to one that is not.

/// The word in `known` that `word` most likely stands for; the first in order where two are as near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_by(word, known, |candidate, most| distance(word, candidate, most))
}

/// What somebody meant by `word`: the nearest of `known`, of which he may remember the name without what stands before it,
/// as of a rule without its pack, or of a stack without its directory. Where nothing is near as it is written, capital letters
/// and small ones are the same.
pub fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let whole_or_name = |word: &str, candidate: &str, most| {
        let name = candidate.rsplit_once('/').filter(|_| !word.contains('/')).map(|(_, name)| name);
        let named = name.and_then(|name| distance(word, name, most));
        distance(word, candidate, most).into_iter().chain(named).min()
    };
    let near = nearest_by(word, known.iter().copied(), |it, most| whole_or_name(word, it, most));
    near.or_else(|| {
        let word = word.to_lowercase();
        nearest_by(&word, known, |it, most| whole_or_name(&word, &it.to_lowercase(), most))
    })
}

/// Whether `word` is likely to be a slip of the hand for `meant`, so that one may be written for the other: few of its letters
/// differ, and not just a number. `traefik-auth` looks like `traefik-retry`, and is another thing; so is `v1` than `v2`.
pub fn is_slip(word: &str, meant: &str) -> bool {
    let (word, meant) = (word.to_lowercase(), meant.to_lowercase());
    let allowed = match word.chars().count() {
        // Any two of them are as near.
        0..=2 => 0,
        length => (length / 6).clamp(1, 2),
    };
    let without_digits = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    strsim::osa_distance(&word, &meant) <= allowed
        && (word == meant || without_digits(&word) != without_digits(&meant))
}

/// What to do about the name of a stack that is none of those `known`.
pub fn which_stack<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    meant(name, known).map_or_else(
        || "`tautline stacks` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

fn nearest_by<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    distance: impl Fn(&str, usize) -> Option<usize>,
) -> Option<&'a str> {
    // A third of the word may be wrong: `exlude` is `exclude`, but `paths` is not `packs_of`.
    let allowed = (word.chars().count() / 3).max(1);
    let near = |candidate| Some((distance(candidate, allowed)?, candidate));
    known.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// How many letters have to be changed for one to become the other, where they are at `most` so many.
fn distance(word: &str, other: &str, most: usize) -> Option<usize> {
    // What is longer has that many more, which is seen at once.
    let is_as_long = word.chars().count().abs_diff(other.chars().count()) <= most;
    let is_near = is_as_long && differing(word, other) <= 2 * most;
    is_near.then(|| strsim::osa_distance(word, other)).filter(|distance| *distance <= most)
}

/// How many letters one has more often than the other, at least: one that is changed counts in both.
fn differing(word: &str, other: &str) -> usize {
    let mut surplus = [0_isize; 32];
    word.chars().for_each(|letter| surplus[letter as usize % 32] += 1);
    other.chars().for_each(|letter| surplus[letter as usize % 32] -= 1);
    surplus.into_iter().map(isize::unsigned_abs).sum()
}

/// Help for an unknown `word`: the nearest known one, else what is known as far as it fits on a line.
pub(super) fn offer<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// `warn` is `warning`; what is shorter begins too many words.
    const SHORTEST_START: usize = 4;
    const MOST_LISTED: usize = 50;
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    let mut begun = known.iter().filter(|it| word.len() >= SHORTEST_START && it.starts_with(word));
    let only = begun.next().copied().filter(|_| begun.next().is_none());
    if let Some(nearest) = meant(word, known.iter().copied()).or(only) {
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
    fn what_is_written_for_a_word_is_a_slip_away() {
        assert!(is_slip("KYVERNO_LIFECYLE_V1", "KYVERNO_LIFECYCLE_V1"));
        assert!(is_slip("Home users", "Home Users") && is_slip("critcal", "critical"));
        for (word, other) in [
            ("traefik-auth", "traefik-retry"),
            ("traefik-x", "traefik-x402"),
            ("Home Users", "Chrome Users"),
            ("authentik Users", "authentik Admins"),
            ("KYVERNO_LIFECYCLE_V1", "KYVERNO_LIFECYCLE_V2"),
            ("a", "bc"),
            ("a", "ac"),
            ("db", "dns"),
        ] {
            assert!(!is_slip(word, other), "{word}");
        }
    }

    #[test]
    fn what_is_seen_at_once_to_be_far_is_far() {
        let words = ["", "a", "ab", "ba", "abc", "Äpfel", "aepfel", "xyz", "bca", "zzzz", "az"];
        for (word, other) in words.iter().flat_map(|word| words.map(|other| (*word, other))) {
            let exact = strsim::osa_distance(word, other);
            for most in 0..5 {
                assert_eq!(distance(word, other, most), (exact <= most).then_some(exact));
            }
        }
    }

    #[test]
    fn a_name_is_recognised_without_what_stands_before_it() {
        let known = ["image/floating-tag", "apps/dns"];
        assert_eq!(meant("floating-tga", known), Some("image/floating-tag"));
        assert_eq!(meant("dns", known), Some("apps/dns"));
        assert_eq!(meant("image/dns", known), None);
        assert_eq!(nearest("floating-tag", known), None);
        assert_eq!(meant("FLOATING-TGA", known), Some("image/floating-tag"));
        assert_eq!(meant("dns", ["DNS", "dnss"]), Some("dnss"));
    }

    #[test]
    fn what_is_known_is_listed_where_nothing_is_near() {
        assert_eq!(offer("colour", ["rule", "packs"]).unwrap(), "known here: `packs`, `rule`");
        assert_eq!(offer("colour", []), None);
        assert_eq!(offer("warn", ["error", "warning"]).unwrap(), "did you mean `warning`?");
        assert_eq!(
            offer("warn", ["warned", "warning"]).unwrap(),
            "known here: `warned`, `warning`"
        );
    }
}
