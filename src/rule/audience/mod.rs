//! Who wants to see what: rules and gathers, by number, and the subjects of a repo that each is shown.

mod jobs;
mod search;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

pub use jobs::{Job, jobs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use search::{Search, Viewed};
use smol_str::SmolStr;

use super::check::{Interest, Subject};
use super::planned::Planned;
use crate::model::{BlockRef, ImageSite, ObjectSite, Repo, Value};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::Globs;

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
    /// By the number of the gather.
    rows: BTreeMap<usize, Vec<usize>>,
    /// Viewers that panicked on being asked, with what they said.
    pub panicked: Vec<(usize, String)>,
    /// What they look for in paths and texts, ready to be found.
    search: OnceLock<Result<Search, ViewingError>>,
    /// Who was shown the files of the last repo.
    seen: Mutex<Arc<FxHashMap<usize, Seen>>>,
}

/// A file by its address, and who was shown it: most files are the same from one keystroke to the next.
#[derive(Clone, Debug)]
struct Seen {
    file: Weak<Parsed>,
    /// Whom it was looked through for; nothing for everybody.
    on_behalf: Option<Arc<[bool]>>,
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
    /// The numbers of the viewers: those of blocks that are alike are the same ones.
    pub viewers: Arc<[usize]>,
}

/// Which viewers are asked, and what they are shown.
#[derive(Clone, Copy)]
pub struct Asked<'v, 'a> {
    /// Whether the viewer is asked.
    pub is_viewer: &'v (dyn Fn(usize) -> bool + Sync),
    /// Whether the subject is shown. What stands in a block is not shown where the block is not.
    pub is_subject: &'v (dyn Fn(Subject<'a>) -> bool + Sync),
    /// Whether others are asked about the same files: then what they look for is searched for in the same pass.
    pub with_others: bool,
}

impl Asked<'_, '_> {
    /// Everybody, about everything.
    pub fn all() -> Self {
        Asked { is_viewer: &|_| true, is_subject: &|_| true, with_others: true }
    }
}

/// Who wants to see the blocks of one type, or objects.
#[derive(Debug, Default)]
struct ByLabel {
    all: Vec<usize>,
    by_label: FxHashMap<String, Vec<usize>>,
}

impl ByLabel {
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
                Interest::Rows(gather) => enter(self.rows.entry(gather).or_default(), viewer),
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
        let Asked { is_viewer, is_subject, .. } = asked;
        let of = |viewers: &[usize]| -> Arc<[usize]> {
            viewers.iter().copied().filter(|&viewer| is_viewer(viewer)).collect()
        };
        let mut viewings = Vec::new();
        let mut push = |subject: Subject<'a>, viewers: &Arc<[usize]>| {
            if !viewers.is_empty() && is_subject(subject) {
                viewings.push(Viewing { subject, viewers: Arc::clone(viewers) });
            }
        };
        // What looks at everything takes longest: it starts first, and each on its own.
        for viewer in &self.repo {
            push(Subject::Repo, &of(&[*viewer]));
        }
        for viewers in self.rows.values() {
            push(Subject::Repo, &of(viewers));
        }
        let viewers = of(&self.changes);
        for change in planned {
            push(Subject::Change(change), &viewers);
        }
        let mut known: FxHashMap<(&str, Option<&str>), Arc<[usize]>> = FxHashMap::default();
        for block in repo.blocks().filter(|block| is_subject(Subject::Block(*block))) {
            let (kind, label) = (block.block.kind.name.as_str(), block.block.label(0));
            if let Some(of_kind) = self.blocks.get(kind) {
                let viewers = known.entry((kind, label)).or_insert_with(|| of(&of_kind.of(label)));
                push(Subject::Block(block), viewers);
            }
        }
        // The values of one chart take as long as those of many: while they are read, texts are looked through.
        let (declared, viewed) = rayon::join(
            || (self.images(repo, asked), self.objects(repo, asked)),
            || self.texts(repo, asked),
        );
        let (images, objects) = declared;
        let viewers = of(&self.images);
        for image in images {
            push(Subject::Image(image), &viewers);
        }
        for object in objects {
            let kind = object.value.at(&["kind"]).and_then(Value::as_str);
            push(Subject::Object(object), &of(&self.objects.of(kind.as_deref())));
        }
        let viewers = of(&self.commits);
        for commit in repo.sources.iter().filter(|file| file.format == Format::Commit) {
            push(Subject::File(commit), &viewers);
        }
        let viewed = viewed?;
        for (file, viewed) in &viewed {
            push(Subject::File(file), &of(&viewed.whole));
        }
        for (file, viewed) in &viewed {
            push(Subject::File(file), &of(&viewed.by_word));
        }
        viewings.shrink_to_fit();
        Ok(viewings)
    }

    /// The images of which `asked` says that somebody may be shown them.
    fn images<'a>(&self, repo: &'a Repo<'a>, asked: Asked<'_, 'a>) -> Vec<ImageSite<'a>> {
        let Asked { is_viewer, is_subject, .. } = asked;
        if !self.images.iter().any(|&viewer| is_viewer(viewer)) {
            return Vec::new();
        }
        let files = repo.sources.iter().filter(|&file| is_subject(Subject::File(file)));
        let readers = repo.readers(files);
        let is_asked = |block: BlockRef<'a>, is_written_here: bool| match &readers {
            _ if is_written_here => is_subject(Subject::Block(block)),
            Some(readers) => readers.contains(&block.module),
            None => true,
        };
        repo.images(is_asked).collect()
    }

    /// The same of objects.
    fn objects<'a>(&self, repo: &'a Repo<'a>, asked: Asked<'_, 'a>) -> Vec<ObjectSite<'a>> {
        let Asked { is_viewer, is_subject, .. } = asked;
        let is_shown = |viewers: Vec<usize>| viewers.into_iter().any(is_viewer);
        let is_any_shown = is_shown(self.objects.any());
        let is_asked = |block: BlockRef<'a>, kind: Option<&str>| {
            let is_shown = kind.map_or(is_any_shown, |kind| is_shown(self.objects.of(Some(kind))));
            is_shown && is_subject(Subject::Block(block))
        };
        repo.objects(is_asked).collect()
    }

    /// The files, each with who is to be shown it.
    fn texts<'a>(
        &self,
        repo: &'a Repo<'a>,
        asked: Asked<'_, 'a>,
    ) -> Result<Vec<(&'a SourceFile, Arc<Viewed>)>, ViewingError> {
        let Asked { is_viewer, is_subject, with_others } = asked;
        let search = self.search.get_or_init(|| Search::of(self)).as_ref();
        let search = search.map_err(ViewingError::clone)?;
        let is_file = |file: &SourceFile| file.format != Format::Commit;
        let is_viewed = |file: &'a SourceFile| is_file(file) && is_subject(Subject::File(file));
        let viewers: Arc<[bool]> = (0..search.viewers()).map(is_viewer).collect();
        let (for_asked, for_all) = (search.on_behalf_of(Some(&viewers)), search.on_behalf_of(None));
        Ok(self.viewed(repo.sources, is_viewed, &viewers, |file, is_seen| {
            // Who asks for more than was looked for gets everything, and nobody looks a third time.
            let is_for_all = with_others || is_seen;
            let look = if is_for_all { &for_all } else { &for_asked };
            Seen {
                file: Arc::downgrade(file.content()),
                on_behalf: (!is_for_all).then(|| Arc::clone(&viewers)),
                viewed: Arc::new(look.view(&file.path, &file.text)),
            }
        }))
    }

    /// Who is shown each of the `files` that are `wanted`. `view` looks through those of which that is not known for all
    /// that are `asked`, and is told whether it was for some.
    fn viewed<'f>(
        &self,
        files: &'f [SourceFile],
        wanted: impl Fn(&'f SourceFile) -> bool + Sync,
        asked: &[bool],
        view: impl Fn(&SourceFile, bool) -> Seen + Sync,
    ) -> Vec<(&'f SourceFile, Arc<Viewed>)> {
        let seen = Arc::clone(&self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let look = |file: &'f SourceFile| {
            let known = seen.get(&address(file)).filter(|it| it.is(file));
            match known {
                Some(known) if known.is_for(asked) || !wanted(file) => Some(known.clone()),
                None if !wanted(file) => None,
                _ => Some(view(file, known.is_some())),
            }
        };
        let now: Vec<Option<Seen>> = files.par_iter().map(look).collect();
        let told = || files.iter().zip(&now).filter_map(|(file, it)| Some((file, it.as_ref()?)));
        let known = told().map(|(file, seen)| (address(file), seen.clone())).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
        let wanted = told().filter(|(file, _)| wanted(file));
        wanted.map(|(file, seen)| (file, Arc::clone(&seen.viewed))).collect()
    }
}

