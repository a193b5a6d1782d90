//! What a change adds to a stack whose documentation it leaves as it is.

use std::collections::BTreeMap;

use super::module_inputs::is_resource_or_call;
use crate::model::{BlockRef, Change, Repo, StackId};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::text::{Globs, Span, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "undocumented_change",
    outcomes: &[Outcome {
        name: "undocumented",
        placeholders: &["stack", "address", "document", "others"],
    }],
    build,
};

struct UndocumentedChange {
    /// The resource types that documents speak of.
    types: Vec<String>,
    /// The directories of the modules that documents speak of.
    modules: Globs,
    documents: Globs,
    /// Documents that are about the past, and are not kept up to date.
    history: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UndocumentedChange {
        types: options.strings("types")?,
        modules: options.globs("modules")?,
        documents: options.globs("documents")?,
        history: options.globs("history")?,
    }))
}

impl Check for UndocumentedChange {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn compares(&self) -> bool {
        true
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let Some(change) = context.change else { return };
        let repo = context.repo;
        let mut added: BTreeMap<StackId, BlockRef<'_>> = BTreeMap::new();
        for block in repo.blocks().filter(|it| is_resource_or_call(it, &self.types, &self.modules))
        {
            if let (true, Some(stack)) =
                (change.adds(block.header()), repo.stack_of(&block.file.path))
            {
                added.entry(stack).or_insert(block);
            }
        }
        for (stack, block) in added {
            out.site();
            self.judge_stack(repo, change, &repo.stack(stack).name, &block, out);
        }
    }
}

impl UndocumentedChange {
    fn judge_stack(
        &self,
        repo: &Repo<'_>,
        change: &Change<'_>,
        stack: &str,
        block: &BlockRef<'_>,
        out: &mut Findings,
    ) {
        let is_document = |file: &&SourceFile| {
            self.documents.is_match(&file.path) && !self.history.is_match(&file.path)
        };
        let mentions: Vec<(&SourceFile, Span)> = repo
            .sources
            .iter()
            .filter(is_document)
            .filter_map(|file| Some((file, mention(file, stack)?)))
            .collect();
        let is_kept = |(file, _): &(&SourceFile, Span)| {
            !change.new_lines(file).is_empty() || !change.lost_lines(&file.path).is_empty()
        };
        let Some((document, place)) = mentions.first() else { return };
        if mentions.iter().any(is_kept) {
            return;
        }
        let others = match mentions.len() - 1 {
            0 => String::new(),
            1 => " and another one".to_owned(),
            more => format!(" and {more} others"),
        };
        let finding = Finding::new("undocumented", block.header())
            .address(block.address())
            .arg("stack", stack)
            .arg("address", block.address())
            .arg("document", &*document.path)
            .arg("others", others)
            .related(*place, "here it speaks of the stack");
        out.report(finding);
    }
}

/// The first place in `file` that names `stack`, as a word of its own.
fn mention(file: &SourceFile, stack: &str) -> Option<Span> {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    memchr::memmem::find_iter(file.text.as_bytes(), stack).find_map(|start| {
        let end = start + stack.len();
        let before = file.text[..start].chars().next_back().is_some_and(goes_on);
        let after = file.text[end..].starts_with(goes_on);
        (!before && !after).then(|| file.span(TextRange::new(start, end)))
    })
}
