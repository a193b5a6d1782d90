//! Every word of the language, with what it takes and means: what entries are read against, and what the reference and "did
//! you mean" are made from.

use serde::Serialize;

use super::read_fix::FIX;

/// An attribute.
#[derive(Serialize, Debug)]
pub(super) struct Word {
    /// Its name.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) takes: &'static str,
    /// What it means.
    pub(super) means: &'static str,
    /// Whether nothing can be made of the block without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) required: bool,
}

/// A block: what may stand in it.
#[derive(Serialize, Debug)]
pub(super) struct Form {
    /// How it is written: `select "resource"`.
    pub(super) block: &'static str,
    /// What it is.
    pub(super) means: &'static str,
    /// Its attributes, sorted by name.
    pub(super) attributes: &'static [Word],
    /// The blocks inside, each with the number of its labels; sorted by name.
    pub(super) blocks: &'static [(&'static str, usize)],
}

pub(super) const fn word(name: &'static str, takes: &'static str, means: &'static str) -> Word {
    Word { name, takes, means, required: false }
}

pub(super) const fn must(name: &'static str, takes: &'static str, means: &'static str) -> Word {
    Word { name, takes, means, required: true }
}

const OPERANDS: &str = "a value, a text with names, `{ path = … }`, or a list of them";
const OPERAND: &str = "a value, a text with names, or `{ path = … }`";
const PATH: &str = "a path, or a list of them";
pub(super) const LANGUAGE: &str = "`commit`, `dockerfile`, `exports`, `go_template`, `ini`, `json`, `kubernetes_shell`, `markdown`, `matchers`, `nginx`, \
                        `query`, `shell`, `systemd`, `text`, `woodpecker_shell`, `yaml` or `yaml_template`: languages.md has them";
const COLUMNS: &str = "`{ column = operand }`";

/// A test.
pub(super) const TEST: Form = Form {
    block: "where",
    means: "a test: all that stands in it must hold",
    attributes: &[
        word("above", OPERAND, "it is more than that"),
        word(
            "as",
            "`number`, `quantity`, `duration` (`1h30m`, and systemd's `1h 30min`), `period` (how long a schedule of cron or systemd leaves between two runs), `percent`, `version` or `length` (the number of characters, compared with a number)",
            "what the comparisons beside it read the value as",
        ),
        word(
            "asked",
            "false",
            "with `refers_to`: only what becomes a part of the value counts, and not what a condition, a comparison, an index, a hash or `length` asks",
        ),
        word("at_least", OPERAND, "it is that or more"),
        word("at_most", OPERAND, "it is that or less"),
        word("below", OPERAND, "it is less than that"),
        word(
            "calls",
            "a list of functions",
            "its expression calls one of them; of a block, one in it",
        ),
        word(
            "contains",
            OPERANDS,
            "the list has such an element, the object such a key, the text such a part",
        ),
        word("default", OPERAND, "what counts where nothing is there"),
        word("empty", "true or false", "it has no text, or no elements"),
        word(
            "equals",
            OPERAND,
            "it is that: numbers, booleans and texts compare as Terraform converts them",
        ),
        word("every", "true", "every place must match, and not one of them"),
        word("in", "`GATHER.COLUMN`", "the column has it; not known where the gather has no rows"),
        word("is_a", "a unit, as in `as`", "it can be read as that"),
        word("items_at_least", "a number", "the collection has that many elements or more"),
        word("items_at_most", "a number", "the collection has that many elements or fewer"),
        word(
            "like",
            OPERANDS,
            "a wildcard pattern covers it: `*` is any text, `?` any one character",
        ),
        word("literal", "true or false", "it is written as a literal"),
        word(
            "matches",
            "a regex with names",
            "the regex finds something, which what is known of a text may tell; names in it are filled in, escaped",
        ),
        word("one_of", OPERANDS, "it is one of these"),
        word(
            "ordered",
            "two patterns",
            "in the list, no element like the first comes after one like the second",
        ),
        word("path", PATH, "what is asked; the subject itself without it"),
        word(
            "plus",
            OPERAND,
            "with `at_least` and the like: this is added to what stands at the path before it is compared",
        ),
        word("present", "true or false", "something is written there, or nothing"),
        word(
            "refers_to",
            "globs on addresses",
            "its expression refers to such an address, which may be a name alone (the provider `aws`, the type `any`); of a block, one in it",
        ),
        word(
            "subset_of",
            "a path",
            "every entry of the object is in the one there, with the same value",
        ),
        word("text", OPERAND, "what is asked, instead of a path"),
        word(
            "through",
            "true",
            "with `refers_to` or `calls`: also through locals, variables, arguments and outputs, of an object by the entry that is asked for; a variable declared sensitive is `sensitive.var.NAME` too",
        ),
        word(
            "written",
            "true or false",
            "of an argument of a module: the caller wrote it, rather than leaving it to the default",
        ),
    ],
    blocks: &[
        ("all", 0),
        ("any", 0),
        ("certain", 0),
        ("comment", 0),
        ("exists", 0),
        ("ignored", 0),
        ("marker", 0),
        ("not", 0),
        ("sum", 0),
    ],
};

