//! Reads the parts of an entry that select and ask: HCL → compiled tests, with every mistake at its place.

use std::sync::{Arc, Mutex};

use globset::Glob;
use smol_str::SmolStr;

use super::asked::Asked;
use super::breadth::Look;
use super::derive::GatherName;
use super::operand::{Operand, PathRef, Paths, Pattern};
use super::path::Path;
use super::selector::Selector;
use super::surroundings::Surroundings;
use super::vocabulary::{Form, QUESTION};
use crate::config::{ConfigError, ConfigSource, Literal, LiteralKind};
use crate::rule::entry::{Params, SetAt};
use crate::rule::mutators::Mutator;
use crate::rule::template::{Template, TemplateErrorKind, of_hole};
use crate::rule::write::is_name;
use crate::syntax::hcl::{Block, Body};
use crate::syntax::language::Language;
use crate::text::{Globs, LazyRegex, TextRange};

/// What packs offer to every entry.
#[derive(Clone, Copy)]
pub(in crate::rule) struct Shared<'a> {
    pub(in crate::rule) mutators: &'a [Mutator],
    pub(in crate::rule) gathers: &'a [GatherName<'a>],
    pub(in crate::rule) selectors: &'a [Arc<Selector>],
    /// Gathers and selectors with a mistake, each with the error that tells it: of whatever asks them nothing else is said.
    pub(in crate::rule) broken: &'a [(SmolStr, ConfigError)],
}

/// What the parts of an entry may use, and where what is wrong goes.
pub(in crate::rule) struct Compiler<'a> {
    pub(in crate::rule) source: &'a ConfigSource,
    pub(in crate::rule) pack: &'a str,
    pub(in crate::rule) params: Params<'a>,
    pub(in crate::rule) shared: Shared<'a>,
    pub(in crate::rule) errors: &'a mut Vec<ConfigError>,
    /// The names that templates may use so far.
    pub(super) names: Vec<SmolStr>,
    /// What was asked about rows.
    pub(super) looks: Vec<Look>,
    /// What params gave, as far as it may ask for a position or a key; all of it where it may ask for a column of a row.
    pub(super) lent: Vec<SmolStr>,
    /// The gathers whose rows are subjects here, by number.
    pub(super) subject_gathers: Vec<usize>,
    /// Whether it may ask these for any column, because a path is made of what is only known later.
    pub(super) asks_any_column: bool,
    /// What somebody may ask for of what stands around a text.
    pub(super) surroundings: Surroundings,
    /// How many of the clauses that were read last come before all that look at what was gathered.
    pub(super) before_rows: usize,
    /// Where params stand that the settings set, and where they do.
    pub(super) set_elsewhere: Vec<(TextRange, SetAt)>,
    /// What its questions are asked about, once that is known.
    pub(super) asked: Option<Asked>,
}

/// The block of this language that other languages call `name`.
fn other_word(name: &str) -> Option<&'static str> {
    match name {
        "or" | "any_of" | "one_of" => Some("any"),
        "and" | "all_of" => Some("all"),
        "none_of" => Some("not"),
        "if" => Some("when"),
        _ => None,
    }
}

/// The comparison of this language that other languages call `name`, and what to write.
fn other_comparison(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "regex" | "regexp" | "pattern" => ("matches", "write `matches = \"…\"`"),
        "eq" | "is" | "value" => ("equals", "write `equals = …`"),
        "not_equals" | "not_equal" | "ne" => (
            "equals",
            "write `not { … }` around `path` and `equals`, or ask with the other question",
        ),
        "not_in" | "none_of" => ("one_of", "write `not { … }` around `path` and `one_of`"),
        "greater_than" | "more_than" | "gt" => ("above", "write `above = …`"),
        "less_than" | "lt" => ("below", "write `below = …`"),
        "min" | "gte" => ("at_least", "write `at_least = …`"),
        "max" | "lte" => ("at_most", "write `at_most = …`"),
        _ => return None,
    })
}

/// Where `name` belongs, which somebody wrote into the question of a rule.
fn place_of(name: &str, forms: &[&Form]) -> Option<&'static str> {
    let is_question = forms.iter().any(|form| form.block == QUESTION.block);
    match name {
        "severity" if is_question => {
            Some("write it at the top of the file, or for this outcome alone in its `case`")
        }
        "message" | "help" if is_question => Some("write it in the `case` of this outcome"),
        _ => None,
    }
}

