//! The variables that Terragrunt passes besides its inputs: `extra_arguments` with `-var`, and `TF_VAR_…` among its
//! `env_vars`.

use std::sync::Arc;

use smol_str::SmolStr;

use super::repo::ExprRef;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Expr, ExprKind, TemplatePart};

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
    /// Whether it is an argument: those count before variable files, and the environment after them.
    pub is_argument: bool,
    /// The unit's directory.
    pub dir: Arc<str>,
}

/// What `file` passes for the unit in `dir`: the last one counts, so it comes first.
pub(super) fn extras<'s>(file: &'s SourceFile, dir: &str) -> Vec<Extra<'s>> {
    let Some(document) = &file.hcl else { return Vec::new() };
    let dir: Arc<str> = dir.into();
    let blocks = document.body.blocks_of("terraform");
    let blocks = blocks.flat_map(|block| block.body.blocks_of("extra_arguments"));
    let mut found: Vec<Extra<'s>> = blocks
        .flat_map(|block| arguments(file, block, &dir).chain(environment(file, block, &dir)))
        .collect();
    found.reverse();
    found
}

/// `-var=NAME=VALUE`, or `-var` and `NAME=VALUE` behind it.
fn arguments<'s>(
    file: &'s SourceFile,
    block: &'s Block,
    dir: &Arc<str>,
) -> impl Iterator<Item = Extra<'s>> {
    let items = match block.body.attribute("arguments").map(|it| &it.value.unparenthesised().kind) {
        Some(ExprKind::Tuple(items)) => items.as_slice(),
        _ => &[],
    };
    let mut is_behind = false;
    let argument = move |item: &'s Expr| {
        let text = beginning(item)?;
        let flag = ["-var=", "--var="].into_iter().find(|flag| text.starts_with(flag));
        let is_value = std::mem::replace(&mut is_behind, text == "-var" || text == "--var");
        let flag = if is_value { "" } else { flag? };
        let (name, _) = text[flag.len()..].split_once('=')?;
        let (name, before) = (SmolStr::new(name), SmolStr::new(&text[..=flag.len() + name.len()]));
        Some((name, item, before))
    };
    let dir = Arc::clone(dir);
    items.iter().filter_map(argument).map(move |(name, expr, before)| {
        let expr = ExprRef { file, expr };
        Extra { name, expr, before, is_argument: true, dir: Arc::clone(&dir) }
    })
}

fn environment<'s>(
    file: &'s SourceFile,
    block: &'s Block,
    dir: &Arc<str>,
) -> impl Iterator<Item = Extra<'s>> {
    let entries = match block.body.attribute("env_vars").map(|it| &it.value.unparenthesised().kind)
    {
        Some(ExprKind::Object(entries)) => entries.as_slice(),
        _ => &[],
    };
    let dir = Arc::clone(dir);
    entries.iter().filter_map(move |entry| {
        let name = entry.literal_key()?.strip_prefix(IN_ENVIRONMENT)?.into();
        let (expr, before) = (ExprRef { file, expr: &entry.value }, SmolStr::default());
        Some(Extra { name, expr, before, is_argument: false, dir: Arc::clone(&dir) })
    })
}

/// What is written of a text before its first hole.
fn beginning(expr: &Expr) -> Option<SmolStr> {
    match &expr.unparenthesised().kind {
        ExprKind::Template(template) => match template.parts.first()? {
            TemplatePart::Literal(literal) => Some(literal.value.clone()),
            _ => None,
        },
        _ => None,
    }
}
