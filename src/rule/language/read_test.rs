//! Reads the blocks that ask: `where`, `require`, `all`, `comment`, `exists` and what stands in them.

use smol_str::SmolStr;

use super::breadth::Look;
use super::comment::{CommentTest, Position};
use super::derive::{GatherName, is_in_its_place};
use super::ignored::{IgnoredTest, MarkerTest, Targets};
use super::matcher::{Comparison, Matcher, Order};
use super::operand::{Operand, PathRef};
use super::reach::Counted;
use super::read::Compiler;
use super::relation::{Exists, How, Sum};
use super::test::{AtTest, Test};
use super::units::Unit;
use super::vocabulary::{COMMENT, EXISTS, IGNORED, MARKER, SUM, TEST};
use crate::config::{Literal, LiteralKind};
use crate::syntax::hcl::{Block, Body};
use crate::text::TextRange;

/// How columns of rows are compared.
pub(super) const WAYS: [(&str, How); 7] = [
    ("match", How::Same),
    ("differs", How::Differs),
    ("covers", How::Covers),
    ("starts_with", How::StartsWith),
    ("contains", How::Contains),
    ("matched_by", How::MatchedBy),
    ("missing_from", How::MissingFrom),
];

impl Compiler<'_> {
    /// A block that holds nothing but a test.
    pub(super) fn test_block(&mut self, block: &Block) -> Option<Test> {
        self.check_form(&block.body, &[&TEST]);
        self.test(&block.body, block.header)
    }

    /// What the `when` blocks of `body` ask together: all of them must hold, and so do none. Nothing where one is wrong.
    pub(super) fn whens(&mut self, body: &Body) -> Option<Vec<Test>> {
        body.blocks_of("when").map(|when| self.test_block(when)).collect()
    }

    /// The test that the attributes and blocks of `body` make together: all of them must hold.
    pub(super) fn test(&mut self, body: &Body, place: TextRange) -> Option<Test> {
        let mut tests = Vec::new();
        let asks = body.attributes().any(|it| is_asked(&it.key.name));
        if asks {
            tests.push(Test::At(self.at_test(body)?));
        }
        for block in body.blocks() {
            let test = match block.kind.name.as_str() {
                "all" => self.test_block(block)?,
                "any" => Test::Any(self.alternatives(block)?),
                "not" => Test::Not(Box::new(self.test_block(block)?)),
                "certain" => Test::Certain(Box::new(self.test_block(block)?)),
                "comment" | "ignored" | "marker" => {
                    self.fits(&block.kind.name, block.kind.range);
                    self.beside(block)?
                }
                "exists" => {
                    self.check_form(&block.body, &[&EXISTS]);
                    Test::Exists(self.exists(block)?)
                }
                "sum" => self.sum(block)?,
                _ => continue,
            };
            tests.push(test);
        }
        let all = Test::all(tests);
        if all.is_none() && !self.is_wrong_within(body) {
            let help = "write `path = \"…\"` and what it must be";
            self.error_with_help(place, "nothing is asked here", help);
        }
        all
    }

    /// Whether a mistake was found in `body`: what would be missing beside it may be what is misspelt.
    pub(super) fn is_wrong_within(&self, body: &Body) -> bool {
        let is_within = |range| body.items.iter().any(|item| item.range().contains(range));
        self.errors.iter().any(|it| it.path == self.source.path && is_within(it.range))
    }

    /// What is asked of comments.
    fn beside(&mut self, block: &Block) -> Option<Test> {
        match block.kind.name.as_str() {
            "comment" => self.comment(block),
            "ignored" => self.ignored(block),
            _ => self.marker(block),
        }
    }

    /// Each block in `any` is one way for it to hold; so is each set of attributes.
    fn alternatives(&mut self, block: &Block) -> Option<Vec<Test>> {
        self.check_form(&block.body, &[&TEST]);
        let mut tests = Vec::new();
        if let Some(attribute) = block.body.attributes().next() {
            self.error_with_help(
                attribute.key.range,
                "`any` holds blocks",
                "put each alternative into a block of its own: `all { … }`",
            );
            return None;
        }
        for inner in block.body.blocks() {
            let body = Body {
                items: vec![crate::syntax::hcl::Item::Block(inner.clone())],
                range: inner.range,
            };
            tests.push(self.test(&body, inner.header)?);
        }
        if tests.is_empty() {
            self.error(block.header, "`any` of nothing never holds");
            return None;
        }
        Some(tests)
    }

    fn at_test(&mut self, body: &Body) -> Option<AtTest> {
        let path = match self.attribute(body, "text") {
            Some(literal) => PathRef::Text(Box::new(self.operand(&literal)?)),
            None => self.path(body, "path")?,
        };
        let present = self.flag(body, "present");
        let every = self.flag(body, "every").unwrap_or_default();
        let default = match self.attribute(body, "default") {
            Some(literal) => Some(self.operand(&literal)?),
            None => None,
        };
        let before = self.errors.len();
        let followed = if body.attribute("calls").is_some() { "calls" } else { "refers_to" };
        let goes_with = [("through", followed), ("asked", "refers_to")];
        self.one_way(body, &["path", "text"], &goes_with);
        for attribute in body.attributes() {
            self.fits(&attribute.key.name, attribute.key.range);
        }
        let matchers = self.matchers(body);
        self.check_together(body, &matchers);
        if self.errors.len() > before {
            return None;
        }
        if present == Some(false)
            && let Some(attribute) = body
                .attributes()
                .find(|it| !matches!(it.key.name.as_str(), "path" | "present" | "every"))
        {
            self.error(
                attribute.key.range,
                "this can never hold: nothing that is absent has a value",
            );
            return None;
        }
        Some(AtTest { path, every, present, default, matchers })
    }

    fn matchers(&mut self, body: &Body) -> Vec<Matcher> {
        let mut found = Vec::new();
        let unit = match self.string(body, "as") {
            Some((word, range)) => self.unit(&word, range),
            None => Some(Unit::Number),
        };
        for attribute in body.attributes() {
            let name = attribute.key.name.as_str();
            if is_about_the_place(name) || !is_asked(name) {
                continue;
            }
            let Some(literal) = self.literal(&attribute.value) else { continue };
            found.extend(match (order_of(name), unit.filter(|unit| *unit != Unit::Number)) {
                (Some(order), _) => self.comparison(body, order, &literal, unit),
                (None, Some(unit)) if matches!(name, "equals" | "one_of") => {
                    self.amounts(&literal, unit)
                }
                (None, _) => self.matcher(name, &literal),
            });
        }
        let is_through = self.flag(body, "through").unwrap_or_default();
        let is_any_counted = self.flag(body, "asked").unwrap_or(true);
        for matcher in &mut found {
            if let Matcher::RefersTo { counted, .. } = matcher
                && !is_any_counted
            {
                *counted = Counted::Given;
            }
            if let Matcher::RefersTo { through, .. } | Matcher::Calls { through, .. } = matcher {
                *through = is_through;
            }
        }
        // Mostly one, and there are thousands of them.
        found.shrink_to_fit();
        found
    }

    fn comparison(
        &mut self,
        body: &Body,
        order: Order,
        literal: &Literal,
        unit: Option<Unit>,
    ) -> Option<Matcher> {
        let unit = unit?;
        let bound = self.amount(literal, unit.of_bound())?;
        let plus = match self.attribute(body, "plus") {
            Some(literal) => Some(self.operand(&literal)?),
            None => None,
        };
        Some(Matcher::Compare(Comparison { order, bound, unit, plus }))
    }

    /// What amounts are compared with.
    fn amount(&mut self, literal: &Literal, unit: Unit) -> Option<Operand> {
        let bound = self.operand(literal)?;
        if let Operand::Text(template) = &bound
            && let Some(text) = template.as_plain()
            && unit.amount(text).is_none()
        {
            let others = Unit::WORDS.iter().filter(|word| **word != unit.word());
            let others: Vec<String> = others.map(|word| format!("`{word}`")).collect();
            let message = format!("this can never hold: `{text}` is no {}", unit.word());
            let help = format!("`as` says what it is: {}", others.join(", "));
            self.error_with_help(literal.range, message, help);
            return None;
        }
        Some(bound)
    }

    /// The amounts in a list, or the one there is.
    fn amounts(&mut self, literal: &Literal, unit: Unit) -> Option<Matcher> {
        let all = match &literal.kind {
            LiteralKind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(literal),
        };
        let amounts: Option<_> = all.iter().map(|it| self.amount(it, unit.of_bound())).collect();
        Some(Matcher::Amounts(amounts?, unit))
    }

    fn matcher(&mut self, name: &str, literal: &Literal) -> Option<Matcher> {
        let range = literal.range;
        Some(match name {
            "equals" => Matcher::OneOf(vec![self.operand(literal)?]),
            "one_of" => {
                let operands = self.operands(literal)?;
                if operands.is_empty() {
                    self.error(range, "this can never hold: the list is empty");
                    return None;
                }
                Matcher::OneOf(operands)
            }
            "like" => Matcher::Like(self.operands(literal)?),
            "contains" => Matcher::Contains(self.operands(literal)?),
            "matches" => {
                let (text, _) = self.text(name, literal)?;
                Matcher::Matches(self.pattern(&text, range)?)
            }
            "items_at_least" => Matcher::Count(Order::AtLeast, self.as_number(literal)?),
            "items_at_most" => Matcher::Count(Order::AtMost, self.as_number(literal)?),
            "is_a" => {
                let (word, _) = self.text(name, literal)?;
                Matcher::IsA(self.unit(&word, range)?)
            }
            "in" => {
                let (word, _) = self.text(name, literal)?;
                let Some((gather, column)) = word.rsplit_once('.') else {
                    self.error_with_help(range, "a column is missing", "write `GATHER.COLUMN`");
                    return None;
                };
                let number = self.gather(gather, range)?;
                self.looks.push(Look { gather: number, is_beside: false });
                Matcher::In { gather: number, column: self.column(number, column, range)? }
            }
            "written" => Matcher::Written(self.as_flag(literal)?),
            "literal" => Matcher::Literal(self.as_flag(literal)?),
            "empty" => Matcher::Empty(self.as_flag(literal)?),
            "calls" => {
                let names = self.texts(name, literal.clone())?.into_iter();
                Matcher::Calls { names: names.map(|(text, _)| text).collect(), through: false }
            }
            "refers_to" => {
                let texts = self.texts(name, literal.clone())?;
                let globs = self.glob_set(&texts, false);
                Matcher::RefersTo { globs, through: false, counted: Counted::All }
            }
            "subset_of" => {
                let (text, _) = self.text(name, literal)?;
                Matcher::SubsetOf(self.path_ref(&text, range)?)
            }
            "ordered" => {
                let mut operands = self.operands(literal)?;
                if operands.len() != 2 {
                    self.error(
                        range,
                        "`ordered` names two patterns: which comes first, and which then",
                    );
                    return None;
                }
                let then = operands.pop()?;
                Matcher::Ordered(operands.pop()?, then)
            }
            _ => return None,
        })
    }

    fn as_flag(&mut self, literal: &Literal) -> Option<bool> {
        let flag = match literal.kind {
            LiteralKind::Bool(value) => Some(value),
            _ => None,
        };
        self.required(flag, literal.range, "write true or false here")
    }

    fn as_number(&mut self, literal: &Literal) -> Option<f64> {
        let number = match literal.kind {
            LiteralKind::Number(value) => Some(value),
            _ => None,
        };
        self.required(number, literal.range, "write a number here")
    }

    pub(super) fn unit(&mut self, word: &str, range: TextRange) -> Option<Unit> {
        let unit = Unit::parse(word);
        if unit.is_none() {
            self.offer("unit", word, range, Unit::WORDS);
        }
        unit
    }

    fn comment(&mut self, block: &Block) -> Option<Test> {
        let body = &block.body;
        self.check_form(body, &[&COMMENT]);
        if let (Some(path), true) =
            (body.attribute("path"), self.asked.is_some_and(|it| it.is_json))
        {
            let message = "this can never hold: JSON has no comments";
            self.error_with_help(path.value.range, message, "ask for a key that says it");
        }
        let path = self.path(body, "path")?;
        let mut on = Vec::new();
        for (word, range) in self.listed(body, "on").unwrap_or_default() {
            match Position::parse(&word) {
                Some(position) => on.push(position),
                None => self.offer("position", &word, range, Position::WORDS),
            }
        }
        if on.is_empty() {
            on = vec![Position::Above, Position::Trailing];
        }
        let matches = match self.string(body, "matches") {
            Some((text, range)) => Some(self.pattern(&text, range)?),
            None => None,
        };
        Some(Test::Comment(CommentTest { path, on, matches }))
    }

    fn ignored(&mut self, block: &Block) -> Option<Test> {
        self.check_form(&block.body, &[&IGNORED]);
        let Some(literal) = self.attribute(&block.body, "field") else {
            self.error(
                block.header,
                "`field` is missing: the path to ignore, as Terraform writes it",
            );
            return None;
        };
        let path = self.operand(&literal)?;
        let exactly = self.flag(&block.body, "exactly").unwrap_or_default();
        let ineffective = self.flag(&block.body, "ineffective").unwrap_or_default();
        Some(Test::Ignored(IgnoredTest { path, exactly, ineffective, targets: Targets::default() }))
    }

    fn marker(&mut self, block: &Block) -> Option<Test> {
        self.check_form(&block.body, &[&MARKER]);
        let Some(literal) = self.attribute(&block.body, "word") else {
            self.error(block.header, "`word` is missing: the marker");
            return None;
        };
        let word = self.operand(&literal)?;
        let misspelt = self.flag(&block.body, "misspelt").unwrap_or_default();
        let others = self.strings(&block.body, "others").unwrap_or_default();
        let others = others.into_iter().map(|(other, _)| other.to_string()).collect();
        let field = match self.attribute(&block.body, "field") {
            Some(literal) => Some(self.operand(&literal)?),
            None => None,
        };
        Some(Test::Marker(MarkerTest { word, misspelt, others, field }))
    }

    /// The rows that the attributes of `block` describe.
    pub(super) fn exists(&mut self, block: &Block) -> Option<Exists> {
        let body = &block.body;
        let Some((word, range)) = self.string(body, "in") else {
            self.error(block.header, "`in` is missing: the gather whose rows are meant");
            return None;
        };
        let gather = self.gather(&word, range)?;
        let mut columns = Vec::new();
        for (name, how) in WAYS {
            let Some(literal) = self.attribute(body, name) else { continue };
            let LiteralKind::Object(entries) = &literal.kind else {
                self.error_with_help(
                    literal.range,
                    format!("`{name}` names columns"),
                    format!("write `{name} = {{ column = \"…\" }}`"),
                );
                return None;
            };
            for (column, column_range, value) in entries {
                let column = self.column(gather, column, *column_range)?;
                columns.push((column, how, self.operand(value)?));
            }
        }
        let other = self.flag(body, "other").unwrap_or_default();
        let earlier = self.flag(body, "earlier").unwrap_or_default();
        let count = if block.kind.name == "exists" {
            self.check_rows(body, true);
            match (self.number(body, "at_least"), self.number(body, "at_most")) {
                (_, Some(most)) => (Order::AtMost, most),
                (Some(least), _) => (Order::AtLeast, least),
                _ => (Order::AtLeast, 1.0),
            }
        } else {
            (Order::AtLeast, 1.0)
        };
        let any_case = self.flag(body, "any_case").unwrap_or_default();
        let is_beside = self.is_beside(gather, &columns);
        self.looks.push(Look { gather, is_beside });
        Some(Exists { gather, columns, any_case, other, earlier, count })
    }

    /// Whether only rows of `gather` in the subject's own directory can match in these `columns`.
    fn is_beside(&self, gather: usize, columns: &[(SmolStr, How, Operand)]) -> bool {
        let placed = self.shared.gathers.get(gather).map_or(&[][..], GatherName::placed);
        let says = |operand: &Operand, place: &str| match operand {
            Operand::Text(text) => text.as_hole() == Some(place),
            Operand::Path(_) => false,
        };
        let is_given_anew =
            |place: &str| self.names.iter().filter(|name| *name == place).count() > 1;
        let is_own = |(column, how, operand): &(SmolStr, How, Operand)| {
            let mut meant = placed.iter().filter(|(known, _)| known == column);
            *how == How::Same
                && meant.any(|(_, place)| says(operand, place) && !is_given_anew(place))
        };
        self.asked.is_some_and(|asked| is_in_its_place(asked.subject)) && columns.iter().any(is_own)
    }

    fn sum(&mut self, block: &Block) -> Option<Test> {
        let body = &block.body;
        self.check_form(body, &[&SUM]);
        self.check_rows(body, false);
        let rows = self.exists(block)?;
        let Some((column, range)) = self.string(body, "column") else {
            self.error(block.header, "`column` is missing: what is added up");
            return None;
        };
        let column = self.column(rows.gather, &column, range)?;
        let unit = match self.string(body, "as") {
            Some((word, range)) => self.unit(&word, range)?,
            None => Unit::Number,
        };
        let bound = match (self.attribute(body, "at_most"), self.attribute(body, "at_least")) {
            (Some(literal), _) => (Order::AtMost, self.amount(&literal, unit.of_bound())?),
            (None, Some(literal)) => (Order::AtLeast, self.amount(&literal, unit.of_bound())?),
            (None, None) => {
                self.error(block.header, "`at_most` or `at_least` is missing");
                return None;
            }
        };
        Some(Test::Sum(Sum { rows, column, unit, bound }))
    }
}

/// The order of amounts that the attribute `name` asks for.
fn order_of(name: &str) -> Option<Order> {
    Some(match name {
        "at_least" => Order::AtLeast,
        "at_most" => Order::AtMost,
        "above" => Order::Above,
        "below" => Order::Below,
        _ => return None,
    })
}

/// Whether the attribute `name` of a test says what is asked about, and how, rather than asking.
fn is_about_the_place(name: &str) -> bool {
    let words = ["text", "path", "present", "every", "default", "as", "plus", "through", "asked"];
    words.contains(&name)
}

/// Whether the attribute `name` is part of a test.
fn is_asked(name: &str) -> bool {
    TEST.attributes.iter().any(|word| word.name == name)
}