impl<'a> Compiler<'a> {
    /// A compiler for what stands in `source`, a file of `pack`.
    pub(in crate::rule) fn new(
        source: &'a ConfigSource,
        pack: &'a str,
        params: Params<'a>,
        shared: Shared<'a>,
        errors: &'a mut Vec<ConfigError>,
    ) -> Self {
        let names = super::env::IMPLICIT.iter().map(|name| SmolStr::new_static(name)).collect();
        let (looks, lent, set_elsewhere) = (Vec::new(), Vec::new(), Vec::new());
        let (asked, before_rows) = (None, 0);
        let (subject_gathers, asks_any_column) = (Vec::new(), false);
        Self {
            source,
            pack,
            params,
            shared,
            errors,
            names,
            looks,
            lent,
            subject_gathers,
            asks_any_column,
            surroundings: Surroundings::default(),
            before_rows,
            set_elsewhere,
            asked,
        }
    }

    /// Notes what is wrong: about a value that the settings set, there.
    pub(super) fn push(&mut self, error: ConfigError) {
        let elsewhere = self.set_elsewhere.iter().find(|(range, _)| *range == error.range);
        self.errors.push(match elsewhere {
            Some((_, SetAt { source, range })) => {
                ConfigError { help: error.help, ..source.error(*range, error.message) }
            }
            None => error,
        });
    }

    pub(super) fn error(&mut self, range: TextRange, message: impl Into<String>) {
        self.push(self.source.error(range, message));
    }

    pub(super) fn error_with_help(
        &mut self,
        range: TextRange,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(self.source.error(range, message).help(help));
    }

