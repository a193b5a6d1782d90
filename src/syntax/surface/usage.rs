//! How the command lines of container tools are built: which of their words are flags, values of flags, and images.
//!
//! Lists of words are written as one string, so that they read like the tools' own usage lines. Invariant: data about
//! tools stands in the statics; the functions know only what every command line has.

use crate::text::TextRange;

/// One word of a command.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    /// Without the quotes around it.
    pub(super) content: &'t str,
    /// The bytes of the content.
    pub(super) range: TextRange,
}

impl<'t> Word<'t> {
    /// The word at `range`, which may be in quotes.
    pub(super) fn new(text: &'t str, range: TextRange) -> Self {
        let word = &text[range.indices()];
        let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
        let is_quoted = word.len() >= 2 && quote.is_some_and(|quote| word.ends_with(quote));
        let range = if is_quoted { range.slice(1, word.len() - 2) } else { range };
        Self { content: &text[range.indices()], range }
    }

    /// The range of the last `length` bytes of the word.
    pub(super) fn tail(self, length: usize) -> TextRange {
        self.range.slice(self.content.len() - length, length)
    }
}

/// A tool with subcommands.
pub(super) struct Tool {
    /// Flags before the subcommand that take the next word.
    globals: &'static str,
    /// Words that may stand before the subcommand.
    groups: &'static str,
    usages: &'static [Usage],
}

/// Subcommands that take their arguments in the same way.
struct Usage {
    /// The groups under which this holds; `-` for none.
    groups: &'static str,
    verbs: &'static str,
    flags: Flags,
    /// Flags whose value is an image.
    naming: &'static str,
    images: Operands,
}

/// Which flags take the next word.
enum Flags {
    /// These.
    Taking(&'static str),
    /// All but these, and but short ones of these letters.
    AllBut(&'static str, &'static str),
}

/// Which operands are images.
enum Operands {
    All,
    First,
    AllButFirst,
    None,
}

const RUN_SWITCHES: &str = "--detach --interactive --tty --rm --privileged --init --publish-all --read-only \
    --no-healthcheck --oom-kill-disable --disable-content-trust --quiet --help --replace";
const DOCKER_VALUES: &str = "--platform -o --output --creds --authfile --name --format -f --annotation --os --arch \
    --variant -t --tag";

static DOCKER: Tool = Tool {
    globals: "--context -c --host -H --config --log-level -l --namespace -n --address -a --root",
    groups: "image container manifest buildx builder imagetools",
    usages: &[
        Usage {
            groups: "- image manifest",
            verbs: "pull push rmi save history tag sign from",
            flags: Flags::Taking(DOCKER_VALUES),
            naming: "",
            images: Operands::All,
        },
        Usage {
            groups: "image manifest imagetools",
            verbs: "inspect rm create annotate",
            flags: Flags::Taking(DOCKER_VALUES),
            naming: "-t --tag",
            images: Operands::All,
        },
        Usage {
            groups: "- container",
            verbs: "run create",
            flags: Flags::AllBut(RUN_SWITCHES, "ditPq"),
            naming: "",
            images: Operands::First,
        },
        Usage {
            groups: "- container",
            verbs: "commit",
            flags: Flags::Taking("-a --author -c --change -m --message"),
            naming: "",
            images: Operands::AllButFirst,
        },
        Usage {
            groups: "- image buildx builder",
            verbs: "build bud b",
            flags: Flags::Taking(""),
            naming: "-t --tag",
            images: Operands::None,
        },
    ],
};

static CRICTL: Tool = Tool {
    globals: "-r --runtime-endpoint -i --image-endpoint -t --timeout -c --config",
    groups: "",
    usages: &[Usage {
        groups: "-",
        verbs: "pull rmi inspecti images image",
        flags: Flags::Taking("-u --auth --creds --pod-config -o --output"),
        naming: "",
        images: Operands::All,
    }],
};

static CTR: Tool = Tool {
    globals: "-n --namespace -a --address",
    groups: "images image i",
    usages: &[
        Usage {
            groups: "images image i",
            verbs: "pull push tag rm remove mount",
            flags: Flags::Taking("-u --user --platform --hosts-dir --label"),
            naming: "",
            images: Operands::All,
        },
        Usage {
            groups: "images image i",
            verbs: "export",
            flags: Flags::Taking("--platform"),
            naming: "",
            images: Operands::AllButFirst,
        },
        Usage {
            groups: "-",
            verbs: "run",
            flags: Flags::AllBut("--rm --tty --detach --net-host --privileged", "td"),
            naming: "",
            images: Operands::First,
        },
    ],
};

static CRANE: Tool = Tool {
    globals: "--platform",
    groups: "image manifest",
    usages: &[
        Usage {
            groups: "- image manifest",
            verbs: "copy cp delete rm",
            flags: Flags::Taking("--platform"),
            naming: "",
            images: Operands::All,
        },
        Usage {
            groups: "- image manifest",
            verbs: "pull digest get ls tag config validate",
            flags: Flags::Taking("--platform"),
            naming: "",
            images: Operands::First,
        },
        Usage {
            groups: "-",
            verbs: "push",
            flags: Flags::Taking("--platform"),
            naming: "",
            images: Operands::AllButFirst,
        },
    ],
};

/// Whether `list`, words with spaces between, holds `word`.
fn lists(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|item| item == word)
}

