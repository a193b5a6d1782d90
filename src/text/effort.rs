//! A regex, compiled with as much effort as the texts are worth that it has searched.
//!
//! Most regexes of a run search a few short texts. What makes a search fast (literals to skip to, automata that grow
//! while they run, the same automaton backwards) takes longer than those searches, and it takes memory for each thread.
//!
//! Compiling costs a hundred times as much as parsing, and classes like `[^/]` cost most of it, because they are all of
//! Unicode as bytes. Texts are UTF-8, so it is enough to say that a character outside ASCII is a byte that begins one and
//! the bytes that go on.
//!
//! What searches find out about a regex (its automaton, as far as it has grown) is large, and serves those that follow: on
//! any thread, until somebody says that they are over. Rules repeat each other's regexes (a quarter of those that a run
//! compiles stands in another rule too), so what is written alike is one.
//!
//! Many regexes match in one line only, and some word is in each of their matches: then only the lines with such a word are
//! searched (see [`stretches`](super::stretches)).
//!
//! Invariant: the effort decides how long a search takes, and never what it finds; and what it finds are whole characters.

use std::cell::OnceCell;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use regex_automata::meta::{Cache, Config, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::{Input, Span};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{
    Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, Hir, HirKind, Repetition,
};
use rustc_hash::FxHashMap;

use super::stretches::Stretches;

/// After so many bytes of text, searching fast pays.
const LITTLE: usize = 4_096;

/// The automaton of a regex may take so many bytes: the limit of the crate `regex`.
const LARGEST: usize = 10 << 20;

/// Every regex that somebody has in use, by how it is written.
static FORMS: LazyLock<Mutex<FxHashMap<Arc<str>, Weak<Form>>>> = LazyLock::new(Mutex::default);

/// A regex that is not yet compiled.
#[derive(Debug)]
pub(super) struct Form {
    pattern: Arc<str>,
    /// Until there is a fast one. None within where it cannot be compiled.
    slight: Mutex<OnceCell<Option<Arc<Compiled>>>>,
    /// None where it cannot be compiled.
    fast: OnceLock<Option<Compiled>>,
    /// Where in long texts it can match; none where that is not known.
    stretches: OnceLock<Option<Stretches>>,
    /// How many bytes the slight one was to search.
    searched: AtomicUsize,
}

/// A regex, and what its searches have found out about it.
#[derive(Debug)]
pub(super) struct Compiled {
    regex: Regex,
    /// What no search has in its hands: as many as have searched at the same time.
    resting: Mutex<Resting>,
}

/// A regex that is ready to search.
pub(super) enum Ready<'f> {
    Slight(Arc<Compiled>),
    Fast(&'f Compiled),
}

impl Deref for Ready<'_> {
    type Target = Compiled;

    fn deref(&self) -> &Compiled {
        match self {
            Ready::Slight(regex) => regex,
            Ready::Fast(regex) => regex,
        }
    }
}

impl Ready<'_> {
    /// Every match in `input`, with its groups.
    pub(super) fn captures<'t>(
        self,
        input: impl Into<Input<'t>>,
    ) -> impl Iterator<Item = Captures> {
        let mut searcher = Searcher::new(input.into());
        let mut found = self.regex.create_captures();
        std::iter::from_fn(move || {
            let next = |input: &Input<'_>| {
                self.search(|cache| self.regex.search_captures_with(cache, input, &mut found));
                Ok(found.get_match())
            };
            searcher.advance(next)?;
            Some(found.clone())
        })
    }
}

/// Boxed, because each goes in and out at every search, and has about a kilobyte.
type Resting = Vec<Box<Cache>>;