    pub(super) fn offer<'k>(
        &mut self,
        noun: &str,
        word: &str,
        range: TextRange,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let message = format!("unknown {noun} `{word}`");
        self.push(self.source.error(range, message).offer(word, known));
    }

    /// Reports whatever none of `forms` allows in `body`, and what is written twice.
    pub(super) fn check_form(&mut self, body: &Body, forms: &[&Form]) {
        let attributes: Vec<&str> =
            forms.iter().flat_map(|form| form.attributes).map(|word| word.name).collect();
        let blocks: Vec<(&str, usize)> =
            forms.iter().flat_map(|form| form.blocks).copied().collect();
        let known = || attributes.iter().copied().chain(blocks.iter().map(|(name, _)| *name));
        let mut seen: Vec<&str> = Vec::new();
        for attribute in body.attributes() {
            let (name, range) = (attribute.key.name.as_str(), attribute.key.range);
            if seen.contains(&name) {
                self.error(range, format!("`{name}` is set twice"));
            }
            seen.push(name);
            if attributes.contains(&name) {
                continue;
            }
            if blocks.iter().any(|(block, _)| *block == name) {
                self.error_with_help(
                    range,
                    format!("`{name}` is a block"),
                    format!("write `{name} {{ … }}`"),
                );
            } else if let Some(place) = place_of(name, forms) {
                let message = format!("`{name}` does not belong here");
                self.error_with_help(range, message, place);
            } else if let Some((_, help)) =
                other_comparison(name).filter(|(meant, _)| attributes.contains(meant))
            {
                self.error_with_help(range, format!("unknown key `{name}`"), help);
            } else {
                self.offer("key", name, range, known());
            }
        }
        for block in body.blocks() {
            let name = block.kind.name.as_str();
            match blocks.iter().find(|(known, _)| *known == name) {
                Some((_, labels)) if block.labels.len() == *labels => {}
                Some((_, 0)) => self.error(block.header, format!("`{name}` takes no label")),
                Some(_) => self.label_missing(block),
                None if attributes.contains(&name) => self.error_with_help(
                    block.kind.range,
                    format!("`{name}` takes a value"),
                    format!("write `{name} = …`"),
                ),
                None => match other_word(name).filter(|it| known().any(|known| known == *it)) {
                    Some(meant) => self.error_with_help(
                        block.kind.range,
                        format!("unknown block `{name}`"),
                        format!("write `{meant} {{ … }}`"),
                    ),
                    None => self.offer("block", name, block.kind.range, known()),
                },
            }
        }
    }

    pub(super) fn globs(&mut self, body: &Body, name: &str, paths: bool) -> Option<Globs> {
        let texts = self.strings(body, name)?;
        Some(self.glob_set(&texts, paths))
    }

    /// The paths that `files` of `body` means, without those that its `except` means; all without `files`.
    pub(super) fn files(&mut self, body: &Body) -> Option<Globs> {
        let except = self.strings(body, "except");
        let files = self.strings(body, "files");
        let except = self.globs_of(&except.unwrap_or_default(), true);
        match files {
            Some(files) => Some(Globs::but(self.globs_of(&files, true), except)),
            None if except.is_empty() => None,
            None => Some(Globs::but(Globs::read("**", true).into_iter().collect(), except)),
        }
    }

    pub(super) fn glob_set(&mut self, texts: &[(SmolStr, TextRange)], paths: bool) -> Globs {
        Globs::new(self.globs_of(texts, paths))
    }

    fn globs_of(&mut self, texts: &[(SmolStr, TextRange)], paths: bool) -> Vec<Glob> {
        let mut globs = Vec::with_capacity(texts.len());
        for (text, range) in texts {
            match Globs::read(text.trim_end_matches('/'), paths) {
                Ok(glob) => globs.push(glob),
                // Of a param, all of a list is shown; and a check may read the same one, and says the same.
                Err(reason) => self.error(*range, format!("`{text}` is no glob: {reason}")),
            }
        }
        globs
    }

    pub(super) fn template(&mut self, text: &str, range: TextRange) -> Option<Template> {
        let names = self.names.clone();
        let known: Vec<&str> = names.iter().map(SmolStr::as_str).collect();
        match Template::parse(text, &known) {
            Ok(template) => Some(template),
            Err(wrong) => {
                match wrong.kind {
                    TemplateErrorKind::UnknownPlaceholder(name) => {
                        let error = self.source.error(range, format!("unknown name `{name}`"));
                        self.push(of_hole(error, &name, known));
                    }
                    TemplateErrorKind::LoneBrace => self.error_with_help(
                        range,
                        "a brace without its counterpart",
                        "write `{{` or `}}` for a brace in the text",
                    ),
                }
                None
            }
        }
    }

    /// The path in the attribute `name`; the subject itself where it is not written.
    pub(super) fn path(&mut self, body: &Body, name: &str) -> Option<PathRef> {
        if body.attribute(name).is_none() {
            return Some(PathRef::Fixed(Path::default()));
        }
        let texts = self.strings(body, name)?;
        let mut paths = Vec::with_capacity(texts.len());
        for (text, range) in &texts {
            paths.push(self.path_ref(text, *range)?);
        }
        if paths.len() == 1 { paths.pop() } else { Some(PathRef::Several(paths)) }
    }

    /// The path in `path`, and the language that `reads` reads what is there as.
    pub(super) fn read_path(&mut self, body: &Body) -> Option<PathRef> {
        let path = self.path(body, "path")?;
        match self.reads(body) {
            Some(language) => Some(PathRef::Read(Box::new(path), language)),
            None => Some(path),
        }
    }

    /// The language in `reads`; none where it is not written, or is wrong.
    pub(super) fn reads(&mut self, body: &Body) -> Option<Language> {
        let (word, range) = self.string(body, "reads")?;
        let language = Language::of_word(&word);
        if language.is_none() {
            self.offer("language", &word, range, Language::words());
        }
        language
    }

    pub(super) fn path_ref(&mut self, text: &str, range: TextRange) -> Option<PathRef> {
        if text.contains('{') {
            self.asks_any_column |= text.starts_with('{');
            let template = self.template(text, range);
            return template.map(|it| PathRef::Template(it, Paths::default()));
        }
        match Path::parse(text) {
            Ok(path) => Some(self.fixed_path(path, range)),
            Err(wrong) => {
                self.error(range, format!("this is no path: {wrong}"));
                None
            }
        }
    }

    /// One side of a comparison: a scalar with names in it, or `{ path = "…" }`.
    pub(super) fn operand(&mut self, literal: &Literal) -> Option<Operand> {
        if let LiteralKind::Object(entries) = &literal.kind {
            if let [(key, _, Literal { kind: LiteralKind::String(path), range })] =
                entries.as_slice()
                && key == "path"
            {
                return self.path_ref(path, *range).map(Operand::Path);
            }
            self.error_with_help(
                literal.range,
                "an object here names another place",
                "write `{ path = \"…\" }`",
            );
            return None;
        }
        let text = self.scalar(literal)?;
        self.template(&text, literal.range).map(Operand::Text)
    }

    pub(super) fn operands(&mut self, literal: &Literal) -> Option<Vec<Operand>> {
        match &literal.kind {
            LiteralKind::List(items) => items.iter().map(|item| self.operand(item)).collect(),
            _ => Some(vec![self.operand(literal)?]),
        }
    }

    /// Whether tests have found nothing wrong with the entry as it is read: the settings have no part in it.
    pub(super) fn is_proven(&self) -> bool {
        self.source.is_proven && self.set_elsewhere.is_empty()
    }

    /// The regex `text`, written at `range`.
    pub(super) fn regex(&mut self, text: &str, range: TextRange) -> Option<LazyRegex> {
        // Parsing the regexes of all packs would take an eighth of the time that loading them takes.
        if self.is_proven() {
            return Some(LazyRegex::proven(text));
        }
        let regex = LazyRegex::parse(text);
        if let Err(reason) = &regex {
            let mut error = self.source.error(range, format!("this is no regex: {reason}"));
            if reason.starts_with("look-around") {
                error = error.help("ask for that in a test of its own: `not { matches = … }`");
            }
            self.push(error);
        }
        regex.ok()
    }

    pub(super) fn pattern(&mut self, text: &str, range: TextRange) -> Option<Pattern> {
        let names = self.names.clone();
        let known: Vec<&str> = names.iter().map(SmolStr::as_str).collect();
        // Braces count characters in a regex: only what is a name is a hole.
        let (template, sample) = Template::parse_within_regex(text, &known);
        let regex = self.regex(template.as_plain().unwrap_or(&sample), range)?;
        Some(match template.as_plain() {
            Some(_) => Pattern::Fixed(Box::new(regex)),
            None => Pattern::Template(template, Mutex::default()),
        })
    }

    /// Whether there is a mistake in the gather or selector `name`, which is noted once more: whatever asks it cannot be read.
    pub(super) fn is_broken(&mut self, name: &str) -> bool {
        let broken = self.shared.broken.iter().find(|(known, _)| known == name);
        self.errors.extend(broken.map(|(_, error)| error.clone()));
        broken.is_some()
    }

    /// The number of the gather that `word` names: the pack's own, or `PACK.NAME`.
    pub(super) fn gather(&mut self, word: &str, range: TextRange) -> Option<usize> {
        let qualified = format!("{}.{word}", self.pack);
        let gathers = self.shared.gathers;
        let found = gathers.iter().position(|known| known.name == word || known.name == qualified);
        if let Some(found) = found {
            return (!self.is_broken(&gathers[found].name)).then_some(found);
        }
        let prefix = format!("{}.", self.pack);
        let shown = gathers
            .iter()
            .map(|known| known.name.strip_prefix(prefix.as_str()).unwrap_or(known.name.as_str()));
        let mut error =
            self.source.error(range, format!("unknown gather `{word}`")).offer(word, shown);
        error.help.get_or_insert_with(|| {
            "a gather is a block of `pack.hcl`; another pack's is named `PACK.GATHER`".to_owned()
        });
        self.push(error);
        None
    }

    /// The label of a block that takes one.
    pub(super) fn label(&mut self, block: &Block) -> Option<(SmolStr, TextRange)> {
        let [label] = block.labels.as_slice() else {
            self.label_missing(block);
            return None;
        };
        Some((label.name.clone(), label.range))
    }

    /// The label of a block that makes it a name: one that paths and texts can ask for.
    pub(super) fn new_name(&mut self, block: &Block) -> Option<(SmolStr, TextRange)> {
        let (name, range) = self.label(block)?;
        if !is_name(&name) {
            self.error_with_help(
                range,
                format!("`{name}` is no name"),
                "write letters, digits and `_`, and a letter first",
            );
        }
        Some((name, range))
    }

    fn label_missing(&mut self, block: &Block) {
        let name = &block.kind.name;
        self.error_with_help(
            block.header,
            format!("`{name}` takes one label"),
            format!("write `{name} \"…\" {{ … }}`"),
        );
    }

    /// What was found, or an error that says what is missing.
    pub(super) fn required<T>(
        &mut self,
        found: Option<T>,
        range: TextRange,
        missing: &str,
    ) -> Option<T> {
        if found.is_none() {
            self.error(range, missing);
        }
        found
    }

    /// Whether what was read so far may ask for `name`: it stands in the file, or in a param that was filled in.
    pub(super) fn asks(&self, name: &str) -> bool {
        self.source.text.contains(name) || self.lent.iter().any(|text| text.contains(name))
    }

    /// Gives `name` to templates that follow.
    pub(super) fn name(&mut self, name: &str) {
        self.names.push(name.into());
    }
}
