//! What a marker comment means: who owns the field that it stands beside, and how often the repo says so.

use super::Session;
use crate::rule::Mutator;
use crate::text::TextRange;

/// The word of a marker comment.
#[derive(Clone, Debug)]
pub struct Marker {
    /// The word.
    pub word: String,
    /// Where it stands.
    pub range: TextRange,
    /// Who writes what it marks.
    pub mutators: Vec<Mutator>,
    /// How many comments of the repo say it.
    pub sites: usize,
    /// In how many files.
    pub files: usize,
}

impl Session {
    /// The marker in the comment at `offset` of the file at `path`.
    pub fn marker(&self, path: &str, offset: u32) -> Option<Marker> {
        let parsed = self.parsed(path)?;
        let comment = parsed.comments().at(offset)?;
        let text = &parsed.text[comment.range.indices()];
        let setup = self.setup()?;
        let all = &setup.rules.mutators;
        let words = all.iter().filter_map(|mutator| mutator.marker.as_deref());
        let (at, word) =
            words.filter_map(|word| Some((find(text, word)?, word))).max_by_key(|it| it.1.len())?;
        let start = comment.range.start as usize + at;
        let (mut sites, mut files) = (0, 0);
        for (_, held) in self.files.iter() {
            let Some(parsed) = held.parsed() else { continue };
            let comments = parsed.comments().all().iter();
            let said = comments.filter(|it| find(&parsed.text[it.range.indices()], word).is_some());
            let count = said.count();
            sites += count;
            files += usize::from(count > 0);
        }
        Some(Marker {
            word: word.to_owned(),
            range: TextRange::new(start, start + word.len()),
            mutators: all.iter().filter(|it| it.marker.as_deref() == Some(word)).cloned().collect(),
            sites,
            files,
        })
    }
}

/// Where `text` says `word`: not as a part of a longer one.
fn find(text: &str, word: &str) -> Option<usize> {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + word.len()..].chars().next())
    })
}
