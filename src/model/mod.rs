//! The repo as Terraform and Terragrunt see it: stacks, modules and their calls, blocks, references, values, images.
//!
//! Invariant: a [`Repo`] is immutable and borrows the sources it was made from; rules only read it.

mod backend;
mod change;
mod chart_settings;
mod declarations;
mod dependency;
mod effective;
mod eval;
mod extra;
mod generated;
mod images;
mod made;
mod module;
mod overrides;
mod path;
mod pods;
mod reach;
mod rendered;
mod repo;
mod stack;
mod template;
mod terragrunt;
mod unit;
mod unit_path;
mod value;
mod written;

pub use backend::{backend_in, has_backend};
pub use change::{Affected, Because, Change, Whereabouts};
pub use dependency::Dependency;
pub use effective::{Effective, is_set_of_blocks};
pub use eval::{Calls, KeptTexts, META_ARGUMENTS, Refusal, Scope, Which, text_as_bool};
pub use generated::{GeneratedFile, generated};
pub use images::{ImageRole, ImageSite, ImageUse, ObjectSite, holds_objects, objects_in};
pub use made::{Made, Maker, makers, switched};
pub use module::{Names, call_target};
pub use overrides::{Overrides, is_override};
pub use path::{AttributePath, Declared, IgnoreChanges, declared};
pub use pods::pod_template;
pub use reach::{Reach, reaches};
pub use repo::{
    BlockRef, ExprRef, Instance, InstanceId, Module, ModuleId, Repo, SkippedFile, Stack, StackId,
    StringList, address_of, resolve_path, resolved_parts, source_at,
};
pub use stack::{holding, stacks};
pub use terragrunt::{Inputs, Setting};
pub use unit::UnitSource;
pub use value::{Data, Entry, Lookup, Map, Piece, Reason, Text, Value};
pub use written::{WrittenPath, written_paths};
