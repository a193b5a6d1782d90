//! Control comments in other languages: attached to lines; above or behind the key of a block of text in YAML, to that too. Of one
//! whose comments are not read that is said.

use super::{Attachment, Control, control};
use crate::syntax::surface::{Surface, surface};
use crate::syntax::{Comment, Comments, Format, SourceFile, SyntaxError};
use crate::text::TextRange;

pub(super) fn controls(file: &SourceFile) -> Vec<Result<Control, SyntaxError>> {
    let surface = surface(file.format, &file.text);
    let comments = surface.comments();
    let own = comments.all().iter().filter(|comment| {
        // A comment in a fence of a page is an example, whatever the example's language.
        let is_example =
            file.format == Format::Markdown && !file.slice(comment.range).starts_with("<!--");
        // Nor is it one in a block of text.
        let is_text = surface.texts().iter().any(|it| it.text.contains(comment.range));
        !is_example && !is_text
    });
    let mut found: Vec<_> = own
        .filter_map(|comment| {
            control(file, comment.text, || {
                if comment.own_line {
                    below(file, &surface, comment)
                } else {
                    let line = line(file, file.lines().line_of(comment.range.start));
                    Attachment::To(with_text(&surface, line))
                }
            })
        })
        .collect();
    found.extend(unread(file, comments).into_iter().map(Err));
    found
}

/// Files of prose, in which a control comment is an example.
const PROSE: [&str; 7] = ["txt", "rst", "adoc", "asciidoc", "org", "log", "snap"];
/// What comments begin with in one language or another.
const MARKS: [char; 9] = ['#', '/', '*', '-', ';', '%', '!', '"', '\''];

/// What looks like a control comment in a file whose comments are not read, or in another place than these can stand in.
fn unread(file: &SourceFile, comments: &Comments) -> Vec<SyntaxError> {
    let extension = file.path.rsplit_once('.').map_or("", |it| it.1).to_ascii_lowercase();
    let is_judged = matches!(file.format, Format::Plain | Format::Json | Format::Markup);
    if !is_judged || PROSE.contains(&&*extension) {
        return Vec::new();
    }
    let is_meant = |at: usize| {
        let line = file.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let before = file.text[line..at].trim_end_matches([' ', '\t']);
        let outside = before.trim_end_matches(MARKS);
        // In JSON it may be the value of a key that stands for a comment: `"//": "tautline: …"`.
        let begins =
            file.format == Format::Json || !outside.ends_with(|c: char| !c.is_whitespace());
        outside.len() < before.len() && begins && comments.at(at as u32).is_none()
    };
    let all = file.text.match_indices("tautline: ignore[").filter(|(at, _)| is_meant(*at));
    let error = |(at, _): (usize, &str)| {
        let end = file.text[at..].find(['\n', '\r', '"']).map_or(file.text.len(), |end| at + end);
        SyntaxError {
            message: "comments of this file are not read, so this suppresses nothing".to_owned(),
            help: Some("write a `waiver` with the path of the file into tautline.hcl".to_owned()),
            range: TextRange::new(at, end),
        }
    };
    all.map(error).collect()
}

/// What a comment on lines of its own leads: the first line below the run of comments; or the file, where the run is its
/// header.
fn below(file: &SourceFile, surface: &Surface, comment: &Comment) -> Attachment {
    let comments = surface.comments();
    let mut number = file.lines().line_of(comment.range.end.saturating_sub(1)) + 1;
    while number < file.lines().count() {
        let next = line(file, number);
        if next.is_empty() {
            break;
        }
        match comments.at(next.start) {
            Some(comment) => number = file.lines().line_of(comment.range.end.saturating_sub(1)) + 1,
            None => return Attachment::To(with_text(surface, next)),
        }
    }
    if comments.header(&file.text).contains(comment) {
        return Attachment::File;
    }
    Attachment::Nowhere
}

/// `line`, and the block of text whose key stands in it: no comment can stand in that.
fn with_text(surface: &Surface, line: TextRange) -> TextRange {
    let below = surface.texts().iter().find(|it| line.contains(it.key));
    below.map_or(line, |it| line.cover(it.text))
}

/// The 0-based line `number` without the white space around it.
fn line(file: &SourceFile, number: usize) -> TextRange {
    let range = file.lines().range_of(&file.text, number);
    let text = file.slice(range);
    range.slice(text.len() - text.trim_start().len(), text.trim().len())
}

#[cfg(test)]
mod tests {
    use super::super::controls;
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    fn covered(path: &str, text: &str) -> Vec<String> {
        let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
        controls(&file)
            .into_iter()
            .map(|control| match control {
                Ok(control) => text[control.covers.indices()].to_owned(),
                Err(error) => error.message,
            })
            .collect()
    }

