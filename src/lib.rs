//! tautline: lints Terraform and Terragrunt repositories against the conventions they live by.
//!
//! The modules are layers, listed from the bottom up; a module imports only from those above it in this list, and
//! `tests/tidy.rs` fails on an import the other way. The API is unstable: it serves the binary of the same name.

pub mod text;

pub mod diagnostic;

pub mod syntax;

pub mod config;

pub mod workspace;

pub mod model;

pub mod rule;

pub mod checks;

pub mod drift;

pub mod engine;

pub mod analysis;

pub mod report;

pub mod runner;

pub mod cli;

pub mod lsp;
