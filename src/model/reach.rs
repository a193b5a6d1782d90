//! What a file makes Terraform or Terragrunt read elsewhere in the repo: how a part of it is loaded without the rest.
//!
//! Invariant: what the model reads through these edges is what is named here. A path that cannot be told statically is
//! left out, and unknown to the model as well.

use super::generated::generated_from;
use super::module::call_target;
use super::terragrunt::variable_files;
use super::unit::source_dirs;
use super::unit_path::included_path;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::dir_of;

/// A place in the repo, relative to the root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// A module's directory.
    Directory(String),
    /// A single file.
    File(String),
}

/// What `file` reaches directly. The paths in a Terragrunt file are meant from `unit`, the directory of the unit that
/// it is or that includes it.
pub fn reaches(file: &SourceFile, unit: &str) -> Vec<Reach> {
    let Some(document) = &file.hcl else { return Vec::new() };
    match file.format {
        Format::Hcl(HclUse::Terraform | HclUse::TerraformJson | HclUse::Example) => document
            .body
            .blocks_of("module")
            .filter_map(|call| call_target(dir_of(&file.path), call))
            .map(Reach::Directory)
            .collect(),
        format if format.is_unit() || format.is_other_hcl() => {
            let includes = document.body.blocks_of("include");
            let files = includes.filter_map(|block| included_path(block, unit));
            source_dirs(file, unit)
                .into_iter()
                .map(Reach::Directory)
                .chain(files.chain(variable_files(file, unit)).map(Reach::File))
                .chain(generated_from(file, unit).into_iter().map(Reach::File))
                .collect()
        }
        _ => Vec::new(),
    }
}
