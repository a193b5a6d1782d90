//! What modules require: versions that Terraform can read, providers whose address is one, and a version only of what has versions.

use crate::model::BlockRef;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Expr, ExprKind};
use crate::text::LazyRegex;

use super::old_release::is_for_old_release;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "version_constraint",
    outcomes: &[
        Outcome { name: "version", placeholders: &["written"] },
        Outcome { name: "prefix", placeholders: &["written", "plain"] },
        Outcome { name: "source", placeholders: &["written"] },
        Outcome { name: "redundant", placeholders: &["written", "plain"] },
        Outcome { name: "key", placeholders: &["name"] },
        Outcome { name: "alias", placeholders: &["written", "provider"] },
        Outcome { name: "unversioned", placeholders: &["source"] },
        Outcome { name: "module", placeholders: &["source"] },
    ],
    build,
};

struct VersionConstraint {
    /// One of the constraints between commas.
    constraint: LazyRegex,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(VersionConstraint { constraint: options.regex("constraint")? }))
}

/// What a provider is required with.
const KEYS: [&str; 3] = ["source", "version", "configuration_aliases"];

/// How an address of a module begins that no registry has.
const NO_REGISTRY: [&str; 6] = ["./", "../", "github.com/", "bitbucket.org/", "git@", "git::"];

impl Check for VersionConstraint {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("terraform"), Interest::blocks("module")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        if is_for_old_release(context.repo, block.module) {
            return;
        }
        let body = &block.block.body;
        if block.block.kind.name == "module" {
            return self.judge_call(&block, out);
        }
        if let Some(version) = body.attribute("required_version") {
            self.judge_version(&block, &version.value, out);
        }
        for provider in body.blocks_of("required_providers").flat_map(|it| it.body.attributes()) {
            self.judge_provider(&block, &provider.key.name, &provider.value, out);
        }
    }
}

impl VersionConstraint {
    fn judge_call(&self, block: &BlockRef<'_>, out: &mut Findings) {
        let body = &block.block.body;
        let Some(at) = body.attribute("source") else { return };
        out.site();
        let Some(source) = at.value.as_literal() else { return };
        if is_bare_path(&source) {
            let finding = Finding::new("module", block.file.span(at.value.range));
            return out.report(finding.address(block.address()).arg("source", &*source));
        }
        let Some(version) = body.attribute("version") else { return };
        let is_elsewhere = NO_REGISTRY.iter().any(|start| source.starts_with(start))
            || source.contains("::")
            || source.contains("://");
        if is_elsewhere {
            let finding = Finding::new("unversioned", block.file.span(version.range));
            out.report(finding.address(block.address()).arg("source", &*source));
        } else {
            self.judge_version(block, &version.value, out);
        }
    }

    /// Judges a constraint; says whether it is one.
    fn judge_version(&self, block: &BlockRef<'_>, value: &Expr, out: &mut Findings) -> bool {
        out.site();
        let Some(written) = value.as_literal() else { return false };
        let span = block.file.span(value.range);
        if is_filled_in(&written) {
            out.unknown(span, "something may be filled in here");
            return false;
        }
        let is_constraint = written.split(',').all(|it| self.constraint.is_match(it));
        if !is_constraint {
            out.report(Finding::new("version", span).arg("written", &*written));
        }
        is_constraint
    }

    fn judge_provider(&self, block: &BlockRef<'_>, name: &str, value: &Expr, out: &mut Findings) {
        let ExprKind::Object(entries) = &value.kind else {
            return self.judge_provider_version(block, value, out);
        };
        for entry in entries {
            let Some(key) = entry.literal_key() else { continue };
            match key.as_str() {
                "version" => self.judge_provider_version(block, &entry.value, out),
                "source" => judge_source(block, &entry.value, out),
                "configuration_aliases" => judge_aliases(block, name, &entry.value, out),
                key if !KEYS.contains(&key) => {
                    out.site();
                    let finding = Finding::new("key", block.file.span(entry.key.range));
                    out.report(finding.arg("name", key));
                }
                _ => {}
            }
        }
    }

