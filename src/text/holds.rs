//! Whether what a regex finds can have some text in it.

use std::cell::OnceCell;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::LazyRegex;

/// How far into the text a match may have come, a bit for each: 0 where it has not begun, and the number of its characters
/// where all of it was there.
type Progress = u128;

/// More of a text than that is not looked at: what cannot have its beginning cannot have all of it.
const MOST: usize = 120;

/// What the matches of a regex can have in them. It is taken apart when that is first needed.
#[derive(Debug)]
pub struct Matches<'r> {
    regex: &'r LazyRegex,
    spelt: String,
    hir: OnceCell<Option<Hir>>,
}

impl Matches<'_> {
    /// Whether some match can have `text` in it. Look-arounds are taken to hold.
    pub fn can_hold(&self, text: &str) -> bool {
        // Mostly it is spelt out.
        if self.spelt.contains(text) {
            return true;
        }
        let hir = self.hir.get_or_init(|| regex_syntax::parse(self.regex.as_str()).ok());
        let Some(hir) = hir else { return true };
        let text: Vec<char> = text.chars().take(MOST).collect();
        after(hir, &text, 1) & 1 << text.len() != 0
    }
}

impl LazyRegex {
    /// What its matches can have in them.
    pub fn matches(&self) -> Matches<'_> {
        let spelt = self.as_str().replace('\\', "");
        Matches { regex: self, spelt, hir: OnceCell::new() }
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
fn after(hir: &Hir, text: &[char], before: Progress) -> Progress {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => before,
        HirKind::Literal(literal) => {
            let literal = String::from_utf8_lossy(&literal.0);
            let further = |so_far, letter| step(text, so_far, those(text, |it| it == letter));
            literal.chars().fold(before, further)
        }
        HirKind::Class(class) => step(text, before, those(text, |it| is_in(class, it))),
        HirKind::Capture(capture) => after(&capture.sub, text, before),
        HirKind::Concat(parts) => {
            parts.iter().fold(before, |so_far, part| after(part, text, so_far))
        }
        HirKind::Alternation(parts) => {
            parts.iter().fold(0, |all, part| all | after(part, text, before))
        }
        HirKind::Repetition(repetition) => {
            // So many rounds come as far as more of them do.
            let enough = text.len() as u32 + 1;
            let class = match repetition.sub.kind() {
                HirKind::Class(class) => Some(those(text, |it| is_in(class, it))),
                _ => None,
            };
            let once = |so_far| match class {
                Some(fitting) => step(text, so_far, fitting),
                None => after(&repetition.sub, text, so_far),
            };
            let needed = repetition.min.min(enough);
            let mut all = (0..needed).fold(before, |so_far, _| once(so_far));
            let others = repetition.max.map_or(enough, |most| most.saturating_sub(repetition.min));
            for _ in 0..others.min(enough) {
                let more = all | once(all);
                if more == all {
                    break;
                }
                all = more;
            }
            all
        }
    }
}

/// The characters of the text that fit, a bit for each.
fn those(text: &[char], fits: impl Fn(char) -> bool) -> u128 {
    text.iter().rev().fold(0, |bits, &letter| bits << 1 | u128::from(fits(letter)))
}

/// One character further: one that is `fitting` where it is part of the text, or any before and behind that.
fn step(text: &[char], before: Progress, fitting: u128) -> Progress {
    let outside = 1 | 1 << text.len();
    before & outside | (before & fitting) << 1
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
            assert_eq!(
                LazyRegex::parse(regex).unwrap().matches().can_hold(text),
                can,
                "{regex} {text}"
            );
        }
    }
}
