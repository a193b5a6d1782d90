//! What a rule can select: the first word of every entry.

use super::vocabulary::{Form, LANGUAGE, must, word};
use crate::config::{ConfigError, ConfigSource};
use crate::syntax::hcl::Block;

const FILES: &str = "globs on paths";

/// What can be selected.
pub(super) const SUBJECTS: &[Form] = &[
    Form {
        block: "block",
        means: "any top-level block; with `files`, also of HCL files that are no Terraform",
        attributes: &[
            word("files", FILES, "the files to look into; without it, the files of modules"),
            word("labels", "globs", "the first label"),
            word(
                "left_out",
                "true",
                "also those that `count = 0` or an empty `for_each` leaves out, as they are written: for what code looks like, and whether something is declared",
            ),
            must("type", "a string", "the block's type: `import`, `provider`, `dependency`"),
        ],
        blocks: &[],
    },
    Form {
        block: "change",
        means: "what a plan would change, of the plans that `check --plan` was given: `address`, `type`, `name`, `action`, \
                `class`, `reason`, `path`, `base`, `live`, `want`, `forces_replacement`, `risks`, `cause`, `object`",
        attributes: &[
            word("actions", "a list of actions", "what an apply would do; anything without it"),
            word("classes", "a list of classes", "what kind of difference; any without it"),
            word("types", "globs", "the types of resource; every one without it"),
        ],
        blocks: &[],
    },
    Form {
        block: "commit",
        means: "each commit that `--since` or `--range` adds: `id`, `author.name`, `author.email`, `committer`, `date`, \
                `subject`, `message`; without a comparison the rule is not run",
        attributes: &[],
        blocks: &[],
    },
    Form {
        block: "data",
        means: "a data source, in each module instance and `for_each` element",
        attributes: &[word("types", "globs", "the types; every one without it")],
        blocks: &[],
    },
    Form {
        block: "file",
        means: "a file: the tree of its HCL, YAML or JSON; each document of several on its own",
        attributes: &[
            word("except", FILES, "not these of them"),
            must("files", FILES, "which"),
            word("reads", LANGUAGE, "what its text is read as; without it, what its name says"),
            word(
                "words",
                "a list of texts",
                "one stands in every file that is meant: others are not read",
            ),
        ],
        blocks: &[],
    },
    Form {
        block: "image",
        means: "a container image, with the name `namespace`",
        attributes: &[word(
            "roles",
            "a list of `container`, `init_container`, `helm_values`",
            "what runs it; every one without it",
        )],
        blocks: &[],
    },
    Form {
        block: "module",
        means: "a module call: what it does not write is the callee's default, `callee.NAME` the callee's `local.NAME` \
                as this call makes it",
        attributes: &[must("source", "globs on the source", "which module")],
        blocks: &[],
    },
    Form {
        block: "object",
        means: "a Kubernetes object in HCL: a typed resource, a manifest, YAML or JSON in one, what the values of a chart hold as a whole (`extraObjects` and the like); not one in a file of its own",
        attributes: &[
            word("api", "globs", "its `apiVersion`; then typed resources do not count"),
            word(
                "carriers",
                "a list of `resource`, `manifest`, `chart`",
                "what carries it; all of them without it",
            ),
            word("kinds", "a list of kinds", "`Deployment`, …; every manifest without it"),
        ],
        blocks: &[],
    },
    Form { block: "repo", means: "the repo, once", attributes: &[], blocks: &[] },
    Form {
        block: "resource",
        means: "a resource, in each module instance and `for_each` element",
        attributes: &[word("types", "globs", "the types; every one without it")],
        blocks: &[],
    },
    Form {
        block: "row",
        means: "each row of a gather: its columns are names and paths",
        attributes: &[must("of", "a gather", "which")],
        blocks: &[],
    },
    Form {
        block: "selector",
        means: "what a selector of a pack selects, with the names that it gives",
        attributes: &[must("of", "a selector", "which")],
        blocks: &[],
    },
    Form { block: "stack", means: "each stack", attributes: &[], blocks: &[] },
    Form {
        block: "text",
        means: "each match of a regex: its named groups are names, the group `at` is what is underlined (`path = \"at\"` asks it, as no path \
                does); `key` and `keys` are the keys around it, `{line}` the number of its line, `{before}` what stands in front of the match in \
                its line (of that, the last 256 bytes)",
        attributes: &[
            word("except", FILES, "not into these of them: none is read for it"),
            word("files", FILES, "the files to look into; every one without it"),
            must("matches", "a regex", "what to look for"),
            must(
                "words",
                "a list of texts",
                "one stands in every file with a match: others are not searched",
            ),
            word(
                "zones",
                "a list of `comment`, `string`, `code`, `prose`",
                "where it counts; `string` and `code` without it. Only HCL has `string`, only Markdown `prose` (with code \
                 between backticks); what is no comment is `code` in all other files, and in fences",
            ),
        ],
        blocks: &[],
    },
];

/// What is wrong with the `select` in `block`, of a file of `source`, where it is about something that there is not.
pub(in crate::rule) fn unknown_subject(
    source: &ConfigSource,
    block: &Block,
) -> Option<ConfigError> {
    let [label] = block.labels.as_slice() else { return None };
    let subjects = || SUBJECTS.iter().map(|form| form.block);
    let is_known = subjects().any(|known| known == label.name);
    let message = format!("unknown subject `{}`", label.name);
    (!is_known).then(|| source.error(label.range, message).offer(&label.name, subjects()))
}
