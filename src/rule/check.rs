//! The contract between the engine and a native check.

use crate::diagnostic::{Applicability, Edit, Fix, Label, LinkEdit};
use smol_str::SmolStr;

use crate::model::{BlockRef, Change, ImageSite, ObjectSite, Repo};
use crate::rule::{Explanation, Gathered, Look, OptionError, Options, Planned, Shown};
use crate::syntax::SourceFile;
use crate::text::{FileId, Globs, Span};
use crate::workspace::Past;

/// A check that pack entries may call by name.
pub struct CheckDef {
    /// The name, as written in a pack: `check "name" { … }`.
    pub name: &'static str,
    /// Everything it can find. An entry has one `case` for each, and may only use the placeholders listed.
    pub outcomes: &'static [Outcome],
    /// Reads the entry's options. Whatever it does not read is reported as unknown.
    pub build: fn(&mut Options<'_>) -> Result<Box<dyn Check>, OptionError>,
}

/// One kind of finding.
pub struct Outcome {
    /// Its name: the label of the entry's `case`.
    pub name: &'static str,
    /// The `{placeholders}` its message and help may use.
    pub placeholders: &'static [&'static str],
}

/// How much of the repo a rule must have loaded to judge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Facts {
    /// The stack, the modules it calls and the lists its rules read.
    Stack,
    /// The whole repo.
    Repo,
}

impl Facts {
    /// Both, the fewer first.
    pub const ALL: [Facts; 2] = [Facts::Stack, Facts::Repo];

    /// The word for it, in entries and in what is told of rules.
    pub fn word(self) -> &'static str {
        match self {
            Facts::Stack => "stack",
            Facts::Repo => "repo",
        }
    }
}

/// What a check wants to be shown. The engine indexes checks by it and walks every file once.
#[derive(Clone, Debug)]
pub enum Interest {
    /// Top-level blocks of one type (`resource`, `module`, …), narrowed to some first labels where given.
    Blocks {
        /// The block's type.
        kind: SmolStr,
        /// First labels (`kubernetes_deployment`, …); empty means any.
        labels: Vec<String>,
    },
    /// Container images wherever they stand.
    Images,
    /// Kubernetes objects in manifests, of these kinds; of every kind where there are none.
    Objects(Vec<String>),
    /// Files whose path matches.
    Files(Globs),
    /// Files in whose text one of these words occurs (byte for byte); only those whose path matches, where there are globs.
    Text(Vec<String>, Option<Globs>),
    /// The commits that a comparison adds, each a file.
    Commits,
    /// What plans would change. Without plans the rule is not run.
    Changes,
    /// The repo as a whole, once.
    Repo,
    /// The repo as well, of which the rows of the gather with this number are looked at: who looks at the same rows is shown it
    /// together.
    Rows(usize),
}

impl Interest {
    /// All top-level blocks of the type `kind`.
    pub fn blocks(kind: &str) -> Interest {
        Interest::Blocks { kind: kind.into(), labels: Vec::new() }
    }
}

