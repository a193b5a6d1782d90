//! A path that a document or a comment names leads to a file or directory of the repo.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{Repo, resolve_path};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::language::Language;
use crate::syntax::yaml::Node;
use crate::syntax::{Format, SourceFile};
use crate::text::{Globs, LazyRegex, TextRange, dir_of};

use super::site::{Leads, Site, SiteFiles, is_put_together, may_be_anchor};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "dead_path",
    outcomes: &[
        Outcome { name: "link", placeholders: &["path"] },
        Outcome { name: "anchor", placeholders: &["path", "anchor"] },
        Outcome { name: "path", placeholders: &["path"] },
        Outcome { name: "comment", placeholders: &["path"] },
    ],
    build,
};

struct DeadPath {
    /// Documents whose links and code spans are followed.
    documents: Globs,
    /// Files whose comments are searched for paths.
    commented: Globs,
    /// What is not read although it is one of these.
    except: Globs,
    /// Paths that are somebody else's.
    elsewhere: Globs,
    /// What a path from the root begins with.
    roots: Vec<String>,
    /// What a sentence says of something that is rightly not there.
    gone: LazyRegex,
    /// What tells of sites that are made of documents.
    site_files: SiteFiles,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(DeadPath {
        documents: options.globs("documents")?,
        commented: options.globs("commented")?,
        except: options.globs("except")?,
        elsewhere: options.globs("elsewhere")?,
        roots: options.strings("roots")?,
        gone: options.regex("gone")?,
        site_files: SiteFiles::read(options)?,
    }))
}

impl Check for DeadPath {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let paths = Paths::of(context.repo, self.site_files.sites(context.repo));
        for file in context.wanted_files().filter(|file| !self.except.is_match(&file.path)) {
            if self.documents.is_match(&file.path) {
                self.document(&paths, file, out);
            } else if self.commented.is_match(&file.path) {
                self.comments(&paths, file, out);
            }
        }
    }
}

impl DeadPath {
    fn document(&self, paths: &Paths<'_>, file: &SourceFile, out: &mut Findings) {
        let Ok(trees) = Language::Markdown.parse(&file.text) else { return };
        let statements = trees.first().and_then(|tree| tree.get("statements"));
        let anchors = trees.first().map(anchors).unwrap_or_default();
        for statement in statements.map(Node::items).unwrap_or_default() {
            if self.gone.is_match(file.slice(statement.range)) {
                continue;
            }
            for link in statement.get("links").map(Node::items).unwrap_or_default() {
                paths.link(file, link, &anchors, out);
            }
            for code in statement.get("code").map(Node::items).unwrap_or_default() {
                let Some(text) = code.as_str() else { continue };
                let Some(path) = self.path_in(text).or_else(|| self.script_in(text)) else {
                    continue;
                };
                let is_start = file.slice(code.range).starts_with(path);
                let range = if is_start { code.range.slice(0, path.len()) } else { code.range };
                paths.report(file, path, range, "path", out);
            }
        }
    }

    fn comments(&self, paths: &Paths<'_>, file: &SourceFile, out: &mut Findings) {
        for comment in file.comments().all() {
            let text = file.slice(comment.range);
            if self.gone.is_match(text) {
                continue;
            }
            let mut at = 0;
            for word in text.split_inclusive([' ', '\t', '\n', '`', '(', ')', ',', '"', '\'']) {
                let start = comment.range.start as usize + at;
                at += word.len();
                let word = word.trim_end_matches([
                    ' ', '\t', '\r', '\n', '`', '(', ')', ',', '"', '\'', '.', ':', ';',
                ]);
                // Words with a slash between them are no path; files have an ending.
                let is_file =
                    |path: &&str| path.rsplit('/').next().is_some_and(|it| it.contains('.'));
                if let Some(path) = self.path_in(word).filter(is_file) {
                    let range = TextRange::new(start, start + path.len());
                    paths.report(file, path, range, "comment", out);
                }
            }
        }
    }

    /// The path from the root of the script that `text` calls with words behind it.
    fn script_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (program, _) = text.split_once(' ')?;
        let path = self.path_in(program.strip_prefix("./").unwrap_or(program))?;
        path.rsplit('/').next()?.contains('.').then_some(path)
    }

    /// The path from the root that `text` is, without the line it may name.
    fn path_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let path = text.split(':').next()?.trim_end_matches('/');
        let is_path = path.contains('/')
            && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/@".contains(&byte))
            && !path.contains("...")
            && self.roots.iter().any(|root| path.starts_with(root.as_str()));
        (is_path && !self.elsewhere.is_match(path)).then_some(path)
    }
}

/// What a path may lead to.
struct Paths<'r> {
    repo: &'r Repo<'r>,
    /// Every file, and every directory that one is in; the root is the empty one.
    known: BTreeSet<&'r str>,
    sites: Vec<Site>,
}

impl<'r> Paths<'r> {
    fn of(repo: &'r Repo<'r>, sites: Vec<Site>) -> Self {
        let sources = repo.sources.iter().map(|file| &*file.path);
        let mut known = BTreeSet::from([""]);
        for file in sources.chain(repo.skipped.iter().map(|file| &*file.path)) {
            let mut path = file;
            while !path.is_empty() && known.insert(path) {
                path = dir_of(path);
            }
        }
        Self { repo, known, sites }
    }

