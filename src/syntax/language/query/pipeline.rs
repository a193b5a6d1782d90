//! What `LogQL` does with the lines of a stream: filters, parsers, labels.
//!
//! Each stage becomes a mapping with `kind` and, by kind, `operator` and `text`, `fields` or `matchers`.

use super::super::build::{Object, list};
use super::facts::{matcher, plain, word};
use super::parse::{Parsed, Parser};
use super::token::TokenKind;
use super::tree::{Matcher, Selector, Word};
use super::types::check_regex;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Reads the stages of `selector`, and the duration that may stand between or behind them.
pub(super) fn stages(parser: &mut Parser, selector: &mut Selector) -> Parsed<()> {
    loop {
        let start = parser.here();
        let stage = match parser.peek().clone() {
            TokenKind::Symbol(operator @ ("|=" | "|~" | "|>" | "!=" | "!~" | "!>")) => {
                parser.skip();
                line_filter(parser, &Word { text: operator.into(), range: start })?
            }
            TokenKind::Symbol("|") => {
                parser.skip();
                stage(parser, start)?
            }
            TokenKind::Symbol("[") if selector.window.is_none() => {
                parser.skip();
                selector.window = Some(parser.length()?);
                parser.expect("]")?;
                continue;
            }
            TokenKind::Name(word) if word == "offset" && selector.window.is_some() => {
                parser.skip();
                parser.shift()?;
                continue;
            }
            _ => return Ok(()),
        };
        selector.stages.push(stage);
    }
}

/// `|= "text" or "other"`, whose operator was read.
fn line_filter(parser: &mut Parser, operator: &Word) -> Parsed<Node> {
    let range = operator.range;
    let mut texts = vec![text_or_address(parser)?];
    while matches!(parser.peek(), TokenKind::Name(word) if word == "or")
        && (matches!(parser.peek_second(), TokenKind::Text(_)) || is_address(parser.peek_second()))
    {
        parser.skip();
        texts.push(text_or_address(parser)?);
    }
    if matches!(&*operator.text, "|~" | "!~") {
        texts.iter().try_for_each(check_regex)?;
    }
    let range = range.cover(parser.before());
    let texts = texts.iter().map(word).collect();
    let line = Object::new(range)
        .with("kind", plain("line", operator.range))
        .with("operator", word(operator))
        .with("texts", list(texts, range));
    Ok(line.finish())
}

fn is_address(token: &TokenKind) -> bool {
    matches!(token, TokenKind::Name(word) if word == "ip")
}

/// A string, or `ip("10.0.0.0/8")`.
fn text_or_address(parser: &mut Parser) -> Parsed<Word> {
    if parser.eat_name(&["ip"]).is_none() {
        return parser.text();
    }
    parser.expect("(")?;
    let address = parser.text()?;
    parser.expect(")")?;
    Ok(address)
}

/// The stage behind a `|` at `start`.
fn stage(parser: &mut Parser, start: TextRange) -> Parsed<Node> {
    let kind = match parser.peek() {
        TokenKind::Name(word) => Word { text: word.clone(), range: parser.here() },
        _ => Word { text: "label".into(), range: parser.here() },
    };
    let is_compared = matches!(
        parser.peek_second(),
        TokenKind::Symbol("=" | "==" | "!=" | "=~" | "!~" | "<" | "<=" | ">" | ">=")
    );
    let mut shown = kind.clone();
    let (name, part) = match kind.text.as_str() {
        "json" | "xml" | "logfmt" | "label_format" | "keep" | "drop" | "unpack" | "decolorize"
            if !is_compared =>
        {
            parser.skip();
            flags(parser)?;
            let fields = fields(parser)?;
            ("fields", list(fields, kind.range.cover(parser.before())))
        }
        "regexp" | "pattern" | "line_format" if !is_compared => {
            parser.skip();
            ("text", word(&parser.text()?))
        }
        "unwrap" if !is_compared => {
            parser.skip();
            let mut field = parser.name("a label")?;
            if parser.eat("(") {
                field = parser.name("a label")?;
                parser.expect(")")?;
            }
            ("text", word(&field))
        }
        _ => {
            let mut matchers = Vec::new();
            label_filter(parser, &mut matchers, 0)?;
            shown.text = "label".into();
            let range = kind.range.cover(parser.before());
            ("matchers", list(matchers.iter().map(matcher).collect(), range))
        }
    };
    let range = start.cover(parser.before());
    Ok(Object::new(range).with("kind", word(&shown)).with(name, part).finish())
}

/// `--strict --keep-empty`
fn flags(parser: &mut Parser) -> Parsed<()> {
    while parser.eat("-") {
        while parser.eat("-") {}
        parser.name("a flag")?;
    }
    Ok(())
}

/// `name`, `name="path"`, `name=other`, with commas between.
fn fields(parser: &mut Parser) -> Parsed<Vec<Node>> {
    let mut fields = Vec::new();
    while matches!(parser.peek(), TokenKind::Name(_)) {
        let name = parser.name("a label")?;
        let mut field = Object::new(name.range).with("name", word(&name));
        let is_given = ["=", "!=", "=~", "!~"].iter().any(|operator| parser.eat(operator));
        if is_given {
            let value = match parser.peek() {
                TokenKind::Name(_) => parser.name("a label")?,
                _ => parser.text()?,
            };
            field = field.with("value", word(&value));
        }
        fields.push(field.finish());
        if !parser.eat(",") {
            break;
        }
    }
    Ok(fields)
}

/// `a="b" and (c>5s or d=~"e")`: all that is compared, however it is joined.
fn label_filter(parser: &mut Parser, found: &mut Vec<Matcher>, depth: usize) -> Parsed<()> {
    loop {
        if depth < crate::syntax::yaml::MAX_DEPTH && parser.eat("(") {
            label_filter(parser, found, depth + 1)?;
            parser.expect(")")?;
        } else {
            found.push(comparison(parser)?);
        }
        let is_joined = parser.eat(",") || parser.eat_name(&["and", "or"]).is_some();
        let goes_on = matches!(parser.peek(), TokenKind::Name(_) | TokenKind::Symbol("("));
        if !is_joined && !goes_on {
            return Ok(());
        }
    }
}

fn comparison(parser: &mut Parser) -> Parsed<Matcher> {
    let label = parser.name("a label or a stage")?;
    let operator = match parser.peek() {
        TokenKind::Symbol(word @ ("=" | "==" | "!=" | "=~" | "!~" | "<" | "<=" | ">" | ">=")) => {
            Word { text: (*word).into(), range: parser.here() }
        }
        _ => return parser.expected("a comparison"),
    };
    parser.skip();
    let _ = parser.eat("-");
    let (value, is_text) = match parser.peek() {
        TokenKind::Amount(amount) => {
            let word = Word { text: amount.clone(), range: parser.here() };
            parser.skip();
            (word, false)
        }
        _ => (text_or_address(parser)?, true),
    };
    let range = label.range.cover(parser.before());
    Ok(Matcher { label, operator, value, is_text, range })
}
