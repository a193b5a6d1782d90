//! What the tree, the ranges, the comments and the errors of parsed HCL look like.

use std::fmt::Write;

use super::*;
use crate::text::LineIndex;

/// The tree of a text without errors.
fn parsed(text: &str) -> Document {
    let document = parse(text);
    assert_eq!(document.errors, [], "{text:?}");
    document
}

/// The value of the only attribute of `text`.
fn value(text: &str) -> Expr {
    parsed(text).body.attributes().next().unwrap().value.clone()
}

/// The errors of `text`: each message and what it underlines.
fn errors(text: &str) -> Vec<(String, &str)> {
    parse(text)
        .errors
        .into_iter()
        .map(|error| (error.message, &text[error.range.indices()]))
        .collect()
}

/// An expression with every pair of operands in brackets.
fn shape(expr: &Expr, text: &str) -> String {
    match &expr.kind {
        ExprKind::Binary(binary) => {
            format!(
                "({} {:?} {})",
                shape(&binary.left, text),
                binary.op,
                shape(&binary.right, text)
            )
        }
        ExprKind::Conditional(it) => {
            format!(
                "({} ? {} : {})",
                shape(&it.condition, text),
                shape(&it.yes, text),
                shape(&it.no, text)
            )
        }
        ExprKind::Unary(op, inner) => format!("{op:?} {}", shape(inner, text)),
        _ => text[expr.range.indices()].to_owned(),
    }
}

/// The parts of a template: literals as value and source, holes as source.
fn parts(text: &str) -> Vec<String> {
    let ExprKind::Template(template) = value(text).kind else { panic!("no template: {text:?}") };
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(literal) => {
            format!("{:?} <- {:?}", literal.value, &text[literal.range.indices()])
        }
        TemplatePart::Interpolation(hole) => text[hole.range.indices()].to_owned(),
        TemplatePart::Directive(hole) => text[hole.range.indices()].to_owned(),
    };
    template.parts.iter().map(part).collect()
}

#[test]
fn operators_bind_as_in_hcl() {
    let text = "x = a || b && c == d < e + f * -g - h\n";
    let shaped = "(a Or (b And (c Equal (d Less ((e Add (f Multiply Negate g)) Subtract h)))))";
    assert_eq!(shape(&value(text), text), shaped);
    let text = "x = a - b - c ? d : e ? f : g\n";
    assert_eq!(shape(&value(text), text), "(((a Subtract b) Subtract c) ? d : (e ? f : g))");
}

#[test]
fn every_node_has_its_exact_range() {
    let text = "\u{feff}module \"é\" label { # c\n  a.b\n}\n"
        .replace("a.b", "key = ( x.y [ 0 ] . * . z ) # d");
    let document = parsed(&text);
    let block = document.body.block("module").unwrap();
    let attribute = block.body.attribute("key").unwrap();
    let slice = |range: TextRange| &text[range.indices()];
    assert_eq!(slice(block.header), "module \"é\" label");
    assert_eq!(
        block.labels.iter().map(|label| slice(label.range)).collect::<Vec<_>>(),
        ["\"é\"", "label"]
    );
    assert_eq!(slice(block.range), text[3..].trim_end());
    assert_eq!(slice(block.body.range), " # c\n  key = ( x.y [ 0 ] . * . z ) # d\n");
    assert_eq!(slice(attribute.range), "key = ( x.y [ 0 ] . * . z )");
    let ExprKind::Paren(inner) = &attribute.value.kind else { panic!() };
    assert_eq!(slice(inner.range), "x.y [ 0 ] . * . z");
    let ExprKind::Traversal(traversal) = &inner.kind else { panic!() };
    assert_eq!(slice(traversal.base.range), "x");
    let steps: Vec<&str> = traversal.steps.iter().map(|step| slice(step.range)).collect();
    assert_eq!(steps, [".y", "[ 0 ]", ". *", ". z"]);
}

