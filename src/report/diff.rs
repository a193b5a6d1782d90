//! What fixes would change, as a patch.
//!
//! Invariant: no line of it holds a secret, also not one that stands beside what changes.

use super::excerpt::REDACTED;
use super::harmless_lines;
use crate::syntax::{Format, SourceFile, secret_ranges};
use crate::text::{FileId, patch};

/// The patch that leads from `before` to `after`, both at `path`, and whether it shows all there is. In the place of a secret
/// it says so, and all of it is a comment: nobody is to apply what only stands for something.
pub fn diff(path: &str, before: &str, after: &str) -> (String, bool) {
    let (old, new) = (shown(path, before), shown(path, after));
    let true_patch = patch(path, before, after);
    let patch = patch(path, &old, &new);
    if patch == true_patch {
        return (patch, true);
    }
    let shown = harmless_lines(&patch);
    (format!("# {}\n", shown.trim_end_matches('\n').replace('\n', "\n# ")), false)
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
    fn without_secrets_it_is_the_patch() {
        let (shown, is_whole) = diff("a.tf", "a = 1\n", "a = 2\n");
        assert_eq!(shown, patch("a.tf", "a = 1\n", "a = 2\n"));
        assert!(is_whole);
    }
}
