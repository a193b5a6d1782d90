//! The repo as Terraform and Terragrunt see it: stacks, modules and their calls, blocks, references, values, images.
//!
//! Invariant: a [`Repo`] is immutable and borrows the sources it was made from; rules only read it.

mod repo;
mod value;

pub use repo::{BlockRef, ImageSite, Instance, InstanceId, Module, ModuleId, Repo, Stack, StackId};
pub use value::{Data, Entry, List, Lookup, Map, Piece, Reason, Text, Value};
