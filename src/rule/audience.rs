//! Who wants to see what: rules and gathers, by number, and the subjects of a repo that each is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use globset::Glob;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::check::{Interest, Subject};
use super::planned::Planned;
use crate::model::{BlockRef, Repo, Value};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::{GlobTable, Globs, WordSearch};

/// Viewers by what they are interested in.
#[derive(Debug, Default)]
pub struct Audience {
    blocks: FxHashMap<SmolStr, ByLabel>,
    images: Vec<usize>,
    objects: ByLabel,
    files: Vec<(Globs, usize)>,
    /// Sorted, so that the positions in the automaton do not depend on the viewers' order.
    words: BTreeMap<String, Vec<usize>>,
    /// Those who look for words in some files only.
    readers: BTreeMap<usize, Globs>,
    commits: Vec<usize>,
    changes: Vec<usize>,
    repo: Vec<usize>,
    /// Viewers that panicked on being asked, with what they said.
    pub panicked: Vec<(usize, String)>,
    /// What they look for in paths and texts, ready to be found.
    search: OnceLock<Result<Search, ViewingError>>,
    /// Who was shown the files of the last repo.
    seen: Mutex<Arc<FxHashMap<usize, Seen>>>,
}

/// A file by its address, and who was shown it: most files are the same from one keystroke to the next.
#[derive(Debug)]
struct Seen {
    file: Weak<Parsed>,
    viewed: Arc<Viewed>,
}

/// Those who look at a repo, for the rules that were run last: an editor runs the same ones again and again.
#[derive(Debug, Default)]
pub struct Audiences(Mutex<Vec<Remembered>>);

#[derive(Debug)]
struct Remembered {
    /// The ids of the rules.
    of: Vec<Arc<str>>,
    audience: Arc<Audience>,
}

/// So many are remembered: the rules of a stack, and all of them.
const REMEMBERED: usize = 2;

impl Audiences {
    /// The audience of the rules with these `ids`, which `gather` brings together where it is not known.
    pub fn of(&self, ids: Vec<Arc<str>>, gather: impl FnOnce() -> Audience) -> Arc<Audience> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| known.of == ids) {
            return Arc::clone(&known.audience);
        }
        let audience = Arc::new(gather());
        known.truncate(REMEMBERED - 1);
        known.insert(0, Remembered { of: ids, audience: Arc::clone(&audience) });
        audience
    }
}

/// A subject and those who are shown it, each once, in order.
pub struct Viewing<'a> {
    /// The subject.
    pub subject: Subject<'a>,
    /// The numbers of the viewers.
    pub viewers: Vec<usize>,
}

/// Which viewers are asked, and what they are shown.
#[derive(Clone, Copy)]
pub struct Asked<'v, 'a> {
    /// Whether the viewer is asked.
    pub is_viewer: &'v (dyn Fn(usize) -> bool + Sync),
    /// Whether the subject is shown. What stands in a block is not shown where the block is not.
    pub is_subject: &'v (dyn Fn(Subject<'a>) -> bool + Sync),
}

impl Asked<'_, '_> {
    /// Everybody, about everything.
    pub fn all() -> Self {
        Asked { is_viewer: &|_| true, is_subject: &|_| true }
    }
}

/// Who wants to see the blocks of one type, or objects.
#[derive(Debug, Default)]
struct ByLabel {
    all: Vec<usize>,
    by_label: FxHashMap<String, Vec<usize>>,
}

impl ByLabel {
    fn is_empty(&self) -> bool {
        self.all.is_empty() && self.by_label.is_empty()
    }

    fn add(&mut self, viewer: usize, labels: Vec<String>) {
        if labels.is_empty() {
            enter(&mut self.all, viewer);
        }
        for label in labels {
            enter(self.by_label.entry(label).or_default(), viewer);
        }
    }

    /// Who wants to see anything, whatever its label.
    fn any(&self) -> Vec<usize> {
        self.all.iter().chain(self.by_label.values().flatten()).copied().collect()
    }

    /// Who wants to see what is labelled `label`, each once.
    fn of(&self, label: Option<&str>) -> Vec<usize> {
        let labelled = label.and_then(|label| self.by_label.get(label));
        let mut viewers: Vec<usize> =
            self.all.iter().chain(labelled.into_iter().flatten()).copied().collect();
        viewers.sort_unstable();
        viewers.dedup();
        viewers
    }
}