impl Form {
    /// The regex `pattern`: the one that others have who write it so.
    pub(super) fn of(pattern: String) -> Arc<Self> {
        let mut forms = FORMS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = forms.get(&*pattern).and_then(Weak::upgrade) {
            return form;
        }
        // Where it would have to grow, it forgets those that nobody has any more: an editor loads packs again and again.
        if forms.len() == forms.capacity() {
            forms.retain(|_, form| form.strong_count() > 0);
        }
        let form = Arc::new(Form::new(pattern.into()));
        forms.insert(Arc::clone(&form.pattern), Arc::downgrade(&form));
        form
    }

    fn new(pattern: Arc<str>) -> Self {
        let (slight, searched) = (Mutex::default(), AtomicUsize::new(0));
        Form { pattern, slight, fast: OnceLock::new(), stretches: OnceLock::new(), searched }
    }

    /// How it is written.
    pub(super) fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The regex, ready to search `length` bytes; none where it is too large.
    pub(super) fn get(&self, length: usize) -> Option<Ready<'_>> {
        if self.is_little(length) && self.fast.get().is_none() {
            self.searched.fetch_add(length + 1, Ordering::Relaxed);
            let compile = || compile(&self.pattern, slight()).map(Arc::new);
            return self.slight().get_or_init(compile).clone().map(Ready::Slight);
        }
        let compile = || {
            self.slight().take();
            compile(&self.pattern, Config::new())
        };
        self.fast.get_or_init(compile).as_ref().map(Ready::Fast)
    }

    fn slight(&self) -> MutexGuard<'_, OnceCell<Option<Arc<Compiled>>>> {
        self.slight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what it has searched, and `length` bytes more, are not worth any effort.
    fn is_little(&self, length: usize) -> bool {
        self.searched.load(Ordering::Relaxed) + length <= LITTLE
    }

    /// The parts of `text` in which all matches are, and each of them in one alone.
    pub(super) fn stretches_of(&self, text: &str) -> impl Iterator<Item = Span> {
        let parse = || Stretches::of(&regex_syntax::parse(&self.pattern).ok()?);
        let known =
            if self.is_little(text.len()) { &None } else { self.stretches.get_or_init(parse) };
        let whole = if known.is_none() { Some(Span::from(0..text.len())) } else { None };
        whole.into_iter().chain(known.iter().flat_map(|known| known.of_text(text)))
    }

    /// Forgets what its searches have found out, because they are over. Those to come find it out again.
    pub(super) fn rest(&self) {
        let slight = self.slight().get().cloned().flatten().map(Ready::Slight);
        let fast = self.fast.get().and_then(Option::as_ref).map(Ready::Fast);
        for compiled in slight.into_iter().chain(fast) {
            *compiled.resting() = Vec::new();
        }
    }

    /// The same of every regex.
    pub(super) fn rest_all() {
        let forms = FORMS.lock().unwrap_or_else(PoisonError::into_inner);
        forms.values().filter_map(Weak::upgrade).for_each(|form| form.rest());
    }
}

