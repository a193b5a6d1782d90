//! Which parts of a file look like secrets, so that nobody prints them.
//!
//! Invariant: names decide, and forms that only credentials have; a reference to a secret is none: `password = "x"` is hidden,
//! `password = var.x` and `secret_name = "x"` are not. In doubt a value is hidden; nothing but its display depends on it.

mod lines;
mod name;
mod prose;
mod shape;
mod tree;

use super::{Format, SourceFile};
use crate::text::TextRange;

/// Whether what is called `name` is a secret, by the look of it.
pub fn names_a_secret(name: &str) -> bool {
    name::is_secret(name)
}

/// Whether `word` is a flag whose value, the next word, is a secret: `--token`.
pub fn is_secret_flag(word: &str) -> bool {
    lines::is_secret_flag(word)
}

/// The parts of `file` that must not be printed, sorted and disjoint.
pub fn secret_ranges(file: &SourceFile) -> Vec<TextRange> {
    let mut found = Vec::new();
    let whole = TextRange::new(0, file.text.len());
    match &file.hcl {
        Some(document) => {
            tree::find(file, document, &mut found);
            if !document.errors.is_empty() {
                // What is broken is not in the tree, and is what will be shown.
                lines::find(&file.text, whole, false, &mut found);
            }
        }
        None => lines::find(&file.text, whole, file.format == Format::Yaml, &mut found),
    }
    if file.format == Format::Markdown {
        found.retain(|range| !prose::is_word(file, *range));
    }
    find_anywhere(&file.text, &mut found);
    found.retain(|range| !range.is_empty());
    disjoint(found)
}

/// The literals of `file` in `range`: what there is to hide where an expression is a secret. All of it where there is no tree.
pub fn literal_ranges(file: &SourceFile, range: TextRange) -> Vec<TextRange> {
    match &file.hcl {
        Some(document) => tree::literals(document, range),
        None => vec![range],
    }
}

/// The parts of `text` that show by themselves that they are secret: passwords in addresses, private keys, credentials.
pub fn plain_secrets(text: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    find_anywhere(text, &mut found);
    disjoint(found)
}

fn find_anywhere(text: &str, found: &mut Vec<TextRange>) {
    lines::find_anywhere(text, found);
    shape::find(text, found);
}

