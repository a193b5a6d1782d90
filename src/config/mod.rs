//! Settings: the text of `tautline.hcl` → raw (spans kept) → checked. Also the literals that packs are written in.

mod literal;

pub use literal::{Literal, LiteralError, LiteralKind, literal};
