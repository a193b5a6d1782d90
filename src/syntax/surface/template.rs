//! Files whose language their name does not give: templates, and files without an extension.
//!
//! Invariant: a `#!` line decides; otherwise a template is read as YAML, by lines where it does not parse, and a plain
//! file is all code.

use super::builder::Builder;
use super::{scan, yaml};
use crate::syntax::Format;
use crate::text::{TextRange, name_of};

/// Reads a template.
pub(super) fn scan_template(builder: &mut Builder<'_>, range: TextRange) {
    match script_language(builder.slice(range)) {
        Some(format) => scan(builder, format, range),
        None => yaml::scan(builder, range),
    }
}

/// Reads a file of no known language.
pub(super) fn scan_plain(builder: &mut Builder<'_>, range: TextRange) {
    if let Some(format) = script_language(builder.slice(range)) {
        scan(builder, format, range);
    }
}

/// The language that the `#!` line of a script names, where `text` begins with one.
pub(super) fn script_language(text: &str) -> Option<Format> {
    let first = text.lines().next()?.trim().strip_prefix("#!")?;
    let program =
        first.split_whitespace().find(|word| !word.ends_with("/env") && !word.starts_with('-'))?;
    let name = name_of(program);
    Some(match name {
        "sh" | "bash" | "zsh" | "ash" | "dash" | "ksh" => Format::Shell,
        "node" | "deno" | "bun" => Format::SlashCommented,
        _ => Format::HashCommented,
    })
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;

    #[test]
    fn the_first_line_decides() {
        let script = "#!/usr/bin/env bash\n^^^^^^^^^^^^^^^^^^^ comment\ndocker pull h.io/a:1\n            ^^^^^^^^ Command\n";
        check(Format::Template, script);
        check(Format::Plain, script);
        check(Format::Plain, "docker pull h.io/a:1 # c\n");
        check(
            Format::Template,
            "image: h.io/a:1 # c\n       ^^^^^^^^ HelmValues\n                ^^^ comment\n",
        );
    }
}
