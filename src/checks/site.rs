//! Sites that a generator makes of documents: where a link of a page leads there, which is not always where it leads in the repo.
//!
//! Invariant: where a generator leaves a link to the browser, it is seen from the address of the page; where that is not known, nobody
//! says that it leads nowhere.

use std::collections::BTreeSet;

use crate::model::{Repo, resolve_path};
use crate::rule::{OptionError, Options};
use crate::syntax::language::Language;
use crate::syntax::yaml::Node;
use crate::syntax::{Format, SourceFile};
use crate::text::{Globs, dir_of, path_in};

/// What tells of a site.
pub(super) struct SiteFiles {
    mkdocs: Globs,
    docusaurus: Globs,
    /// Plugins of `MkDocs` that make pages, or lead addresses elsewhere.
    page_makers: Vec<String>,
}

impl SiteFiles {
    pub(super) fn read(options: &mut Options<'_>) -> Result<SiteFiles, OptionError> {
        Ok(SiteFiles {
            mkdocs: options.globs("mkdocs")?,
            docusaurus: options.globs("docusaurus")?,
            page_makers: options.strings("page_makers")?,
        })
    }

    /// The sites of `repo`.
    pub(super) fn sites(&self, repo: &Repo<'_>) -> Vec<Site> {
        let mut sites = Vec::new();
        for file in repo.sources {
            if self.mkdocs.is_match(&file.path) {
                sites.push(self.of_mkdocs(file));
            } else if self.docusaurus.is_match(&file.path) {
                sites.push(of_docusaurus(file));
            }
        }
        sites
    }

    fn of_mkdocs(&self, file: &SourceFile) -> Site {
        let trees = Language::Yaml.parse(&file.text).unwrap_or_default();
        let of = |key| trees.first().and_then(|tree| tree.get(key));
        let docs = of("docs_dir").and_then(Node::as_str).unwrap_or("docs");
        let docs = resolve_path(dir_of(&file.path), docs).unwrap_or_default();
        let says_no = of("use_directory_urls")
            .is_some_and(|it| file.slice(it.range).trim().eq_ignore_ascii_case("false"));
        let plugins = of("plugins").map(|it| (it.items(), it.entries())).unwrap_or_default();
        let named = plugins.0.iter().filter_map(|it| {
            it.as_str().or_else(|| it.entries().first().and_then(|entry| entry.key.as_str()))
        });
        let mut named = named.chain(plugins.1.iter().filter_map(|entry| entry.key.as_str()));
        // Of a file that is not understood, nothing is known.
        let makes = trees.is_empty()
            || of("hooks").is_some()
            || named.any(|name| self.page_makers.iter().any(|it| it == name));
        Site {
            roots: vec![docs.clone()],
            docs: vec![docs],
            has_addresses: !says_no && !makes,
            is_whole: !makes,
        }
    }
}

/// Where documents lie, its code says in ways that nobody follows here but for texts.
fn of_docusaurus(file: &SourceFile) -> Site {
    let dir = dir_of(&file.path);
    let mut docs: Vec<String> = vec![path_in(dir, "docs")];
    for piece in file.text.split("path:").skip(1) {
        let piece = piece.trim_start();
        let Some(quote) = piece.chars().next().filter(|it| matches!(it, '\'' | '"' | '`')) else {
            continue;
        };
        let path = piece[1..].split(quote).next().unwrap_or_default();
        docs.extend(resolve_path(dir, path).filter(|it| !it.is_empty()));
    }
    let mut roots = docs.clone();
    roots.push(dir.to_owned());
    Site { roots, docs, has_addresses: false, is_whole: true }
}

/// A site.
pub(super) struct Site {
    /// What is below these directories is a page of it.
    roots: Vec<String>,
    /// From where its pages may be named.
    docs: Vec<String>,
    /// Whether the page of `a/b.md` is at `a/b/`.
    has_addresses: bool,
    /// Whether all pages lie in the repo.
    is_whole: bool,
}

/// Where a link may lead.
pub(super) enum Leads {
    /// To one of these files and directories, or nowhere.
    To(Vec<String>),
    /// To one of these, or to what is not known.
    Perhaps(Vec<String>),
}

impl Site {
    /// Whether the document at `path` is a page of it.
    pub(super) fn has(&self, path: &str) -> bool {
        let is_below = |root: &String| root.is_empty() || path.starts_with(&format!("{root}/"));
        self.roots.iter().any(is_below)
    }

    /// Where `link`, as it is written in the page at `path`, leads.
    pub(super) fn leads(&self, path: &str, link: &str) -> Leads {
        let name = link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_from_root = link.starts_with('/');
        let below = link.trim_start_matches('/');
        let mut ways: Vec<String> =
            self.docs.iter().filter_map(|docs| resolve_path(docs, below)).collect();
        if Format::of(name) == Format::Markdown || ending == "mdx" {
            // It is the document that is named, also from the root of all.
            ways.extend(resolve_path(dir_of(path), below).filter(|_| !is_from_root));
            return if self.is_whole && !is_from_root {
                Leads::To(ways)
            } else {
                Leads::Perhaps(ways)
            };
        }
        if self.has_addresses && !is_from_root {
            let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
            let is_index = matches!(stem.rsplit('/').next(), Some("index" | "README"));
            let address = if is_index { dir_of(path) } else { stem };
            ways = resolve_path(address, link).into_iter().collect();
        }
        let pages = |way: &String| {
            ["index.md", "README.md"]
                .map(|name| path_in(way, name))
                .into_iter()
                .chain([format!("{way}.md")])
        };
        let pages: Vec<String> = ways.iter().flat_map(pages).collect();
        // What leads out of the site may be another one at the same host.
        let is_inside = ways.iter().all(|way| self.has(&format!("{way}/")));
        ways.extend(pages);
        let is_known = self.has_addresses && !is_from_root && is_inside;
        if is_known && ending != "html" { Leads::To(ways) } else { Leads::Perhaps(ways) }
    }
}

/// Whether a generator may give the heading with one of the `anchors` this one: they agree on letters and digits, and number headings
/// of the same words.
pub(super) fn may_be_anchor(anchor: &str, anchors: &BTreeSet<&str>) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let first = anchor.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['-', '_']);
    let meant = [plain(anchor), plain(first)];
    // What stands for a sign in a heading (`:warning:`) is in no anchor.
    anchors
        .iter()
        .any(|it| meant.iter().any(|meant| !meant.is_empty() && plain(it).ends_with(meant)))
}

/// Whether something else puts parts into the page with this text.
pub(super) fn is_put_together(text: &str) -> bool {
    ["{%", "{{", "--8<--", "\n::: ", "\nimport "].iter().any(|it| text.contains(it))
}
