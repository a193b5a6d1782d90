//! The rule that holds a habit: its entry, and a page to start from.

use std::fmt::Write as _;

use super::habits::{Candidate, Said, What};
use super::place::{Of, Shape, Step, Way};
use crate::rule::{is_name, write};

/// Names that every subject has, or that wording has: an `each` is called otherwise.
const TAKEN: [&str; 9] =
    ["address", "file", "kind", "live", "module", "name", "near", "stack", "value"];

/// The texts of a rule.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// What the rule may be called in its pack.
    pub(super) name: String,
    /// What nearly all have, in a sentence without an end.
    pub(super) habit: String,
    /// The entry.
    pub(super) entry: String,
    /// Code that keeps the habit, and code that does not.
    pub(super) good: String,
    pub(super) bad: String,
}

/// The rule that asks for what `asked` says.
pub(super) fn draft(asked: &Candidate) -> Draft {
    let writer = Writer { asked, each: each_name(asked) };
    Draft {
        name: writer.name(),
        habit: writer.sentence(),
        entry: writer.entry(),
        good: writer.code(true),
        bad: writer.code(false),
    }
}

struct Writer<'h> {
    asked: &'h Candidate,
    /// What the blocks that are judged one by one are called.
    each: Option<String>,
}

fn each_name(asked: &Candidate) -> Option<String> {
    let name = &asked.each.last()?.name;
    Some(if TAKEN.contains(&name.as_str()) { format!("one_{name}") } else { name.clone() })
}

