//! Lists of words that a repo keeps in a file: a local in HCL, a variable of a shell script, or the code spans of a
//! sentence.

use std::collections::BTreeSet;

use crate::model::{Data, Reason, Repo, Value, dir_of};
use crate::rule::{OptionError, Options};
use crate::syntax::SourceFile;
use crate::syntax::language::Language;
use crate::text::{LazyRegex, Span, TextRange};

/// `{ file = "terragrunt.hcl", local = "names" }`, `{ file = "scripts/x", variable = "NAMES" }` or `{ file = "README.md",
/// sentence = "The names are" }`
pub(super) struct WrittenList {
    file: String,
    place: Place,
}

enum Place {
    Local(String),
    /// The assignment of a shell variable; its value is between quotes or parentheses, or a word.
    Variable(LazyRegex),
    /// The sentence of a document that says this.
    Sentence(String),
}

/// A list as it is written.
pub(super) struct Written {
    /// Where.
    pub(super) span: Span,
    /// What it holds.
    pub(super) words: BTreeSet<String>,
}

impl WrittenList {
    /// The list in the option `name`, if it is there.
    pub(super) fn read(
        options: &mut Options<'_>,
        name: &str,
    ) -> Result<Option<WrittenList>, OptionError> {
        Ok(WrittenList::read_all(options, name)?.pop())
    }

    /// The lists in the option `name`.
    pub(super) fn read_all(
        options: &mut Options<'_>,
        name: &str,
    ) -> Result<Vec<WrittenList>, OptionError> {
        options.each_object(name, |entry| {
            let file = entry.string("file")?;
            let local = entry.optional_string("local")?;
            let sentence = entry.optional_string("sentence")?;
            let place = match (local, sentence) {
                (Some(local), _) => Place::Local(local),
                (None, Some(sentence)) => Place::Sentence(sentence),
                (None, None) => Place::Variable(assignment(&entry.string("variable")?, entry)?),
            };
            Ok(WrittenList { file, place })
        })
    }

    /// Where the list is kept.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The list; or why it is not known. `None` where there is no such file.
    pub(super) fn find(&self, repo: &Repo<'_>) -> Option<Result<Written, (Span, Reason)>> {
        let file = repo.source(&self.file)?;
        let missing = || {
            let first = file.span(file.lines().range_of(&file.text, 0));
            Err((first, Reason::new("the list is not in this file")))
        };
        Some(match &self.place {
            Place::Local(name) => local(repo, file, name).unwrap_or_else(missing),
            Place::Variable(pattern) => variable(file, pattern).unwrap_or_else(missing),
            Place::Sentence(phrase) => sentence(repo, file, phrase).map_or_else(missing, Ok),
        })
    }
}

fn assignment(variable: &str, options: &Options<'_>) -> Result<LazyRegex, OptionError> {
    let name = regex::escape(variable);
    let keyword = r"(?:(?:export|readonly|local|declare|typeset)(?:\s+-\w+)*\s+)?";
    let value =
        r#"(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|\((?<array>[^)]*)\)|(?<word>[^\s;&|"'()]+))"#;
    options.compiled(variable, &format!(r"(?m)^[ \t]*{keyword}{name}={value}"))
}

fn variable(file: &SourceFile, pattern: &LazyRegex) -> Option<Result<Written, (Span, Reason)>> {
    let found = pattern.captures(&file.text)?;
    let value = ["double", "single", "array", "word"].iter().find_map(|name| found.name(name))?;
    let span = file.span(TextRange::new(value.start(), value.end()));
    if value.as_str().contains(['$', '`']) {
        return Some(Err((span, Reason::new("the list is computed"))));
    }
    let words = value.as_str().split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    Some(Ok(Written { span, words: words.map(str::to_owned).collect() }))
}

/// What stands between backticks in the first sentence that says `phrase`.
fn sentence(repo: &Repo<'_>, file: &SourceFile, phrase: &str) -> Option<Written> {
    let documents = repo.read_file(file, Language::Markdown);
    let statements = documents.first()?.at(&["statements"])?;
    let says = |it: &&Value| {
        it.at(&["text"]).and_then(Value::as_str).is_some_and(|text| text.contains(phrase))
    };
    let statement = statements.items().iter().find(says)?;
    let code = statement.at(&["code"])?.items();
    let words = code.iter().filter_map(|word| word.as_str().map(String::from)).collect();
    Some(Written { span: statement.span, words })
}

fn local<'s>(
    repo: &Repo<'s>,
    file: &'s SourceFile,
    name: &str,
) -> Option<Result<Written, (Span, Reason)>> {
    let expr = Repo::file_local(file, name)?;
    let span = expr.span();
    let value = repo.eval(expr, &Repo::unit_scope(file, dir_of(&file.path)));
    let words = value.items().iter().map(|item| item.as_str().map(String::from)).collect();
    let is_known = matches!(value.data, Data::List(_)) && value.is_known();
    Some(match words {
        Some(words) if is_known => Ok(Written { span, words }),
        _ => Err((span, value.first_unknown().unwrap_or_else(|| Reason::new("it is no list")))),
    })
}
