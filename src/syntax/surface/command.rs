//! Which arguments of a command are images.
//!
//! One table per family of tools. Invariant: judges words where they stand; a command it does not know has no images,
//! except words that say so themselves (`docker://…`, `oci://…`).

use super::builder::Builder;
use super::reference::bare;
use super::shell;
use super::{ImageRole, reference};
use crate::text::TextRange;

/// Programs that only speak of commands.
const SPEAKERS: [&str; 14] = [
    "echo", "printf", "grep", "egrep", "rg", "log", "info", "warn", "error", "die", "say", "apt",
    "apt-get", "man",
];
/// Programs that run a script they are given as an argument.
const RUNNERS: [&str; 13] = [
    "sh", "bash", "zsh", "ash", "dash", "ssh", "su", "eval", "sudo", "chroot", "nsenter", "exec",
    "pct",
];
/// Clients with the verbs of Docker.
const DOCKERS: [&str; 6] = ["docker", "podman", "nerdctl", "buildah", "finch", "img"];
/// Flags of Docker's verbs without a value; every other flag takes the next word.
const SWITCHES: [&str; 24] = [
    "--detach",
    "--interactive",
    "--tty",
    "--rm",
    "--privileged",
    "--init",
    "--publish-all",
    "--read-only",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--disable-content-trust",
    "--quiet",
    "--help",
    "--replace",
    "--all-tags",
    "--force",
    "--push",
    "--load",
    "--pull",
    "--no-cache",
    "--all",
    "--verbose",
    "--insecure",
    "--debug",
];
const SHORT_SWITCHES: &str = "ditPqfaD";

/// One word of a command.
#[derive(Clone, Copy)]
struct Word<'t> {
    /// Without the quotes around it.
    content: &'t str,
    range: TextRange,
}

/// Reports the images among the arguments of the command `words`, and reads scripts passed as arguments.
pub(super) fn judge(builder: &mut Builder<'_>, words: &[TextRange]) {
    let words: Vec<Word<'_>> = words.iter().map(|range| unquoted(builder.text, *range)).collect();
    let Some(first) = words.iter().find(|word| !is_prefix(word.content)) else {
        return;
    };
    if SPEAKERS.contains(&program(first.content)) {
        return;
    }
    nested_scripts(builder, &words);
    for word in &words {
        if word.content.starts_with("docker://") || word.content.starts_with("oci://") {
            builder.image(word.range, ImageRole::Command);
        }
    }
    let tool =
        words.iter().enumerate().find_map(|(at, word)| Some((at, family(program(word.content))?)));
    if let Some((at, family)) = tool {
        let arguments = &words[at + 1..];
        match family {
            Family::Docker => docker(builder, arguments),
            Family::Crictl => crictl(builder, arguments),
            Family::Ctr => ctr(builder, arguments),
            Family::Crane => crane(builder, arguments),
            Family::Kaniko => flags(builder, arguments, &["--destination", "-d", "--cache-repo"]),
            Family::Kubectl => kubectl(builder, arguments),
        }
    }
}

/// Whether the command `words` runs what it reads from its standard input.
pub(super) fn runs_its_input(builder: &Builder<'_>, words: &[TextRange]) -> bool {
    words
        .iter()
        .map(|range| unquoted(builder.text, *range).content)
        .find(|word| !is_prefix(word))
        .is_some_and(|word| RUNNERS.contains(&program(word)))
}

enum Family {
    Docker,
    Crictl,
    Ctr,
    Crane,
    Kaniko,
    Kubectl,
}

fn family(program: &str) -> Option<Family> {
    match program {
        _ if DOCKERS.contains(&program) => Some(Family::Docker),
        "crictl" => Some(Family::Crictl),
        "ctr" => Some(Family::Ctr),
        "crane" | "regctl" => Some(Family::Crane),
        "executor" | "kaniko" => Some(Family::Kaniko),
        "kubectl" | "k3s" => Some(Family::Kubectl),
        _ => None,
    }
}

/// The last part of the path of a program.
fn program(word: &str) -> &str {
    let word = word.trim_start_matches(['-', '@', '+', '!', '(', '\\']);
    word.rsplit('/').next().unwrap_or(word)
}

/// Words that may stand before a command: keywords, prompts, assignments.
fn is_prefix(word: &str) -> bool {
    let is_assignment = word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    is_assignment
        || matches!(
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
        )
}

