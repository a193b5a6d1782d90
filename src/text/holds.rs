//! Whether what a regex finds can have some text in it.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::LazyRegex;

/// How far into the text a match may have come: 0 where it has not begun, and the number of its characters where all of it
/// was there.
type Progress = BTreeSet<usize>;

impl LazyRegex {
    /// Whether some match can have `text` in it. Look-arounds are taken to hold.
    pub fn can_hold(&self, text: &str) -> bool {
        // Mostly it is spelt out.
        if self.as_str().replace('\\', "").contains(text) {
            return true;
        }
        let Ok(hir) = regex_syntax::parse(self.as_str()) else { return true };
        let text: Vec<char> = text.chars().collect();
        after(&hir, &text, &Progress::from([0])).contains(&text.len())
    }

    /// The texts that it spells out.
    pub fn literals(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Ok(hir) = regex_syntax::parse(self.as_str()) {
            spelt_out(&hir, &mut found);
        }
        found
    }
}

fn spelt_out(hir: &Hir, found: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Literal(literal) => found.push(String::from_utf8_lossy(&literal.0).into_owned()),
        kind => kind.subs().iter().for_each(|part| spelt_out(part, found)),
    }
}

/// How far it may have come behind `hir`, from each of `before`.
fn after(hir: &Hir, text: &[char], before: &Progress) -> Progress {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => before.clone(),
        HirKind::Literal(literal) => {
            let literal = String::from_utf8_lossy(&literal.0);
            literal.chars().fold(before.clone(), |so_far, letter| {
                step(text, &so_far, |wanted| wanted == letter)
            })
        }
        HirKind::Class(class) => step(text, before, |wanted| is_in(class, wanted)),
        HirKind::Capture(capture) => after(&capture.sub, text, before),
        HirKind::Concat(parts) => {
            parts.iter().fold(before.clone(), |so_far, part| after(part, text, &so_far))
        }
        HirKind::Alternation(parts) => {
            parts.iter().flat_map(|part| after(part, text, before)).collect()
        }
        HirKind::Repetition(repetition) => {
            // So many rounds come as far as more of them do.
            let enough = text.len() as u32 + 1;
            let needed = repetition.min.min(enough);
            let mut all = before.clone();
            for _ in 0..needed {
                all = after(&repetition.sub, text, &all);
            }
            let others = repetition.max.map_or(enough, |most| most.saturating_sub(repetition.min));
            for _ in 0..others.min(enough) {
                let more = after(&repetition.sub, text, &all);
                all.extend(more);
            }
            all
        }
    }
}

/// One character further: one that `fits` where it is part of the text, or any before and behind that.
fn step(text: &[char], before: &Progress, fits: impl Fn(char) -> bool) -> Progress {
    let mut next = Progress::new();
    for &at in before {
        if at == 0 || at == text.len() {
            next.insert(at);
        }
        if text.get(at).is_some_and(|wanted| fits(*wanted)) {
            next.insert(at + 1);
        }
    }
    next
}

fn is_in(class: &Class, letter: char) -> bool {
    match class {
        Class::Unicode(class) => {
            class.iter().any(|range| (range.start()..=range.end()).contains(&letter))
        }
        Class::Bytes(class) => u8::try_from(letter).is_ok_and(|byte| {
            class.iter().any(|range| (range.start()..=range.end()).contains(&byte))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_has_what_its_regex_lets_it_have() {
        for (regex, text, can) in [
            ("old\\.example", "old.example", true),
            ("old\\.example", "old.exmaple", false),
            ("https?://[a-z.]+", "x.example", true),
            ("https?://[a-z.]+", "example/", false),
            ("(?i)rsync", "rsync", true),
            ("a{2}b?(?<at>c|d)+\\b", "abdcd", true),
            ("a{2}b?(c|d)", "bb", false),
            ("(?s).", "", true),
            ("é\\d", "é1", true),
        ] {
            assert_eq!(LazyRegex::parse(regex).unwrap().can_hold(text), can, "{regex} {text}");
        }
    }
}
