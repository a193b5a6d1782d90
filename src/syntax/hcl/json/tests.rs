//! What the tree, the ranges, the comments and the errors of Terraform's JSON syntax are.

use super::super::{Attribute, Block, Body, Document, Expr, ExprKind, Item, TemplatePart};
use super::{parse, parse_unit, parse_values};
use crate::syntax::directive::controls;
use crate::syntax::{About, Format, SourceFile};
use crate::text::{FileId, TextRange};

/// The tree of a text without errors, whose ranges are right.
fn parsed(text: &str) -> Document {
    let document = parse(text);
    assert_eq!(document.errors, [], "{text}");
    is_sound(&document.body, text);
    document
}

/// Checks that every range lies inside what is around it, and that items and literals are in order.
fn is_sound(body: &Body, text: &str) {
    let mut at = body.range.start;
    for item in &body.items {
        let range = item.range();
        assert!(body.range.contains(range) && range.start >= at, "{range:?} in {:?}", body.range);
        at = range.end;
        match item {
            Item::Block(block) => {
                assert!(range.contains(block.header) && range.contains(block.body.range));
                for name in block.labels.iter().chain([&block.kind]) {
                    assert_eq!(name.range, block.header);
                }
                is_sound(&block.body, text);
            }
            Item::Attribute(Attribute { key, value, .. }) => {
                assert!(range.contains(key.range) && range.contains(value.range));
                value.descendants().for_each(|expr| holds_its_parts(expr, text));
            }
        }
    }
}

fn holds_its_parts(expr: &Expr, text: &str) {
    assert!(text.is_char_boundary(expr.range.start as usize), "{:?}", expr.range);
    for inside in expr.children() {
        assert!(expr.range.contains(inside.range), "{:?} in {:?}", inside.range, expr.range);
    }
    let ExprKind::Template(template) = &expr.kind else { return };
    assert!(expr.range.contains(template.inner));
    let mut at = template.inner.start;
    for part in &template.parts {
        let range = match part {
            TemplatePart::Literal(literal) => {
                if literal.value.len() == literal.range.len() {
                    assert_eq!(literal.value, text[literal.range.indices()]);
                }
                literal.range
            }
            TemplatePart::Interpolation(hole) => hole.range,
            TemplatePart::Directive(directive) => directive.range,
        };
        assert!(range.start >= at && range.end <= template.inner.end, "{range:?}");
        at = range.end;
    }
}

/// `type label { name = value … }`, values as they are written.
fn outline(body: &Body, text: &str) -> String {
    let item = |item: &Item| match item {
        Item::Attribute(it) => format!("{} = {}", it.key.name, written(&it.value, text)),
        Item::Block(block) => {
            let labels: Vec<&str> = block.labels.iter().map(|it| it.name.as_str()).collect();
            let labels = labels.join(" ");
            format!("{}[{labels}] {{ {} }}", block.kind.name, outline(&block.body, text))
        }
    };
    body.items.iter().map(item).collect::<Vec<_>>().join("; ")
}

fn written(expr: &Expr, text: &str) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match &expr.kind {
        ExprKind::Tuple(items) => {
            format!("[{}]", list(items.iter().map(|it| written(it, text)).collect()))
        }
        ExprKind::Object(entries) => {
            let entry = |it: &super::super::ObjectEntry| {
                format!("{}: {}", written(&it.key, text), written(&it.value, text))
            };
            format!("{{{}}}", list(entries.iter().map(entry).collect()))
        }
        ExprKind::Template(_) => text[expr.range.indices()].to_owned(),
        // An entry goes to the end of its string.
        ExprKind::Paren(inner) => written(inner, text),
        _ => format!("<{}>", &text[expr.range.indices()]),
    }
}

fn told(text: &str) -> String {
    outline(&parsed(text).body, text)
}

/// The only attribute's value.
fn value(text: &str) -> Expr {
    let document = parsed(text);
    let mut body = &document.body;
    while let Some(block) = body.blocks().next() {
        body = &block.body;
    }
    body.attributes().next().unwrap().value.clone()
}

