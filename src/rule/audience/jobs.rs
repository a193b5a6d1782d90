//! What viewers are shown at once, as one thread's work.
//!
//! Invariant: each viewer is shown each of its subjects in one job, and all of them in their order.

use std::collections::BTreeMap;

use super::{Subject, Viewing};

/// Work for one thread.
pub enum Job<'v, 'a> {
    /// One subject, for those who look at it: what one of them works out about it serves the others.
    Subject(Subject<'a>, Vec<usize>),
    /// One viewer that searches texts, with all of them: what its automaton remembers of them grows in one thread alone.
    Search(usize, Vec<&'v Viewing<'a>>),
}

/// The jobs in which `viewings` are shown to those of their viewers that are asked; `searches` says which of them only
/// search texts. The longest searches come first: nobody is to wait for one that starts last.
pub fn jobs<'v, 'a>(
    viewings: &'v [Viewing<'a>],
    is_asked: impl Fn(usize) -> bool,
    searches: impl Fn(usize) -> bool,
) -> Vec<Job<'v, 'a>> {
    let mut subjects = Vec::new();
    let mut searching: BTreeMap<usize, (usize, Vec<&Viewing<'_>>)> = BTreeMap::new();
    for viewing in viewings {
        let asked = viewing.viewers.iter().copied().filter(|viewer| is_asked(*viewer));
        let (texts, others): (Vec<usize>, Vec<usize>) = asked.partition(|viewer| searches(*viewer));
        if !others.is_empty() {
            subjects.push(Job::Subject(viewing.subject, others));
        }
        for viewer in texts {
            let (length, shown) = searching.entry(viewer).or_default();
            *length += match viewing.subject {
                Subject::File(file) => file.text.len(),
                _ => 0,
            };
            shown.push(viewing);
        }
    }
    let mut searching: Vec<_> = searching.into_iter().collect();
    searching.sort_by_key(|(viewer, (length, _))| (std::cmp::Reverse(*length), *viewer));
    let searches = searching.into_iter().map(|(viewer, (_, shown))| Job::Search(viewer, shown));
    searches.chain(subjects).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    #[test]
    fn who_searches_has_all_texts_to_himself_and_the_longest_search_starts_first() {
        let file = |id: u32, text: &str| {
            SourceFile::new(FileId(id), "a.md".into(), text.into(), Format::Plain)
        };
        let files = [file(0, "four"), file(1, "a")];
        let viewing = |subject, viewers: &[usize]| Viewing { subject, viewers: viewers.into() };
        let viewings = [
            viewing(Subject::Repo, &[0]),
            viewing(Subject::File(&files[0]), &[0, 1, 2, 3]),
            viewing(Subject::File(&files[1]), &[1, 2, 4]),
        ];
        let jobs = jobs(&viewings, |viewer| viewer != 3, |viewer| viewer == 4 || viewer == 2);
        let told: Vec<String> = jobs
            .iter()
            .map(|job| match job {
                Job::Subject(subject, viewers) => {
                    let file = subject.file().map(|file| file.0);
                    format!("{file:?} for {viewers:?}")
                }
                Job::Search(viewer, shown) => {
                    let files = shown.iter().filter_map(|it| it.subject.file()).map(|it| it.0);
                    format!("{viewer} in {:?}", files.collect::<Vec<_>>())
                }
            })
            .collect();
        let expected =
            ["2 in [0, 1]", "4 in [1]", "None for [0]", "Some(0) for [0, 1]", "Some(1) for [1]"];
        assert_eq!(told, expected);
    }
}
