//! The reference of the language, for people and for editors: made from the words that entries are read against.

use std::fmt::Write;

use serde::Serialize;

use super::subjects::SUBJECTS;
use super::vocabulary::{BLOCKS, Form};

#[derive(Serialize)]
struct Vocabulary {
    version: u32,
    subjects: &'static [Form],
    blocks: [&'static Form; 14],
}

/// The words as JSON, for editors.
pub fn json() -> String {
    let vocabulary = Vocabulary { version: 1, subjects: SUBJECTS, blocks: BLOCKS };
    let mut out = serde_json::to_string_pretty(&vocabulary).unwrap_or_default();
    out.push('\n');
    out
}

/// The words as the reference part of `docs/rule-language.md`.
pub fn markdown() -> String {
    let mut out = String::new();
    for form in SUBJECTS {
        let _ = writeln!(out, "### `select \"{}\"`\n\n{}.\n", form.block, capital(form.means));
        table(&mut out, form);
    }
    for form in BLOCKS {
        let _ = writeln!(out, "### `{}`\n\n{}.\n", form.block, capital(form.means));
        table(&mut out, form);
        if !form.blocks.is_empty() {
            let names: Vec<String> =
                form.blocks.iter().map(|(name, _)| format!("`{name}`")).collect();
            let _ = writeln!(out, "Blocks: {}.\n", names.join(", "));
        }
    }
    out
}

fn table(out: &mut String, form: &Form) {
    if form.attributes.is_empty() {
        return;
    }
    out.push_str("| attribute | takes | means |\n|---|---|---|\n");
    for word in form.attributes {
        let mark = if word.required { " (needed)" } else { "" };
        let _ = writeln!(out, "| `{}`{mark} | {} | {} |", word.name, word.takes, word.means);
    }
    out.push('\n');
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_so_that_they_are_found() {
        for form in SUBJECTS.iter().chain(BLOCKS) {
            assert!(form.attributes.is_sorted_by_key(|word| word.name), "{}", form.block);
            assert!(form.blocks.is_sorted(), "{}", form.block);
        }
    }
}