/// What a check is shown.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// A block.
    Block(BlockRef<'a>),
    /// An image.
    Image(ImageSite<'a>),
    /// A Kubernetes object in a manifest.
    Object(ObjectSite<'a>),
    /// A file.
    File(&'a SourceFile),
    /// What a plan would change.
    Change(&'a Planned),
    /// The repo.
    Repo,
}

impl<'a> Subject<'a> {
    /// The file that it lies in; none for the repo.
    pub fn file(self) -> Option<FileId> {
        match self {
            Subject::Block(block) => Some(block.file.id),
            Subject::Object(object) => Some(object.block.file.id),
            Subject::Image(image) => Some(image.site.file),
            Subject::File(file) => Some(file.id),
            Subject::Change(change) => Some(change.site.file),
            Subject::Repo => None,
        }
    }

    /// The files that override what it says.
    pub fn overrides(self) -> impl Iterator<Item = FileId> + 'a {
        let file = match self {
            Subject::Block(block) => Some(block.file),
            Subject::Object(object) => Some(object.block.file),
            Subject::Image(_) | Subject::File(_) | Subject::Change(_) | Subject::Repo => None,
        };
        file.into_iter().flat_map(SourceFile::joined_with)
    }

    /// Whether what is found about it may lie in `file`, and rows that are gathered from it: it lies there itself, or is
    /// overridden there.
    pub fn lies_in(self, file: FileId) -> bool {
        self.file().is_none_or(|own| own == file) || self.overrides().any(|other| other == file)
    }
}

/// What every check may look at.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The model.
    pub repo: &'a Repo<'a>,
    /// The rows that the rules of the run have asked for.
    pub gathered: &'a Gathered,
    /// What files said earlier, as far as some check looks back and the history shows it.
    pub past: &'a Past,
    /// What changed, in a run that compares two states.
    pub change: Option<&'a Change<'a>>,
    /// Whether anybody wants to know what is found in a file: what looks at the whole repo need not look there.
    pub is_wanted: &'a (dyn Fn(FileId) -> bool + Sync),
    /// The same of files that were not read, by path.
    pub is_wanted_unread: &'a (dyn Fn(&str) -> bool + Sync),
}

impl<'a> Context<'a> {
    /// The files in which somebody wants to know what is found.
    pub fn wanted_files(&self) -> impl Iterator<Item = &'a SourceFile> + use<'a> {
        let is_wanted = self.is_wanted;
        self.repo.sources.iter().filter(move |file| is_wanted(file.id))
    }

    /// Whether somebody wants to know what is found in the file at `path`.
    pub fn wants(&self, path: &str) -> bool {
        let file = self.repo.source(path).map(|file| file.id);
        file.map_or_else(|| (self.is_wanted_unread)(path), self.is_wanted)
    }
}

/// Which files of Terraform code a check wants to see as they were before the commit under check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LookBack {
    /// How many days before.
    pub days: u32,
    /// Texts one of which is in the file now.
    pub words: Vec<String>,
}

/// Judges subjects. Pure: no I/O, clock, environment or printing.
pub trait Check: Send + Sync {
    /// What it wants to be shown.
    fn interests(&self) -> Vec<Interest>;
    /// The gathers, by number, whose rows it looks at.
    fn needs(&self) -> &[usize] {
        &[]
    }
    /// What it asks about rows: nothing about those that it judges, where it takes each by itself.
    fn looks(&self) -> Vec<Look> {
        self.needs().iter().map(|&gather| Look { gather, is_beside: false }).collect()
    }
    /// Whether it may have anything to say about the subject, as far as that can be told before anything is gathered.
    fn may_judge<'a>(&self, _repo: &'a Repo<'a>, _shown: &Shown<'a>) -> bool {
        true
    }
    /// The gather, by number, whose rows it judges, if it judges rows: what it finds lies in the file of the row.
    fn rows_of(&self) -> Option<usize> {
        None
    }
    /// Whether what it finds may lie in another file than its subject, as in one that a block reads: then it is shown
    /// every subject, whichever files are asked about.
    fn finds_elsewhere(&self) -> bool {
        false
    }
    /// How it comes to its answer about one subject; nothing where it can only tell the answer.
    fn explain(&self, _context: &Context<'_>, _subject: Subject<'_>) -> Vec<Explanation> {
        Vec::new()
    }
    /// The places without which it may find what it does not find now; nothing where it cannot tell.
    fn upheld(&self, _context: &Context<'_>, _subject: Subject<'_>) -> Vec<Span> {
        Vec::new()
    }
    /// Whether it only searches texts, and what it works out about one serves nobody else.
    fn searches(&self) -> bool {
        false
    }
    /// Lets go of what searching has made it remember, because it has searched all texts.
    fn rest(&self) {}
    /// What it wants to know of the past.
    fn looks_back(&self) -> Option<LookBack> {
        None
    }
    /// Whether it judges a change: without two states to compare it is not run, and what it finds is reported wherever it
    /// is.
    fn compares(&self) -> bool {
        false
    }
    /// Whether it judges the commits that a comparison adds.
    fn judges_commits(&self) -> bool {
        false
    }
    /// Whether it judges what plans would change: without plans it is not run.
    fn judges_plans(&self) -> bool {
        false
    }
    /// Judges one subject of a kind it asked for.
    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings);
    /// The same, with what checks before it have worked out about the subject.
    fn judge_shown<'a>(&self, context: &Context<'a>, shown: &Shown<'a>, out: &mut Findings) {
        self.judge(context, shown.subject, out);
    }
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Sites in scope: judged or unknown.
    pub sites: usize,
    /// Sites whose value is not known.
    pub unknown: Vec<Unjudged>,
    /// What is wrong.
    pub found: Vec<Finding>,
}