impl Compiled {
    /// Whether it matches somewhere in `input`.
    pub(super) fn is_match<'t>(&self, input: impl Into<Input<'t>>) -> bool {
        let input = input.into().earliest(true);
        self.search(|cache| self.regex.search_half_with(cache, &input)).is_some()
    }

    /// Where it first matches in `text`.
    pub(super) fn find(&self, text: &str) -> Option<Span> {
        let found = self.search(|cache| self.regex.search_with(cache, &Input::new(text)))?;
        Some(found.span())
    }

    fn search<T>(&self, with: impl FnOnce(&mut Cache) -> T) -> T {
        let rested = self.resting().pop();
        let mut cache = rested.unwrap_or_else(|| Box::new(self.regex.create_cache()));
        let found = with(&mut cache);
        self.resting().push(cache);
        found
    }

    fn resting(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn slight() -> Config {
    Config::new().auto_prefilter(false).hybrid(false).onepass(false)
}

fn compile(pattern: &str, config: Config) -> Option<Compiled> {
    let hir = in_bytes(ParserBuilder::new().build().parse(pattern).ok()?);
    let config = config.nfa_size_limit(Some(LARGEST));
    let regex = Regex::builder().configure(config).build_from_hir(&hir).ok()?;
    Some(Compiled { regex, resting: Mutex::default() })
}

/// `hir` with the bytes of UTF-8 in general for each class that has all characters outside ASCII.
fn in_bytes(hir: Hir) -> Hir {
    let all = |parts: Vec<Hir>| parts.into_iter().map(in_bytes).collect();
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) if has_all_others(&class) => {
            let ascii = class.iter().filter(|range| range.start().is_ascii()).map(|range| {
                let end = range.end().min('\x7F');
                ClassBytesRange::new(range.start() as u8, end as u8)
            });
            let ascii = Hir::class(Class::Bytes(ClassBytes::new(ascii)));
            Hir::alternation(vec![ascii, other()])
        }
        HirKind::Capture(Capture { index, name, sub }) => {
            Hir::capture(Capture { index, name, sub: Box::new(in_bytes(*sub)) })
        }
        HirKind::Repetition(Repetition { min, max, greedy, sub }) => {
            Hir::repetition(Repetition { min, max, greedy, sub: Box::new(in_bytes(*sub)) })
        }
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

/// Whether the class has every character outside ASCII.
fn has_all_others(class: &ClassUnicode) -> bool {
    class.iter().any(|range| range.start() <= '\u{80}' && range.end() == char::MAX)
}

/// Any character outside ASCII. In UTF-8, nothing else begins with a byte that goes on, so all of those belong to it.
fn other() -> Hir {
    let bytes =
        |from, to| Hir::class(Class::Bytes(ClassBytes::new([ClassBytesRange::new(from, to)])));
    let rest = Repetition { min: 1, max: None, greedy: true, sub: Box::new(bytes(0x80, 0xBF)) };
    Hir::concat(vec![bytes(0xC2, 0xF4), Hir::repetition(rest)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_searched_much_is_fast() {
        let form = Form::new("a+b".into());
        let is_fast = |length| {
            let regex = form.get(length).unwrap();
            assert!(regex.is_match("xaab") && !regex.is_match("xaa"));
            regex.regex.get_config().get_hybrid()
        };
        assert!(!is_fast(10));
        assert!(!is_fast(LITTLE - 100));
        assert!(is_fast(100), "the text that is too much is searched fast");
        assert!(is_fast(1), "and so are all after it");
        assert!(form.slight().get().is_none(), "which leave nothing to do for the slight one");
    }

    #[test]
    fn one_long_text_is_worth_the_effort() {
        let form = Form::new("é".into());
        assert!(form.get(LITTLE + 1).unwrap().regex.get_config().get_hybrid());
    }

    #[test]
    fn what_searches_find_out_serves_those_that_follow_until_they_are_over() {
        let form = Form::new("a+b".into());
        let get = || form.get(LITTLE + 1).unwrap();
        let regex = get();
        let with_another = |found: Captures| found.is_match() && regex.is_match("ab");
        assert!(get().captures("ab aab").all(with_another), "searches may stand in one another");
        assert_eq!(regex.find("x aab").map(|span| span.range()), Some(2..5));
        assert_eq!(regex.resting().len(), 1);
        form.rest();
        assert!(regex.resting().is_empty() && regex.is_match("ab"));
    }

    #[test]
    fn what_cannot_be_compiled_is_none() {
        assert!(Form::new(r"(?:a{500}){500}{50}".into()).get(1).is_none());
    }

    #[test]
    fn what_is_written_alike_is_one_as_long_as_somebody_has_it() {
        let of = |pattern: &str| Form::of(pattern.to_owned());
        let (first, second, other) = (of("written alike"), of("written alike"), of("otherwise"));
        assert!(Arc::ptr_eq(&first, &second) && !Arc::ptr_eq(&first, &other));
        let gone = Arc::downgrade(&first);
        drop((first, second));
        assert!(gone.upgrade().is_none());
        assert_eq!(of("written alike").pattern(), "written alike");
    }
}
