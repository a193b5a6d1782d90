//! What Terragrunt passes besides its inputs: variables and their files on the command line (`extra_arguments`), and
//! `TF_VAR_…` among its `env_vars`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::repo::ExprRef;
use super::unit_path::{unit_path, written_path};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Expr, ExprKind, ObjectEntry, TemplatePart};

/// What the names of variables in the environment begin with.
const IN_ENVIRONMENT: &str = "TF_VAR_";

/// One variable that is passed.
#[derive(Clone, Debug)]
pub struct Extra<'s> {
    /// The variable.
    pub name: SmolStr,
    /// The argument, or the value.
    pub expr: ExprRef<'s>,
    /// What stands before the value in the argument; nothing where it is all value.
    pub before: SmolStr,
    /// The unit's directory.
    pub dir: Arc<str>,
}

/// What is passed on the command line.
pub(super) enum Argument<'s> {
    Variable(Extra<'s>),
    /// A variable file: where it is written, and its path where that is understood.
    File(&'s Expr, Option<String>),
}

/// What `file` passes on the command line for the unit in `dir`: the last one counts, so it comes first.
///
/// Of each block Terragrunt passes the arguments first, then the required files, then the optional ones.
pub(super) fn command_line<'s>(file: &'s SourceFile, dir: &str) -> Vec<Argument<'s>> {
    let unit: Arc<str> = dir.into();
    let mut passed = Vec::new();
    for block in blocks(file) {
        passed.extend(arguments(file, block, &unit));
        for list in ["required_var_files", "optional_var_files"] {
            let Some(attribute) = block.body.attribute(list) else { continue };
            let files = match &attribute.value.unparenthesised().kind {
                ExprKind::Tuple(files) => files.as_slice(),
                _ => std::slice::from_ref(&attribute.value),
            };
            passed.extend(files.iter().map(|file| Argument::File(file, unit_path(file, dir))));
        }
    }
    passed.reverse();
    passed
}

/// The variables that `file` sets in the environment for the unit in `dir`, the last one first.
pub(super) fn environment<'s>(file: &'s SourceFile, dir: &str) -> Vec<Extra<'s>> {
    let dir: Arc<str> = dir.into();
    let entries = blocks(file).flat_map(|block| {
        match block.body.attribute("env_vars").map(|it| &it.value.unparenthesised().kind) {
            Some(ExprKind::Object(entries)) => entries.as_slice(),
            _ => &[],
        }
    });
    let variable = |entry: &'s ObjectEntry| {
        let name = entry.literal_key()?.strip_prefix(IN_ENVIRONMENT)?.into();
        let (expr, before) = (ExprRef { file, expr: &entry.value }, SmolStr::default());
        Some(Extra { name, expr, before, dir: Arc::clone(&dir) })
    };
    let mut found: Vec<Extra<'s>> = entries.filter_map(variable).collect();
    found.reverse();
    found
}

fn blocks(file: &SourceFile) -> impl Iterator<Item = &Block> {
    let document = file.hcl.iter();
    let terraform = document.flat_map(|document| document.body.blocks_of("terraform"));
    terraform.flat_map(|block| block.body.blocks_of("extra_arguments"))
}

/// `-var=NAME=VALUE` and `-var-file=PATH`, or the flag alone and what belongs to it behind it.
fn arguments<'s>(
    file: &'s SourceFile,
    block: &'s Block,
    dir: &Arc<str>,
) -> impl Iterator<Item = Argument<'s>> {
    let items = match block.body.attribute("arguments").map(|it| &it.value.unparenthesised().kind) {
        Some(ExprKind::Tuple(items)) => items.as_slice(),
        _ => &[],
    };
    let dir = Arc::clone(dir);
    let mut behind = "";
    items.iter().filter_map(move |item| {
        let text = beginning(item);
        let word = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or_default();
        let flags = ["var=", "var-file="];
        let flag = match std::mem::take(&mut behind) {
            "" => flags.into_iter().find(|flag| word.starts_with(flag)),
            flag => Some(flag),
        };
        behind = flags.into_iter().find(|flag| flag.trim_end_matches('=') == word).unwrap_or("");
        // Everything before the value, where that stands in the same argument.
        let before = match flag? {
            flag if word.starts_with(flag) => text.len() - word.len() + flag.len(),
            _ => 0,
        };
        if flag == Some("var-file=") {
            return Some(Argument::File(item, written_path(item, &text[..before], &dir)));
        }
        let (name, _) = text[before..].split_once('=')?;
        let before = SmolStr::new(&text[..=before + name.len()]);
        let expr = ExprRef { file, expr: item };
        Some(Argument::Variable(Extra { name: name.into(), expr, before, dir: Arc::clone(&dir) }))
    })
}

/// What is written of a text before its first hole; nothing where it begins with one, or is no text.
fn beginning(expr: &Expr) -> SmolStr {
    let ExprKind::Template(template) = &expr.unparenthesised().kind else {
        return SmolStr::default();
    };
    match template.parts.first() {
        Some(TemplatePart::Literal(literal)) => literal.value.clone(),
        _ => SmolStr::default(),
    }
}
