//! What Terraform knows of its own blocks.

/// What Terraform knows of a type of block.
pub(super) struct Grammar {
    pub(super) kind: &'static str,
    /// The types of the block around it; nothing where it stands at the top.
    pub(super) within: &'static [&'static str],
    /// What it cannot do without: arguments, and blocks.
    pub(super) needs: &'static [&'static str],
    /// Pairs of arguments of which it has one at most.
    pub(super) excludes: &'static [(&'static str, &'static str)],
    /// All its arguments and blocks; nothing where others may say more of them.
    pub(super) knows: &'static [&'static str],
}

const COUNTED: &[(&str, &str)] = &[("count", "for_each")];
const RULE: &[&str] = &["condition", "error_message"];
/// The blocks whose contents providers say, or modules.
pub(super) const OPEN: &[&str] = &["resource", "data", "ephemeral", "module", "provider", "action"];

/// A block in which anything may stand.
const fn open(kind: &'static str) -> Grammar {
    Grammar { kind, within: &[], needs: &[], excludes: COUNTED, knows: &[] }
}

/// A block with a rule.
const fn rule(kind: &'static str, within: &'static [&'static str]) -> Grammar {
    Grammar { kind, within, needs: RULE, excludes: &[], knows: RULE }
}

pub(super) const BLOCKS: &[Grammar] = &[
    open("resource"),
    open("data"),
    open("ephemeral"),
    open("action"),
    Grammar { excludes: &[], ..open("provider") },
    Grammar { excludes: &[], ..open("locals") },
    Grammar { needs: &["source"], ..open("module") },
    Grammar {
        kind: "terraform",
        within: &[],
        needs: &[],
        excludes: &[],
        knows: &[
            "required_version",
            "experiments",
            "language",
            "backend",
            "cloud",
            "required_providers",
            "state_store",
            "provider_meta",
            "encryption",
        ],
    },
    Grammar {
        kind: "variable",
        within: &[],
        needs: &[],
        excludes: &[],
        knows: &[
            "description",
            "default",
            "type",
            "sensitive",
            "ephemeral",
            "nullable",
            "deprecated",
            "const",
            "validation",
        ],
    },
    Grammar {
        kind: "output",
        within: &[],
        needs: &["value"],
        excludes: &[],
        knows: &[
            "description",
            "value",
            "depends_on",
            "sensitive",
            "ephemeral",
            "deprecated",
            "type",
            "precondition",
            "postcondition",
        ],
    },
    Grammar {
        kind: "moved",
        within: &[],
        needs: &["from", "to"],
        excludes: &[],
        knows: &["from", "to"],
    },
    Grammar {
        kind: "removed",
        within: &[],
        needs: &["from"],
        excludes: &[],
        knows: &["from", "lifecycle", "connection", "provisioner"],
    },
    Grammar {
        kind: "import",
        within: &[],
        needs: &["to", "id"],
        excludes: &[("id", "identity")],
        knows: &["to", "id", "identity", "provider", "for_each"],
    },
    Grammar {
        kind: "check",
        within: &[],
        needs: &["assert"],
        excludes: &[],
        knows: &["assert", "data"],
    },
    rule("validation", &["variable"]),
    rule("assert", &["check"]),
    rule("precondition", &["lifecycle", "output"]),
    rule("postcondition", &["lifecycle"]),
    Grammar {
        kind: "lifecycle",
        within: &["resource", "data", "ephemeral", "module", "removed"],
        needs: &[],
        excludes: &[],
        knows: &[
            "create_before_destroy",
            "prevent_destroy",
            "ignore_changes",
            "replace_triggered_by",
            "destroy",
            "enabled",
            "precondition",
            "postcondition",
            "action_trigger",
        ],
    },
    Grammar {
        kind: "action_trigger",
        within: &["lifecycle"],
        needs: &["events", "actions"],
        excludes: &[],
        knows: &["events", "condition", "actions", "on_failure"],
    },
];

/// What Terraform itself is the provider of, by its type.
pub(super) const OF_TERRAFORM: [(&str, Grammar); 2] = [
    (
        "terraform_data",
        Grammar {
            knows: &[
                "input",
                "triggers_replace",
                "count",
                "for_each",
                "depends_on",
                "provider",
                "lifecycle",
                "connection",
                "provisioner",
            ],
            ..open("resource")
        },
    ),
    (
        "terraform_remote_state",
        Grammar {
            needs: &["backend"],
            knows: &[
                "backend",
                "config",
                "workspace",
                "defaults",
                "count",
                "for_each",
                "depends_on",
                "provider",
                "lifecycle",
            ],
            ..open("data")
        },
    ),
];

/// What may be repeated anywhere in what a provider knows.
pub(super) const DYNAMIC: Grammar = Grammar {
    kind: "dynamic",
    within: &[],
    needs: &["for_each", "content"],
    excludes: &[],
    knows: &["for_each", "iterator", "labels", "content"],
};

/// What blocks at the top are called by: what each label says.
pub(super) const LABELS: &[(&str, &[&str])] = &[
    ("resource", &["TYPE", "NAME"]),
    ("data", &["TYPE", "NAME"]),
    ("ephemeral", &["TYPE", "NAME"]),
    ("variable", &["NAME"]),
    ("output", &["NAME"]),
    ("module", &["NAME"]),
    ("provider", &["NAME"]),
    ("check", &["NAME"]),
    ("locals", &[]),
    ("terraform", &[]),
    ("moved", &[]),
    ("removed", &[]),
    ("import", &[]),
];

/// What may be given in the place of something that is needed.
pub(super) const INSTEAD: &[(&str, &str)] = &[("id", "identity")];

/// What is a block and no argument.
pub(super) const WRITTEN_AS_BLOCK: &[&str] = &["content", "assert"];

/// Other blocks that stand at the top of a file, here or in what else Terraform reads.
pub(super) const OTHER: &[&str] = &["language", "required_providers", "list", "run"];