fn disjoint(mut ranges: Vec<TextRange>) -> Vec<TextRange> {
    ranges.sort_unstable();
    let mut merged: Vec<TextRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => *last = last.cover(range),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    /// The text with what is hidden in its place.
    fn shown(path: &str, text: &str) -> String {
        let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
        let mut shown = text.to_owned();
        for range in secret_ranges(&file).into_iter().rev() {
            shown.replace_range(range.indices(), "█");
        }
        shown
    }

    #[test]
    fn secrets_in_the_json_syntax_are_hidden() {
        for (text, expected) in [
            (r#"{"locals":{"password":"a\"b"}}"#, r#"{"locals":{"password":"█"}}"#),
            (
                r#"{"resource":{"kubernetes_secret":{"a":{"data":{"k":"x","l":"${var.y}"}}}}}"#,
                r#"{"resource":{"kubernetes_secret":{"a":{"data":{"k":"█","l":"${var.y}"}}}}}"#,
            ),
            (
                r#"{"variable":{"dsn":{"sensitive":true,"default":"x"}}}"#,
                r#"{"variable":{"dsn":{"sensitive":true,"default":"█"}}}"#,
            ),
            (
                r#"{"locals":{"t":"a: b\npassword: c d\nrun --token e\n"}}"#,
                r#"{"locals":{"t":"a: b\npassword: █\nrun --token █\n"}}"#,
            ),
        ] {
            assert_eq!(shown("main.tf.json", text), expected);
        }
    }

    #[test]
    fn literal_values_of_secrets_are_hidden() {
        for (text, expected) in [
            ("password = \"hunter2\"\n", "password = \"█\"\n"),
            (
                "db = { apiKey = \"x\", \"PRIVATE-KEY\" = \"y\", user = \"z\" }\n",
                "db = { apiKey = \"█\", \"PRIVATE-KEY\" = \"█\", user = \"z\" }\n",
            ),
            (
                "tokens = [\"a\", var.b, \"c${var.d}\"]\n",
                "tokens = [\"█\", var.b, \"█${var.d}\"]\n",
            ),
            (
                "secret = var.a ? \"b\" : coalesce(var.c, \"d\")\n",
                "secret = var.a ? \"█\" : coalesce(var.c, \"█\")\n",
            ),
            (
                "variable \"db_password\" {\n  default = \"x\"\n}\n",
                "variable \"db_password\" {\n  default = \"█\"\n}\n",
            ),
            (
                "env {\n  name  = \"DB_PASSWORD\"\n  value = \"x\"\n}\n",
                "env {\n  name  = \"DB_PASSWORD\"\n  value = \"█\"\n}\n",
            ),
            (
                "env = [{ name = \"API_KEY\", value = \"x\" }]\n",
                "env = [{ name = \"API_KEY\", value = \"█\" }]\n",
            ),
            (
                "variable \"dsn\" {\n  default   = \"x\"\n  sensitive = true\n}\n",
                "variable \"dsn\" {\n  default   = \"█\"\n  sensitive = true\n}\n",
            ),
            ("a = sensitive(\"x\")\n", "a = sensitive(\"█\")\n"),
            (
                "args = [\"--token\", \"x\", \"--api-key=y\", \"--level\", \"z\"]\n",
                "args = [\"--token\", \"█\", \"--api-key=█\", \"--level\", \"z\"]\n",
            ),
            (
                "resource \"kubernetes_secret\" \"a\" {\n  data = { k = \"x\" }\n}\n",
                "resource \"kubernetes_secret\" \"a\" {\n  data = { k = \"█\" }\n}\n",
            ),
        ] {
            assert_eq!(shown("main.tf", text), expected);
        }
    }

    #[test]
    fn references_are_shown() {
        for text in [
            "password = var.password\n",
            "secret_name = \"tls\"\ntls_secret_name = \"tls\"\ntoken_path = \"a\"\n",
            "secret_key_ref {\n  name = \"db\"\n  key  = \"password\"\n}\n",
            "image_pull_secrets {\n  name = \"registry\"\n}\n",
            "v = [{ secret = { secretName = \"x\", optional = false } }]\n",
            "automount_service_account_token = false\n",
            "env {\n  name  = \"DB_HOST\"\n  value = \"x\"\n}\n",
            "password = data.vault.secrets[\"db\"]\n",
            "tokenizer = \"x\"\nsecretary = \"y\"\n",
        ] {
            assert_eq!(shown("main.tf", text), text);
        }
    }

    #[test]
    fn what_is_broken_is_read_line_by_line() {
        let text = "locals {\n  password = \"hunter2\" b\n}\nlocals {\n  token = \"x\"\n}\n";
        let hidden = text.replace("hunter2", "█").replace('x', "█");
        assert_eq!(shown("main.tf", text), hidden);
    }

    #[test]
    fn text_is_read_line_by_line() {
        for (path, text, expected) in [
            ("a.yaml", "password: a b # c\nuser: d\n", "password: █ # c\nuser: d\n"),
            (
                "a.yaml",
                "- name: DB_PASSWORD\n  value: \"x\"\n- name: A\n  value: y\n",
                "- name: DB_PASSWORD\n  value: \"█\"\n- name: A\n  value: y\n",
            ),
            ("a.json", "{ \"token\": \"x\", \"b\": 1 }\n", "{ \"token\": \"█\", \"b\": 1 }\n"),
            (
                "a.sh",
                "export API_KEY=x; run --password=y z --auth-token v -- --secret -f\n",
                "export API_KEY=█; run --password=█ z --auth-token █ -- --secret -f\n",
            ),
            (
                "main.tf",
                "a = <<EOT\npassword: x\nuser: y\nEOT\n",
                "a = <<EOT\npassword: █\nuser: y\nEOT\n",
            ),
        ] {
            assert_eq!(shown(path, text), expected);
        }
        for (path, text) in [
            (
                "a.yaml",
                "password: ${DB}\ntoken: {{ .token }}\nsecret:\n  name: x\nsecretName: y\nfrom_secret: z\n",
            ),
            ("a.sh", "if [ \"$TOKEN\" == \"x\" ]; then TOKEN=$(get) PASSWORD=\"$P\"; fi\n"),
            ("a.yaml", "token: true\n"),
        ] {
            assert_eq!(shown(path, text), text);
        }
    }

    /// At this length, each of these took seconds when every name of the line was followed to its end.
    #[test]
    fn lines_of_nothing_but_names_are_read_once() {
        let links = [
            "a={",
            "a: [",
            "name=",
            "password=",
            "password: ",
            "--token=",
            "--",
            "-----BEGIN PRIVATE KEY-----",
        ];
        for link in links {
            let text = format!("x: {}\n", link.repeat(20_000));
            for path in ["a.yaml", "a.env"] {
                let file =
                    SourceFile::new(FileId(0), path.into(), text.as_str().into(), Format::of(path));
                assert!(secret_ranges(&file).iter().all(|it| !it.is_empty()), "{link}");
            }
        }
        assert_eq!(shown("a.env", "password=token=b c token=d\n"), "password=█ c token=█\n");
        assert_eq!(shown("a.env", "password=token:\"b c\" d\n"), "password=█\"█\" d\n");
    }

    #[test]
    fn a_word_of_a_page_is_no_credential() {
        for text in [
            "Credentials: Vault has them.\n",
            "- **Secrets**\n- secrets: Sealed ones only\n",
            "See the credentials: Word\n",
        ] {
            assert_eq!(shown("a.md", text), text);
        }
        for (text, expected) in [
            // What may be one: any other name, form or place.
            ("Password: Swordfish\n", "Password: █\n"),
            ("The token: Abc\n", "The token: █\n"),
            ("db-credentials: Word\n", "db-credentials: █\n"),
            ("credentials: hunter\n", "credentials: █\n"),
            ("credentials: Hunter2\n", "credentials: █\n"),
            ("credentials: HuntEr\n", "credentials: █\n"),
            ("credentials: Abcdefghijklmnopqrs\n", "credentials: █\n"),
            ("credentials=Word\n", "credentials=█\n"),
            ("credentials: \"Word\"\n", "credentials: \"█\"\n"),
            ("Use `credentials: Word` there\n", "Use `credentials: █` there\n"),
            ("```\ncredentials: Word\n```\n", "```\ncredentials: █\n```\n"),
            ("a\n\n    credentials: Word\n", "a\n\n    credentials: █\n"),
            ("---\ncredentials: Word\n---\n", "---\ncredentials: █\n---\n"),
            ("<!-- credentials: Word -->\n", "<!-- credentials: █ -->\n"),
        ] {
            assert_eq!(shown("a.md", text), expected);
        }
        assert_eq!(shown("a.yaml", "credentials: Word\n"), "credentials: █\n");
    }

    #[test]
    fn passwords_in_addresses_and_private_keys_are_hidden() {
        assert_eq!(
            shown("main.tf", "a = \"postgres://me:x@db/a\"\n"),
            "a = \"postgres://me:█@db/a\"\n"
        );
        assert_eq!(
            shown("a.sh", "curl https://me:$P@db http://a:80/b@c\n"),
            "curl https://me:$P@db http://a:80/b@c\n"
        );
        let line =
            "key = \"-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\"\na = \"b\"\n";
        let hidden = "key = \"-----BEGIN PRIVATE KEY-----█-----END PRIVATE KEY-----\"\na = \"b\"\n";
        assert_eq!(shown("main.tf", line), hidden);
        assert_eq!(
            shown("a.md", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"),
            "-----BEGIN RSA PRIVATE KEY-----█-----END RSA PRIVATE KEY-----\n"
        );
    }
}