fn unquoted(text: &str, range: TextRange) -> Word<'_> {
    let word = &text[range.indices()];
    let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
    let is_quoted = word.len() >= 2 && quote.is_some_and(|quote| word.ends_with(quote));
    let range = if is_quoted { range.slice(1, word.len() - 2) } else { range };
    Word { content: &text[range.indices()], range }
}

/// Scripts in quotes: `ssh host "…"`, `sh -c '…'`.
fn nested_scripts(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    if !words.iter().any(|word| RUNNERS.contains(&program(word.content))) {
        return;
    }
    for word in words {
        let is_quoted = word.range.start > 0
            && matches!(builder.text.as_bytes()[word.range.start as usize - 1], b'"' | b'\'')
            && matches!(builder.text.as_bytes().get(word.range.end as usize), Some(b'"' | b'\''));
        if is_quoted && word.content.contains(char::is_whitespace) {
            builder.embed(|builder| shell::scan(builder, word.range));
        }
    }
}

/// The words that are neither flags nor values of flags. `values` are the flags known to take one, where the others are
/// switches; without it, every flag but the known switches takes one.
fn positionals<'w, 't>(words: &'w [Word<'t>], values: Option<&[&str]>) -> Vec<Word<'t>> {
    let mut found = Vec::new();
    let mut words: std::slice::Iter<'w, Word<'t>> = words.iter();
    while let Some(word) = words.next() {
        let flag = word.content;
        if flag == "--" {
            continue;
        }
        if !flag.starts_with('-') || flag == "-" {
            found.push(*word);
        } else if takes_next_word(flag, values) {
            words.next();
        }
    }
    found
}

fn takes_next_word(flag: &str, values: Option<&[&str]>) -> bool {
    if flag.contains('=') {
        return false;
    }
    if let Some(values) = values {
        return values.contains(&flag);
    }
    match flag.strip_prefix("--") {
        Some(_) => !SWITCHES.contains(&flag),
        // Letters of a short flag after the first are more switches, or its value.
        None => flag.len() == 2 && !SHORT_SWITCHES.contains(&flag[1..]),
    }
}

fn images(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    for word in words {
        builder.image(word.range, ImageRole::Command);
    }
}

/// Reports the values of `names`, written `--name x`, `--name=x` or, of a short flag, `-nx`.
fn flags(builder: &mut Builder<'_>, words: &[Word<'_>], names: &[&str]) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let flag = word.content;
        if names.contains(&flag) {
            images(builder, words.next().map(std::slice::from_ref).unwrap_or_default());
            continue;
        }
        let is_short = |name: &&str| name.len() == 2 && flag.len() > 2 && flag.starts_with(*name);
        let length = match flag.split_once('=') {
            Some((name, _)) if names.contains(&name) => name.len() + 1,
            _ if !flag.starts_with("--") && names.iter().any(is_short) => 2,
            _ => continue,
        };
        builder.image(word.range.slice(length, flag.len() - length), ImageRole::Command);
    }
}

/// Reports the `ref=` and `name=` of the comma-separated values of cache and output flags.
fn referring_options(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    for word in words.iter().filter(|word| word.content.contains("type=")) {
        option_references(builder, word.range, ImageRole::Command);
    }
}

/// Reports `ref=…` and `name=…` in `range`, a list such as `type=registry,ref=host/name`.
pub(super) fn option_references(builder: &mut Builder<'_>, range: TextRange, role: ImageRole) {
    let mut at = 0;
    for option in builder.slice(range).split_inclusive(',') {
        let content = option.trim_end_matches(',');
        if let Some(value) = content.strip_prefix("ref=").or_else(|| content.strip_prefix("name="))
        {
            builder.image(range.slice(at + content.len() - value.len(), value.len()), role);
        }
        at += option.len();
    }
}