#[test]
fn children_lie_inside_their_parents() {
    let text = "x = { for k, v in f(a, [b...c]) : \"${k}\" => v ? -w[1] : (y + z) if k }\n"
        .replace("b...c", "b, c");
    let root = value(&text);
    for expr in root.descendants() {
        for child in expr.children() {
            assert!(expr.range.contains(child.range), "{:?} in {:?}", child.range, expr.range);
        }
    }
    let names: Vec<&str> = root
        .descendants()
        .filter(|e| matches!(e.kind, ExprKind::Variable(_)))
        .map(|e| &text[e.range.indices()])
        .collect();
    assert_eq!(names, ["a", "b", "c", "k", "v", "w", "y", "z", "k"]);
}

#[test]
fn verbatim_text_maps_one_to_one_and_escapes_stand_alone() {
    assert_eq!(
        parts(r#"x = "a $ b\n$${c}${ d }é\u00e9""#),
        [
            r#""a $ b" <- "a $ b""#,
            r#""\n" <- "\\n""#,
            r#""${" <- "$${""#,
            r#""c}" <- "c}""#,
            "${ d }",
            r#""é" <- "é""#,
            r#""é" <- "\\u00e9""#,
        ]
    );
    assert_eq!(parts("x = \"\"\n"), [""; 0]);
}

#[test]
fn heredocs_keep_their_lines() {
    assert_eq!(
        parts("x = <<EOT\n  a\n b ${c}\n\nEOT\n"),
        [r#""  a\n b " <- "  a\n b ""#, "${c}", r#""\n\n" <- "\n\n""#]
    );
    let text = "x = <<EOT\n  a\n  EOT\n";
    let ExprKind::Template(template) = value(text).kind else { panic!() };
    assert_eq!(&text[template.inner.indices()], "  a\n");
}

#[test]
fn indented_heredocs_leave_the_common_indentation_out() {
    assert_eq!(
        parts("x = <<-EOT\n    a\n\n      b\n    ${c} d\n  EOT\n"),
        [
            r#""a\n" <- "a\n""#,
            r#""\n" <- "\n""#,
            r#""  b\n" <- "  b\n""#,
            "${c}",
            r#"" d\n" <- " d\n""#
        ]
    );
    assert_eq!(parts("x = <<-EOT\n  a\n${c}\nEOT\n")[0], r#""  a\n" <- "  a\n""#);
}

#[test]
fn strip_markers_cut_the_literals_beside_them() {
    assert_eq!(
        parts("x = \"a \\n ${~ b ~} \\t c\"\n"),
        [r#""a" <- "a""#, "${~ b ~}", r#""c" <- "c""#]
    );
    // In a heredoc they reach to the line's end and no further, as terraform does it.
    assert_eq!(
        parts("x = <<EOT\na\n  ${~ b ~}\n  c\nEOT\n"),
        [r#""a\n" <- "a\n""#, "${~ b ~}", r#""  c\n" <- "  c\n""#]
    );
}

#[test]
fn template_files_are_templates() {
    let text = "#!/bin/sh\n%{ for h in hosts ~}\necho \"${h}\" 100% $\n%{ endfor ~}";
    let template = parse_template(text).unwrap();
    assert_eq!(template.inner, TextRange::new(0, text.len()));
    assert_eq!(template.exprs().count(), 2);
    assert_eq!(parse_template("%{ if a }").unwrap_err().message, "`%{ if }` without `%{ endif }`");
}

#[test]
fn an_expression_may_stand_alone() {
    assert!(matches!(parse_expression("a\n+ b # c").unwrap().kind, ExprKind::Binary(_)));
    assert_eq!(
        parse_expression("a b").unwrap_err().message,
        "expected the end of the expression, found `b`"
    );
}

#[test]
fn comments_are_found_everywhere_but_in_text() {
    let text = "# a\nx = \"# no ${y /* b */} // no\" // c\nz = [ # d\n]\nw = <<EOT\n# no\n${v # e\n}\nEOT\n/* f\n*/";
    let document = parsed(text);
    let said: Vec<&str> =
        document.comments.all().iter().map(|comment| comment.content(text)).collect();
    assert_eq!(said, ["a", "b", "c", "d", "e", "f"]);
    let own: Vec<bool> = document.comments.all().iter().map(|comment| comment.own_line).collect();
    assert_eq!(own, [true, false, false, false, false, true]);
    let crlf = "x = 1 # a\r\n";
    assert_eq!(&crlf[parsed(crlf).comments.all()[0].range.indices()], "# a");
}

#[test]
fn comments_attach_to_what_they_stand_by() {
    let text = "# about\n# a\na = [\n  1, # one\n]\n";
    let document = parsed(text);
    let attribute = document.body.attribute("a").unwrap();
    assert_eq!(document.comments.leading(text, &LineIndex::new(text), attribute.range).len(), 2);
    let ExprKind::Tuple(elements) = &attribute.value.kind else { panic!() };
    assert_eq!(document.comments.trailing(text, elements[0].range).unwrap().content(text), "one");
}

#[test]
fn each_broken_item_costs_one_error_and_nothing_else() {
    let text = include_str!("../../../fixtures/syntax/files/broken.tf");
    let document = parse(text);
    let names: Vec<&str> =
        document.body.blocks().map(|block| block.labels[1].name.as_str()).collect();
    assert_eq!(names, ["fine", "also_fine", "last"]);
    assert_eq!(
        errors(text),
        [
            ("unclosed string".to_owned(), "\"b"),
            ("expected `,` or `]` after a list element, found `resource`".to_owned(), "resource"),
        ]
    );
}

#[test]
fn errors_say_what_is_missing() {
    let said = |text: &str| {
        let error = parse(text).errors.remove(0);
        (error.message, text[error.range.indices()].to_owned())
    };
    let cases = [
        (
            "resource \"a\" \"b\" {\n  c = 1\n",
            "expected `}` to close block `resource`",
            "resource \"a\" \"b\"",
        ),
        ("a = <<EOT\nb\n", "unclosed heredoc `EOT`", "<<EOT"),
        ("a = \"b ${c\"\n", "`${` is not closed before the string ends", "${"),
        ("a = 'b'\n", "single quotes do not quote", "'"),
        ("a = 1\n<<<<<<< HEAD\n", "this line is left over from a merge", "<"),
        ("a = 1\n=======\n", "this line is left over from a merge", "=="),
        ("a = 1 /* b\n", "unclosed comment", "/*"),
        ("a = 1\nb = 2\na = 3\n", "`a` is set twice", "a"),
        ("a = [1 2]\n", "expected `,` or `]` after a list element, found `2`", "2"),
        ("a\n", "expected `=` or a block after a name, found a line break", "\n"),
        ("a = [f(1,", "unclosed `(`", "("),
        ("a = \"${b", "unclosed `${`", "${"),
        ("a =", "expected a value, found the end of the file", ""),
        ("}\n", "`}` closes nothing", "}"),
        ("a = \"\\q\"\n", "`\\q` is not an escape", "\\q"),
        ("a = b.0.1\n", "`.0.1` takes two indices at once", "0.1"),
    ];
    for (text, message, underlined) in cases {
        assert_eq!(said(text), (message.to_owned(), underlined.to_owned()), "{text:?}");
    }
}

#[test]
fn text_that_looks_like_an_item_does_not_mislead_recovery() {
    let text = "a {\n  b = <<EOT\nc {\nd = 1\nEOT\n  e = (\n}\nf = 1 # kept\n";
    let document = parse(text);
    assert_eq!(document.errors.len(), 1);
    assert!(document.body.attribute("f").is_some());
    assert_eq!(document.comments.all().len(), 1);
}

#[test]
fn what_follows_a_broken_line_is_not_reported_again() {
    assert_eq!(errors("a = \"b\nc\"\n\nd = 1\n").len(), 1);
    assert_eq!(errors("a = 1 +\n2\n)\n").len(), 1);
    let document = parse("a = (\n  1\n))\n# note\n\"x\" : 1\n  b = 2\nc {}\n");
    assert_eq!(
        (document.errors.len(), document.body.items.len(), document.comments.all().len()),
        (1, 2, 1)
    );
}

#[test]
fn nesting_is_limited_and_never_overflows() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("{a=", "}"), ("f(", ")"), ("-", ""), ("\"${", "}\""), ("a[", "]")]
    {
        let nested = |depth: usize| format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
        parsed(&nested(256));
        for depth in [257, 100_000] {
            assert_eq!(
                errors(&nested(depth))[0].0,
                "nested more than 256 levels deep",
                "{open} {depth}"
            );
        }
    }
    let directives = |depth: usize| {
        format!("{}{}", "%{ for a in b }".repeat(depth), "%{ endfor }".repeat(depth))
    };
    parse_template(&directives(256)).unwrap();
    assert_eq!(
        parse_template(&directives(257)).unwrap_err().message,
        "nested more than 256 levels deep"
    );
    let blocks = |depth: usize| format!("{}{}", "a {\n".repeat(depth), "}\n".repeat(depth));
    parsed(&blocks(256));
    assert_eq!(errors(&blocks(257))[0].0, "nested more than 256 levels deep");
}

#[test]
fn chains_of_any_length_are_read_copied_moved_and_freed() {
    for link in [" + 1", " ? 1 : 1", ".a", " && 1 == 1", "[0]"] {
        let text = format!("x = 1{}\n", link.repeat(10_000));
        let mut document = parsed(&text);
        let copy = document.body.clone();
        document.body.map_ranges(&|range| TextRange { start: range.start + 1, end: range.end + 1 });
        let (moved, kept) =
            (document.body.attributes().next().unwrap(), copy.attributes().next().unwrap());
        let ends = |attribute: &Attribute| {
            attribute.value.descendants().map(|e| e.range.end).max().unwrap()
        };
        assert_eq!(ends(moved), ends(kept) + 1);
        assert_eq!(moved.value.descendants().count(), kept.value.descendants().count());
    }
}

#[test]
fn moved_ranges_are_those_of_the_outer_text() {
    let inner = "# c\na \"b\" {\n  d = [for e, f in \"g${h}\" : i(j)[k] if %{l}]\n}\n"
        .replace("%{l}", "!l ? m : n");
    let mut moved = parsed(&inner);
    let behind = |range: TextRange| TextRange { start: range.start + 7, end: range.end + 7 };
    moved.body.map_ranges(&behind);
    moved.comments = moved.comments.mapped(&behind);
    let outer = parsed(&format!("x = 12\n{inner}"));
    let mut expected = String::new();
    write!(expected, "{:?} {:?}", outer.body.items[1], outer.comments).unwrap();
    assert_eq!(format!("{:?} {:?}", moved.body.items[0], moved.comments), expected);
}

#[test]
fn long_lines_and_odd_bytes_are_no_trouble() {
    let long = format!("x = [{}\"{}\"]\n", "\"a\", ".repeat(100_000), "é".repeat(1_000_000));
    parsed(&long);
    for text in [
        "\0",
        "x = \0\n",
        "\u{feff}\u{feff}",
        "x = \u{fffd}\n",
        "x\0=\0y\0\n\0",
        "\r",
        "\r\r\n",
        "x = \"\\u",
        "é\\é\"é",
    ] {
        assert!(!parse(text).errors.is_empty(), "{text:?}");
    }
    let broken = "a = \n".repeat(1000);
    assert_eq!(errors(&broken).len(), MOST_ERRORS + 1);
}

#[test]
fn a_dynamic_block_calls_its_element_by_the_iterator_else_by_its_label() {
    let iterator = |text: &str| {
        let document = parse(text);
        document.body.blocks().next().unwrap().iterator().map(str::to_owned)
    };
    assert_eq!(iterator("dynamic \"volume\" {\n}\n").as_deref(), Some("volume"));
    assert_eq!(iterator("dynamic \"volume\" {\n  iterator = disk\n}\n").as_deref(), Some("disk"));
    // Terraform refuses these: the label is what is left.
    for refused in ["\"disk\"", "disk.name", "null"] {
        let text = format!("dynamic \"volume\" {{\n  iterator = {refused}\n}}\n");
        assert_eq!(iterator(&text).as_deref(), Some("volume"), "{refused}");
    }
    assert_eq!(iterator("dynamic {\n}\n"), None);
}