impl Seen {
    /// Whether it is `file`, and not one that stood at its address before.
    fn is(&self, file: &SourceFile) -> bool {
        self.file.upgrade().is_some_and(|known| Arc::ptr_eq(&known, file.content()))
    }

    /// Whether it says which of those that are `asked` are shown the file.
    fn is_for(&self, asked: &[bool]) -> bool {
        let is_for = |on_behalf: &Arc<[bool]>| {
            on_behalf.iter().zip(asked).all(|(known, asked)| *known || !asked)
        };
        self.on_behalf.as_ref().is_none_or(is_for)
    }
}

fn address(file: &SourceFile) -> usize {
    Arc::as_ptr(file.content()) as usize
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
        let look_for = |files: &[SourceFile], asked: &[bool], on_behalf: Option<&[bool]>| {
            let searched = std::sync::atomic::AtomicUsize::new(0);
            let view = |file: &SourceFile, seen: bool| {
                searched.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let viewed = Viewed { whole: vec![file.text.len()], by_word: Vec::new() };
                let on_behalf = on_behalf.filter(|_| !seen).map(Arc::from);
                let file = Arc::downgrade(file.content());
                Seen { file, on_behalf, viewed: Arc::new(viewed) }
            };
            let viewed = audience.viewed(files, |file| &*file.text != "unwanted", asked, view);
            let whole: Vec<usize> = viewed.iter().map(|(_, viewed)| viewed.whole[0]).collect();
            (searched.into_inner(), whole)
        };
        let look = |files: &[SourceFile]| look_for(files, &[true], None);
        assert_eq!(look(&files(&[&one, &other])), (2, vec![3, 5]));
        // Under another number it is the same file.
        assert_eq!(look(&files(&[&other, &one])), (0, vec![5, 3]));
        // One with other contents is not, and one that was not there the last time is forgotten.
        assert_eq!(look(&files(&[&parsed("four")])), (1, vec![4]));
        assert_eq!(look(&files(&[&one])), (1, vec![3]));
        assert_eq!(look(&files(&[&parsed("unwanted"), &one])), (0, vec![3]));
        // What was searched for some only is searched once more for others, and then for everybody.
        let five = files(&[&parsed("fives")]);
        let (first, second) = ([true, false], [false, true]);
        assert_eq!(look_for(&five, &first, Some(&first)).0, 1);
        assert_eq!(look_for(&five, &first, Some(&first)).0, 0);
        assert_eq!(look_for(&five, &second, Some(&second)).0, 1);
        assert_eq!(look_for(&five, &first, Some(&first)).0, 0);
    }
}
