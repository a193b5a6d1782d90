//! The tables of who changes what, as written. For whoever shows one; nothing is judged by it.

use super::files::{MUTATORS, PackFile};
use crate::syntax::hcl::{self, Block, ExprKind};

/// Something that changes fields behind Terraform's back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mutator {
    /// Its name.
    pub name: String,
    /// What it does: one line.
    pub summary: String,
    /// The word of the comments that say that it owns a field.
    pub marker: Option<String>,
    /// What happens where Terraform owns the field too.
    pub reverts: Option<String>,
    /// The fields, by kind of resource.
    pub paths: Vec<(String, Vec<String>)>,
    /// The file it stands in.
    pub file: String,
}

/// The mutators in the files of packs.
pub fn mutators(files: &[PackFile]) -> Vec<Mutator> {
    let tables = files.iter().filter(|file| file.folder() == MUTATORS);
    tables
        .filter(|file| !file.name.ends_with(".md"))
        .flat_map(|file| {
            let document = hcl::parse(&file.text);
            let blocks = document.body.blocks_of("mutator");
            blocks.map(|block| mutator(block, file.path())).collect::<Vec<_>>()
        })
        .collect()
}

fn mutator(block: &Block, file: String) -> Mutator {
    let text = |name: &str| Some(block.body.attribute(name)?.value.as_literal()?.to_string());
    let paths = block.body.attribute("paths").map(|paths| &paths.value.kind);
    let entries = match paths {
        Some(ExprKind::Object(entries)) => entries.as_slice(),
        _ => &[],
    };
    let paths = entries.iter().filter_map(|entry| {
        let one = entry.value.as_literal().map(|path| vec![path.to_string()]);
        let listed = || entry.value.children().into_iter().filter_map(hcl::Expr::as_literal);
        let paths = one.unwrap_or_else(|| listed().map(|path| path.to_string()).collect());
        Some((entry.literal_key()?.to_string(), paths))
    });
    Mutator {
        name: block.label(0).unwrap_or_default().to_owned(),
        summary: text("summary").unwrap_or_default(),
        marker: text("marker"),
        reverts: text("reverts"),
        paths: paths.collect(),
        file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_tables_can_be_shown() {
        let all = mutators(&PackFile::builtin());
        let image = all.iter().find(|it| it.name == "keel-image").unwrap();
        assert_eq!(image.marker.as_deref(), Some("KEEL_IGNORE_IMAGE"));
        let (_, paths) = image.paths.iter().find(|it| it.0 == "kubernetes_deployment").unwrap();
        assert_eq!(paths.len(), 2, "{paths:?}");
        let stamp = all.iter().find(|it| it.name == "keel-update-time").unwrap();
        let (_, paths) = stamp.paths.iter().find(|it| it.0 == "kubernetes_deployment").unwrap();
        assert_eq!(paths.len(), 1, "{paths:?}");
    }
}
