//! Reads `where`, `unless`, `unknown`, `let` and `each`.

use smol_str::{SmolStr, format_smolstr};

use super::binding::LetSource;
use super::clause::{Again, Clause, Clauses, Field};
use super::derive::GatherName;
use super::path::Path;
use super::read::Compiler;
use super::read_test::WAYS;
use super::relation::Exists;
use super::test::Test;
use super::vocabulary::{EACH, LET, TEST, UNKNOWN};
use crate::config::{Literal, LiteralKind};
use crate::rule::mutators::{FieldPath, Mutator};
use crate::syntax::hcl::{Block, Body};
use crate::text::TextRange;

impl Compiler<'_> {
    /// What stands between `select` and what is asked.
    pub(super) fn clauses(&mut self, body: &Body) -> Clauses {
        if let Some(block) = body.blocks_of("select").next() {
            match block.label(0) {
                Some("image") => {
                    self.name("namespace");
                    self.name("role");
                }
                Some("row") => {
                    let gather = self.string(&block.body, "of").map(|(word, _)| word);
                    let qualified = gather.map(|word| (format!("{}.{word}", self.pack), word));
                    if let Some((qualified, word)) = qualified {
                        let gathers = self.shared.gathers;
                        let found =
                            gathers.iter().find(|it| it.name == word || it.name == qualified);
                        for column in found.map_or(&[][..], GatherName::columns) {
                            self.name(column);
                        }
                    }
                }
                _ => {}
            }
        }
        self.given_once(body);
        let mut clauses = Vec::new();
        let known = self.looks.len();
        self.before_rows = 0;
        for block in body.blocks() {
            let clause = match block.kind.name.as_str() {
                "where" => self.test_block(block).map(Clause::Where),
                "unless" => {
                    self.test_block(block).map(|test| Clause::Where(Test::Not(Box::new(test))))
                }
                "unknown" => self.unknown_clause(block),
                "let" => self.let_clause(block),
                "each" => self.each_clause(block),
                _ => None,
            };
            clauses.extend(clause.map(|clause| (block.range, clause)));
            if self.looks.len() == known {
                self.before_rows = clauses.len();
            }
        }
        clauses.shrink_to_fit();
        clauses
    }

    /// A name that is given again hides the first one from all that follows.
    fn given_once(&mut self, body: &Body) {
        let mut given: Vec<&str> = Vec::new();
        let gives = |block: &&Block| matches!(block.kind.name.as_str(), "let" | "each");
        for label in body.blocks().filter(gives).filter_map(|block| block.labels.first()) {
            if given.contains(&label.name.as_str()) {
                self.error(label.range, format!("`{}` is given twice", label.name));
            }
            given.push(&label.name);
        }
    }

    fn unknown_clause(&mut self, block: &Block) -> Option<Clause> {
        let body = &block.body;
        self.check_form(body, &[&TEST, &UNKNOWN]);
        let test = self.test(body, block.header);
        let missing = "`because` is missing: why it is not known";
        let because = self.string(body, "because");
        let (because, range) = self.required(because, block.header, missing)?;
        Some(Clause::Unknown { because: self.template(&because, range)?, test: test? })
    }

    pub(super) fn let_clause(&mut self, block: &Block) -> Option<Clause> {
        let body = &block.body;
        self.check_form(body, &[&LET]);
        let (name, _) = self.new_name(block)?;
        let clause = self.let_body(block, name.clone());
        // Also of one with a mistake, lest whoever asks for the name is told of another.
        self.name(&name);
        clause
    }

    fn let_body(&mut self, block: &Block, name: SmolStr) -> Option<Clause> {
        let body = &block.body;
        self.one_way(body, &["in", "path", "text"], &of_rows());
        self.one_way(body, &["address", "capture", "in", "joined", "text"], &[]);
        let default = match self.attribute(body, "default") {
            Some(literal) => Some(self.operand(&literal)?),
            None => None,
        };
        let source = if body.attribute("in").is_some() {
            let (rows, column) = self.rows(block)?;
            LetSource::Lookup { rows, column }
        } else if let Some(literal) = self.attribute(body, "text") {
            LetSource::Text(self.operand(&literal)?)
        } else if self.flag(body, "address").unwrap_or_default() {
            LetSource::Address(self.path(body, "path")?)
        } else if let Some((pattern, range)) = self.string(body, "capture") {
            let pattern = self.pattern(&pattern, range)?;
            LetSource::Capture { path: self.path(body, "path")?, pattern }
        } else if let Some((between, _)) = self.string(body, "joined") {
            LetSource::Joined { path: self.path(body, "path")?, between }
        } else {
            // The subject itself may be meant where something is made of it.
            let says = body.attributes().find(|it| it.key.name != "default");
            self.required(says, block.header, "`path` is missing: what the name is given to")?;
            LetSource::Path(self.read_path(body)?)
        };
        let unit = match self.string(body, "as") {
            Some((word, range)) => {
                Some((self.unit(&word, range)?, self.number(body, "times").unwrap_or(1.0)))
            }
            None => None,
        };
        if let (None, Some(times)) = (unit, body.attribute("times")) {
            let message = "`times` is of an amount";
            self.error_with_help(times.key.range, message, "say what it is with `as`");
        }
        if !matches!(source, LetSource::Path(_)) {
            self.no_reads(body);
        }
        Some(Clause::Let { name, source, default, unit })
    }

    pub(super) fn each_clause(&mut self, block: &Block) -> Option<Clause> {
        let body = &block.body;
        self.check_form(body, &[&EACH]);
        let (name, _) = self.new_name(block)?;
        let clause = self.each_body(block, &name);
        self.name(&name);
        clause
    }

    fn each_body(&mut self, block: &Block, name: &SmolStr) -> Option<Clause> {
        let body = &block.body;
        let ways = ["ignored", "in", "mutator", "path", "possible", "texts"];
        let is_twice = self.flag(body, "twice").unwrap_or_default();
        self.one_way(
            body,
            &ways,
            &[of_rows(), vec![("split", "path"), ("again", "path")]].concat(),
        );
        if let Some(ignored) = body.attribute("ignored") {
            self.fits("ignored", ignored.key.range);
        }
        let clause = if body.attribute("mutator").is_some() {
            let mutators = self.strings(body, "mutator")?;
            self.mutator_clause(name.clone(), &mutators)?
        } else if self.flag(body, "ignored").unwrap_or_default() {
            self.name(&format!("{name}_parent"));
            Clause::Ignored { name: name.clone() }
        } else if body.attribute("in").is_some() {
            let (rows, column) = self.rows(block)?;
            Clause::Rows { name: name.clone(), rows, column }
        } else if is_twice {
            self.name(&format!("{name}_key"));
            self.name(&format!("{name}_before"));
            Clause::Twice { name: name.clone(), path: self.read_path(body)? }
        } else if body.attribute("possible").is_some() {
            Clause::Possible { name: name.clone(), path: self.path(body, "possible")? }
        } else if let Some(literal) = self.attribute(body, "texts") {
            self.texts_clause(name.clone(), &literal)?
        } else {
            let path = body.attribute("path");
            self.required(path, block.header, "`path` is missing: what there is each of")?;
            let path = self.read_path(body)?;
            if let Some((separator, _)) = self.string(body, "split") {
                self.no_reads(body);
                Clause::Split { name: name.clone(), path, separator }
            } else {
                self.name(&format!("{name}_index"));
                self.name(&format!("{name}_key"));
                Clause::Each {
                    name: name.clone(),
                    index: Some(format_smolstr!("{name}_index")),
                    key: Some(format_smolstr!("{name}_key")),
                    path,
                    again: self.again(body, name),
                }
            }
        };
        if !matches!(clause, Clause::Each { .. } | Clause::Split { .. } | Clause::Twice { .. }) {
            self.no_reads(body);
        }
        Some(clause)
    }

    /// What `again` says in `body`, if it does.
    fn again(&mut self, body: &Body, name: &str) -> Option<Again> {
        let (text, range) = self.string(body, "again")?;
        let before = format_smolstr!("{name}_before");
        self.name(&before);
        match Path::parse(&text) {
            Ok(path) => Some(Again { path, before }),
            Err(wrong) => {
                self.error(range, format!("this is no path: {wrong}"));
                None
            }
        }
    }

    /// The rows that `block` asks for, and the column that it wants of them.
    fn rows(&mut self, block: &Block) -> Option<(Exists, SmolStr)> {
        let rows = self.exists(block)?;
        let column = self.string(&block.body, "column");
        let missing = "`column` is missing: what is looked up";
        let (column, range) = self.required(column, block.header, missing)?;
        let column = self.column(rows.gather, &column, range)?;
        Some((rows, column))
    }

    /// Nothing but what stands at a path is read as another language.
    fn no_reads(&mut self, body: &Body) {
        if let Some(reads) = body.attribute("reads") {
            let message = "`reads` goes with `path` alone: what stands there is read";
            self.error(reads.key.range, message);
        }
    }

    fn texts_clause(&mut self, name: SmolStr, literal: &Literal) -> Option<Clause> {
        let mut texts = Vec::new();
        match &literal.kind {
            LiteralKind::List(items) => {
                for item in items {
                    texts.push((self.scalar(item)?, SmolStr::default()));
                }
            }
            LiteralKind::Object(entries) => {
                for (key, _, value) in entries {
                    texts.push((key.clone(), self.scalar(value)?));
                }
            }
            _ => {
                self.error(literal.range, "`texts` must be a list or an object of texts");
                return None;
            }
        }
        self.name(&format!("{name}_value"));
        Some(Clause::Texts { name, texts })
    }

    /// The fields that mutators change in resources of the subject's type.
    fn mutator_clause(&mut self, name: SmolStr, wanted: &[(SmolStr, TextRange)]) -> Option<Clause> {
        let mut fields: Vec<(SmolStr, Vec<Field>)> = Vec::new();
        for (word, range) in wanted {
            let mutators = self.shared.mutators;
            let Some(mutator) = mutators.iter().find(|known| known.name == *word) else {
                let known = mutators.iter().map(|it| it.name.as_str());
                self.offer("mutator", word, *range, known);
                return None;
            };
            for (kind, more) in fields_of(mutator) {
                match fields.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, all)) => all.extend(more),
                    None => fields.push((kind, more)),
                }
            }
        }
        let marker_name: SmolStr = format!("{name}_marker").into();
        self.name(&marker_name);
        Some(Clause::Fields { name, marker_name, fields })
    }
}

/// The words about rows, each with the one that it goes with.
fn of_rows() -> Vec<(&'static str, &'static str)> {
    let words = WAYS.map(|(way, _)| way).into_iter().chain(["any_case", "column"]);
    words.map(|name| (name, "in")).collect()
}

/// The fields that the mutator changes, by type of resource.
fn fields_of(mutator: &Mutator) -> Vec<(SmolStr, Vec<Field>)> {
    let marker: SmolStr = mutator.marker.as_deref().unwrap_or_default().into();
    let field = |path: &FieldPath| Field { path: path.to_string().into(), marker: marker.clone() };
    let of_kind = |(kind, fields): &(SmolStr, Vec<FieldPath>)| {
        (kind.clone(), fields.iter().map(field).collect())
    };
    mutator.paths.iter().map(of_kind).collect()
}
