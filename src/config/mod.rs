//! Settings: the text of `tautline.hcl` → raw (spans kept) → checked. Also the literals that packs are written in.

mod acknowledge;
mod drift;
mod error;
mod exceptions;
mod literal;
mod pack_dirs;
mod paths;
mod raw;
mod reader;
mod settings;
mod suggest;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use acknowledge::{Acknowledgement, AttributeGlob, Glob, StepGlob};
pub use drift::DriftSettings;
pub use error::{ConfigError, ConfigSource, Document};
pub use exceptions::Waiver;
pub use literal::{Literal, LiteralKind, literal};
pub use pack_dirs::BASES;
pub use paths::Paths;
pub use raw::only_label;
pub use reader::{Reader, Shape, Spanned};
pub use settings::{Level, PackSetting, ParamSetting, RuleSetting, Settings, Switch};
pub use suggest::{is_slip, meant, nearest, which_stack};
