//! Words as a shell has to be given them, in what people are told to type. Knows no shell in particular.

use std::borrow::Cow;
use std::path::Path;

/// `word`, so that a shell takes it for one word, and a program for no option.
pub fn typed(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/:=@,+%".contains(c);
    let dash = if word.starts_with('-') { "./" } else { "" };
    if !word.is_empty() && word.chars().all(is_plain) {
        return if dash.is_empty() { word.into() } else { format!("{dash}{word}").into() };
    }
    format!("'{dash}{}'", word.replace('\'', "'\\''")).into()
}

/// The same of a path.
pub fn typed_path(path: &Path) -> String {
    typed(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for plain in ["stacks/a-b/main.tf", "/etc/x_1.d", "user@host:/srv", "größe"] {
            assert_eq!(typed(plain), plain);
        }
        assert_eq!(typed("my stack/main.tf"), "'my stack/main.tf'");
        assert_eq!(typed("it's"), r"'it'\''s'");
        assert_eq!(typed("a[\"b\"]"), "'a[\"b\"]'");
        assert_eq!(typed("$HOME"), "'$HOME'");
        assert_eq!(typed("~/x"), "'~/x'");
        assert_eq!(typed(""), "''");
        assert_eq!(typed("-dash"), "./-dash");
        assert_eq!(typed("-a b"), "'./-a b'");
    }
}
