//! What fixes would change, as a patch.
//!
//! Invariant: no line of it holds a secret, also not one that stands beside what changes.

use super::excerpt::REDACTED;
use super::harmless_lines;
use crate::syntax::{Format, SourceFile, secret_ranges};
use crate::text::{FileId, TextRange, patch};

/// The patch that leads from `before` to `after`, both at `path`, and whether it shows all there is. In the place of a secret
/// it says so, and all of it is a comment: nobody is to apply what only stands for something.
pub fn diff(path: &str, before: &str, after: &str) -> (String, bool) {
    diff_without(path, before, after, &[])
}

/// [`diff`], where what stands in `before` at `hidden` is a secret too: something else than the file says so.
pub(super) fn diff_without(
    path: &str,
    before: &str,
    after: &str,
    hidden: &[TextRange],
) -> (String, bool) {
    let (old, new) = (shown(path, before), shown(path, after));
    let true_patch = patch(path, before, after);
    let patch = without(&patch(path, &old, &new), &old, &pieces(before, hidden));
    if patch == true_patch {
        return (patch, true);
    }
    let shown = harmless_lines(&patch);
    (format!("# {}\n", shown.trim_end_matches('\n').replace('\n', "\n# ")), false)
}

/// What stands in `text` at `hidden`: parts of lines, each with the number of its line.
fn pieces<'t>(text: &'t str, hidden: &[TextRange]) -> Vec<(usize, &'t str)> {
    let mut pieces = Vec::new();
    for range in hidden {
        let Some(secret) = text.get(range.indices()) else { continue };
        let first = text[..range.indices().start].matches('\n').count();
        let lines = secret.split('\n').map(str::trim).enumerate();
        pieces.extend(lines.filter(|it| !it.1.is_empty()).map(|(at, piece)| (first + at, piece)));
    }
    pieces
}

/// `patch`, which leads on from `old`, without the `pieces` of lines there, wherever it shows such a line or what becomes of it.
fn without(patch: &str, old: &str, pieces: &[(usize, &str)]) -> String {
    if pieces.is_empty() {
        return patch.to_owned();
    }
    let last = old.matches('\n').count();
    // The line of `old` that comes next, and what was hidden in the lines that a change takes away.
    let mut next = usize::MAX;
    let mut taken: Vec<&str> = Vec::new();
    let mut out = String::with_capacity(patch.len());
    for line in patch.split_inclusive('\n') {
        let first_of =
            || line.strip_prefix("@@ -")?.split([',', ' ']).next()?.parse::<usize>().ok();
        let of_next = || pieces.iter().filter(|(at, _)| *at == next).map(|(_, piece)| *piece);
        let here: Vec<&str> = match line.chars().next() {
            Some('@') => {
                next = first_of().unwrap_or(usize::MAX).saturating_sub(1);
                taken.clear();
                Vec::new()
            }
            Some(mark @ (' ' | '-')) if next <= last => {
                let here: Vec<&str> = of_next().collect();
                if mark == ' ' {
                    taken.clear();
                } else {
                    taken.extend(&here);
                }
                next += 1;
                here
            }
            Some('+') if next <= last => taken.clone(),
            _ => Vec::new(),
        };
        out.push_str(&masked(line, here));
    }
    out
}

/// `line` of a patch, with `pieces` of it replaced.
fn masked(line: &str, mut pieces: Vec<&str>) -> String {
    // One may be a part of another.
    pieces.sort_unstable_by_key(|piece| std::cmp::Reverse(piece.len()));
    let Some((mark, mut rest)) = line.split_at_checked(1).filter(|_| !pieces.is_empty()) else {
        return line.to_owned();
    };
    let mut out = mark.to_owned();
    while let Some(letter) = rest.chars().next() {
        if let Some(behind) = pieces.iter().find_map(|piece| rest.strip_prefix(piece)) {
            out.push_str(REDACTED);
            rest = behind;
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

/// `text`, with its secrets replaced, line by line.
fn shown(path: &str, text: &str) -> String {
    let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
    let mut out = text.to_owned();
    for range in secret_ranges(&file).into_iter().rev() {
        let lines = file.slice(range).split('\n').map(|line| match line.trim().is_empty() {
            true => line.to_owned(),
            false if line.ends_with('\r') => format!("{REDACTED}\r"),
            false => REDACTED.to_owned(),
        });
        let lines: Vec<String> = lines.collect();
        out.replace_range(range.indices(), &lines.join("\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown_and_what_changes_is() {
        let before = "locals {\n  password = \"hunter2\"\n  a = 1\n}\n";
        let after = before.replace("a = 1", "a = 2");
        let (patch, is_whole) = diff("a.tf", before, &after);
        assert!(!patch.contains("hunter2") && patch.contains("(redacted)"), "{patch}");
        assert!(patch.contains("# -  a = 1\n# +  a = 2\n") && !is_whole, "{patch}");
        assert!(patch.lines().all(|line| line.starts_with("# ")), "{patch}");
    }

    #[test]
    fn a_secret_far_from_what_changes_is_in_nobodys_way() {
        let far = "\n".repeat(10);
        let before = format!("locals {{\n  password = \"hunter2\"\n{far}  a = 1\n}}\n");
        let after = before.replace("a = 1", "a = 2");
        assert_eq!(diff("a.tf", &before, &after), (patch("a.tf", &before, &after), true));
    }

    #[test]
    fn a_secret_over_several_lines_keeps_them() {
        let before = "locals {\n  private_key = <<-EOT\n    one\n    two\n  EOT\n  a = 1\n}\n";
        let (patch, _) = diff("a.tf", before, &before.replace("a = 1", "a = 2"));
        assert!(!patch.contains("one") && !patch.contains("two"), "{patch}");
        assert!(patch.contains("# @@ -3,5 +3,5 @@"), "{patch}");
    }

    #[test]
    fn what_others_say_is_secret_is_shown_neither_beside_a_change_nor_in_its_line() {
        let before = "locals {\n  conf = \"canary one\"\n  text = <<-X\n    canary two\n  X\n  a = { n = 1, k = \"canary\" }\n}\n";
        let hidden: Vec<TextRange> = ["canary one", "    canary two\n", "canary\" }"]
            .iter()
            .map(|it| {
                let start = before.find(it).unwrap();
                TextRange::new(start, start + it.trim_end_matches("\" }").len())
            })
            .collect();
        // What changes stands beside one, and the layout is another too.
        let after = before.replace("a = { n = 1,", "abc = { n = 2,").replace("conf =", "conf  =");
        let (patch, is_whole) = diff_without("a.tf", before, &after, &hidden);
        assert!(!patch.contains("canary") && !is_whole, "{patch}");
        assert!(patch.contains("# -  a = { n = 1, k = \"(redacted)\" }"), "{patch}");
        assert!(patch.contains("# +  abc = { n = 2, k = \"(redacted)\" }"), "{patch}");
        // Far away it is in nobody's way.
        let far = format!("{before}{}b = 1\n", "\n".repeat(10));
        let after = far.replace("b = 1", "b = 2");
        assert_eq!(diff_without("a.tf", &far, &after, &hidden), (patch_of(&far, &after), true));
    }

    fn patch_of(before: &str, after: &str) -> String {
        patch("a.tf", before, after)
    }

    #[test]
    fn without_secrets_it_is_the_patch() {
        let (shown, is_whole) = diff("a.tf", "a = 1\n", "a = 2\n");
        assert_eq!(shown, patch("a.tf", "a = 1\n", "a = 2\n"));
        assert!(is_whole);
    }
}