/// The paths that viewers look at cannot be compared.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the paths that rules look at cannot be compared: {0}")]
pub struct ViewingError(#[from] globset::Error);

/// Adds `viewer` to a list that is filled viewer by viewer, once.
fn enter(viewers: &mut Vec<usize>, viewer: usize) {
    if viewers.last() != Some(&viewer) {
        viewers.push(viewer);
    }
}

impl Audience {
    /// Adds what `viewer` is interested in. Viewers come in the order of their numbers.
    pub fn add(&mut self, viewer: usize, interests: Vec<Interest>) {
        for interest in interests {
            match interest {
                Interest::Blocks { kind, labels } => {
                    self.blocks.entry(kind).or_default().add(viewer, labels);
                }
                Interest::Images => enter(&mut self.images, viewer),
                Interest::Objects(kinds) => self.objects.add(viewer, kinds),
                Interest::Files(globs) => self.files.push((globs, viewer)),
                Interest::Text(words, files) => {
                    for word in words {
                        enter(self.words.entry(word).or_default(), viewer);
                    }
                    self.readers.extend(files.map(|files| (viewer, files)));
                }
                Interest::Commits => enter(&mut self.commits, viewer),
                Interest::Changes => enter(&mut self.changes, viewer),
                Interest::Repo => enter(&mut self.repo, viewer),
            }
        }
    }

    /// Everything of which `asked` says that somebody is to be shown it: the repo, changes, blocks, images, objects, files,
    /// texts.
    pub fn viewings<'a>(
        &self,
        repo: &'a Repo<'a>,
        planned: &'a [Planned],
        asked: Asked<'_, 'a>,
    ) -> Result<Vec<Viewing<'a>>, ViewingError> {
        let Asked { is_viewer, is_subject } = asked;
        let of = |viewers: &[usize]| -> Vec<usize> {
            viewers.iter().copied().filter(|&viewer| is_viewer(viewer)).collect()
        };
        let mut viewings = Vec::new();
        let mut push = |subject: Subject<'a>, viewers: &[usize]| {
            if !viewers.is_empty() && is_subject(subject) {
                viewings.push(Viewing { subject, viewers: viewers.to_vec() });
            }
        };
        // What looks at everything takes longest: it starts first, and each on its own.
        for viewer in of(&self.repo) {
            push(Subject::Repo, &[viewer]);
        }
        let viewers = of(&self.changes);
        for change in planned {
            push(Subject::Change(change), &viewers);
        }
        let mut known: FxHashMap<(&str, Option<&str>), Vec<usize>> = FxHashMap::default();
        for block in repo.blocks().filter(|block| is_subject(Subject::Block(*block))) {
            let (kind, label) = (block.block.kind.name.as_str(), block.block.label(0));
            if let Some(of_kind) = self.blocks.get(kind) {
                let viewers = known.entry((kind, label)).or_insert_with(|| of(&of_kind.of(label)));
                push(Subject::Block(block), viewers);
            }
        }
        let viewers = of(&self.images);
        if !viewers.is_empty() {
            let files = repo.sources.iter().filter(|&file| is_subject(Subject::File(file)));
            let readers = repo.readers(files);
            let is_asked = |block: BlockRef<'a>, is_written_here: bool| match &readers {
                _ if is_written_here => is_subject(Subject::Block(block)),
                Some(readers) => readers.contains(&block.module),
                None => true,
            };
            for image in repo.images(is_asked) {
                push(Subject::Image(image), &viewers);
            }
        }
        if !self.objects.is_empty() {
            let viewers = |kind: Option<&str>| of(&self.objects.of(kind));
            let all = of(&self.objects.any());
            let is_asked = |block: BlockRef<'a>, kind: Option<&str>| {
                let viewers = kind.map(|kind| viewers(Some(kind)));
                !viewers.as_ref().unwrap_or(&all).is_empty() && is_subject(Subject::Block(block))
            };
            for object in repo.objects(is_asked) {
                let kind = object.value.at(&["kind"]).and_then(Value::as_str);
                push(Subject::Object(object), &viewers(kind.as_deref()));
            }
        }
        let viewers = of(&self.commits);
        for commit in repo.sources.iter().filter(|file| file.format == Format::Commit) {
            push(Subject::File(commit), &viewers);
        }
        let search = self.search.get_or_init(|| Search::of(self)).as_ref();
        let Search { paths, words } = search.map_err(ViewingError::clone)?;
        let view = |file: &SourceFile| {
            let (whole, readers) = paths.viewers(&file.path);
            Viewed { whole, by_word: words.viewers(&file.text, &readers) }
        };
        let is_file = |file: &SourceFile| file.format != Format::Commit;
        let is_viewed = |file| is_file(file) && is_subject(Subject::File(file));
        let viewed = self.viewed(repo.sources, is_viewed, view);
        for (file, viewed) in &viewed {
            push(Subject::File(file), &of(&viewed.whole));
        }
        for (file, viewed) in &viewed {
            push(Subject::File(file), &of(&viewed.by_word));
        }
        Ok(viewings)
    }

    /// Who is shown each of the `files` that are `wanted`, which `view` tells of those that it has not told of before.
    fn viewed<'f>(
        &self,
        files: &'f [SourceFile],
        wanted: impl Fn(&'f SourceFile) -> bool + Sync,
        view: impl Fn(&SourceFile) -> Viewed + Sync,
    ) -> Vec<(&'f SourceFile, Arc<Viewed>)> {
        let seen = Arc::clone(&self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let known = |file: &SourceFile| {
            let seen = seen.get(&address(file)).filter(|it| it.is(file))?;
            Some(Arc::clone(&seen.viewed))
        };
        let viewed: Vec<Option<Arc<Viewed>>> = files
            .par_iter()
            .map(|file| known(file).or_else(|| wanted(file).then(|| Arc::new(view(file)))))
            .collect();
        let told = || files.iter().zip(&viewed).filter_map(|(file, it)| Some((file, it.as_ref()?)));
        let now = told().map(|(file, viewed)| {
            let seen = Seen { file: Arc::downgrade(file.content()), viewed: Arc::clone(viewed) };
            (address(file), seen)
        });
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(now.collect());
        told().filter(|(file, _)| wanted(file)).map(|(file, it)| (file, Arc::clone(it))).collect()
    }
}

