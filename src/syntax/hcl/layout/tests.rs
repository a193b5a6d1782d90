//! The edits themselves; that they lead where `terraform fmt` leads is compared in `tests/syntax_corpus`.

use super::super::parse;
use super::layout;

fn edits(text: &str) -> Vec<(usize, usize, String)> {
    let document = parse(text);
    assert_eq!(document.errors, [], "{text}");
    let edits = layout(text, &document).edits.into_iter();
    edits.map(|(range, text)| (range.start as usize, range.end as usize, text)).collect()
}

#[test]
fn edits_touch_what_differs_and_nothing_else() {
    assert_eq!(edits("a = 1\n"), []);
    assert_eq!(edits("a=1\n"), [(1, 1, " ".into()), (2, 2, " ".into())]);
    // Of four spaces two go, and the tab becomes one.
    assert_eq!(edits("a {\n    b =\t1\n}\n"), [(6, 8, String::new()), (11, 12, " ".into())]);
    // Columns are filled up.
    assert_eq!(edits("a = 1\nlong = 2\n"), [(2, 2, "   ".into())]);
    assert_eq!(edits("\u{feff}a = 1\r\n"), [(0, 3, String::new())]);
}

#[test]
fn rewriting_takes_away_and_puts_in() {
    assert_eq!(edits("a = \"${b}\"\n"), [(4, 7, String::new()), (8, 10, String::new())]);
    assert_eq!(edits("a b {}\n"), [(2, 2, "\"".into()), (3, 3, "\"".into())]);
    let text = "variable \"a\" {\n  type = \"list\"\n}\n";
    assert_eq!(edits(text), [(24, 25, String::new()), (29, 30, "(string)".into())]);
}

#[test]
fn labels_with_a_sigil_are_left_alone() {
    for text in ["a \"b$c\" d {}\n", "a \"$${b}\" /* c */ \"d\" {}\n"] {
        assert_eq!(edits(text), [], "{text}");
    }
}

#[test]
fn text_that_is_no_hcl_is_scanned_to_its_end() {
    for text in [
        "a = \"",
        "a = \"\\",
        "<<E\n",
        "${",
        "}}",
        "\"${\"${",
        "/*",
        "é = 日\u{0}",
        "a = <<\u{e9}\n\u{e9}",
    ] {
        let _ = layout(text, &parse(text));
    }
}