/// A site that could not be judged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unjudged {
    /// The site.
    pub site: Span,
    /// What of it is not known: the site itself, or what stands there.
    pub place: Span,
    /// Why.
    pub reason: String,
}

impl Findings {
    /// Whether nothing is wrong and nothing unknown.
    pub fn is_empty(&self) -> bool {
        self.unknown.is_empty() && self.found.is_empty()
    }

    /// Counts a site in scope.
    pub fn site(&mut self) {
        self.sites += 1;
    }

    /// Counts a site at `span`, if that is in scope: what is shown the whole repo meets many that are not.
    pub fn site_at(&mut self, context: &Context<'_>, span: Span) {
        self.sites += usize::from((context.is_wanted)(span.file));
    }

    /// The same in the file at `path`, read or not.
    pub fn site_in(&mut self, context: &Context<'_>, path: &str) {
        self.sites += usize::from(context.wants(path));
    }

    /// Records that the site at `span` could not be judged (the site itself is counted by [`Findings::site`]).
    pub fn unknown(&mut self, span: Span, reason: impl Into<String>) {
        self.unknown_at(span, span, reason);
    }

    /// The same of the site at `site`, because of what stands at `place`.
    pub fn unknown_at(&mut self, site: Span, place: Span, reason: impl Into<String>) {
        self.unknown.push(Unjudged { site, place, reason: reason.into() });
    }

    /// Records a finding.
    pub fn report(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}

/// One thing wrong, not yet worded.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Which of the check's outcomes.
    pub outcome: SmolStr,
    /// The smallest thing that is wrong.
    pub span: Span,
    /// Values for the placeholders.
    pub args: Vec<(SmolStr, String)>,
    /// Other places that explain it.
    pub related: Vec<Label>,
    /// Terraform's address of the block, relative to its module.
    pub address: Option<String>,
    /// A mechanical fix.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding at `span` with nothing else known about it.
    pub fn new(outcome: impl Into<SmolStr>, span: Span) -> Self {
        Self {
            outcome: outcome.into(),
            span,
            args: Vec::new(),
            related: Vec::new(),
            address: None,
            fix: None,
        }
    }

    /// Gives a placeholder its value.
    #[must_use]
    pub fn arg(mut self, name: impl Into<SmolStr>, value: impl Into<String>) -> Self {
        self.args.push((name.into(), value.into()));
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: message.into() });
        self
    }

    /// Brings the edit that mends it, if there is one.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: &str,
        edits: Option<Vec<Edit>>,
    ) -> Self {
        self.fix = edits.map(|edits| Fix::of_edits(title, applicability, edits));
        self
    }

    /// Brings the link that mends it.
    #[must_use]
    pub fn link_fix(mut self, title: &str, link: LinkEdit) -> Self {
        // What comes to lie beside the code is another thing than what it says.
        let applicability = Applicability::Unsafe;
        let title = title.to_owned();
        self.fix = Some(Fix { title, applicability, edits: Vec::new(), links: vec![link] });
        self
    }

    /// Names the block.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }
}