impl Seen {
    /// Whether it is `file`, and not one that stood at its address before.
    fn is(&self, file: &SourceFile) -> bool {
        self.file.upgrade().is_some_and(|known| Arc::ptr_eq(&known, file.content()))
    }
}

fn address(file: &SourceFile) -> usize {
    Arc::as_ptr(file.content()) as usize
}

/// Who is shown one file.
#[derive(Debug)]
struct Viewed {
    /// Because of its path.
    whole: Vec<usize>,
    /// Because of a word in it.
    by_word: Vec<usize>,
}

/// What viewers look for.
#[derive(Debug)]
struct Search {
    paths: Paths,
    words: Words,
}

impl Search {
    fn of(audience: &Audience) -> Result<Search, ViewingError> {
        Ok(Search { paths: Paths::of(audience)?, words: Words::of(audience) })
    }
}

/// The globs of all viewers in one set: a path is held against all of them at once.
#[derive(Debug)]
struct Paths {
    table: GlobTable,
    /// Whose each glob is: many look at the same files.
    owners: Vec<Vec<Owner>>,
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    /// Who wants to see the file.
    File(usize),
    /// Who looks for words in it.
    Reader(usize),
}

impl Paths {
    fn of(audience: &Audience) -> Result<Paths, ViewingError> {
        let mut unique: Vec<&Glob> = Vec::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        let files = audience.files.iter().map(|(globs, viewer)| (globs, Owner::File(*viewer)));
        let readers =
            audience.readers.iter().map(|(viewer, globs)| (globs, Owner::Reader(*viewer)));
        for (globs, owner) in files.chain(readers) {
            for glob in globs.globs() {
                let at = *known.entry(glob.regex()).or_insert_with(|| {
                    unique.push(glob);
                    owners.push(Vec::new());
                    owners.len() - 1
                });
                owners[at].push(owner);
            }
        }
        Ok(Paths { table: GlobTable::new(unique)?, owners })
    }

    /// Who wants to see the file at `path`, and who looks for words in it though not in every file: each once, in order.
    fn viewers(&self, path: &str) -> (Vec<usize>, Vec<usize>) {
        let (mut whole, mut readers) = (Vec::new(), Vec::new());
        for owner in self.table.matches(path).flat_map(|at| &self.owners[at]) {
            match *owner {
                Owner::File(viewer) => whole.push(viewer),
                Owner::Reader(viewer) => readers.push(viewer),
            }
        }
        for viewers in [&mut whole, &mut readers] {
            viewers.sort_unstable();
            viewers.dedup();
        }
        (whole, readers)
    }
}

