//! What documents are read as.

use super::parse;
use crate::syntax::language::testing::show;
use crate::syntax::yaml::Node;

fn part(text: &str, key: &str) -> String {
    let node = parse(text);
    show(text, node.get(key).unwrap())
}

/// The texts of the statements, and of each the code spans.
fn said(text: &str) -> Vec<String> {
    let node = parse(text);
    let statements = node.get("statements").unwrap().items();
    let line = |it: &Node| {
        let of = |key| show(text, it.get(key).unwrap());
        format!("{} {} {}", of("kind"), of("text"), of("code"))
    };
    statements.iter().map(line).collect()
}

#[test]
fn statements_are_sentences() {
    let text = "---\ntitle: `x`\n---\n# A `b`\n\nOne `c` is. **Two.** See e.g. `d`,\nwhich v1.2 has! Done\n\n- `e`\n- f. g\n  - h\n\n> q `r`\n\n<!-- `no` -->\n\n    `code`\n";
    assert_eq!(
        said(text),
        [
            "heading A `b` [b]",
            "sentence One `c` is. [c]",
            "sentence **Two.** []",
            "sentence See e.g. `d`,\nwhich v1.2 has! [d]",
            "sentence Done []",
            "sentence `e` [e]",
            "sentence f. []",
            "sentence g []",
            "sentence h []",
            "sentence q `r` [r]",
        ]
    );
    assert_eq!(part(text, "fences"), "[{text: `code`\n, section: A b}]");
}

#[test]
fn headings_lead_sections() {
    let text = "# A\n## B c!\ntext\n## B c!\n# D\nlast\n";
    assert_eq!(
        part(text, "headings"),
        "[{level: 1, anchor: a, text: A}, {level: 2, anchor: b-c, text: B c!}, \
         {level: 2, anchor: b-c-1, text: B c!}, {level: 1, anchor: d, text: D}]"
    );
    let node = parse(text);
    let sections: Vec<_> = node
        .get("statements")
        .unwrap()
        .items()
        .iter()
        .map(|it| show(text, it.get("sections").unwrap()))
        .collect();
    assert_eq!(sections, ["[A]", "[A, B c!]", "[A, B c!]", "[A, B c!]", "[D]", "[D]"]);
}

#[test]
fn links_with_their_parts() {
    let text =
        "See [the `x`](../a.md#b) and <https://h/> and [r] ![i](p.png).\n\n[r]: ./other.md\n";
    let node = parse(text);
    let links = node.get("statements").unwrap().items()[0].get("links").unwrap();
    assert_eq!(
        show(text, links),
        "[{target: ../a.md#b, path: ../a.md, anchor: b, text: the x}, \
         {target: https://h/, path: https://h/, text: https://h/}, \
         {target: ./other.md, path: ./other.md, text: r}, {target: p.png, path: p.png, text: i}]"
    );
    let first = &links.items()[0];
    assert_eq!(&text[first.get("anchor").unwrap().range.indices()], "b");
    assert_eq!(&text[first.get("path").unwrap().range.indices()], "../a.md");
}

#[test]
fn a_target_is_behind_what_is_said_and_before_the_title() {
    let text = "A [a.md](a.md \"see a.md\") [b](<b c.md> 'b c.md') [![i](d.md.png)](d.md) <https://e/> [`f`](f \"f\")\n";
    let node = parse(text);
    let links = node.get("statements").unwrap().items()[0].get("links").unwrap();
    let before = |link: &Node| {
        let range = link.get("target").unwrap().range;
        (text[..range.start as usize].chars().next_back().unwrap(), &text[range.indices()])
    };
    let found: Vec<_> = links.items().iter().map(before).collect();
    assert_eq!(
        found,
        [
            ('(', "a.md"),
            ('<', "b c.md"),
            ('(', "d.md"),
            ('(', "d.md.png"),
            ('<', "https://e/"),
            ('(', "f")
        ]
    );
}

#[test]
fn tables_are_rows_by_header() {
    let text = "# T\r\n\r\n| Alert | **After** |\r\n|---|---|\r\n| `Stale` | 2 `h`, or more |\r\n| | x |\r\n";
    assert_eq!(
        part(text, "tables"),
        "[{header: [Alert, After], rows: [{Alert: Stale, After: 2 h, or more}, {Alert: , After: x}], section: T}]"
    );
    let node = parse(text);
    let row = &node.get("tables").unwrap().items()[0].get("rows").unwrap().items()[0];
    assert_eq!(&text[row.get("Alert").unwrap().range.indices()], "Stale");
    assert_eq!(&text[row.get("After").unwrap().range.indices()], "2 `h`, or more");
    assert_eq!(said(text)[2], "row | `Stale` | 2 `h`, or more | [Stale, h]");
}

#[test]
fn fences_in_items_are_put_together() {
    let text = "- a\n\n  ```sh title=x\n  b\n    c\n  ```\n```\nnever closed\n";
    assert_eq!(part(text, "fences"), "[{language: sh, text: b\n  c\n}, {text: never closed\n}]");
}

#[test]
fn hostile_documents_are_read() {
    for text in [
        "> ".repeat(50_000),
        "- ".repeat(50_000),
        "`".repeat(100_000),
        "[a](".repeat(50_000),
        "*a_ ".repeat(50_000),
        "|".repeat(100_000),
        "x. ".repeat(100_000),
        format!("{}\u{0}\u{1}", "#".repeat(100_000)),
        "| a |\n|---|\n".to_owned() + &"| `b` |\n".repeat(20_000),
    ] {
        assert!(parse(&text).get("tables").is_some(), "{text:.20}");
    }
}

#[test]
fn a_target_that_stands_elsewhere_has_no_bytes_of_its_own() {
    let text = "See [ref][r1] and [a](b.md#frag).\n\n[r1]: b.md#frag\n";
    let node = parse(text);
    let links = node.get("statements").unwrap().items()[0].get("links").unwrap().items();
    let written = |link: &Node, key: &str| &text[link.get(key).unwrap().range.indices()];
    assert_eq!(["target", "path", "anchor"].map(|key| written(&links[0], key)), ["[ref][r1]"; 3]);
    assert_eq!(
        ["target", "path", "anchor"].map(|key| written(&links[1], key)),
        ["b.md#frag", "b.md", "frag"]
    );
}

#[test]
fn links_of_html_lead_somewhere_as_well() {
    let text = "See <a class=\"x\" href='a.md#b'>a</a> <img src=\"p.png\"> <b data-src=\"n\"> [c](c.md).\n\n\
                <p>\n  <img alt=\"i\" src=\"i.png\">\n  <!-- <a href=\"no.md\"> -->\n  <a href=\"q?a&amp;b\">\n</p>\n\n\
                `<a href=\"no.md\">`\n";
    let node = parse(text);
    let statements = node.get("statements").unwrap().items();
    let links = |at: usize| {
        let links = statements[at].get("links").unwrap().items().iter();
        links.map(|link| text[link.range.indices()].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(links(0), ["a.md#b", "p.png", "c.md"]);
    assert_eq!(links(1), ["i.png"]);
    assert_eq!(statements[1].get("text").unwrap().as_str(), Some("i.png"));
    assert_eq!(links(2), [""; 0]);
    assert_eq!(statements.len(), 3);
}
