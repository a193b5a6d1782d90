//! What a fix writes where the same stands already. A fix that changes only how its rule words what is wrong would be made
//! once more after each time that it is: the next one writes the same beside what the last one has written.

use crate::diagnostic::Edit;
use crate::syntax::SourceFile;
use crate::text::TextRange;

/// What changes in a text: what `edit` leaves as it is at both ends is no part of it.
struct Change<'e> {
    range: TextRange,
    new: &'e str,
}

fn change<'e>(edit: &'e Edit, text: &str) -> Change<'e> {
    let old = &text[edit.span.range.indices()];
    let same = |(one, other): &(char, char)| one == other;
    let lengths = old.chars().zip(edit.text.chars()).take_while(same).map(|(it, _)| it.len_utf8());
    let before: usize = lengths.sum();
    let (old, new) = (&old[before..], &edit.text[before..]);
    let backwards = old.chars().rev().zip(new.chars().rev()).take_while(same);
    let behind: usize = backwards.map(|(it, _)| it.len_utf8()).sum();
    let start = edit.span.range.start as usize + before;
    let range = TextRange::new(start, start + old.len() - behind);
    Change { range, new: &new[..new.len() - behind] }
}

/// What counts of a text that is written: an element of a list is the same behind a comma and before one.
fn counted(text: &str) -> &str {
    text.trim_matches(|it: char| it.is_whitespace() || it == ',')
}

/// What `edit` writes into `file` besides what stands there.
pub(super) fn written(edit: &Edit, file: &SourceFile) -> String {
    counted(change(edit, &file.text).new).to_owned()
}

/// The same, if just that stands there already, around what it changes or beside it.
pub(super) fn written_again(edit: &Edit, file: &SourceFile) -> Option<String> {
    let Change { range, new } = change(edit, &file.text);
    let (before, old) = (&file.text[..range.start as usize], counted(&file.text[range.indices()]));
    let (new, behind) = (counted(new), &file.text[range.end as usize..]);
    let stands = |(first, second): (&str, &str)| {
        begins(before.chars().rev(), first.chars().rev()) && begins(behind.chars(), second.chars())
    };
    let stands_there = if old.is_empty() {
        let mut cuts = new.char_indices().map(|(at, _)| new.split_at(at)).chain([(new, "")]);
        cuts.any(stands)
    } else {
        new.split_once(old).is_some_and(stands)
    };
    (stands_there && !new.is_empty()).then(|| new.to_owned())
}

/// Whether `text` begins with `start`, whatever white space is in either: what is written is aligned anew.
fn begins(text: impl Iterator<Item = char>, start: impl Iterator<Item = char>) -> bool {
    let mut text = text.filter(|it| !it.is_whitespace());
    start.filter(|it| !it.is_whitespace()).all(|it| text.next() == Some(it))
}