pub(super) const COMMENT: Form = Form {
    block: "comment",
    means: "such a comment stands next to a node: also of YAML and of every other language whose comments are read",
    attributes: &[
        word("matches", "a regex with names", "what it says; the lines of one run are one text"),
        word(
            "on",
            "a list of `above`, `trailing`, `inside`, `header`",
            "where; above or trailing without it",
        ),
        word("path", PATH, "the node; the subject itself without it"),
    ],
    blocks: &[],
};

pub(super) const IGNORED: Form = Form {
    block: "ignored",
    means: "a field is effectively in `ignore_changes`: an entry that Terraform accepts and that does nothing does not \
            count, and is shown",
    attributes: &[
        word("exactly", "true", "by an entry for just this field, and not by a prefix or `all`"),
        must("field", OPERAND, "the field, as Terraform writes it"),
        word("ineffective", "true", "instead: an entry was meant for the field, and does nothing"),
    ],
    blocks: &[],
};

pub(super) const MARKER: Form = Form {
    block: "marker",
    means: "a comment in the `lifecycle` block begins with a word",
    attributes: &[
        word("field", OPERAND, "whose entry is underlined where the marker is missing"),
        word("misspelt", "true", "it begins with nearly the word instead"),
        word("others", "a list of words", "words that look alike and mean something else"),
        must("word", OPERAND, "the word"),
    ],
    blocks: &[],
};

pub(super) const EXISTS: Form = Form {
    block: "exists",
    means: "a gather has rows that match",
    attributes: &[
        word("any_case", "true", "capital letters and small ones are the same"),
        word("at_least", "a number", "so many or more; one without it"),
        word("at_most", "a number", "so many or fewer"),
        word(
            "contains",
            COLUMNS,
            "these columns contain the text: as an element of the list, a key of the object, or a part of the text",
        ),
        word("covers", COLUMNS, "these columns are wildcard patterns that cover the text"),
        word("differs", COLUMNS, "these columns are there and say something else"),
        word(
            "earlier",
            "true",
            "as `other`, and only rows before the subject count: of equal ones the first is right",
        ),
        must("in", "a gather", "which"),
        word("match", COLUMNS, "these columns say just that"),
        word("matched_by", COLUMNS, "the text is a regex, and matches all that these columns say"),
        word("missing_from", COLUMNS, "the text does not have what these columns say, as a word"),
        word(
            "other",
            "true",
            "the row of the subject itself does not count; where `count` or `for_each` may leave one of the two out, nobody knows whether they meet",
        ),
        word("starts_with", COLUMNS, "these columns begin with the text"),
    ],
    blocks: &[],
};

pub(super) const SUM: Form = Form {
    block: "sum",
    means: "what a column of the matching rows adds up to; `{value}` is the sum",
    attributes: &[
        word("any_case", "true", "as in `exists`"),
        word("as", "a unit", "what the column is read as"),
        word("at_least", OPERAND, "it is that or more"),
        word("at_most", OPERAND, "it is that or less"),
        must("column", "a column", "what is added up"),
        word("contains", COLUMNS, "as in `exists`"),
        word("covers", COLUMNS, "as in `exists`"),
        word("differs", COLUMNS, "as in `exists`"),
        must("in", "a gather", "which"),
        word("match", COLUMNS, "as in `exists`"),
        word("matched_by", COLUMNS, "as in `exists`"),
        word("missing_from", COLUMNS, "as in `exists`"),
        word("starts_with", COLUMNS, "as in `exists`"),
    ],
    blocks: &[],
};

pub(super) const LET: Form = Form {
    block: "let",
    means: "gives a name to one thing; where it may be several, each is judged",
    attributes: &[
        word("address", "true", "the address that it refers to first, through other names"),
        word("any_case", "true", "as in `exists`"),
        word(
            "as",
            "a unit",
            "what it comes to, read as that: of a `period` the number of seconds, and a `duration` like `1d12h`",
        ),
        word(
            "capture",
            "a regex with names",
            "not the text at the path, but what the regex finds in it: its group `value`, or all",
        ),
        word("column", "a column", "with `in`: what of the first row that matches"),
        word("contains", COLUMNS, "as in `exists`"),
        word("covers", COLUMNS, "as in `exists`"),
        word("default", OPERAND, "what it is where nothing is there"),
        word("differs", COLUMNS, "as in `exists`"),
        word("in", "a gather", "looks it up in the rows of a gather"),
        word(
            "joined",
            "a text",
            "with `path`: all texts that it leads to, and those of its lists, as one text with this between them",
        ),
        word("match", COLUMNS, "as in `exists`"),
        word("matched_by", COLUMNS, "as in `exists`"),
        word("missing_from", COLUMNS, "as in `exists`"),
        word("path", PATH, "what the path leads to"),
        word("reads", LANGUAGE, "with `path`: what its text is read as, for paths into it"),
        word("starts_with", COLUMNS, "as in `exists`"),
        word("text", OPERAND, "a text"),
        word("times", "a number", "with `as`: so many times that"),
    ],
    blocks: &[],
};