/// What the parts of a string are: what a literal says and how it is written, and holes as they are written.
fn parts(expr: &Expr, text: &str) -> Vec<String> {
    let ExprKind::Template(template) = &expr.kind else { panic!("no string: {expr:?}") };
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(literal) => {
            format!("{:?} <- {}", literal.value, &text[literal.range.indices()])
        }
        TemplatePart::Interpolation(hole) => text[hole.range.indices()].to_owned(),
        TemplatePart::Directive(it) => text[it.range.indices()].to_owned(),
    };
    template.parts.iter().map(part).collect()
}

#[test]
fn labels_are_keys_and_bodies_may_be_lists() {
    assert_eq!(
        told(
            r#"[{"resource":[{"a_b":[{"x":[{"n":1},{"n":2}]},{"y":{}}]}]},{"locals":{"l":1},"module":{"m":{"source":"./m"}}}]"#
        ),
        r#"resource[a_b x] { n = <1> }; resource[a_b x] { n = <2> }; resource[a_b y] {  }; locals[] { l = <1> }; module[m] { source = "./m" }"#
    );
    assert_eq!(
        told(
            r#"{"variable":{"v":null,"w":{}},"resource":{"a":{"b":{}},"c":{"d":{}}},"resource":{"a":{"e":{}}},"moved":[{"from":"a.b","to":"a.c"}]}"#
        ),
        "variable[w] {  }; resource[a b] {  }; resource[c d] {  }; resource[a e] {  }; moved[] { from = <a.b>; to = <a.c> }"
    );
    assert_eq!(
        told(
            r#"{"check":{"c":{"data":{"http":{"x":{"url":"u"}}},"assert":[{"condition":"${data.http.x.ok}","error_message":"m"}]}},"terraform":{"backend":{"s3":{"bucket":"b"}},"required_providers":{"aws":{"source":"a/b"}},"required_version":"~> 1"}}"#
        ),
        r#"check[c] { data[http x] { url = "u" }; assert[] { condition = <data.http.x.ok>; error_message = "m" } }; terraform[] { backend[s3] { bucket = "b" }; required_providers[] { aws = {"source": "a/b"} }; required_version = "~> 1" }"#
    );
}

