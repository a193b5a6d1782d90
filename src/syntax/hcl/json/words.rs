//! What Terraform's own language, and Terragrunt's, say of the names in a body: which are blocks, with how many labels, and whose strings are
//! no templates.
//!
//! Invariant: the names are the languages' own. What is a block of a provider's is told by how it is written ([`is_block`]).

use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};

/// What is ignored in the object of a body.
pub(super) const COMMENT: &str = "//";

/// How the strings of an argument are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// As templates.
    Template,
    /// As they are.
    Literal,
    /// As what stands there without quotes in the native syntax: references, types and keywords.
    Reference,
}

use Reading::{Literal, Reference};

/// How a name is read of which nothing is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Others {
    /// It is an argument.
    Arguments(Reading),
    /// Only the provider knows: how it is written has to tell.
    Told,
}

/// A sort of body.
#[derive(Debug)]
pub(super) struct Kind {
    /// The types of block in it, each with the number of its labels and the sort of its body.
    blocks: &'static [(&'static str, usize, &'static Kind)],
    /// The arguments that are no expressions, or that no object makes a block.
    arguments: &'static [(&'static str, Reading)],
    others: Others,
}

/// What a name in a body means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Means {
    /// A block with so many labels.
    Block(usize, &'static Kind),
    /// An argument.
    Argument(Reading),
    /// A block or an argument.
    Either,
}

impl Kind {
    /// What `name` means in such a body.
    pub(super) fn means(&self, name: &str) -> Means {
        if let Some((_, labels, kind)) = self.blocks.iter().find(|(known, ..)| *known == name) {
            return Means::Block(*labels, kind);
        }
        match self.arguments.iter().find(|(known, _)| *known == name) {
            Some((_, reading)) => Means::Argument(*reading),
            None => match self.others {
                Others::Arguments(reading) => Means::Argument(reading),
                Others::Told => Means::Either,
            },
        }
    }

