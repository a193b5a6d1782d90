//! Reads a whole entry or gather: `select`, what names and narrows the subject, and what is required of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use super::asked::Asked;
use super::clause::{Clauses, forget_unasked, optional_names};
use super::derive::{GatherName, means, narrow, types_of_kind};
use super::env::EVIDENCE;
use super::gather::{Gather, RowOrigin};
use super::judge::{Declarative, Part, Requirement};
use super::kinds::meant as meant_kind;
use super::read::Compiler;
use super::select::{BlockSelect, ChangeSelect, ObjectSelect, Select};
use super::selector::{Selector, Start};
use super::subjects::{SUBJECTS, unknown_subject};
use super::surroundings::Surroundings;
use super::test::Test;
use super::vocabulary::{FROM, GATHER, QUESTION, SELECTOR, TEST};
use crate::config::{ConfigError, LiteralKind};
use crate::model::ImageRole;
use crate::rule::Check;
use crate::rule::planned::{ACTIONS, CLASSES};
use crate::syntax::hcl::{Block, Body};
use crate::text::{Globs, TextRange};

const IMAGE_ROLES: [(&str, ImageRole); 3] = [
    ("container", ImageRole::Container),
    ("init_container", ImageRole::InitContainer),
    ("helm_values", ImageRole::HelmValues),
];

/// A question's outcome, and the case to word it in a situation: the outcome's name, the situation, the case's name.
pub(in crate::rule) struct Situation<'a> {
    pub(in crate::rule) outcome: &'a str,
    pub(in crate::rule) when: &'a Block,
    pub(in crate::rule) case: SmolStr,
}

/// A compiled entry, and what its wording may use.
pub(in crate::rule) struct Compiled {
    pub(in crate::rule) check: Box<dyn Check>,
    /// The outcomes, in order, each with the names of what its evidence says.
    pub(in crate::rule) outcomes: Vec<(SmolStr, &'static [&'static str])>,
    /// The names for placeholders besides.
    pub(in crate::rule) names: Vec<SmolStr>,
}

