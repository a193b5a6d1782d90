//! What rules see of queries; that broken ones are refused with their place; and that the well-known parser of `PromQL`
//! makes the same of the same text.

use std::fmt::Write as _;

use promql_parser::parser as other;

use super::parse::{Dialect, parse};
use super::tree::{Expr, ExprKind};
use super::{functions, matchers, query as read, read as judge};
use crate::syntax::language::HOLE;
use crate::syntax::yaml::{Node, NodeKind};

/// The tree in one line, scalars as they are written in `text`; what is evaluated, with its value.
fn shown(text: &str, node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar { value, .. } => {
            let written = &text[node.range.indices()];
            if written == value { written.to_owned() } else { format!("{written}→{value}") }
        }
        NodeKind::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(text, item)).collect();
            format!("[{}]", items.join(", "))
        }
        NodeKind::Mapping(entries) => {
            let entries = entries.iter().map(|entry| {
                format!("{}: {}", entry.key.as_str().unwrap_or("?"), shown(text, &entry.value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        NodeKind::Pieces(_) | NodeKind::Alias { .. } => "*".to_owned(),
    }
}

fn at<'n>(node: &'n Node, key: &str, index: usize) -> &'n Node {
    &node.get(key).unwrap().items()[index]
}

#[test]
fn an_age_has_its_threshold_in_seconds() {
    let text = "(time() - max by (job) (last_run{job=\"a\", x=~\"b|c\"})) / 3600 > 8 * 24 # days\n";
    let query = read(text).unwrap();
    let comparison = at(&query, "comparisons", 0);
    let threshold = comparison.get("threshold").unwrap();
    assert_eq!(shown(text, threshold), "8 * 24→691200");
    let watched = at(comparison, "age_of", 0);
    assert_eq!(shown(text, watched.get("name").unwrap()), "last_run");
    assert_eq!(shown(text, watched.get("labels").unwrap()), "{job: a}");
    assert_eq!(
        shown(text, watched.get("matchers").unwrap()),
        "[{label: job, operator: =, value: a, words: [a]}, \
         {label: x, operator: =~, value: b|c, words: [b, c]}]"
    );
    assert_eq!(shown(text, query.get("calls").unwrap()), "[time, max]");
}

#[test]
fn a_number_on_the_left_is_read_from_the_right() {
    let text = "2 * 86400 < time() - done and on() up == 0 unless x > y";
    let both = read(text).unwrap();
    let comparisons = both.get("comparisons").unwrap().items();
    assert_eq!(comparisons.len(), 2);
    assert_eq!(comparisons[0].get("alone").unwrap().as_str(), Some("false"));
    assert_eq!(comparisons[0].get("operator").unwrap().as_str(), Some(">"));
    assert_eq!(shown(text, comparisons[0].get("threshold").unwrap()), "2 * 86400→172800");
    assert!(comparisons[0].get("age_of").is_some());
    assert_eq!(shown(text, comparisons[1].get("threshold").unwrap()), "0");
    assert!(comparisons[1].get("age_of").is_none());
    let either = read("(time() - done > 5) or up == 0").unwrap();
    for at in either.get("comparisons").unwrap().items() {
        assert_eq!(at.get("alone").unwrap().as_str(), Some("true"));
    }
    // One that gives 0 instead of nothing decides nothing.
    let both = read("up == bool 0 or (up > bool on(x) 1)").unwrap();
    for at in both.get("comparisons").unwrap().items() {
        assert_eq!(at.get("alone").unwrap().as_str(), Some("false"));
    }
    // How long until something ends is no age.
    let text = "(not_after - time()) / 86400 < 7";
    assert!(at(&read(text).unwrap(), "comparisons", 0).get("age_of").is_none());
}

#[test]
fn what_is_compared_has_its_function() {
    for (text, expected, is_one_or_more) in [
        ("0 == (count by (a) (up))", Some("count"), true),
        ("sum(count_over_time({a=\"b\"} |= \"x\" [5m])) < 1", Some("sum"), true),
        ("rate(x[5m]) > 1", Some("rate"), false),
        ("sum(x) == 0", Some("sum"), false),
        ("count(x) - 1 > 1", None, false),
        ("x > 1", None, false),
        ("count(x) == bool 0", Some("count"), false),
    ] {
        let query = read(text).unwrap();
        let comparison = at(&query, "comparisons", 0);
        assert_eq!(comparison.get("call").and_then(Node::as_str), expected, "{text}");
        let least = comparison.get("least").and_then(Node::as_str);
        assert_eq!(least, is_one_or_more.then_some("1"), "{text}");
    }
}

#[test]
fn an_age_is_told_however_the_comparison_is_turned() {
    for (text, operator, threshold, unit) in [
        ("time() - done > 86400", ">", "86400", Some("1")),
        ("86400 < time() - done", ">", "86400", Some("1")),
        ("done < time() - 86400", ">", "86400", Some("1")),
        ("max by (a) (done) <= (time() - 86400)", ">=", "86400", Some("1")),
        ("time() - 86400 > done", ">", "86400", Some("1")),
        ("time() - 24 * 3600 >= done", ">=", "24 * 3600→86400", Some("1")),
        ("done + 86400 < time()", ">", "86400", Some("1")),
        ("time() > 86400 + done", ">", "86400", Some("1")),
        ("done - time() < -86400", ">", "-86400→86400", Some("-1")),
        ("time() / 3600 - 24 > done / 3600", "", "", None),
        ("(time() - 86400) * 2 > done", "", "", None),
        ("(time() - done - 600) / 60 > 10", ">", "*", None),
        ("time() - done < 300", "<", "300", Some("1")),
        ("max(time() - done) / 3600 > 24", ">", "24→86400", Some("3600")),
        ("2 * (time() - done) > 100", ">", "100→50", Some("0.5")),
        ("time() - tautline0hole0 > done", ">", "tautline0hole0", Some("1")),
        // How long until something ends, or whether it has ended, is no age.
        ("ends < time() + 86400", "", "", None),
        ("ends - time() < 86400", "", "", None),
        ("ends < time()", "", "", None),
        ("time() - a > time() - b", "", "", None),
    ] {
        let query = read(text).unwrap();
        let comparisons = query.get("comparisons").unwrap().items();
        let age = comparisons.iter().find(|it| it.get("age_of").is_some());
        assert_eq!(age.is_some(), !operator.is_empty(), "{text}");
        let Some(age) = age else { continue };
        let said = |key: &str| age.get(key).and_then(Node::as_str);
        assert_eq!((said("operator"), said("unit")), (Some(operator), unit), "{text}");
        let written = shown(text, age.get("threshold").unwrap());
        assert!(threshold == "*" || written == threshold, "{text}: {written}");
        assert_eq!(at(age, "age_of", 0).get("name").and_then(Node::as_str), Some("done"), "{text}");
    }
}

#[test]
fn a_number_that_is_filled_in_is_not_known() {
    for text in ["time() - done > tautline0hole0", "time() - done > tautline0hole0 * 3600"] {
        let query = read(text).unwrap();
        let threshold = at(&query, "comparisons", 0).get("threshold").unwrap();
        assert_eq!(threshold.as_str(), Some("tautline0hole0"), "{text}");
    }
    let query = read("tautline0hole0{a=\"b\"} > 5").unwrap();
    assert_eq!(at(&query, "comparisons", 0).get("threshold").unwrap().as_str(), Some("5"));
}

#[test]
fn words_are_told_where_a_regex_is_nothing_but_words() {
    for (matcher, expected) in [
        ("a=\"x.y\"", Some("[x.y]")),
        ("a=~\"x|y-z\"", Some("[x, y-z]")),
        ("a=~\"^(x|y)$\"", Some("[x, y]")),
        ("a=~\"(?:x)\"", Some("[x]")),
        ("a!~`x\\.y`", Some("[x\\.y→x.y]")),
        ("a=~\"x.*\"", None),
        ("a=~\"x|\"", None),
        ("a=~\"(x|y)z\"", None),
    ] {
        let text = format!("m{{{matcher}}}");
        let query = read(&text).unwrap();
        let words = at(at(&query, "selectors", 0), "matchers", 0).get("words");
        assert_eq!(words.map(|words| shown(&text, words)).as_deref(), expected, "{text}");
    }
}

#[test]
fn stages_of_query() {
    let text = "sum by (ip) (sum_over_time({job=\"audit\", ns=~\"a|b\"} |~ `x\\S` != \"y\" or \"z\" \
                | json user=\"u.name\", ip=\"ips[0]\" | user=~\"svc:.+\" | ip!=\"\" and (n > 5s or ip=ip(\"10.0.0.0/8\")) \
                | regexp \"(?P<w>.)\" | logfmt --strict | drop a, b=\"c\" | unwrap duration(took) [5m] offset 1h)) >= 1e1";
    let query = read(text).unwrap();
    let stream = at(&query, "selectors", 0);
    assert_eq!(shown(text, stream.get("labels").unwrap()), "{job: audit}");
    assert_eq!(shown(text, stream.get("window").unwrap()), "5m");
    let stages: Vec<String> =
        stream.get("stages").unwrap().items().iter().map(|stage| shown(text, stage)).collect();
    assert_eq!(
        stages,
        [
            "{kind: |~→line, operator: |~, texts: [x\\S]}",
            "{kind: !=→line, operator: !=, texts: [y, z]}",
            "{kind: json, fields: [{name: user, value: u.name}, {name: ip, value: ips[0]}]}",
            "{kind: user→label, matchers: [{label: user, operator: =~, value: svc:.+}]}",
            "{kind: ip→label, matchers: [{label: ip, operator: !=, value: , words: []}, \
             {label: n, operator: >, value: 5s}, \
             {label: ip, operator: =, value: 10.0.0.0/8, words: [10.0.0.0/8]}]}",
            "{kind: regexp, text: (?P<w>.)}",
            "{kind: logfmt, fields: []}",
            "{kind: drop, fields: [{name: a}, {name: b, value: c}]}",
            "{kind: unwrap, text: took}",
        ]
    );
    assert_eq!(shown(text, at(&query, "comparisons", 0).get("threshold").unwrap()), "1e1→10");
    for text in
        ["{a=\"b\"}", "absent_over_time({a=\"b\"}[30m]) == 1", "rate({a=\"b\"}[1m] |= \"x\")"]
    {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn matchers_of_routes() {
    for (text, expected) in [
        (
            "severity = critical",
            "[{label: severity, operator: =, value: critical, words: [critical]}]",
        ),
        (
            "alertname =~ \"A|B\", x!=y",
            "[{label: alertname, operator: =~, value: A|B, words: [A, B]}, \
             {label: x, operator: !=, value: y, words: [y]}]",
        ),
        ("{ a = \"b,c\", }", "[{label: a, operator: =, value: b,c, words: [b,c]}]"),
        ("alertname=~^(A|B)$", "[{label: alertname, operator: =~, value: ^(A|B)$, words: [A, B]}]"),
    ] {
        assert_eq!(shown(text, &matchers(text).unwrap()), expected);
    }
    for text in ["", "a", "a =", "a = b c", "{a=b", "a=\"b", "= b"] {
        assert!(matchers(text).is_err(), "{text}");
    }
}

/// What is wrong with the query `text`: the reason, and the bytes it is about.
fn fault(text: &str) -> Option<String> {
    let query = read(text).unwrap();
    let fault = query.get("fault")?;
    let said = fault.as_str().unwrap();
    assert!(query.get("selectors").unwrap().as_str().unwrap().contains(HOLE), "{text}");
    Some(format!("{said} at {}..{}", fault.range.start, fault.range.end))
}

#[test]
fn what_is_broken_is_refused_with_its_place() {
    for (text, expected) in [
        ("up{job=\"x\" > 1", "expected `,` or `}` at 11..12"),
        ("rate(up[5m)", "expected `]` at 10..11"),
        ("sum(up) by job", "expected `(` at 11..14"),
        ("up > ", "expected a metric, a number or `(` at 3..4"),
        ("up{job=\"x}", "the string is not closed at 7..10"),
        ("up{job=\"a\\.b\"}", "`\\.` is not an escape at 9..11"),
        ("up == $threshold", "`$` has no meaning here at 6..7"),
        ("up{a=\"b\"} c", "expected the end of the query at 10..11"),
        ("up offset x", "expected a duration at 10..11"),
        ("up[5m][5m]", "expected `:`, as of what is no selector only a subquery is taken at 9..10"),
        ("", "expected a metric, a number or `(` at 0..0"),
        ("é", "`é` has no meaning here at 0..2"),
        ("up ==\r\n 0é\r\n", "`é` has no meaning here at 9..11"),
        ("up == \r\n# é", "expected a metric, a number or `(` at 10..12"),
        ("up\u{a0}== 0", "a blank stands here that is no space: U+00A0 at 2..4"),
        ("up offset [5m]", "expected a duration at 10..11"),
        ("up[]", "expected a duration at 3..4"),
        ("up[1.5h]", "`1.5h` is no duration here at 3..7"),
        ("up[5m1h]", "`5m1h` is no duration here at 3..7"),
        (
            "rate(up offset 1h [5m])",
            "`offset` and `@` stand behind the brackets, not before them at 18..22",
        ),
        ("up offset 1h offset 2h", "`offset` stands here twice at 13..19"),
        (
            "rate(up[5m]) offset 1h",
            "only a selector or a subquery is asked for at another time at 13..19",
        ),
        ("(up) @ 5", "only a selector or a subquery is asked for at another time at 5..6"),
        ("x * group_left (a) y", "`group_left` stands behind `on` or `ignoring` at 4..14"),
        ("x - on (b) ignoring (c) d", "expected a selector, a function or a number at 11..19"),
        ("sum by (a) (x) by (b)", "expected the end of the query at 15..17"),
        ("sum(x,)", "expected a metric, a number or `(` at 6..7"),
    ] {
        assert_eq!(fault(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["{a=\"b\"} | json |", "{a=\"b\"} |= x", "{a=\"b\"} | json | > 5"] {
        assert!(fault(text).is_some(), "{text}");
    }
    // Of what there is too much nothing is said.
    for (text, expected) in [
        ("(".repeat(100_000), "more than 256 levels"),
        (format!("1{}", "^1".repeat(100_000)), "more than 256 levels"),
        (format!("1{}", " + 1".repeat(100_000)), "more than 1000 operators and subqueries"),
        (format!("a{}", "[1m:]".repeat(100_000)), "more than 1000 operators and subqueries"),
    ] {
        assert_eq!(read(&text).unwrap_err().message, format!("it is not read: it has {expected}"));
    }
    assert!(fault(&format!("{{a=\"b\"}} | {}", "(".repeat(100_000))).is_some());
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    for (text, expected) in [
        (
            "rate(up)",
            "`rate` takes a range of values, and this is one value for each series at 5..7",
        ),
        (
            "rate({a=\"b\"} |= \"x\") > 5",
            "`rate` takes a range of values, and this is lines of a log at 5..19",
        ),
        (
            "sum(up[5m])",
            "`sum` takes one value for each series, and this is a range of values at 4..10",
        ),
        ("increase({a=\"b\"} |= \"x\" [5m])", "Loki has no function `increase` at 0..8"),
        ("rate({a=\"b\"} |= \"x\" [1.5h])", "`1.5h` is no duration here at 21..25"),
        ("max_over_time(rate({a=\"b\"} |= \"x\" [5m])[1h:])", "Loki has no subqueries at 42..43"),
        ("time() > 100", "two numbers are compared at 0..12"),
        ("topk(up)", "`topk` takes 2 arguments, not 1 at 0..4"),
        ("increse(up[5m]) > 0", "there is no function `increse` at 0..7"),
        ("scalar(up) > 2", "two numbers are compared at 0..14"),
        ("up + bool 1", "`bool` goes with a comparison, not with `+` at 5..9"),
        (
            "up and 1",
            "each side of `and` is one value for each series, and this is a number at 7..8",
        ),
        ("up > on (a) 1", "a number has no labels to match at 5..11"),
        ("rate(up[5m]) by (job)", "`rate` makes no groups at 13..21"),
        ("{} > 1", "it asks for nothing that must be there at 0..2"),
        (
            "count({job!=\"x\", b=~\"y|.*\", c=\"\", d!~\".+\"})",
            "it asks for nothing that must be there at 6..42",
        ),
        ("up{__name__=\"down\"}", "the metric is `up` already at 3..17"),
        ("up{job=~\"*web*\"}", "nothing stands before `*` that could be repeated at 9..10"),
        ("up{job!~\"a\\\\.(b\"}", "`(` is not closed at 9..15"),
        ("count_over_time({a=\"b\"} |~ \"(?!x)\" [5m])", "no regex can look around here at 28..31"),
        (
            "sum_over_time({a=\"b\"} | json [5m])",
            "`sum_over_time` takes numbers, and nothing says where they are in a line at 14..33",
        ),
        (
            "bytes_rate({a=\"b\"} | unwrap n [5m])",
            "`bytes_rate` takes lines, and no numbers out of them at 19..29",
        ),
        ("rate({a=\"b\"} | unwrap n [5m]) by (c)", "`rate` makes no groups at 30..36"),
        (
            "x / on (a) group_left (b, a) y",
            "both sides have the same `a`, so that it cannot be taken from one at 26..27",
        ),
    ] {
        assert_eq!(fault(text).as_deref(), Some(expected), "{text}");
    }
    let help = |text: &str| read(text).unwrap().get("help").unwrap().as_str().map(str::to_owned);
    assert_eq!(help("rate(up)").as_deref(), Some("say behind it how far to look back: `[5m]`"));
    assert_eq!(help("increse(up[5m])").as_deref(), Some("write `increase`"));
}

#[test]
fn what_is_to_be_filled_in_is_not_judged() {
    for text in [
        "rate(tautline0hole0)",
        "up{{{ .Values.x }}} > 1",
        "rate(up[$__rate_interval])",
        "up > $LIMIT",
        "<query>",
        "rate(<the metric>[5m])",
    ] {
        assert!(read(text).is_err() || fault(text).is_none(), "{text}");
    }
    for text in [
        "1 > 0",
        "rate(up[1m * 2] anchored)",
        "up[max(step(), 1m):]",
        "rollup_rate(up[5m])",
        "tautline0hole0 and 1 == bool tautline0hole0",
        "xrate(up[5m])",
        "{job!=\"tautline0hole0\"}",
        // Of the latest versions.
        "metric offset -min_of(step(), 1s) + 8000",
        "metric offset (STEP() / 10)",
        "up[max_of(step(), 1m):]",
        "metric @ 100 smoothed",
        "left + fill (-Inf) right + fill (0) fill",
        "histogram_count(x >/ 2) </ 5",
        "histogram_quantiles(x, \"q\", 0.5, 0.9)",
        "end() - start() > bool step()",
        "info(x, {a=~\".*\"})",
        "x == on () 1",
        "{\"up\", __name__=\"up\", \"service.name\"=\"a\"} @ end() offset 5m",
        "rate({a=\"b\"}[5m] offset 1h | json | unwrap n) > 1",
        "sum(rate(({a=\"b\"} |= \"x\" or ip(\"10.0.0.0/8\"))[90m] offset 1.5h)) > 1",
        "count_over_time({a=\"b\"} | xml x=\"y\" [5m]) > 1",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}

/// Every function with every four kinds of arguments or fewer: what the other parser refuses, this one does, and nothing else.
#[test]
fn functions_are_given_what_the_well_known_parser_gives_them() {
    let kinds = ["x", "x[5m]", "1", "\"a\""];
    let mut tuples = vec![Vec::new()];
    let mut all = tuples.clone();
    for _ in 0..4 {
        let longer = |it: &Vec<&'static str>| kinds.map(|kind| [it.as_slice(), &[kind]].concat());
        tuples = tuples.iter().flat_map(longer).collect();
        all.extend(tuples.clone());
    }
    let mut compared = 0;
    // It does not look at what these two are limited to.
    let is_looked_at = |name: &&str| !name.starts_with("limit");
    for name in functions::names().filter(is_looked_at) {
        let is_unknown = |error: &String| error.contains("unknown function");
        if other::parse(&format!("{name}()")).err().is_some_and(|error| is_unknown(&error)) {
            continue;
        }
        for arguments in &all {
            let text = format!("{name}({})", arguments.join(", "));
            let theirs = other::parse(&text);
            assert_eq!(judge(&text).is_ok(), theirs.is_ok(), "{text}: {:?}", theirs.err());
            compared += 1;
        }
    }
    assert!(compared > 20_000, "{compared}");
}

/// Queries of the kinds that alerts and dashboards have.
const CORPUS: &str = include_str!("corpus.promql");

#[test]
fn the_well_known_parser_makes_the_same_of_the_same() {
    let queries: Vec<&str> = CORPUS.lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(queries.len() > 60, "the corpus was not found");
    for text in queries {
        let own = parse(text, Dialect::PromQl).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let theirs = other::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (mut a, mut b) = (String::new(), String::new());
        write_own(&own, &mut a);
        write_theirs(&theirs, &mut b);
        assert_eq!(a, b, "{text}");
    }
}

/// Each query with one character taken out: whatever the other parser takes for a query, this one does too, and makes
/// the same of it. It may take more: of a name that it does not know it says nothing.
#[test]
fn mutated_queries_are_no_exception() {
    let mut compared = 0;
    for text in CORPUS.lines().filter(|line| !line.trim().is_empty()) {
        for (at, letter) in text.char_indices() {
            let mutant = format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]);
            let Ok(theirs) = other::parse(&mutant) else { continue };
            let own = parse(&mutant, Dialect::PromQl)
                .unwrap_or_else(|error| panic!("{mutant}: {error:?}"));
            assert!(judge(&mutant).is_ok(), "{mutant}: {:?}", judge(&mutant).err());
            let (mut a, mut b) = (String::new(), String::new());
            write_own(&own, &mut a);
            write_theirs(&theirs, &mut b);
            assert_eq!(a, b, "{mutant}");
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

fn write_own(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::Number(number) => write!(out, "{number}").unwrap(),
        ExprKind::Text(_) => out.push_str("text"),
        ExprKind::Same(inner) => write_own(inner, out),
        ExprKind::Minus(inner) => {
            if let Some(number) = literal(inner) {
                write!(out, "{}", -number).unwrap();
            } else {
                out.push('-');
                write_own(inner, out);
            }
        }
        ExprKind::Subquery(inner) => {
            out.push_str("sub:");
            write_own(inner, out);
        }
        ExprKind::Binary { operator, left, right, .. } => {
            out.push('(');
            write_own(left, out);
            write!(out, " {} ", operator.word()).unwrap();
            write_own(right, out);
            out.push(')');
        }
        ExprKind::Call { name, arguments, .. } => {
            write!(out, "{}(", name.text.to_ascii_lowercase()).unwrap();
            for argument in arguments {
                write_own(argument, out);
                out.push(',');
            }
            out.push(')');
        }
        ExprKind::Selector(selector) => {
            out.push('{');
            if let Some(name) = &selector.name {
                write!(out, "__name__={:?},", name.text).unwrap();
            }
            for it in &selector.matchers {
                write!(out, "{}{}{:?},", it.label.text, it.operator.text, it.value.text).unwrap();
            }
            out.push('}');
            if selector.window.is_some() {
                out.push_str("[]");
            }
        }
    }
}

/// A number with its signs, which the other parser takes for one.
fn literal(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(number) => Some(*number),
        ExprKind::Minus(inner) => Some(-literal(inner)?),
        _ => None,
    }
}

fn write_theirs(expr: &other::Expr, out: &mut String) {
    match expr {
        other::Expr::NumberLiteral(number) => write!(out, "{}", number.val).unwrap(),
        other::Expr::StringLiteral(_) => out.push_str("text"),
        other::Expr::Paren(inner) => write_theirs(&inner.expr, out),
        other::Expr::Unary(inner) => {
            out.push('-');
            write_theirs(&inner.expr, out);
        }
        other::Expr::Subquery(inner) => {
            out.push_str("sub:");
            write_theirs(&inner.expr, out);
        }
        other::Expr::Binary(binary) => {
            out.push('(');
            write_theirs(&binary.lhs, out);
            write!(out, " {} ", binary.op).unwrap();
            write_theirs(&binary.rhs, out);
            out.push(')');
        }
        other::Expr::Aggregate(aggregate) => {
            write!(out, "{}(", aggregate.op).unwrap();
            for argument in aggregate.param.iter().chain([&aggregate.expr]) {
                write_theirs(argument, out);
                out.push(',');
            }
            out.push(')');
        }
        other::Expr::Call(call) => {
            write!(out, "{}(", call.func.name).unwrap();
            for argument in &call.args.args {
                write_theirs(argument, out);
                out.push(',');
            }
            out.push(')');
        }
        other::Expr::VectorSelector(selector) => write_selector(selector, out),
        other::Expr::MatrixSelector(selector) => {
            write_selector(&selector.vs, out);
            out.push_str("[]");
        }
        other::Expr::Extension(_) => out.push('?'),
    }
}

fn write_selector(selector: &other::VectorSelector, out: &mut String) {
    out.push('{');
    if let Some(name) = &selector.name {
        write!(out, "__name__={name:?},").unwrap();
    }
    for it in &selector.matchers.matchers {
        write!(out, "{}{}{:?},", it.name, it.op, it.value).unwrap();
    }
    out.push('}');
}