impl Writer<'_> {
    /// `way` as a path of the rule.
    fn path(&self, way: &Way) -> String {
        match &self.each {
            Some(each) => format!("{each}{}", behind(way)),
            None => way.to_string(),
        }
    }

    fn name(&self) -> String {
        let stem = self.asked.of.stem();
        let what = match &self.asked.what {
            What::Present(way) => format!("{stem}-without-{}", self.short(way)),
            What::Equals(way, _) => format!("{stem}-with-other-{}", self.short(way)),
            What::Ignored(field) => format!("{stem}-not-ignoring-{}", short_field(field)),
            What::Marked(field, word) => {
                format!("{stem}-ignoring-{}-without-{word}", short_field(field))
            }
            What::Noted(way, word) => format!("{stem}-{}-without-{word}", self.short(way)),
        };
        let name = kebab(&what);
        if is_name(&name) { name } else { format!("habit-{name}") }
    }

    /// The last names on the way, which are enough to tell most places apart.
    fn short(&self, way: &Way) -> String {
        let steps = self.asked.each.steps().iter().chain(way.steps());
        let names: Vec<&str> = steps.map(|step| step.name.as_str()).collect();
        names[names.len().saturating_sub(2)..].join("-")
    }

    fn noun(&self) -> String {
        let noun = self.asked.of.noun();
        match &self.each {
            Some(_) => format!("`{}` of {noun}", self.asked.each),
            None => noun,
        }
    }

    fn sentence(&self) -> String {
        let noun = self.noun();
        match &self.asked.what {
            What::Present(way) => format!("{noun}: `{way}` is set"),
            What::Equals(way, said) => format!("{noun}: `{way}` is `{}`", said.plain()),
            What::Ignored(field) => format!("{noun}: `{field}` is in `ignore_changes`"),
            What::Marked(field, word) => format!("{noun}: `{field}` is ignored with `{word}`"),
            What::Noted(way, word) => format!("{noun}: a comment beside `{way}` says `{word}`"),
        }
    }

    /// What is wrong, what is said about it, and what to do.
    fn wording(&self) -> [String; 3] {
        let noun = self.noun();
        match &self.asked.what {
            What::Present(way) => [
                format!("{noun} without `{way}`"),
                format!("`{{address}}` sets no `{way}`, as nearly all others of its kind do"),
                format!("set `{way}`"),
            ],
            What::Equals(way, said) => [
                format!("{noun} with another `{way}`"),
                format!("`{way}` is `{{value}}`, and `{}` nearly everywhere else", said.plain()),
                format!("write `{}`", said.plain()),
            ],
            What::Ignored(field) => [
                format!("{noun} that does not ignore `{field}`"),
                format!(
                    "`{{address}}` does not ignore `{field}`, as nearly all others of its kind do"
                ),
                format!("add `{field}` to `ignore_changes`"),
            ],
            What::Marked(field, word) => [
                format!("{noun} that ignores `{field}` without `{word}`"),
                format!("`{field}` is ignored without the marker `{word}`"),
                format!("add the comment `# {word}`"),
            ],
            What::Noted(way, word) => [
                format!("{noun} with `{way}` and without `{word}`"),
                format!("no comment beside `{way}` says `{word}`, as nearly everywhere else"),
                format!("add the comment `# {word}`, or say why not"),
            ],
        }
    }

    fn entry(&self) -> String {
        let [summary, message, help] = self.wording();
        let mut out = String::new();
        let quoted = |text: &str| write::quoted(text);
        let _ = writeln!(out, "summary  = {}\nseverity = \"warning\"\n", quoted(&summary));
        let _ = match &self.asked.of {
            Of::Resource(kind) => {
                writeln!(out, "select \"resource\" {{ types = [{}] }}", quoted(kind))
            }
            Of::Data(kind) => writeln!(out, "select \"data\" {{ types = [{}] }}", quoted(kind)),
            Of::Module(glob) => {
                writeln!(out, "select \"module\" {{ source = [{}] }}", quoted(glob))
            }
        };
        if let Some(name) = &self.each {
            let path = quoted(&self.asked.each.to_string());
            let _ = writeln!(out, "\neach {} {{ path = {path} }}", quoted(name));
        }
        let (condition, outcome, test) = self.question();
        if let Some(condition) = condition {
            let _ = writeln!(out, "\nwhere {{\n{condition}}}");
        }
        let _ = writeln!(out, "\nrequire \"{outcome}\" {{\n{test}}}");
        let _ = writeln!(
            out,
            "\ncase \"{outcome}\" {{\n  message = {}\n  help    = {}\n}}",
            quoted(&message),
            quoted(&help)
        );
        out
    }

    /// Where it is asked, the outcome, and what is asked.
    fn question(&self) -> (Option<String>, &'static str, String) {
        let present = |way: &Way| {
            let path = write::quoted(&self.path(way));
            // What a call does not write is the default of the module.
            let is_argument = matches!(self.asked.of, Of::Module(_)) && way.parent().is_none();
            if is_argument {
                format!("  path    = {path}\n  written = true\n")
            } else {
                format!("  path    = {path}\n  present = true\n")
            }
        };
        let ignored =
            |field: &str| format!("  ignored {{\n    field = {}\n  }}\n", write::quoted(field));
        match &self.asked.what {
            What::Present(way) => (way.parent().map(|it| present(&it)), "missing", present(way)),
            What::Equals(way, said) => {
                let path = write::quoted(&self.path(way));
                let test = format!("  path   = {path}\n  equals = {}\n", said.literal());
                (Some(present(way)), "other", test)
            }
            What::Ignored(field) => (None, "not_ignored", ignored(field)),
            What::Marked(field, word) => {
                let test = format!(
                    "  marker {{\n    word  = {}\n    field = {}\n  }}\n",
                    write::quoted(word),
                    write::quoted(field)
                );
                (Some(ignored(field)), "unmarked", test)
            }
            What::Noted(way, word) => {
                let test = format!(
                    "  comment {{\n    path    = {}\n    matches = {}\n  }}\n",
                    write::quoted(&self.path(way)),
                    write::quoted(&format!("\\b{word}\\b"))
                );
                (Some(present(way)), "unmarked", test)
            }
        }
    }

    /// A block that keeps the habit, or the same without it.
    fn code(&self, keeps: bool) -> String {
        let mut out = String::new();
        let _ = match &self.asked.of {
            Of::Resource(kind) => writeln!(out, "resource \"{kind}\" \"example\" {{"),
            Of::Data(kind) => writeln!(out, "data \"{kind}\" \"example\" {{"),
            Of::Module(glob) => {
                let source =
                    glob.strip_prefix("**/").map_or(glob.clone(), |it| format!("../../{it}"));
                writeln!(out, "module \"example\" {{\n  source = \"{source}\"")
            }
        };
        match &self.asked.what {
            What::Present(way) => {
                self.nested(&mut out, way, &if keeps { Leaf::Something } else { Leaf::Nothing });
            }
            What::Equals(way, said) if keeps => self.nested(&mut out, way, &Leaf::Says(said)),
            What::Equals(way, said) => self.nested(&mut out, way, &Leaf::Says(&said.other())),
            What::Ignored(field) => ignoring(&mut out, if keeps { field } else { "tags" }, None),
            What::Marked(field, word) => ignoring(&mut out, field, keeps.then_some(word.as_str())),
            What::Noted(way, word) if keeps => self.nested(&mut out, way, &Leaf::Noted(word)),
            What::Noted(way, _) => self.nested(&mut out, way, &Leaf::Something),
        }
        out.push_str("}\n");
        out
    }

    /// The way to a leaf, with the blocks and objects around it.
    fn nested(&self, out: &mut String, way: &Way, leaf: &Leaf<'_>) {
        let steps: Vec<&Step> = self.asked.each.steps().iter().chain(way.steps()).collect();
        let Some((last, mut around)) = steps.split_last() else { return };
        let mut inside = String::new();
        leaf.write(&mut inside, &"  ".repeat(steps.len()), last);
        if let (Some((object, before)), true) = (around.split_last(), inside.is_empty())
            && object.shape == Shape::Object
        {
            // In one line, as one thing that carets can stand under.
            inside = format!("{}{} = {{}}\n", "  ".repeat(around.len()), key_of(object));
            around = before;
        }
        for (depth, step) in (1..).zip(around) {
            let (indent, key) = ("  ".repeat(depth), key_of(step));
            let opens = if step.shape == Shape::Object { " = {" } else { " {" };
            let _ = writeln!(out, "{indent}{key}{opens}");
        }
        out.push_str(&inside);
        for depth in (1..=around.len()).rev() {
            let _ = writeln!(out, "{}}}", "  ".repeat(depth));
        }
    }
}

