//! A path that something else changes behind Terraform's back must be effectively ignored.

use crate::model::{
    AttributePath, BlockRef, Declared, IgnoreChanges, Reason, Repo, Scope, declared,
};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::Block;
use crate::text::Span;

use super::condition::{Condition, Holds, all_hold, parse_path};
use super::source::{ObjectList, matches_any};
use crate::rule::Match;

const PLACEHOLDERS: &[&str] = &["path", "kind", "name", "marker"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "ignored_path",
    summary: "a path that something else changes is effectively in `ignore_changes`",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "ineffective", placeholders: PLACEHOLDERS },
    ],
    build,
};

pub(super) const UNLESS_DECLARED: CheckDef = CheckDef {
    name: "ignored_path_unless_declared",
    summary: "a path that something else changes is effectively in `ignore_changes`, where the resource does not declare it",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "ineffective", placeholders: PLACEHOLDERS },
        Outcome { name: "declared", placeholders: PLACEHOLDERS },
    ],
    build: build_unless_declared,
};

struct IgnoredPath {
    target: Target,
    /// What the entry must carry, where the convention has a marker: for the help.
    marker: Option<String>,
    /// Blocks that take the field over, so that nothing else changes it.
    unless_declared: Option<OwnDeclaration>,
    excluded_namespaces: Option<ObjectList>,
}

/// The path to be ignored, by resource type, and which resources of these types are meant.
pub(super) struct Target {
    paths: Vec<(String, AttributePath, String)>,
    conditions: Vec<Condition>,
}

/// `{ block = "option", attribute = "name", value = "ndots" }`, inside the block at the ignored path.
struct OwnDeclaration {
    block: String,
    attribute: String,
    value: String,
}

/// A resource that a rule about an ignored path judges.
pub(super) struct Site<'t, 's> {
    pub(super) path: &'t AttributePath,
    pub(super) path_text: &'t str,
    pub(super) scopes: Vec<Scope<'s>>,
}

impl Target {
    pub(super) fn read(options: &mut Options<'_>) -> Result<Target, OptionError> {
        let place = options.place();
        let paths = options.string_map("paths")?;
        let parse = |(kind, text): (String, String)| Ok((kind, parse_path(&text, place)?, text));
        let paths = paths.into_iter().map(parse).collect::<Result<_, OptionError>>()?;
        Ok(Target { paths, conditions: Condition::read(options, "where")? })
    }

    pub(super) fn interest(&self) -> Interest {
        let labels = self.paths.iter().map(|(kind, _, _)| kind.clone()).collect();
        Interest::Blocks { kind: "resource".into(), labels }
    }

    /// The site at `block`, if the rule is about it. Counts it, and records it where that is not known.
    pub(super) fn site<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        out: &mut Findings,
    ) -> Option<Site<'_, 's>> {
        let kind = block.block.label(0)?;
        let (_, path, path_text) = self.paths.iter().find(|(known, _, _)| known == kind)?;
        let scopes = repo.scopes(block);
        match all_hold(&self.conditions, repo, block, &scopes) {
            Holds::Yes => {
                out.site();
                Some(Site { path, path_text, scopes })
            }
            Holds::No => None,
            Holds::Unknown(reason) => {
                out.site();
                out.unknown(block.header(), reason.0.to_string());
                None
            }
        }
    }
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(IgnoredPath::read(options)?))
}

fn build_unless_declared(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let unless_declared = options
        .each_object("unless_declared", |entry| {
            let (block, attribute) = (entry.string("block")?, entry.string("attribute")?);
            Ok(OwnDeclaration { block, attribute, value: entry.string("value")? })
        })?
        .pop();
    Ok(Box::new(IgnoredPath { unless_declared, ..IgnoredPath::read(options)? }))
}

impl Check for IgnoredPath {
    fn interests(&self) -> Vec<Interest> {
        vec![self.target.interest()]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(site) = self.target.site(context.repo, &block, out) else { return };
        let ignored = IgnoreChanges::of(block.block);
        if ignored.as_ref().is_some_and(|ignored| ignored.covering(site.path).is_some()) {
            return;
        }
        match self.namespaces_are_excluded(context.repo, &block, &site.scopes) {
            Ok(true) => return,
            Ok(false) => {}
            Err(reason) => return out.unknown(block.header(), reason.0.to_string()),
        }
        let span = match &ignored {
            Some(ignored) => block.file.span(ignored.attribute.value.range),
            None => block.header(),
        };
        let near_miss = ignored.as_ref().and_then(|ignored| ignored.ineffective(site.path));
        let outcome = if self.declares_itself(&block, site.path) {
            "declared"
        } else if near_miss.is_some() {
            "ineffective"
        } else {
            "missing"
        };
        let mut finding = finding(outcome, span, &block, site.path_text)
            .arg("marker", self.marker.as_deref().unwrap_or_default());
        if let Some(range) = near_miss {
            finding = finding.related(
                block.file.span(range),
                "Terraform accepts this entry, and it has no effect",
            );
        }
        let policy = self.excluded_namespaces.as_ref().and_then(|list| list.object(context.repo));
        if let Some(policy) = policy {
            finding = finding
                .related(policy.block.header(), "required here: this policy changes the field");
        }
        out.report(finding);
    }
}

fn finding(outcome: &'static str, span: Span, block: &BlockRef<'_>, path: &str) -> Finding {
    Finding::new(outcome, span)
        .arg("path", path)
        .arg("kind", block.block.label(0).unwrap_or_default())
        .arg("name", block.block.label(1).unwrap_or_default())
        .address(block.address())
}

impl IgnoredPath {
    /// The options that both checks have.
    fn read(options: &mut Options<'_>) -> Result<IgnoredPath, OptionError> {
        let target = Target::read(options)?;
        let excluded_namespaces = ObjectList::read(options, "excluded_namespaces")?;
        let marker = options.optional_string("marker")?;
        Ok(IgnoredPath { target, marker, unless_declared: None, excluded_namespaces })
    }

    /// Whether the block at the ignored path says what nothing else will then change.
    fn declares_itself(&self, block: &BlockRef<'_>, path: &AttributePath) -> bool {
        let Some(own) = &self.unless_declared else { return false };
        let Declared::Block(declared) = declared(&block.block.body, path) else { return false };
        let is_own = |inner: &&Block| {
            let attribute = inner.body.attribute(&own.attribute);
            attribute
                .and_then(|attribute| attribute.value.as_literal())
                .is_some_and(|value| value == own.value)
        };
        declared.body.blocks_of(&own.block).any(|inner| is_own(&inner))
    }

    /// Whether the mutating policy certainly leaves every namespace alone that the resource may be in; or why the policy
    /// cannot be read. A namespace that is not known is no excuse: the entry does no harm where nothing changes the field.
    fn namespaces_are_excluded<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        scopes: &[Scope<'s>],
    ) -> Result<bool, Reason> {
        let Some(list) = &self.excluded_namespaces else { return Ok(false) };
        let Some(path) = AttributePath::parse("metadata[0].namespace") else { return Ok(false) };
        if list.object(repo).is_none() {
            return Ok(false);
        }
        let list = list.strings(repo);
        let excluded = list.as_ref().as_ref().map_err(Clone::clone)?;
        let is_excluded = |scope: &Scope<'s>| {
            let namespace = repo.value_at(block, &path, scope);
            namespace.is_some_and(|namespace| {
                let listed = |option| matches_any(excluded, option) == Match::Always;
                namespace.possibilities().iter().all(listed)
            })
        };
        Ok(!scopes.is_empty() && scopes.iter().all(is_excluded))
    }
}
