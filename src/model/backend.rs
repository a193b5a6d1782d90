//! Where code says that its state is kept.

use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body};

/// The types of block in `terraform` that say it.
pub(super) const BACKENDS: [&str; 2] = ["backend", "cloud"];

/// The backend that `body`, of a `terraform` block, says.
pub fn backend_in(body: &Body) -> Option<&Block> {
    body.blocks().find(|it| BACKENDS.contains(&it.kind.name.as_str()))
}

/// Whether `file` says where its state is kept: its code is run as it stands.
pub fn has_backend(file: &SourceFile) -> bool {
    let mut settings = file.hcl.iter().flat_map(|document| document.body.blocks_of("terraform"));
    settings.any(|block| backend_in(&block.body).is_some())
}