    #[test]
    fn it_covers_the_next_line_or_its_own() {
        let text = "image: a\n# tautline: ignore[x/y] -- z\n# why\nimage: b\nimage: c  # tautline: ignore[x/y] -- z\r\n";
        assert_eq!(covered("a.yaml", text), ["image: b", "image: c  # tautline: ignore[x/y] -- z"]);
        assert_eq!(covered("a.go", "x()\n// tautline: ignore[x/y] -- z\ny()\n"), ["y()"]);
    }

    #[test]
    fn at_the_top_it_covers_the_file() {
        let text = "#!/bin/sh\n# tautline: ignore[x/y] -- z\n\nrun\n";
        assert_eq!(covered("a.sh", text), [text]);
        assert_eq!(covered("a.sh", "#!/bin/sh\n# tautline: ignore[x/y] -- z\nrun\n"), ["run"]);
        assert_eq!(
            covered("a.sh", "a\n# tautline: ignore[x/y] -- z\n\nrun\n"),
            ["this suppression is attached to nothing"]
        );
    }

    #[test]
    fn markdown_has_its_own_comments() {
        let text = "<!-- tautline: ignore[x/y] -- z -->\n\n# tautline: ignore[x/y] -- a heading\n";
        assert_eq!(covered("a.md", text), [text]);
        let example = "text\n\n```\n<!-- tautline: ignore[x/y] -- an example -->\n```\n";
        assert!(covered("a.md", example).is_empty());
    }

    #[test]
    fn in_a_block_of_text_it_is_text() {
        let text = "note: |\n  # tautline: ignore[x/y] -- z\n  image: b\nb: 1\n";
        assert!(covered("a.yaml", text).is_empty());
        // Above or behind the key it covers the text.
        let above = "# tautline: ignore[x/y] -- z\nnote: |\n  one\n\n  two\nb: 1\n";
        assert_eq!(covered("a.yaml", above)[0].trim_end(), "note: |\n  one\n\n  two");
        let behind =
            "a: 1\n- note: |  # tautline: ignore[x/y] -- z\n    one\n".replace("a: 1\n", "");
        assert_eq!(covered("a.yaml", &behind)[0].trim_end(), behind.trim_end());
        // Of a script, or a file whose language is known, it is a comment.
        for key in ["run", "commands", "run.sh", "x.yaml"] {
            let text = format!("{key}: |\n  # tautline: ignore[x/y] -- z\n  image: b\nb: 1\n");
            assert_eq!(covered("a.yaml", &text), ["image: b"], "{key}");
        }
    }

    #[test]
    fn in_quotes_it_is_text() {
        assert!(covered("a.sh", "echo \"a # tautline: ignore[x/y] -- z\"\n").is_empty());
        assert!(covered("a.sh", "curl a#tautline: ignore[x/y] -- z\n").is_empty());
    }

    #[test]
    fn comments_of_sql_and_markup_are_read() {
        assert_eq!(covered("a.sql", "x;\n-- tautline: ignore[x/y] -- z\ny;\n"), ["y;"]);
        assert_eq!(covered("a.sql", "x; -- tautline: ignore[x/y] -- z\n").len(), 1);
        for path in ["a.xml", "b/a.html", "a.svg"] {
            let text = "<a/>\n<!-- tautline: ignore[x/y] -- z -->\n<b/>\n";
            assert_eq!(covered(path, text), ["<b/>"]);
        }
        let json = "{\n  // tautline: ignore[x/y] -- z\n  \"a\": \"b // c\"\n}\n";
        assert_eq!(covered("a.jsonc", json), ["\"a\": \"b // c\""]);
    }

    #[test]
    fn where_comments_are_not_read_that_is_said() {
        let said = ["comments of this file are not read, so this suppresses nothing"];
        for (path, text) in [
            ("a.json", "{ \"a\": 1 } # tautline: ignore[x/y] -- z\n"),
            ("a.json", "{ \"//\": \"tautline: ignore[x/y] -- z\" }\n"),
            ("a.css", "a {} /* tautline: ignore[x/y] -- z */\n"),
            ("a.el", ";; tautline: ignore[x/y] -- z\n"),
            ("a.unknown", "  # tautline: ignore[x/y] -- z\n"),
            ("a.html", "<script>\n// tautline: ignore[x/y] -- z\n</script>\n"),
        ] {
            assert_eq!(covered(path, text), said, "{path}: {text}");
        }
        for (path, text) in [
            ("notes.txt", "# tautline: ignore[x/y] -- z\n"),
            ("README", "write `# tautline: ignore[x/y] -- z`\n"),
            ("run", "#!/bin/sh\nx # tautline: ignore[x/y] -- z\n"),
            ("a.py", "x = \"\"\"\n# tautline: ignore[x/y] -- z\n\"\"\"\n"),
        ] {
            assert!(covered(path, text) != said, "{path}: {text}");
        }
    }
}