/// The words that are looked for, ready to be found all at once.
#[derive(Debug)]
struct Words {
    search: WordSearch,
    /// Who looks for each.
    seekers: Vec<Seekers>,
}

/// Who looks for one word.
#[derive(Debug)]
struct Seekers {
    all: Vec<usize>,
    /// Those who look for it in every file.
    everywhere: Vec<usize>,
}

impl Seekers {
    /// Those who look for it in a file that `readers` read.
    fn among<'s>(&'s self, readers: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        let here = self.all.iter().filter(|viewer| readers.binary_search(viewer).is_ok());
        self.everywhere.iter().chain(here).copied()
    }
}

impl Words {
    fn of(audience: &Audience) -> Words {
        let seekers = |viewers: &Vec<usize>| {
            let is_everywhere = |viewer: &&usize| !audience.readers.contains_key(viewer);
            let everywhere = viewers.iter().filter(is_everywhere).copied().collect();
            Seekers { all: viewers.clone(), everywhere }
        };
        Words {
            search: WordSearch::new(audience.words.keys()),
            seekers: audience.words.values().map(seekers).collect(),
        }
    }

    /// Those whose words occur in `text`, each once, in order: of those who do not look everywhere, `readers` look here.
    fn viewers(&self, text: &str, readers: &[usize]) -> Vec<usize> {
        let is_wanted = |word: usize| self.seekers[word].among(readers).next().is_some();
        let found = self.search.find(text, is_wanted).into_iter();
        let viewers: BTreeSet<usize> =
            found.flat_map(|word| self.seekers[word].among(readers)).collect();
        viewers.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Format;
    use crate::text::FileId;

    #[test]
    fn the_rules_that_were_run_last_are_not_asked_again() {
        let audiences = Audiences::default();
        let asked = std::cell::Cell::new(0);
        let ask = |ids: &[&str]| {
            let ids = ids.iter().map(|id| Arc::from(*id)).collect();
            audiences.of(ids, || {
                asked.set(asked.get() + 1);
                Audience { repo: vec![asked.get()], ..Audience::default() }
            })
        };
        let stack = ask(&["a/x"]);
        let all = ask(&["a/x", "b/y"]);
        assert_eq!((stack.repo[0], all.repo[0]), (1, 2));
        assert!(Arc::ptr_eq(&stack, &ask(&["a/x"])) && Arc::ptr_eq(&all, &ask(&["a/x", "b/y"])));
        assert_eq!(asked.get(), 2);
        // A third one takes the place of the oldest.
        ask(&[]);
        assert!(Arc::ptr_eq(&all, &ask(&["a/x", "b/y"])));
        assert_eq!(ask(&["a/x"]).repo[0], 4);
    }

    #[test]
    fn a_file_that_was_seen_is_not_searched_again() {
        let audience = Audience::default();
        let parsed = |text: &str| Arc::new(Parsed::new("a.md".into(), text.into(), Format::Plain));
        let (one, other) = (parsed("one"), parsed("other"));
        let files = |contents: &[&Arc<Parsed>]| -> Vec<SourceFile> {
            let file = |(id, content): (u32, &&Arc<Parsed>)| {
                SourceFile::of(FileId(id), Arc::clone(content))
            };
            (0..).zip(contents).map(file).collect()
        };
        let look = |files: &[SourceFile]| {
            let searched = std::sync::atomic::AtomicUsize::new(0);
            let view = |file: &SourceFile| {
                searched.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Viewed { whole: vec![file.text.len()], by_word: Vec::new() }
            };
            let viewed = audience.viewed(files, |file| &*file.text != "unwanted", view);
            let whole: Vec<usize> = viewed.iter().map(|(_, viewed)| viewed.whole[0]).collect();
            (searched.into_inner(), whole)
        };
        assert_eq!(look(&files(&[&one, &other])), (2, vec![3, 5]));
        // Under another number it is the same file.
        assert_eq!(look(&files(&[&other, &one])), (0, vec![5, 3]));
        // One with other contents is not, and one that was not there the last time is forgotten.
        assert_eq!(look(&files(&[&parsed("four")])), (1, vec![4]));
        assert_eq!(look(&files(&[&one])), (1, vec![3]));
        assert_eq!(look(&files(&[&parsed("unwanted"), &one])), (0, vec![3]));
    }
}