#[test]
fn a_header_is_the_key_of_the_block_or_the_brace_of_one_of_many() {
    let text = r#"{"resource":{"a":{"x":{"c":[{"i":1}],"d":[{"i":1},{"i":2}],"e":{"i":3}}}}}"#;
    let document = parsed(text);
    let x = document.body.blocks().next().unwrap();
    let said = |range: TextRange| &text[range.indices()];
    assert_eq!((said(x.header), said(x.range).len()), (r#""x""#, text.len() - 21));
    let inner: Vec<(&str, &str)> =
        x.body.blocks().map(|it| (said(it.header), said(it.range))).collect();
    assert_eq!(
        inner,
        [
            (r#""c""#, r#""c":[{"i":1}]"#),
            ("{", r#"{"i":1}"#),
            ("{", r#"{"i":2}"#),
            (r#""e""#, r#""e":{"i":3}"#)
        ]
    );
    assert_eq!(said(x.body.blocks().next().unwrap().body.range), r#""i":1"#);
}

#[test]
fn some_strings_are_no_templates() {
    assert_eq!(
        told(
            r#"{"variable":{"v":{"type":"list(string)","default":"${x}","validation":{"condition":"${var.v != 1}"}}},"resource":{"a":{"b":{"provider":"p.q","depends_on":["c.d","module.e"],"lifecycle":{"ignore_changes":["t[0].u[\"k/l\"]"],"replace_triggered_by":["c.d"],"prevent_destroy":true},"provisioner":{"local-exec":{"when":"destroy","command":"${self.id} x"}}},"g":{"lifecycle":{"ignore_changes":"all"}}}},"module":{"m":{"source":"./${x}","providers":{"p":"p.q"}}}}"#
        ),
        r#"variable[v] { type = <list(string)>; default = "${x}"; validation[] { condition = <var.v != 1> } }; resource[a b] { provider = <p.q>; depends_on = [<c.d>, <module.e>]; lifecycle[] { ignore_changes = [<t[0].u[\"k/l\"]>]; replace_triggered_by = [<c.d>]; prevent_destroy = <true> }; provisioner[local-exec] { when = <destroy>; command = "${self.id} x" } }; resource[a g] { lifecycle[] { ignore_changes = <all> } }; module[m] { source = "./${x}"; providers = {"p": <p.q>} }"#
    );
    let text = r#"{"variable":{"v":{"default":"${x}"}}}"#;
    assert_eq!(value(text).as_literal().as_deref(), Some("${x}"));
}

#[test]
fn ranges_inside_of_escaped_strings_are_those_of_the_file() {
    let text = r#"{"locals":{"a":"é\"\u00e9\ud83d\ude00\n${f(\"x\\ny\", { \"k\" = v[\"\u00fc\"] })}\/$${z}"}}"#;
    let expr = value(text);
    assert_eq!(
        parts(&expr, text),
        [
            "\"é\" <- é",
            "\"\\\"\" <- \\\"",
            "\"é\" <- \\u00e9",
            "\"😀\" <- \\ud83d\\ude00",
            "\"\\n\" <- \\n",
            r#"${f(\"x\\ny\", { \"k\" = v[\"\u00fc\"] })}"#,
            "\"/\" <- \\/",
            "\"${\" <- $${",
            "\"z}\" <- z}",
        ]
    );
    let inner: Vec<&str> = expr.descendants().skip(1).map(|it| &text[it.range.indices()]).collect();
    assert_eq!(
        inner,
        [
            r#"f(\"x\\ny\", { \"k\" = v[\"\u00fc\"] })"#,
            r#"\"x\\ny\""#,
            r#"{ \"k\" = v[\"\u00fc\"] }"#,
            r#"\"k\""#,
            r#"v[\"\u00fc\"]"#,
            "v",
            r#"\"\u00fc\""#
        ]
    );
    let strings: Vec<Vec<String>> = expr
        .descendants()
        .skip(1)
        .filter(|it| matches!(it.kind, ExprKind::Template(_)))
        .map(|it| parts(it, text))
        .collect();
    assert_eq!(strings[0], ["\"x\" <- x", "\"\\n\" <- \\\\n", "\"y\" <- y"]);
    assert_eq!(strings[2], ["\"ü\" <- \\u00fc"]);
}

#[test]
fn a_string_that_is_one_hole_is_its_expression() {
    let text = r#"{"locals":{"a":"${ var.x }"}}"#;
    let expr = value(text);
    assert!(matches!(expr.kind, ExprKind::Traversal(_)));
    assert_eq!(&text[expr.range.indices()], "var.x");
    // A key is a string all the same, and what is escaped is no hole.
    assert_eq!(told(r#"{"locals":{"a":{"${k}":-1.5}}}"#), r#"locals[] { a = {"${k}": <-1.5>} }"#);
    assert_eq!(value(r#"{"locals":{"a":"$${x}"}}"#).as_literal().as_deref(), Some("${x}"));
    // As a template of Terraform's, a backslash that JSON leaves is one.
    assert_eq!(value(r#"{"locals":{"a":"\\n$"}}"#).as_literal().as_deref(), Some("\\n$"));
    let text = r#"{"locals":{"a":"%{ if x }\"y\" %{ endif ~}\n z"}}"#;
    let said = parts(&value(text), text);
    assert_eq!(said[0], "%{ if x }");
    assert_eq!(said[1..4], ["\"\\\"\" <- \\\"", "\"y\" <- y", "\"\\\"\" <- \\\""]);
}

#[test]
fn how_it_is_written_tells_a_block_from_a_map() {
    let resource = |body: &str| {
        let text = format!(r#"{{"resource":{{"k":{{"n":{body}}}}}}}"#);
        let told = told(&text);
        told.strip_prefix("resource[k n] { ").unwrap().strip_suffix(" }").unwrap().to_owned()
    };
    for (body, told) in [
        // The names in a block are those of a schema.
        (
            r#"{"m":{"apiVersion":"v1","spec":{"a":{"b":1}}}}"#,
            r#"m = {"apiVersion": "v1", "spec": {"a": {"b": <1>}}}"#,
        ),
        (r#"{"m":{"a/b":"c"}}"#, r#"m = {"a/b": "c"}"#),
        // A map has no lists or objects in it.
        (r#"{"m":{"l":["a"]}}"#, r#"m[] { l = ["a"] }"#),
        (r#"{"tags":{"l":{"x":1}}}"#, r"tags[] { l[] { x = <1> } }"),
        (r#"{"m":[{"a":"b"}]}"#, r#"m[] { a = "b" }"#),
        (r#"{"m":[]}"#, "m = []"),
        (r#"{"m":["a",{"b":1}]}"#, r#"m = ["a", {"b": <1>}]"#),
        (r#"{"m":"${local.m}"}"#, "m = <local.m>"),
        (r#"{"features":{"nesting":true}}"#, "features[] { nesting = <true> }"),
        // Of what could be either the name tells.
        (r#"{"labels":{"a":"b"}}"#, r#"labels = {"a": "b"}"#),
        (r#"{"metadata":{"name":"b","//":"why"}}"#, r#"metadata[] { name = "b" }"#),
        (r#"{"address":{},"tls":{},"limits":{}}"#, "address[] {  }; tls[] {  }; limits = {}"),
        (r#"{"node_selector":{"a":"b"}}"#, r#"node_selector = {"a": "b"}"#),
        (r#"{"ports":{"a":"b"},"ports":{}}"#, r#"ports[] { a = "b" }; ports[] {  }"#),
        (r#"{"data":{"a":true}}"#, r#"data = {"a": <true>}"#),
        (
            r#"{"dynamic":{"m":{"for_each":{"a":{"b":"c"}},"iterator":"i","content":{"n":"${i.key}"}}}}"#,
            r#"dynamic[m] { for_each = {"a": {"b": "c"}}; iterator = <i>; content[] { n = <i.key> } }"#,
        ),
    ] {
        assert_eq!(resource(body), told);
    }
    assert_eq!(
        told(
            r#"{"resource":{"terraform_data":{"n":{"input":{"a":{"b":[{"c":1}]}}}}},"module":{"m":{"a":{"b":{"c":1}}}}}"#
        ),
        r#"resource[terraform_data n] { input = {"a": {"b": [{"c": <1>}]}} }; module[m] { a = {"b": {"c": <1>}} }"#
    );
}

/// What each comment is about, and what it says.
fn comments(text: &str) -> Vec<(String, String)> {
    let document = parsed(text);
    let all = document.comments.all().iter().enumerate();
    all.map(|(at, comment)| {
        let about = match document.comments.about(at) {
            About::Node(range) => text[range.indices()].to_owned(),
            about => format!("{about:?}"),
        };
        (comment.content(text).to_owned(), about)
    })
    .collect()
}

#[test]
fn a_comment_is_about_its_block_or_what_comes_behind_it() {
    let text = r#"{"//":"file","resource":{"a":{"b":{"//":["one","\"x\" too"],"x":1,"//":"y only","y":2,"//":"end"}}},"//":"mod","module":{"m":{"//":{"by":"a tool"},"s":{"//":"a key"}}}}"#;
    let block = r#""b":{"//":["one","\"x\" too"],"x":1,"//":"y only","y":2,"//":"end"}"#;
    let said = comments(text);
    let said: Vec<(&str, &str)> = said.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        said,
        [
            ("file", "File"),
            ("one", block),
            ("\"x\" too", block),
            ("y only", r#""y":2"#),
            ("end", block),
            ("mod", r#""module":{"m":{"//":{"by":"a tool"},"s":{"//":"a key"}}}"#),
            ("a key", "Nothing"),
        ]
    );
    let path = "main.tf.json";
    let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
    let leading = |needle: &str| {
        let start = text.find(needle).unwrap();
        let comments = file.leading(TextRange::new(start, start + needle.len()));
        comments.iter().map(|it| it.content(text)).collect::<Vec<_>>()
    };
    assert_eq!(leading(r#""b":{"#), ["one", "\"x\" too"]);
    // It is named there.
    assert_eq!(leading(r#""x":1"#), ["one", "\"x\" too"]);
    assert_eq!(leading(r#""y":2"#), ["y only"]);
    assert_eq!(leading(r#""m":"#), Vec::<&str>::new());
    let trailing = |needle: &str| {
        let start = text.find(needle).unwrap();
        let comment = file.trailing(TextRange::new(start, start + needle.len()));
        comment.map(|it| it.content(text))
    };
    assert_eq!(trailing(r#""y":2"#), Some("y only"));
    assert_eq!(trailing(r#""resource":{"a":"#), None);
    let header = file.comments().header(text);
    assert_eq!(header.iter().map(|it| it.content(text)).collect::<Vec<_>>(), ["file"]);
}

#[test]
fn a_comment_in_a_hole_is_one() {
    let text = r#"{"locals":{"a":"${f(\n  # say \"x\"\n  b /* c */)}","//":"d","e":1}}"#;
    let document = parsed(text);
    let all = document.comments.all().iter();
    let said: Vec<(&str, &str)> =
        all.map(|it| (it.content(text), &text[it.range.indices()])).collect();
    let expected = [("say \"x\"", r#"# say \"x\""#), ("c", "/* c */"), ("d", r#""//":"d""#)];
    assert_eq!(said, expected);
    assert_eq!(document.comments.about(0), About::Place);
}

#[test]
fn a_suppression_covers_what_its_comment_is_about() {
    let covered = |text: &str| {
        let path = "main.tf.json";
        let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
        let controls = controls(&file).into_iter();
        let covered = controls.map(|it| match it {
            Ok(control) => text[control.covers.indices()].to_owned(),
            Err(error) => error.message,
        });
        covered.collect::<Vec<_>>()
    };
    let with = |at: usize| {
        let comment = r#""//":"tautline: ignore[x/y] -- z""#;
        let mut said = ["", "", "", ""];
        said[at] = comment;
        let [file, block, argument, end] = said.map(|it| match it {
            "" => String::new(),
            it => format!("{it},"),
        });
        format!(
            r#"{{{file}"module":{{"m":{{{block}"a":1,{argument}"b":2{}}}}}}}"#,
            end.strip_suffix(',').map_or_else(String::new, |it| format!(",{it}"))
        )
    };
    assert_eq!(covered(&with(0)), [with(0)]);
    let on_a_line = r#"{"locals":{"//":"a\ntautline: ignore[x/y] -- z"}}"#;
    assert_eq!(covered(on_a_line), ["a control comment is a comment of its own, on one line"]);
    let in_map = r#"{"locals":{"m":{"//":"tautline: ignore[x/y] -- z"}}}"#;
    assert_eq!(covered(in_map), ["this suppression is attached to nothing"]);
    assert!(covered(&with(1))[0].starts_with(r#""m":{"#));
    assert_eq!(covered(&with(2)), [r#""b":2"#]);
    assert!(covered(&with(3))[0].starts_with(r#""m":{"#));
}

#[test]
fn what_is_broken_is_said_where_it_is() {
    let errors = |text: &str| {
        let document = parse(text);
        is_sound(&document.body, text);
        let said = document.errors.into_iter();
        said.map(|it| (it.message, text[it.range.indices()].to_owned())).collect::<Vec<_>>()
    };
    for (text, message, at) in [
        (r#"{"locals":{"a":1,}}"#, "not valid JSON: expected a key in quotes", "}"),
        ("", "not valid JSON: expected a value", ""),
        ("[1]", "a file of Terraform's is an object, or a list of objects", "1"),
        (
            r#"{"resource":{"a":"x"}}"#,
            "`resource` needs an object here: its keys are names",
            "\"x\"",
        ),
        (
            r#"{"resource":{"//":"c","a":{"b":{}}}}"#,
            "`resource` needs an object here: its keys are names",
            "\"c\"",
        ),
        (r#"{"resource":null}"#, "`resource` needs an object here: its keys are names", "null"),
        (
            r#"{"module":{"m":["x"]}}"#,
            "`module` is a block: it needs an object, or a list of objects",
            "\"x\"",
        ),
        (
            r#"{"resource":{"a":{"b":{"lifecycle":3}}}}"#,
            "`lifecycle` is a block: it needs an object, or a list of objects",
            "3",
        ),
        (r#"{"locals":{"a":1,"a":2}}"#, "`a` is set twice", "a"),
        (r#"{"locals":{"a":{"k":1,"k":2}}}"#, "`k` is set twice", "k"),
        (
            r#"{"locals":{"a":"\"\u00e9\" ${f(\"x\" y)}"}}"#,
            "expected `,` or `)` after an argument, found `y`",
            "y",
        ),
        (r#"{"locals":{"a":"é\n${"}}"#, "unclosed `${`", "${"),
        (
            r#"{"resource":{"a":{"b":{"depends_on":["${a.c}"]}}}}"#,
            "a reference stands here as it is, without `${ }`",
            "${a.c}",
        ),
        (r#"{"resource":{"a":{"b":{"depends_on":["a.\"b"]}}}}"#, "", ""),
    ] {
        let said = errors(text);
        assert_eq!(said.len(), 1, "{text} {said:?}");
        if !message.is_empty() {
            assert_eq!(said[0], (message.to_owned(), at.to_owned()), "{text}");
        }
    }
    let text = r#"{"resource":{"a":"x","b":{"c":{"n":"${"}}},"output":{"o":{"value":1}}}"#;
    assert_eq!(errors(text).len(), 2);
    assert_eq!(
        outline(&parse(text).body, text),
        r#"resource[b c] { n = <"${"> }; output[o] { value = <1> }"#
    );
}

#[test]
fn nesting_is_limited_and_large_files_are_read() {
    let nested = |depth: usize| {
        format!(r#"{{"locals":{{"a":{}1{}}}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    parsed(&nested(254));
    assert!(parse(&nested(100_000)).errors[0].message.contains("nested deeper"));
    let holes = |depth: usize| format!(r#"{{"locals":{{"a":"{}"}}}}"#, "${[".repeat(depth));
    assert_eq!(parse(&holes(100_000)).errors.len(), 1);
    let item = r#"{"name":"n","value":"a \"b\" ${var.x} é\n"}"#;
    let many =
        format!(r#"{{"resource":{{"a":{{"b":{{"e":[{}]}}}}}}}}"#, vec![item; 100_000].join(","));
    let document = parsed(&many);
    assert_eq!(document.body.blocks().flat_map(|it: &Block| it.body.blocks()).count(), 100_000);
    let long = format!(r#"{{"locals":{{"a":"{}${{b}}"}}}}"#, r#"x\"é"#.repeat(200_000));
    parsed(&long);
    let broken = format!(r#"{{"locals":{{{}}}}}"#, vec![r#""a":1"#; 1000].join(","));
    assert_eq!(parse(&broken).errors.len(), super::super::MOST_ERRORS);
}

#[test]
fn deep_blocks_fit_a_small_stack() {
    let deep = |depth: usize| {
        let (open, close) = (r#"{"c":"#.repeat(depth), "}".repeat(depth));
        format!(r#"{{"resource":{{"a":{{"b":{open}[1]{close}}}}}}}"#)
    };
    let text = deep(252);
    let mut body = &parsed(&text).body;
    let mut depth = 0;
    while let Some(block) = body.blocks().next() {
        body = &block.body;
        depth += 1;
    }
    assert_eq!(depth, 252);
    assert_eq!(parse(&deep(253)).errors.len(), 1);
    let hole = format!("\"${{{}1{}}}\"", "(".repeat(255), ")".repeat(255));
    parsed(&deep(252).replace("[1]", &hole));
}

#[test]
fn whatever_is_changed_every_range_holds() {
    const TEXT: &str = r#"{"//":"a","resource":{"k":{"n":[{"//":["b\n"],"m":{"a":"é\"${f(\"x\", [v.w[0]])}%{ if a }\u00e9%{ endif }"},"l":[{"x":-1}],"ignore":null}]}},"variable":{"v":{"type":"map(string)"}}}"#;
    for (at, character) in TEXT.char_indices() {
        let behind = &TEXT[at + character.len_utf8()..];
        for other in ["", "\"", "\\", "{", "}", "[", "$", "%", ",", ":", "/", "é", "\n", "1"] {
            let text = format!("{}{other}{behind}", &TEXT[..at]);
            let document = parse(&text);
            is_sound(&document.body, &text);
            for range in document.errors.iter().map(|error| error.range) {
                assert!(text.get(range.indices()).is_some(), "{range:?} in {text}");
            }
            for comment in document.comments.all() {
                assert!(
                    text.get(comment.range.indices()).is_some()
                        && comment.range.contains(comment.text)
                );
            }
        }
    }
}

#[test]
fn a_file_of_values_holds_nothing_but_arguments() {
    let text = r#"{"//": "why", "resource": {"a": {"b": "${c}"}}, "n": null, "on": [true, -1]}"#;
    let document = parse_values(text);
    assert_eq!(document.errors, []);
    is_sound(&document.body, text);
    assert_eq!(document.body.blocks().count(), 0);
    let names: Vec<&str> = document.body.attributes().map(|it| it.key.name.as_str()).collect();
    assert_eq!(names, ["resource", "n", "on"]);
    let is_hole = |expr: &Expr| match &expr.kind {
        ExprKind::Template(template) => {
            template.parts.iter().any(|part| !matches!(part, TemplatePart::Literal(_)))
        }
        _ => false,
    };
    let mut exprs = document.body.attributes().flat_map(|it| it.value.descendants());
    assert!(!exprs.any(is_hole), "strings are no templates");
    assert_eq!(document.comments.all().len(), 1);
}

#[test]
fn a_file_of_values_is_one_object_and_says_each_once() {
    for (text, said) in [
        (r#"[{"a": 1}]"#, "a file that sets variables is an object"),
        (r#"{"a": 1, "a": 2}"#, "`a` is set twice"),
    ] {
        let errors = parse_values(text).errors;
        assert_eq!(errors.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(), [said]);
    }
}

/// What Terragrunt's file says: its own blocks, of which `include` may lack the label, and arguments.
#[test]
fn units_are_read_with_terragrunts_words() {
    let text = r#"{
  "include": { "path": "${find_in_parent_folders(\"root.hcl\")}" },
  "dependency": { "vpc": { "config_path": "../vpc", "mock_outputs": { "ids": ["a"] } } },
  "dependencies": { "paths": ["../a"] },
  "terraform": { "source": "../m", "extra_arguments": { "x": { "arguments": ["-lock=false"] } } },
  "locals": { "name": "web" },
  "inputs": { "tags": [{ "a": "${local.name}" }] }
}"#;
    let document = parse_unit(text);
    assert_eq!(document.errors, []);
    is_sound(&document.body, text);
    let include = document.body.block("include").unwrap();
    assert!(include.labels.is_empty());
    let path = &include.body.attribute("path").unwrap().value;
    assert!(matches!(&path.unparenthesised().kind, ExprKind::Call(_)));
    let vpc = document.body.block("dependency").unwrap();
    assert_eq!(vpc.label(0), Some("vpc"));
    assert!(vpc.body.attribute("mock_outputs").is_some());
    let terraform = document.body.block("terraform").unwrap();
    assert_eq!(terraform.body.block("extra_arguments").unwrap().label(0), Some("x"));
    assert!(document.body.attribute("inputs").is_some());

    let named = parse_unit(r#"{"include": {"root": {"path": "a"}, "env": {"path": "b"}}}"#);
    let labels = named.body.blocks_of("include").map(|block| block.label(0));
    assert_eq!(labels.collect::<Vec<_>>(), [Some("root"), Some("env")]);
    assert_eq!(parse_unit("[]").errors.len(), 1);
}