/// What stands at the end of a way.
enum Leaf<'h> {
    Nothing,
    Something,
    Says(&'h Said),
    Noted(&'h str),
}

impl Leaf<'_> {
    fn write(&self, out: &mut String, indent: &str, step: &Step) {
        let key = key_of(step);
        let something = match step.shape {
            Shape::Block | Shape::Blocks => format!("{key} {{}}"),
            Shape::Object => format!("{key} = {{ example = \"example\" }}"),
            Shape::List => format!("{key} = [\"example\"]"),
            Shape::Number => format!("{key} = 1"),
            Shape::Bool => format!("{key} = true"),
            Shape::Text | Shape::Some => format!("{key} = \"example\""),
        };
        let _ = match self {
            Leaf::Nothing => Ok(()),
            Leaf::Something => writeln!(out, "{indent}{something}"),
            Leaf::Says(said) => writeln!(out, "{indent}{key} = {}", said.literal()),
            Leaf::Noted(word) => writeln!(out, "{indent}# {word}\n{indent}{something}"),
        };
    }
}

fn ignoring(out: &mut String, field: &str, word: Option<&str>) {
    let list = match word {
        Some(word) => format!("[\n      {field}, # {word}\n    ]"),
        None => format!("[{field}]"),
    };
    let _ = writeln!(out, "  lifecycle {{\n    ignore_changes = {list}\n  }}");
}

fn key_of(step: &Step) -> String {
    if step.is_key { write::key(&step.name) } else { step.name.clone() }
}

/// `way` behind a name.
fn behind(way: &Way) -> String {
    let path = way.to_string();
    if path.is_empty() || path.starts_with('[') { path } else { format!(".{path}") }
}

/// The last names of a field of `ignore_changes`.
fn short_field(field: &str) -> String {
    let plain = field.replace("[0]", "");
    let key = plain.split_once("[\"").map(|(before, key)| (before, key.trim_end_matches("\"]")));
    let (before, key) = key.unwrap_or((&plain, ""));
    let names: Vec<&str> = before.split('.').chain((!key.is_empty()).then_some(key)).collect();
    names[names.len().saturating_sub(2)..].join("-")
}

/// `text` in kebab-case.
fn kebab(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

impl Said {
    /// As a literal of HCL.
    pub(super) fn literal(&self) -> String {
        match self {
            Said::Text(text) => write::quoted(text),
            Said::Number(digits) => digits.clone(),
            Said::Bool(value) => value.to_string(),
        }
    }

    fn plain(&self) -> String {
        match self {
            Said::Text(text) => text.clone(),
            _ => self.literal(),
        }
    }

    /// Another value of the same kind.
    fn other(&self) -> Said {
        match self {
            Said::Text(_) => Said::Text("other".to_owned()),
            Said::Number(digits) => Said::Number(format!("{digits}1")),
            Said::Bool(value) => Said::Bool(!value),
        }
    }
}