    /// The sort of body of such a block whose first label is `label`: of Terraform's own provider all is known.
    pub(super) fn labelled(&'static self, label: &str) -> &'static Kind {
        let is_own = match self.others {
            Others::Told => matches!(label, "terraform_data" | "terraform_remote_state"),
            Others::Arguments(_) => false,
        };
        if is_own { &OWN_RESOURCE } else { self }
    }
}

const TEMPLATES: Others = Others::Arguments(Reading::Template);

/// The whole file.
pub(super) static ROOT: Kind = Kind {
    blocks: &[
        ("resource", 2, &RESOURCE),
        ("data", 2, &RESOURCE),
        ("ephemeral", 2, &RESOURCE),
        ("action", 2, &ACTION),
        ("module", 1, &MODULE),
        ("variable", 1, &VARIABLE),
        ("output", 1, &OUTPUT),
        ("provider", 1, &PROVIDER),
        ("locals", 0, &PLAIN),
        ("terraform", 0, &TERRAFORM),
        ("moved", 0, &MOVED),
        ("removed", 0, &REMOVED),
        ("import", 0, &IMPORT),
        ("check", 1, &CHECK),
    ],
    arguments: &[],
    others: Others::Told,
};

/// A whole file of values, whose strings Terraform takes as they are.
pub(super) static VALUES: Kind =
    Kind { blocks: &[], arguments: &[], others: Others::Arguments(Literal) };

/// A whole file of Terragrunt's, which has no blocks but its own.
pub(super) static UNIT: Kind = Kind {
    blocks: &[
        ("terraform", 0, &SOURCE),
        ("include", 1, &PLAIN),
        ("locals", 0, &PLAIN),
        ("dependency", 1, &PLAIN),
        ("dependencies", 0, &PLAIN),
        ("generate", 1, &PLAIN),
        ("remote_state", 0, &PLAIN),
        ("feature", 1, &PLAIN),
        ("exclude", 0, &PLAIN),
        ("errors", 0, &ERRORS),
        ("engine", 0, &PLAIN),
        ("catalog", 0, &PLAIN),
    ],
    arguments: &[],
    others: TEMPLATES,
};

static SOURCE: Kind = Kind {
    blocks: &[
        ("extra_arguments", 1, &PLAIN),
        ("before_hook", 1, &PLAIN),
        ("after_hook", 1, &PLAIN),
        ("error_hook", 1, &PLAIN),
    ],
    arguments: &[],
    others: TEMPLATES,
};

static ERRORS: Kind = Kind {
    blocks: &[("retry", 1, &PLAIN), ("ignore", 1, &PLAIN)],
    arguments: &[],
    others: TEMPLATES,
};

/// Whether `value` under `name` is a block that lacks the label which others of its type have: Terragrunt's `include` may.
pub(super) fn is_bare(name: &str, value: &Node) -> bool {
    let body = match &value.kind {
        NodeKind::Sequence(bodies) => bodies.first(),
        _ => Some(value),
    };
    let Some(NodeKind::Mapping(entries)) = body.map(|body| &body.kind) else { return false };
    let is_path = |it: &Entry| {
        it.key.as_str() == Some("path") && matches!(it.value.kind, NodeKind::Scalar { .. })
    };
    name == "include" && entries.iter().any(is_path)
}

/// Nothing but arguments.
static PLAIN: Kind = Kind { blocks: &[], arguments: &[], others: TEMPLATES };

/// A block that a provider defines, in another one.
pub(super) static INNER: Kind =
    Kind { blocks: &[("dynamic", 1, &DYNAMIC)], arguments: &[], others: Others::Told };

static DYNAMIC: Kind = Kind {
    blocks: &[("content", 0, &INNER)],
    arguments: &[("iterator", Reference)],
    others: TEMPLATES,
};

static RESOURCE: Kind =
    Kind { blocks: RESOURCE_BLOCKS, arguments: RESOURCE_ARGUMENTS, others: Others::Told };

static OWN_RESOURCE: Kind =
    Kind { blocks: RESOURCE_BLOCKS, arguments: RESOURCE_ARGUMENTS, others: TEMPLATES };

const RESOURCE_BLOCKS: &[(&str, usize, &Kind)] = &[
    ("lifecycle", 0, &LIFECYCLE),
    ("provisioner", 1, &PROVISIONER),
    ("connection", 0, &PLAIN),
    ("timeouts", 0, &PLAIN),
    ("dynamic", 1, &DYNAMIC),
];

const RESOURCE_ARGUMENTS: &[(&str, Reading)] = &[
    ("count", Reading::Template),
    ("for_each", Reading::Template),
    ("depends_on", Reference),
    ("provider", Reference),
];

static LIFECYCLE: Kind = Kind {
    blocks: &[
        ("precondition", 0, &PLAIN),
        ("postcondition", 0, &PLAIN),
        ("action_trigger", 0, &TRIGGER),
    ],
    arguments: &[("ignore_changes", Reference), ("replace_triggered_by", Reference)],
    others: TEMPLATES,
};

static TRIGGER: Kind = Kind {
    blocks: &[],
    arguments: &[("events", Reference), ("actions", Reference)],
    others: TEMPLATES,
};

static PROVISIONER: Kind = Kind {
    blocks: &[("connection", 0, &PLAIN)],
    arguments: &[("when", Reference), ("on_failure", Reference)],
    others: TEMPLATES,
};

static ACTION: Kind =
    Kind { blocks: &[("config", 0, &INNER)], arguments: RESOURCE_ARGUMENTS, others: TEMPLATES };

static MODULE: Kind = Kind {
    blocks: &[],
    arguments: &[
        ("source", Literal),
        ("version", Literal),
        ("depends_on", Reference),
        ("providers", Reference),
    ],
    others: TEMPLATES,
};

static VARIABLE: Kind = Kind {
    blocks: &[("validation", 0, &PLAIN)],
    arguments: &[("type", Reference)],
    others: Others::Arguments(Literal),
};

static OUTPUT: Kind = Kind {
    blocks: &[("precondition", 0, &PLAIN)],
    arguments: &[("description", Literal), ("depends_on", Reference), ("type", Reference)],
    others: TEMPLATES,
};

static PROVIDER: Kind = Kind {
    blocks: &[("dynamic", 1, &DYNAMIC)],
    arguments: &[("alias", Literal), ("version", Literal), ("for_each", Reading::Template)],
    others: Others::Told,
};

static TERRAFORM: Kind = Kind {
    blocks: &[
        ("backend", 1, &INNER),
        ("cloud", 0, &CLOUD),
        ("required_providers", 0, &REQUIRED),
        ("provider_meta", 1, &INNER),
        ("encryption", 0, &ENCRYPTION),
    ],
    arguments: &[("experiments", Reference)],
    others: Others::Arguments(Literal),
};

static CLOUD: Kind =
    Kind { blocks: &[("workspaces", 0, &PLAIN)], arguments: &[], others: TEMPLATES };

static REQUIRED: Kind = Kind { blocks: &[], arguments: &[], others: Others::Arguments(Literal) };

static ENCRYPTION: Kind = Kind {
    blocks: &[
        ("key_provider", 2, &INNER),
        ("method", 2, &ENCRYPTING),
        ("state", 0, &ENCRYPTED),
        ("plan", 0, &ENCRYPTED),
    ],
    arguments: &[],
    others: Others::Told,
};

static ENCRYPTING: Kind =
    Kind { blocks: &[], arguments: &[("keys", Reference)], others: TEMPLATES };

static ENCRYPTED: Kind = Kind {
    blocks: &[("fallback", 0, &ENCRYPTED)],
    arguments: &[("method", Reference)],
    others: TEMPLATES,
};

static MOVED: Kind =
    Kind { blocks: &[], arguments: &[("from", Reference), ("to", Reference)], others: TEMPLATES };

static REMOVED: Kind = Kind {
    blocks: &[
        ("lifecycle", 0, &LIFECYCLE),
        ("provisioner", 1, &PROVISIONER),
        ("connection", 0, &PLAIN),
    ],
    arguments: &[("from", Reference)],
    others: TEMPLATES,
};

static IMPORT: Kind = Kind {
    blocks: &[],
    arguments: &[("to", Reference), ("provider", Reference)],
    others: TEMPLATES,
};

static CHECK: Kind = Kind {
    blocks: &[("data", 2, &RESOURCE), ("assert", 0, &PLAIN)],
    arguments: &[],
    others: TEMPLATES,
};

/// Whether `value` under `name`, which Terraform does not know, is blocks of a provider's rather than an argument.
///
/// Nobody but the provider can say it. What providers have in common has to: their names are lower case, so an object with
/// another key is a map; and maps are of texts and numbers. Of what could be either the name tells: those of maps are plurals,
/// and those of blocks are not. One that stands there again is no argument.
pub(super) fn is_block(name: &str, value: &Node, is_repeated: bool) -> bool {
    match &value.kind {
        NodeKind::Mapping(entries) => {
            let any = |of: fn(&NodeKind) -> bool| {
                let mut own = entries.iter().filter(|it| it.key.as_str() != Some(COMMENT));
                own.any(|entry| of(&entry.value.kind))
            };
            let is_map = SINGULAR_MAPS.contains(&name) || (is_plural(name) && !any(is_truth));
            has_schema(entries) && (is_repeated || any(is_nested) || !is_map)
        }
        NodeKind::Sequence(items) => {
            let is_body = |item: &Node| match &item.kind {
                NodeKind::Mapping(entries) => has_schema(entries),
                _ => false,
            };
            !items.is_empty() && items.iter().all(is_body)
        }
        _ => false,
    }
}

/// Whether every key could be the name of an argument or block.
fn has_schema(entries: &[Entry]) -> bool {
    let is_name = |key: &str| {
        key.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && key.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
    };
    entries.iter().filter_map(|entry| entry.key.as_str()).all(|key| key == COMMENT || is_name(key))
}

fn is_nested(value: &NodeKind) -> bool {
    matches!(value, NodeKind::Mapping(_) | NodeKind::Sequence(_))
}

/// Whether it is a truth value: maps are of texts.
fn is_truth(value: &NodeKind) -> bool {
    match value {
        NodeKind::Scalar { value, style: ScalarStyle::Plain, .. } => {
            matches!(value.as_str(), "true" | "false")
        }
        _ => false,
    }
}

/// Maps of widely used providers whose names are no plurals.
const SINGULAR_MAPS: [&str; 9] = [
    "binary_data",
    "capacity",
    "data",
    "default_request",
    "hard",
    "node_selector",
    "query",
    "selector",
    "string_data",
];

fn is_plural(name: &str) -> bool {
    const NO_PLURALS: [&str; 4] = ["ias", "is", "ss", "us"];
    let is_long = name.len() > "dns".len();
    is_long && name.ends_with('s') && !NO_PLURALS.iter().any(|ending| name.ends_with(ending))
}