impl Compiler<'_> {
    /// Compiles the entry `body`.
    pub(in crate::rule) fn rule(
        mut self,
        body: &Body,
        situations: &[Situation<'_>],
    ) -> Option<Compiled> {
        let before = self.errors.len();
        self.surroundings = Surroundings::asked(|name| self.source.text.contains(name));
        let (start, mut clauses) = self.source(body, TextRange::empty(0))?;
        let before_rows = if start.needs_rows() { None } else { Some(self.before_rows) };
        let mut outcomes: Vec<(SmolStr, &'static [&'static str])> = Vec::new();
        let mut requirements: Vec<Requirement> = Vec::new();
        for block in body.blocks() {
            let forbidden = match block.kind.name.as_str() {
                "require" => false,
                "forbid" => true,
                _ => continue,
            };
            let Some((outcome, _)) = self.new_name(block) else { continue };
            let read = self.requirement(block, outcome.clone(), forbidden, situations);
            // Of a question with a mistake nothing more is said.
            let evidence = read.as_ref().map_or(&EVIDENCE[..], Requirement::evidence);
            requirements.extend(read);
            match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
                Some((_, known)) if known.len() >= evidence.len() => {}
                Some((_, known)) => *known = evidence,
                None => outcomes.push((outcome, evidence)),
            }
        }
        if requirements.is_empty() && self.errors.len() == before {
            self.error_with_help(
                TextRange::empty(0),
                "the rule requires nothing",
                "add `require \"outcome\" { … }` or `forbid \"outcome\" { … }`",
            );
        }
        if self.errors.len() > before {
            return None;
        }
        requirements.shrink_to_fit();
        forget_unasked(&mut clauses, |name| self.asks(name));
        self.ask_rows(&self.source.text);
        let names = self.names;
        let looked_at = self.looks.iter().map(|look| look.gather);
        let needs: BTreeSet<usize> = start.rows_of().into_iter().chain(looked_at).collect();
        let check = Declarative {
            start,
            clauses,
            before_rows,
            requirements,
            needs: needs.into_iter().collect(),
            looks: self.looks,
            source: self.source.clone(),
        };
        Some(Compiled { check: Box::new(check), outcomes, names })
    }

    /// Compiles `gather`.
    pub(in crate::rule) fn gather_block(mut self, gather: &GatherName<'_>) -> Option<Gather> {
        let (block, name) = (gather.block()?, gather.name.clone());
        let before = self.errors.len();
        let text = &self.source.text[block.range.indices()];
        self.surroundings = Surroundings::asked(|name| text.contains(name));
        self.new_name(block)?;
        self.check_form(&block.body, &[&GATHER]);
        let label = self.string(&block.body, "label").map(|(text, _)| text.to_string());
        let mut origins = Vec::new();
        let implicit = self.names.clone();
        let parts: Vec<&Block> = block.body.blocks_of("from").collect();
        if parts.is_empty() {
            let (start, clauses) = self.source(&block.body, block.header)?;
            let looks = std::mem::take(&mut self.looks);
            origins.push(RowOrigin { start, clauses, looks });
        }
        if let (false, Some(beside)) = (parts.is_empty(), block.body.blocks_of("select").next()) {
            self.error_with_help(
                beside.header,
                "a `select` beside `from`: rows come from one or the other",
                "put it into a `from` of its own",
            );
        }
        for part in parts {
            self.check_form(&part.body, &[&FROM]);
            self.names.clone_from(&implicit);
            let (mut start, mut clauses) =
                (self.start(&part.body, part.header)?, self.clauses(&part.body));
            // What stands behind the `from` blocks is said of the rows of all.
            let known = self.errors.len();
            self.asked = self.asked.map(Asked::among_others);
            clauses.extend(self.clauses(&block.body));
            let repeated = self.errors.split_off(known);
            let new = repeated.into_iter().filter(|error| !self.errors.contains(error));
            let new: Vec<ConfigError> = new.collect();
            self.errors.extend(new);
            if let Start::Own(select) = &mut start {
                narrow(select, &clauses);
            }
            let looks = std::mem::take(&mut self.looks);
            origins.push(RowOrigin { start, clauses, looks });
        }
        if self.errors.len() > before {
            return None;
        }
        let label = label.unwrap_or_else(|| name.to_string());
        let is_expected = self.flag(&block.body, "expected").unwrap_or_default();
        let optional = origins.iter().flat_map(|origin| optional_names(&origin.clauses));
        let asks = optional.filter(|name| self.asks(name)).cloned().collect();
        self.ask_rows(text);
        let needs: BTreeSet<usize> = origins.iter().flat_map(RowOrigin::needs).collect();
        Some(Gather {
            name,
            label,
            is_expected,
            origins,
            columns: gather.columns().into(),
            asked: Arc::default(),
            asks,
            needs: needs.into_iter().collect(),
            level: 0,
        })
    }

    /// Compiles the selector in `block`, which is named `name` and comes at position `number`.
    pub(in crate::rule) fn selector_block(
        mut self,
        block: &Block,
        name: SmolStr,
        number: usize,
    ) -> Option<Selector> {
        let before = self.errors.len();
        // Rules that start from it may ask for anything.
        self.surroundings = Surroundings::asked(|_| true);
        self.new_name(block)?;
        self.check_form(&block.body, &[&SELECTOR]);
        let nested = block.body.blocks_of("select").find(|it| it.label(0) == Some("selector"));
        if let Some(nested) = nested {
            self.error(nested.header, "a selector does not start from another");
            return None;
        }
        let implicit = self.names.len();
        let (start, clauses) = self.source(&block.body, block.header)?;
        let Start::Own(select) = start else { return None };
        let names = self.names.split_off(implicit);
        self.asks_any_column = true;
        self.ask_rows("");
        let (looks, source) = (self.looks, self.source.clone());
        let is_right = self.errors.len() == before;
        let asked = self.asked?;
        is_right.then_some(Selector { name, number, asked, select, clauses, names, looks, source })
    }

    /// The subjects that `body`, which begins at `head`, selects, and what becomes of them.
    fn source(&mut self, body: &Body, head: TextRange) -> Option<(Start, Clauses)> {
        let mut start = self.start(body, head)?;
        let clauses = self.clauses(body);
        if let Start::Own(select) = &mut start {
            narrow(select, &clauses);
        }
        Some((start, clauses))
    }

    fn start(&mut self, body: &Body, head: TextRange) -> Option<Start> {
        let mut blocks = body.blocks_of("select");
        let Some(block) = blocks.next() else {
            self.error_with_help(
                head,
                "`select` is missing: what this is about",
                "add `select \"resource\" { types = [\"…\"] }`",
            );
            return None;
        };
        if let Some(second) = blocks.next() {
            self.error_with_help(
                second.header,
                "a second `select`",
                "a rule is about one kind of thing: `kinds`, `types` and `files` take several names; else write a second rule",
            );
        }
        let (kind, _) = self.label(block)?;
        let Some(form) = SUBJECTS.iter().find(|form| kind == form.block) else {
            self.errors.extend(unknown_subject(self.source, block));
            return None;
        };
        self.check_form(&block.body, &[form]);
        if form.block == "selector" {
            return self.named_start(block).map(Start::Named);
        }
        self.asked = Some(Asked::of(form.block, &block.body));
        self.subject(form.block, block).map(Start::Own)
    }

    fn named_start(&mut self, block: &Block) -> Option<Arc<Selector>> {
        let missing = "`of` is missing: the selector to start from";
        let word = self.string(&block.body, "of");
        let (word, range) = self.required(word, block.header, missing)?;
        let selectors = self.shared.selectors;
        let Some(found) = selectors.iter().find(|it| means(&word, self.pack, &it.name)) else {
            let broken = self.shared.broken.iter();
            let mut meant = broken.filter(|(name, _)| means(&word, self.pack, name));
            if meant.next().is_some_and(|(name, _)| self.is_broken(name)) {
                return None;
            }
            let prefix = format!("{}.", self.pack);
            let shown =
                selectors.iter().map(|it| it.name.strip_prefix(&*prefix).unwrap_or(&it.name));
            self.offer("selector", &word, range, shown);
            return None;
        };
        for name in &found.names {
            self.name(name);
        }
        self.asked = Some(found.asked);
        self.looks.extend(&found.looks);
        Some(Arc::clone(found))
    }

    fn subject(&mut self, kind: &str, block: &Block) -> Option<Select> {
        let body = &block.body;
        let header = block.header;
        Some(match kind {
            "resource" | "data" => {
                let types = self.strings(body, "types").unwrap_or_default();
                Select::Block(self.blocks(kind.into(), &types, None))
            }
            "block" => {
                let kind = self.string(body, "type");
                let missing = "`type` is missing: the type of the blocks";
                let (kind, _) = self.required(kind, header, missing)?;
                let labels = self.strings(body, "labels").unwrap_or_default();
                self.may_have_labels(&kind, body);
                let files = self.globs(body, "files", true);
                let left_out = self.flag(body, "left_out").unwrap_or_default();
                Select::Block(BlockSelect { left_out, ..self.blocks(kind, &labels, files) })
            }
            "module" => {
                let sources = self.globs(body, "source", true);
                let missing = "`source` is missing: globs on the source of the calls";
                Select::Module { sources: self.required(sources, header, missing)? }
            }
            "object" => self.object(body),
            "image" => {
                let mut roles = Vec::new();
                for (word, range) in self.listed(body, "roles").unwrap_or_default() {
                    match IMAGE_ROLES.iter().find(|(known, _)| word == *known) {
                        Some((_, role)) => roles.push(*role),
                        None => self.offer("role", &word, range, IMAGE_ROLES.map(|(name, _)| name)),
                    }
                }
                if roles.is_empty() {
                    roles = IMAGE_ROLES.map(|(_, role)| role).to_vec();
                }
                Select::Image { roles }
            }
            "file" => {
                let files = self.files(body);
                let missing = "`files` is missing: globs on the paths";
                let files = self.required(files, header, missing)?;
                let words = self.strings(body, "words").unwrap_or_default().into_iter();
                let words = words.map(|(word, _)| word.to_string()).collect();
                Select::File { files, words, reads: self.reads(body) }
            }
            "text" => self.text_select(block)?,
            "row" => {
                let word = self.string(body, "of");
                let missing = "`of` is missing: the gather whose rows are meant";
                let (word, range) = self.required(word, header, missing)?;
                Select::Row { gather: self.gather_of_rows(&word, range)? }
            }
            "change" => Select::Change(self.changes(body)),
            "commit" => Select::Commit,
            "stack" => Select::Stack,
            _ => Select::Repo,
        })
    }

    fn changes(&mut self, body: &Body) -> ChangeSelect {
        ChangeSelect {
            actions: self.words_of(body, "actions", "action", &ACTIONS),
            classes: self.words_of(body, "classes", "class", &CLASSES),
            types: self.globs(body, "types", true),
        }
    }

    fn blocks(
        &mut self,
        kind: SmolStr,
        labels: &[(SmolStr, TextRange)],
        files: Option<Globs>,
    ) -> BlockSelect {
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '{']);
        let plain = labels.iter().filter(|(label, _)| is_plain(label));
        let plain: Vec<SmolStr> = plain.map(|(label, _)| label.clone()).collect();
        let globs: Vec<_> = labels.iter().filter(|(label, _)| !is_plain(label)).cloned().collect();
        let globs = if globs.is_empty() { None } else { Some(self.glob_set(&globs, false)) };
        BlockSelect { kind, labels: plain, globs, files, left_out: false }
    }

    fn object(&mut self, body: &Body) -> Select {
        let kinds = self.listed(body, "kinds").unwrap_or_default();
        let api = self.globs(body, "api", false);
        let slips =
            kinds.iter().filter_map(|(kind, range)| Some((kind, *range, meant_kind(kind)?)));
        for (kind, range, meant) in slips.filter(|_| body.attribute("api").is_none()) {
            let message = format!("Kubernetes has no kind `{kind}`");
            let help =
                format!("did you mean `{meant}`? a kind of another API is told by its `api`");
            self.error_with_help(range, message, help);
        }
        for (kind, range) in kinds.iter().filter(|(kind, _)| kind.contains('_')) {
            let message =
                format!("this can never match: `{kind}` is a type of Terraform's, and no kind");
            let help = "write the kind (`Deployment`), which finds typed resources and manifests alike, or \
                        `select \"resource\" { types = [\"…\"] }`";
            self.error_with_help(*range, message, help);
        }
        let kinds: Vec<SmolStr> = kinds.into_iter().map(|(kind, _)| kind).collect();
        let (mut typed, mut manifests, mut charts) = (api.is_none(), true, true);
        if let Some(carriers) = self.listed(body, "carriers") {
            (typed, manifests, charts) = (false, false, false);
            for (word, range) in carriers {
                match word.as_str() {
                    "resource" if api.is_some() => {
                        let message = "this can never match: a typed resource has no `apiVersion`";
                        self.error_with_help(range, message, "leave `api` out, or this");
                    }
                    "resource" if kinds.is_empty() => {
                        let message = "this can never match: a typed resource is found by its kind";
                        self.error_with_help(range, message, "add `kinds = [\"…\"]`");
                    }
                    "resource" => typed = true,
                    "manifest" => manifests = true,
                    "chart" => charts = true,
                    _ => self.offer("carrier", &word, range, ["resource", "manifest", "chart"]),
                }
            }
        }
        let types = if typed {
            kinds.iter().flat_map(|kind| types_of_kind(kind)).collect()
        } else {
            Vec::new()
        };
        Select::Object(ObjectSelect { kinds, api, types, manifests, charts })
    }

    fn requirement(
        &mut self,
        block: &Block,
        outcome: SmolStr,
        forbidden: bool,
        situations: &[Situation<'_>],
    ) -> Option<Requirement> {
        let body = &block.body;
        self.check_form(body, &[&TEST, &QUESTION]);
        let when = Test::all(self.whens(body)?);
        let test = self.test(body, block.header)?;
        if !forbidden {
            self.check_present(body);
        }
        let at = match body.attribute("at") {
            Some(_) => Some(self.path(body, "at")?),
            None => None,
        };
        let part = match self.string(body, "underline") {
            None => Part::Value,
            Some((word, range)) => match word.as_str() {
                "value" => Part::Value,
                "key" => Part::Key,
                "subject" => Part::Subject,
                _ => {
                    self.offer("part", &word, range, ["value", "key", "subject"]);
                    return None;
                }
            },
        };
        let mut related = Vec::new();
        if let Some(literal) = self.attribute(body, "related") {
            let LiteralKind::Object(entries) = &literal.kind else {
                self.error(
                    literal.range,
                    "`related` names places: `{ \"path\" = \"what it is\" }`",
                );
                return None;
            };
            for (path, range, message) in entries {
                let said = self.operand(message)?;
                related.push((self.path_ref(path, *range)?, said));
            }
        }
        // A situation may ask what the answer rests on.
        let known = self.names.len();
        let evidence = evidence_of(&test, forbidden);
        self.names.extend(evidence.iter().map(|name| SmolStr::new_static(name)));
        let mut own = Vec::new();
        for situation in situations.iter().filter(|it| *it.outcome == *outcome) {
            own.push((self.test_block(situation.when)?, situation.case.clone()));
        }
        let fixes = self.fixes(body);
        self.fixes_fit(body);
        let derives = self.flag(body, "derive").unwrap_or(true);
        self.names.truncate(known);
        let range = block.range;
        Some(Requirement {
            range,
            outcome,
            forbidden,
            when,
            test,
            at,
            part,
            situations: own,
            fixes,
            derives,
            related,
        })
    }
}

/// The names of what the answer says that breaks a requirement with `test`.
fn evidence_of(test: &Test, forbidden: bool) -> &'static [&'static str] {
    if test.knows_near(forbidden) { &EVIDENCE } else { &EVIDENCE[..1] }
}

impl Requirement {
    fn evidence(&self) -> &'static [&'static str] {
        evidence_of(&self.test, self.forbidden)
    }
}