fn docker(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    let globals = [
        "--context",
        "-c",
        "--host",
        "-H",
        "--config",
        "--log-level",
        "-l",
        "--namespace",
        "-n",
        "--address",
        "-a",
        "--root",
    ];
    let verbs = positionals(words, Some(&globals));
    let Some(first) = verbs.first() else {
        return;
    };
    let mut rest = after(words, *first);
    let mut verb = first.content;
    if matches!(verb, "image" | "container" | "manifest" | "buildx" | "builder" | "imagetools") {
        while let Some(next) = rest.iter().find(|word| !word.content.starts_with('-')) {
            verb = next.content;
            rest = after(rest, *next);
            if verb != "imagetools" {
                break;
            }
        }
    }
    let is_image_group = matches!(first.content, "image" | "manifest" | "buildx");
    match verb {
        "pull" | "push" | "rmi" | "save" | "history" | "tag" | "scan" | "sign" | "from" => {
            images(
                builder,
                &positionals(
                    rest,
                    Some(&["--platform", "-o", "--output", "--creds", "--authfile", "--name"]),
                ),
            );
        }
        "inspect" | "rm" | "create" | "annotate" if is_image_group => {
            flags(builder, rest, &["-t", "--tag"]);
            images(
                builder,
                &positionals(
                    rest,
                    Some(&[
                        "-t",
                        "--tag",
                        "--format",
                        "-f",
                        "--annotation",
                        "--os",
                        "--arch",
                        "--variant",
                    ]),
                ),
            );
        }
        "run" | "create" => images(builder, positionals(rest, None).get(..1).unwrap_or_default()),
        "commit" => images(builder, positionals(rest, None).get(1..2).unwrap_or_default()),
        "build" | "bud" | "b" => {
            flags(builder, rest, &["-t", "--tag"]);
            referring_options(builder, rest);
        }
        _ => {}
    }
}

/// The words after `word`.
fn after<'w, 't>(words: &'w [Word<'t>], word: Word<'t>) -> &'w [Word<'t>] {
    let at =
        words.iter().position(|other| other.range == word.range).map_or(words.len(), |at| at + 1);
    &words[at..]
}

fn crictl(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    let values = [
        "-r",
        "--runtime-endpoint",
        "-i",
        "--image-endpoint",
        "-t",
        "--timeout",
        "-c",
        "--config",
        "-u",
        "--auth",
        "--creds",
        "--pod-config",
        "-o",
        "--output",
    ];
    if let [verb, arguments @ ..] = positionals(words, Some(&values)).as_slice()
        && matches!(verb.content, "pull" | "rmi" | "inspecti" | "images" | "image")
    {
        images(builder, arguments);
    }
}

fn ctr(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    let values = [
        "-n",
        "--namespace",
        "-a",
        "--address",
        "--user",
        "-u",
        "--platform",
        "--hosts-dir",
        "--label",
    ];
    match positionals(words, Some(&values)).as_slice() {
        [group, verb, arguments @ ..] if matches!(group.content, "images" | "image" | "i") => {
            if matches!(
                verb.content,
                "pull" | "push" | "tag" | "rm" | "remove" | "export" | "mount"
            ) {
                let skipped = usize::from(verb.content == "export").min(arguments.len());
                images(builder, &arguments[skipped..]);
            }
        }
        [verb, image, ..] if verb.content == "run" => images(builder, &[*image]),
        _ => {}
    }
}

fn crane(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    let arguments = positionals(words, Some(&["--platform", "-t", "--image"]));
    let verbs = [
        "pull", "push", "copy", "cp", "digest", "manifest", "ls", "tag", "config", "delete",
        "validate", "image",
    ];
    if let [verb, arguments @ ..] = arguments.as_slice()
        && verbs.contains(&verb.content)
    {
        let named: Vec<_> =
            arguments.iter().filter(|word| word.content.contains('/')).copied().collect();
        images(builder, &named);
    }
}

fn kubectl(builder: &mut Builder<'_>, words: &[Word<'_>]) {
    flags(builder, words, &["--image"]);
    let sets_image =
        words.windows(2).any(|pair| pair[0].content == "set" && pair[1].content == "image");
    for word in words.iter().filter(|word| sets_image && !word.content.starts_with('-')) {
        if let Some((_, image)) = word.content.split_once('=') {
            builder.image(
                word.range.slice(word.content.len() - image.len(), image.len()),
                ImageRole::Command,
            );
        }
    }
}

/// Reports the images of a command given as a list of words (`["docker", "push", …]`).
pub(super) fn judge_list(builder: &mut Builder<'_>, words: &[TextRange]) {
    judge(builder, words);
    for range in words {
        let word = builder.slice(*range);
        if let Some(value) = word.strip_prefix("--destination=") {
            let value = range.slice(word.len() - value.len(), value.len());
            if reference::shape(builder.slice(bare(builder.text, value))).is_some() {
                builder.image(value, ImageRole::Command);
            }
        }
    }
}
