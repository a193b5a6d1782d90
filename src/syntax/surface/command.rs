//! Which arguments of a command are images.
//!
//! Invariant: judges words where they stand; a command it does not know has no images, except words that say so
//! themselves (`docker://…`, `oci://…`).

use super::ImageRole;
use super::builder::Builder;
use super::shell;
use super::usage::{self, Word, flag_values};
use crate::text::{TextRange, name_of};

/// Reports the images among the arguments of the command `words`, and reads scripts passed as arguments.
pub(super) fn judge(builder: &mut Builder<'_>, words: &[TextRange]) {
    let words: Vec<Word<'_>> = words.iter().map(|range| Word::new(builder.text, *range)).collect();
    let Some(first) = words.iter().find(|word| !is_prefix(word.content)) else {
        return;
    };
    if only_speaks(program(first.content)) {
        return;
    }
    nested_scripts(builder, &words);
    for range in images(&words) {
        builder.image(range, ImageRole::Command);
    }
    for word in words.iter().filter(|word| word.content.contains("type=")) {
        option_references(builder, word.range, ImageRole::Command);
    }
}

/// Reports the images of a command given as a list of words (`["docker", "push", …]`). A list of arguments alone, as
/// containers have it, may still name what the image builder in it pushes.
pub(super) fn judge_list(builder: &mut Builder<'_>, words: &[TextRange]) {
    judge(builder, words);
    let words: Vec<Word<'_>> = words.iter().map(|range| Word::new(builder.text, *range)).collect();
    for range in flag_values(&words, "--destination") {
        builder.image(range, ImageRole::Command);
    }
}

/// Whether the command `words` runs what it reads from its standard input. So does no command at all: the script of a
/// Dockerfile's `RUN <<EOF`.
pub(super) fn runs_its_input(builder: &Builder<'_>, words: &[TextRange]) -> bool {
    let mut words = words.iter().map(|range| Word::new(builder.text, *range).content);
    words.find(|word| !is_prefix(word)).is_none_or(|word| runs_scripts(program(word)))
}

/// Reports `ref=…` and `name=…` in `range`, a list such as `type=registry,ref=host/name`.
pub(super) fn option_references(builder: &mut Builder<'_>, range: TextRange, role: ImageRole) {
    let mut at = 0;
    for option in builder.slice(range).split_inclusive(',') {
        let content = option.trim_end_matches(',');
        let value = content.strip_prefix("ref=").or_else(|| content.strip_prefix("name="));
        if let Some(value) = value {
            builder.image(range.slice(at + content.len() - value.len(), value.len()), role);
        }
        at += option.len();
    }
}

/// The ranges of the images among the words of one command.
fn images(words: &[Word<'_>]) -> Vec<TextRange> {
    let says_so = |word: &&Word<'_>| {
        ["docker://", "oci://"].iter().any(|scheme| word.content.starts_with(scheme))
    };
    let mut found: Vec<TextRange> = words.iter().filter(says_so).map(|word| word.range).collect();
    for (at, word) in words.iter().enumerate() {
        let arguments = &words[at + 1..];
        match program(word.content) {
            "executor" | "kaniko" => {
                found.extend(flag_values(arguments, "--destination -d --cache-repo"));
            }
            "kubectl" | "k3s" | "oc" => {
                found.extend(flag_values(arguments, "--image"));
                found.extend(set_images(arguments));
            }
            program => match usage::tool(program) {
                Some(tool) => found.extend(usage::images(tool, arguments)),
                None => continue,
            },
        }
        break;
    }
    found
}

/// `kubectl set image <object> <container>=<image> …`.
fn set_images(words: &[Word<'_>]) -> Vec<TextRange> {
    if !words.windows(2).any(|pair| pair[0].content == "set" && pair[1].content == "image") {
        return Vec::new();
    }
    let assigned = |word: &Word<'_>| {
        let (name, image) = word.content.split_once('=')?;
        (!name.starts_with('-')).then(|| word.tail(image.len()))
    };
    words.iter().filter_map(assigned).collect()
}

/// Scripts in quotes: `ssh host "…"`, `sh -c '…'`.
fn nested_scripts(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    if !words.iter().any(|word| runs_scripts(program(word.content))) {
        return;
    }
    let quote_at = |at: Option<usize>| {
        matches!(at.map(|at| builder.text.as_bytes().get(at)), Some(Some(b'"' | b'\'')))
    };
    let is_script = |word: &&Word<'_>| {
        let before = (word.range.start as usize).checked_sub(1);
        word.content.contains(char::is_whitespace)
            && quote_at(before)
            && quote_at(Some(word.range.end as usize))
    };
    let scripts: Vec<TextRange> = words.iter().filter(is_script).map(|word| word.range).collect();
    for script in scripts {
        builder.embed(|builder| shell::scan(builder, script));
    }
}

/// Programs that only speak of commands.
fn only_speaks(program: &str) -> bool {
    matches!(
        program,
        "echo"
            | "printf"
            | "grep"
            | "egrep"
            | "rg"
            | "log"
            | "info"
            | "warn"
            | "error"
            | "die"
            | "say"
            | "apt"
            | "apt-get"
            | "man"
    )
}

/// Programs that run a script they are given as an argument or input.
fn runs_scripts(program: &str) -> bool {
    matches!(
        program,
        "sh" | "bash"
            | "zsh"
            | "ash"
            | "dash"
            | "ssh"
            | "su"
            | "eval"
            | "sudo"
            | "chroot"
            | "nsenter"
            | "exec"
            | "pct"
    )
}

/// Keywords, prompts and assignments: what may stand before a command.
fn is_prefix(word: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    matches!(
        word,
        "if" | "then"
            | "else"
            | "elif"
            | "while"
            | "until"
            | "do"
            | "!"
            | "{"
            | "$"
            | "%"
            | "-"
            | "time"
    ) || word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// The last part of the path of a program.
fn program(word: &str) -> &str {
    let word = word.trim_start_matches(['-', '@', '+', '!', '(', '\\']);
    name_of(word)
}
