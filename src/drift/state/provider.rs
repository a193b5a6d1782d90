//! Which provider a resource is to come from.

use crate::model::{BlockRef, Repo};
use crate::syntax::hcl::ExprKind;

/// The source of the provider of a block, where its own module says it: `hashicorp/kubernetes`.
pub(super) fn wanted(repo: &Repo<'_>, block: &BlockRef<'_>) -> Option<String> {
    let named = block.block.body.attribute("provider").map(|it| &it.value.unparenthesised().kind);
    let local = match named {
        Some(ExprKind::Variable(name)) => name.to_string(),
        Some(ExprKind::Traversal(it)) => match &it.base.kind {
            ExprKind::Variable(name) => name.to_string(),
            _ => return None,
        },
        Some(_) => return None,
        None => of_type(block.block.label(0)?).to_owned(),
    };
    let files = repo.module(block.module).files.iter();
    let bodies = files.filter_map(|file| Some(&file.hcl.as_ref()?.body));
    let required = bodies
        .flat_map(|body| body.blocks_of("terraform"))
        .flat_map(|terraform| terraform.body.blocks_of("required_providers"))
        .find_map(|required| required.body.attribute(&local))?;
    let source = required.value.entry("source")?.as_literal()?.to_lowercase();
    // Without a namespace, Terraform takes its own.
    Some(if source.contains('/') { short(&source) } else { format!("hashicorp/{source}") })
}

/// `hashicorp/kubernetes` of `registry.terraform.io/hashicorp/kubernetes`.
pub(super) fn short(source: &str) -> String {
    let mut parts: Vec<&str> = source.rsplit('/').take(2).collect();
    parts.reverse();
    parts.join("/")
}

/// The local name of the provider of a type: `kubernetes` of `kubernetes_service`.
pub(super) fn of_type(kind: &str) -> &str {
    kind.split('_').next().unwrap_or_default()
}