    /// Of a provider, Terraform reads no `v` before a version.
    fn judge_provider_version(&self, block: &BlockRef<'_>, value: &Expr, out: &mut Findings) {
        if !self.judge_version(block, value, out) {
            return;
        }
        let Some(written) = value.as_literal() else { return };
        let is_prefix =
            |it: &str| it.trim_start_matches(['=', '!', '<', '>', '~', ' ']).starts_with('v');
        if written.split(',').any(is_prefix) {
            let finding = Finding::new("prefix", block.file.span(value.range));
            let plain = written.replace('v', "");
            out.report(finding.arg("written", &*written).arg("plain", plain));
        }
    }
}

/// The configurations that a provider is to have are its own: `aws.west` of `aws`.
fn judge_aliases(block: &BlockRef<'_>, provider: &str, value: &Expr, out: &mut Findings) {
    let ExprKind::Tuple(aliases) = &value.unparenthesised().kind else { return };
    for alias in aliases {
        out.site();
        let references = alias.references(&[]);
        let [reference] = references.as_slice() else { continue };
        if reference.root != provider {
            let finding = Finding::new("alias", block.file.span(alias.range));
            let written = block.file.slice(alias.range);
            out.report(finding.arg("written", written).arg("provider", provider));
        }
    }
}

fn judge_source(block: &BlockRef<'_>, value: &Expr, out: &mut Findings) {
    out.site();
    let Some(written) = value.as_literal() else { return };
    let span = block.file.span(value.range);
    if is_filled_in(&written) {
        return out.unknown(span, "something may be filled in here");
    }
    let parts: Vec<&str> = written.split('/').collect();
    let (&[name] | &[_, name] | &[_, _, name]) = parts.as_slice() else {
        return out.report(Finding::new("source", span).arg("written", &*written));
    };
    // Of a host, more is allowed.
    let judged = if parts.len() == 3 { &parts[1..] } else { &parts };
    if parts.iter().any(|it| it.is_empty()) || !judged.iter().all(|it| is_part(it)) {
        return out.report(Finding::new("source", span).arg("written", &*written));
    }
    let plain = name.strip_prefix("terraform-");
    if let Some(plain) = plain.map(|it| it.strip_prefix("provider-").unwrap_or(it)) {
        let plain = format!("{}{plain}", &written[..written.len() - name.len()]);
        let finding = Finding::new("redundant", span).arg("written", &*written);
        out.report(finding.arg("plain", plain));
    }
}

/// Whether `source` is one name, or two: too few for a registry, and nothing else begins so.
fn is_bare_path(source: &str) -> bool {
    let (path, _) = source.split_once("//").unwrap_or((source, ""));
    let is_name = |part: &str| {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !part.is_empty() && part.bytes().all(is_known)
    };
    path.split('/').count() <= 2 && path.split('/').all(is_name)
}

/// Whether a provider, or whoever publishes it, may be called so.
fn is_part(part: &str) -> bool {
    // What Terraform 0.12 wrote for a provider of nobody.
    if part == "-" {
        return true;
    }
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii();
    part.chars().all(is_known)
        && !part.starts_with('-')
        && !part.ends_with('-')
        && !part.contains("--")
}

/// Whether something else may fill in what `text` is, before Terraform reads it: `{{ name }}`, `<name>`, `@name@`, `x.x.x`.
pub(super) fn is_filled_in(text: &str) -> bool {
    text.contains(['{', '$', '%', '@', '#'])
        || (text.starts_with('<') && text.ends_with('>'))
        || text.starts_with("__")
        || (text.contains('x')
            && text.chars().all(|c| matches!(c, 'x' | '.' | '~' | '>' | '=' | ' ')))
}
