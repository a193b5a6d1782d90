//! How workloads stand with the conventions, above their blocks.

use lsp_types::{CodeLens, Command};

use super::convert::Converter;

/// The lenses of the file at `path`.
pub(super) fn lenses(convert: &Converter<'_>, path: &str) -> Option<Vec<CodeLens>> {
    let counted = convert.counted(path)?;
    let mut lenses = Vec::new();
    for workload in convert.session.coverage(path) {
        let covered = workload.containers.map(|it| {
            let containers = if it.all == 1 { "container" } else { "containers" };
            format!("{}/{} {containers} covered", it.covered, it.all)
        });
        let missing = match workload.missing.as_slice() {
            [] => None,
            [one] => Some(format!("1 convention missing: {one}")),
            all => Some(format!("{} conventions missing: {}", all.len(), all.join(", "))),
        };
        for title in covered.into_iter().chain(missing) {
            // A lens without a command is shown and does nothing.
            let command = Command { title, command: String::new(), arguments: None };
            let range = counted.range(workload.header);
            lenses.push(CodeLens { range, command: Some(command), data: None });
        }
    }
    Some(lenses)
}