    fn link(&self, file: &SourceFile, link: &Node, anchors: &BTreeSet<&str>, out: &mut Findings) {
        let of = |key| link.get(key).and_then(|part| Some((part.as_str()?, part.range)));
        let Some((path, range)) = of("path") else { return };
        let is_mail = path.starts_with("mailto:") || (path.contains('@') && !path.contains('/'));
        if path.contains("://") || is_mail || path.contains(['<', '{', '$']) {
            return;
        }
        let anchor = of("anchor");
        if path.is_empty() {
            if let Some(anchor) = anchor {
                self.anchor(file, anchor, file, anchors, out);
            }
            return;
        }
        // In a page of a site, a link of HTML starts from where the page is put.
        let before = &file.text[..range.start as usize];
        if before.ends_with(['"', '\'']) && self.site_of(&file.path).is_some() {
            return;
        }
        let written = decoded(path.split('?').next().unwrap_or(path));
        // What leads out of the repo, as to its issues, and a page of the site that is made of it, nobody can look for here.
        let Some(target) = resolve_path(dir_of(&file.path), &written) else { return };
        if written.starts_with('/')
            && !self.known.contains(target.split('/').next().unwrap_or_default())
        {
            return;
        }
        let mut found = Some(target).filter(|target| self.leads_somewhere(target));
        if let (None, Some(site)) = (&found, self.site_of(&file.path)) {
            let (ways, is_known) = match site.leads(&file.path, &written) {
                Leads::To(ways) => (ways, true),
                Leads::Perhaps(ways) => (ways, false),
            };
            found = ways.into_iter().find(|way| self.leads_somewhere(way));
            if found.is_none() && !is_known {
                return;
            }
        }
        out.site();
        let Some(target) = found else {
            return out.report(Finding::new("link", file.span(range)).arg("path", path));
        };
        let document = self.repo.source(&target).filter(|it| it.format == Format::Markdown);
        if let (Some(document), Some(anchor)) = (document, anchor)
            && let Ok(trees) = Language::Markdown.parse(&document.text)
        {
            let anchors = trees.first().map(self::anchors).unwrap_or_default();
            self.anchor(file, anchor, document, &anchors, out);
        }
    }

    /// Judges an anchor that `file` names, of a `document` with the headings `anchors`.
    fn anchor(
        &self,
        file: &SourceFile,
        (anchor, range): (&str, TextRange),
        document: &SourceFile,
        anchors: &BTreeSet<&str>,
        out: &mut Findings,
    ) {
        // `#` and `#top` are the top of every document.
        if anchor.is_empty() || anchor.eq_ignore_ascii_case("top") {
            return;
        }
        out.site();
        let heading = &*decoded(anchor);
        // What makes a sign colourful is in the anchor, where the sign itself is not.
        let plain = heading.replace('\u{fe0f}', "");
        let is_page = self.site_of(&document.path).is_some();
        let is_there = anchors.contains(heading)
            || anchors.contains(plain.as_str())
            || is_page && (may_be_anchor(heading, anchors) || is_put_together(&document.text));
        if !is_there && !is_set(&document.text, heading) && !self.is_labelled(heading) {
            let finding = Finding::new("anchor", file.span(range));
            out.report(finding.arg("path", &*document.path).arg("anchor", anchor));
        }
    }

    fn report(
        &self,
        file: &SourceFile,
        path: &str,
        range: TextRange,
        outcome: &'static str,
        out: &mut Findings,
    ) {
        out.site();
        if !self.leads_somewhere(path) && !self.is_part_of_one(path) {
            out.report(Finding::new(outcome, file.span(range)).arg("path", path));
        }
    }

    /// The site that the document at `path` is a page of.
    fn site_of(&self, path: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.has(path))
    }

    /// Whether some document gives the label `name` to what follows (`(name)=`), which links name wherever they are.
    fn is_labelled(&self, name: &str) -> bool {
        let label = format!("({name})=");
        let mut documents = self.repo.sources.iter().filter(|it| it.format == Format::Markdown);
        documents.any(|document| document.text.contains(&label))
    }

    fn leads_somewhere(&self, path: &str) -> bool {
        self.known.contains(path) || self.repo.link(path).is_some()
    }

    /// Whether a path of the repo goes on where this one ends (`docs/adr/0021`), or ends with it: seen from a stack.
    fn is_part_of_one(&self, path: &str) -> bool {
        let longer = self.known.range(path..).next().and_then(|known| known.strip_prefix(path));
        longer.is_some_and(|rest| path.ends_with('-') || rest.starts_with(['-', '.']))
            || self
                .known
                .iter()
                .any(|known| known.strip_suffix(path).is_some_and(|before| before.ends_with('/')))
    }
}

/// What the reader of a link makes of it: `%20` is a space. What stands for no character stays as it is written.
fn decoded(written: &str) -> Cow<'_, str> {
    if !written.contains('%') {
        return written.into();
    }
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).map_or(written.into(), Cow::Owned)
}

/// Whether the document sets the anchor itself: in HTML, as generators of documents do (`<a name="x">`, `id="x"`), or behind a heading
/// (`{ #x }`).
fn is_set(text: &str, anchor: &str) -> bool {
    let written = [
        format!("name=\"{anchor}\""),
        format!("id=\"{anchor}\""),
        format!("{{#{anchor}}}"),
        format!("{{ #{anchor} "),
    ];
    written.iter().any(|it| text.contains(it))
}

/// What links to the headings of a document name them.
fn anchors(tree: &Node) -> BTreeSet<&str> {
    let headings = tree.get("headings").map(Node::items).unwrap_or_default();
    headings.iter().filter_map(|heading| heading.get("anchor")?.as_str()).collect()
}
