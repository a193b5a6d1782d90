//! Lists of words that a repo keeps in a file: a local in HCL, a variable of a shell script, or the code spans of a
//! sentence.

use std::collections::BTreeSet;

use crate::diagnostic::Edit;
use crate::model::{Data, Reason, Repo, Value};
use crate::rule::{OptionError, Options};
use crate::syntax::SourceFile;
use crate::syntax::language::Language;
use crate::text::{LazyRegex, Span, TextRange, dir_of};

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

impl Written {
    /// The edit that has it hold `wanted`: what goes is taken out, what is new comes last. None where what stands between
    /// two words differs from pair to pair, as in a sentence or on lines of their own.
    pub(super) fn rewritten(
        &self,
        repo: &Repo<'_>,
        wanted: &BTreeSet<String>,
    ) -> Option<Vec<Edit>> {
        let file = repo.sources.get(self.span.file.index())?;
        let text = file.slice(self.span.range);
        let mut places: Vec<TextRange> =
            self.words.iter().map(|word| place_of(text, word)).collect::<Option<_>>()?;
        places.sort_by_key(|place| place.start);
        let mut gaps =
            places.windows(2).map(|pair| &text[pair[0].end as usize..pair[1].start as usize]);
        let gap = gaps.next()?;
        if gaps.any(|other| other != gap) {
            return None;
        }
        let here = places.iter().map(|place| &text[place.indices()]);
        let kept = here.filter(|word| wanted.contains(*word));
        let new = wanted.difference(&self.words).map(String::as_str);
        let words: Vec<&str> = kept.chain(new).collect();
        let all = places.first()?.cover(*places.last()?);
        let start = self.span.range.start;
        let range = TextRange { start: start + all.start, end: start + all.end };
        Some(vec![Edit { span: file.span(range), text: words.join(gap) }])
    }
}

/// Where `word` stands in `text`, if that is one place.
fn place_of(text: &str, word: &str) -> Option<TextRange> {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut places = text.match_indices(word).filter(|(at, _)| {
        !text[..*at].ends_with(is_inside) && !text[at + word.len()..].starts_with(is_inside)
    });
    let (at, _) = places.next()?;
    places.next().is_none().then(|| TextRange::new(at, at + word.len()))
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
    // A line that goes on in the next one, and in parentheses what is said beside the names.
    let text = value.as_str().replace("\\\r\n", "").replace("\\\n", "");
    let is_array = found.name("array").is_some();
    let words = text.lines().flat_map(|line| {
        let words = line.split_whitespace();
        words.take_while(move |word| !is_array || !word.starts_with('#'))
    });
    let words = words.map(|word| word.trim_matches(['"', '\'']).to_owned());
    Some(Ok(Written { span, words: words.collect() }))
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
