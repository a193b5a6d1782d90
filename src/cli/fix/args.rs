//! What can be typed about fixes.

use clap::Args;

use crate::analysis::{Reach, Wish};
use crate::cli::format::CheckFormat;
use crate::cli::trouble::Trouble;

/// What to do about what can be fixed.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is typed or not")]
#[derive(Args, Debug)]
#[group(skip)]
pub(in crate::cli) struct FixArgs {
    /// Apply the fixes that keep the meaning of the code, and report what is left; with --stdin, print the fixed text
    #[arg(long, conflicts_with_all = ["range", "staged"])]
    pub fix: bool,

    /// Apply those too that change what Terraform does, or may: read the diff
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Print what fixes would change as a patch, and change nothing; exit with 1 if there is anything
    #[arg(long)]
    pub diff: bool,

    /// Of all fixes only those of this rule or pack; repeat it for more, or write commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub fix_only: Vec<String>,

    /// Check again whenever a file changes, until interrupted
    #[arg(long, conflicts_with_all = ["stdin", "range", "staged", "fix", "diff", "output_files"])]
    pub watch: bool,
}

impl FixArgs {
    /// What may be applied; none where nothing is to be.
    pub(in crate::cli) fn wish(&self, reach: Reach) -> Option<Wish> {
        let is_unsafe = self.unsafe_fixes;
        let wish = Wish { is_unsafe, only: self.fix_only.clone(), reach };
        (self.fix || self.diff).then_some(wish)
    }

    /// Fails where what is typed would do nothing: a word without the one that it belongs to, or a format for a patch.
    pub(in crate::cli) fn refuse(&self, format: Option<CheckFormat>) -> Result<(), Trouble> {
        if let Some(word) = self.dangling() {
            return Err(Trouble::new(format!(
                "`{word}` says which fixes are meant, and none is to be made"
            ))
            .help(format!(
                "`--fix {word}` applies them, `--diff {word}` shows what they would change"
            )));
        }
        if self.diff && format.is_some_and(|format| format != CheckFormat::Text) {
            return Err(Trouble::new("`--diff` prints a patch, and no report that has a format")
                .help(
                    "leave out `--format`; `--output-file FORMAT=FILE` writes the report beside it",
                ));
        }
        Ok(())
    }

    /// What is typed without a word that it would belong to.
    fn dangling(&self) -> Option<&'static str> {
        if self.fix || self.diff {
            return None;
        }
        let only = (!self.fix_only.is_empty()).then_some("--fix-only");
        self.unsafe_fixes.then_some("--unsafe-fixes").or(only)
    }
}