/// The tool that `program` is.
pub(super) fn tool(program: &str) -> Option<&'static Tool> {
    match program {
        "docker" | "podman" | "nerdctl" | "buildah" | "finch" | "img" => Some(&DOCKER),
        "crictl" => Some(&CRICTL),
        "ctr" => Some(&CTR),
        "crane" | "regctl" => Some(&CRANE),
        _ => None,
    }
}

/// The ranges of the images among `words`, the arguments of `tool`.
pub(super) fn images(tool: &Tool, words: &[Word<'_>]) -> Vec<TextRange> {
    let before_verb = Flags::Taking(tool.globals);
    let mut group = "-";
    let mut rest = words;
    while let Some((operand, after)) = next_operand(&before_verb, rest) {
        rest = after;
        if lists(tool.groups, operand.content) {
            group = operand.content;
            continue;
        }
        let holds =
            |usage: &&Usage| lists(usage.groups, group) && lists(usage.verbs, operand.content);
        return tool.usages.iter().find(holds).map_or_else(Vec::new, |usage| usage.images(rest));
    }
    Vec::new()
}

impl Usage {
    fn images(&self, words: &[Word<'_>]) -> Vec<TextRange> {
        let mut operands = Vec::new();
        let mut rest = words;
        while let Some((operand, after)) = next_operand(&self.flags, rest) {
            operands.push(operand.range);
            rest = after;
        }
        let mut found = flag_values(words, self.naming);
        match self.images {
            Operands::All => found.extend(operands),
            Operands::First => found.extend(operands.first()),
            Operands::AllButFirst => found.extend(operands.iter().skip(1)),
            Operands::None => {}
        }
        found
    }
}

/// The first word that is neither a flag nor a flag's value, and the words after it.
fn next_operand<'w, 't>(
    flags: &Flags,
    words: &'w [Word<'t>],
) -> Option<(Word<'t>, &'w [Word<'t>])> {
    let mut rest = words;
    while let [word, after @ ..] = rest {
        let is_flag = word.content.starts_with('-') && word.content != "-";
        if !is_flag {
            return Some((*word, after));
        }
        rest = after.get(usize::from(flags.takes_next(word.content))..).unwrap_or_default();
    }
    None
}

impl Flags {
    fn takes_next(&self, flag: &str) -> bool {
        if flag.contains('=') || flag == "--" {
            return false;
        }
        match self {
            Flags::Taking(values) => lists(values, flag),
            Flags::AllBut(switches, _) if flag.starts_with("--") => !lists(switches, flag),
            // What follows the first letter of a short flag is more switches, or its value.
            Flags::AllBut(_, letters) => flag.len() == 2 && !letters.contains(&flag[1..]),
        }
    }
}

/// The values of the flags `names`, written `--name x`, `--name=x` or, of a short flag, `-nx`.
pub(super) fn flag_values(words: &[Word<'_>], names: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let flag = word.content;
        if lists(names, flag) {
            found.extend(words.next().map(|value| value.range));
            continue;
        }
        let is_joined = |name: &str| name.len() == 2 && flag.starts_with(name);
        let name = match flag.split_once('=') {
            Some((name, _)) if lists(names, name) => name.len() + 1,
            _ if !flag.starts_with("--") && names.split_whitespace().any(is_joined) => 2,
            _ => continue,
        };
        found.push(word.tail(flag.len() - name));
    }
    found
}