pub(super) const EACH: Form = Form {
    block: "each",
    means: "judges each of several things on its own; after another `each`, for each of those: all pairs that there are",
    attributes: &[
        word(
            "again",
            "a path",
            "with `path`: only what says there the same as one before it, which is `NAME_before`",
        ),
        word("any_case", "true", "as in `exists`"),
        word("column", "a column", "with `in`: what of each row that matches"),
        word("contains", COLUMNS, "as in `exists`"),
        word("covers", COLUMNS, "as in `exists`"),
        word("differs", COLUMNS, "as in `exists`"),
        word(
            "ignored",
            "true",
            "each entry of `ignore_changes` as Terraform writes it, with `NAME_parent`: the path of the block that its field would stand in, up to one that `dynamic` makes",
        ),
        word("in", "a gather", "what each row that matches says in `column`"),
        word("match", COLUMNS, "as in `exists`"),
        word("matched_by", COLUMNS, "as in `exists`"),
        word("missing_from", COLUMNS, "as in `exists`"),
        word(
            "mutator",
            "a mutator, or several",
            "each field that they change in resources of the subject's type, with `NAME_marker`",
        ),
        word(
            "path",
            PATH,
            "each place, or object of its list, with `NAME_key` and `NAME_index`: how many the path leads to before it",
        ),
        word("possible", PATH, "each value that the expression may have"),
        word("reads", LANGUAGE, "with `path`: what the text at each place is read as"),
        word("split", "a text", "with `path`: each part of the text between these"),
        word("starts_with", COLUMNS, "as in `exists`"),
        word(
            "texts",
            "a list or object of texts",
            "each text or key, with `NAME_value` for an object",
        ),
        word(
            "twice",
            "true",
            "each entry, at the path (the subject itself without it) or below, whose key its object has had already, with `NAME_key` and the first one as `NAME_before`; not in texts below",
        ),
    ],
    blocks: &[],
};

/// What a question may have besides its test.
pub(super) const QUESTION: Form = Form {
    block: "require",
    means: "wrong where its test may not hold; `forbid` is wrong where it may. It has the attributes and blocks of a test, and",
    attributes: &[
        word("at", PATH, "underlines this instead of what the answer rests on"),
        word(
            "derive",
            "false",
            "no edit is made of the question itself: what is wrong wants to be thought about",
        ),
        word(
            "related",
            "`{ \"path\" = \"what it is\" }`",
            "other places to show, and what is said of them, with placeholders",
        ),
        word(
            "underline",
            "`value`, `key` or `subject`",
            "which part of the place; `subject` is the header",
        ),
    ],
    blocks: &[("fix", 0), ("when", 0)],
};

pub(super) const GATHER: Form = Form {
    block: "gather",
    means: "in `pack.hcl`: rows from the whole repo, computed once for all rules. Every `let` and `each` is a column",
    attributes: &[
        word(
            "expected",
            "true",
            "there must be rows: with none, what is asked of them is not judged",
        ),
        word("label", "a string", "what its rows are called as related places"),
    ],
    blocks: &[
        ("each", 1),
        ("from", 0),
        ("let", 1),
        ("select", 1),
        ("unknown", 0),
        ("unless", 0),
        ("where", 0),
    ],
};

pub(super) const UNKNOWN: Form = Form {
    block: "unknown",
    means: "where its test may hold, nothing is judged: what is asked cannot be known there, which is told. \
            It has the attributes and blocks of a test, and",
    attributes: &[must("because", "a text with names", "why it cannot be known")],
    blocks: &[],
};

/// Subjects for many rules.
pub(super) const SELECTOR: Form = Form {
    block: "selector",
    means: "in `pack.hcl`: subjects, named and narrowed once for many rules, which start from it with \
            `select \"selector\" { of = … }`; each subject is worked out once for all of them",
    attributes: &[],
    blocks: &[("each", 1), ("let", 1), ("select", 1), ("unknown", 0), ("unless", 0), ("where", 0)],
};

pub(super) const FROM: Form = Form {
    block: "from",
    means: "in a gather: one kind of place that its rows come from. What stands in the gather beside its `from` blocks is said of the rows of all, after their own",
    attributes: &[],
    blocks: &[("each", 1), ("let", 1), ("select", 1), ("unknown", 0), ("unless", 0), ("where", 0)],
};

/// Every block besides the subjects, in the order of the reference.
pub(super) const BLOCKS: [&Form; 14] = [
    &LET, &EACH, &TEST, &UNKNOWN, &COMMENT, &IGNORED, &MARKER, &EXISTS, &SUM, &QUESTION, &FIX,
    &GATHER, &FROM, &SELECTOR,
];
