//! The languages that a rule may read a text as (`reads = "yaml"`). Each is parsed into the same tree, so that a path goes
//! on into any of them.
//!
//! docs/languages.md shows what each tree looks like.
//!
//! Invariant: ranges lie in the text given, and a text that is not of the language is an error, never half a tree. A scalar
//! without quotes means what it means in YAML (`8080` is a number, an empty one is nothing), one in quotes is a text.

mod build;
pub mod commit;
mod dockerfile;
#[cfg(test)]
mod documented;
mod exports;
mod go_template;
mod holes;
mod markdown;
pub mod message;
mod nginx;
mod query;
mod sections;
mod shell;
#[cfg(test)]
mod testing;

pub use holes::{PartKind, parts};
pub use shell::outline;

use super::yaml::{self, Node};
use super::{Format, SyntaxError, json};
use crate::text::TextRange;

/// Stands for a hole of a template while the text around it is parsed: a plain word in every language, that nobody writes.
pub const HOLE: &str = "tautline0hole0";

/// A language that a rule can ask for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// A commit, as a comparison shows it.
    Commit,
    /// A Dockerfile.
    Dockerfile,
    /// `/etc/exports`.
    Exports,
    /// A text that a template of Go fills in when an alert fires.
    GoTemplate,
    /// An INI file.
    Ini,
    /// JSON, strictly.
    Json,
    /// Markdown.
    Markdown,
    /// What a container of Kubernetes is told to run in a shell, in which two dollars are one before the shell reads it.
    KubernetesShell,
    /// Matchers of Alertmanager: `alertname =~ "A|B"`.
    Matchers,
    /// The configuration of nginx.
    Nginx,
    /// A query of Prometheus or Loki, as an alert has it.
    Query,
    /// A script, or commands of one.
    Shell,
    /// A unit of systemd.
    Systemd,
    /// No language: the text is all there is.
    Text,
    /// Commands of a Woodpecker pipeline, which fills in `${NAME}` before a shell reads them.
    WoodpeckerShell,
    /// YAML, of any number of documents.
    Yaml,
    /// YAML that a program fills in before anybody reads it: `${ … }`, `%{ … }`, `{{ … }}`.
    YamlTemplate,
}

/// Every language, by the word for it, sorted.
const ALL: [(&str, Language); 17] = [
    ("commit", Language::Commit),
    ("dockerfile", Language::Dockerfile),
    ("exports", Language::Exports),
    ("go_template", Language::GoTemplate),
    ("ini", Language::Ini),
    ("json", Language::Json),
    ("kubernetes_shell", Language::KubernetesShell),
    ("markdown", Language::Markdown),
    ("matchers", Language::Matchers),
    ("nginx", Language::Nginx),
    ("query", Language::Query),
    ("shell", Language::Shell),
    ("systemd", Language::Systemd),
    ("text", Language::Text),
    ("woodpecker_shell", Language::WoodpeckerShell),
    ("yaml", Language::Yaml),
    ("yaml_template", Language::YamlTemplate),
];

impl Language {
    /// The words for languages, sorted.
    pub fn words() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(word, _)| *word)
    }

    /// The language that `word` stands for.
    pub fn of_word(word: &str) -> Option<Language> {
        ALL.iter().find(|(known, _)| *known == word).map(|(_, language)| *language)
    }

    /// The language of a file that is no HCL, where a rule does not say what to read it as.
    pub fn of(format: Format) -> Language {
        match format {
            Format::Commit => Language::Commit,
            Format::Json => Language::Json,
            Format::Dockerfile => Language::Dockerfile,
            Format::Shell => Language::Shell,
            Format::Nginx => Language::Nginx,
            Format::Markdown => Language::Markdown,
            _ => Language::Yaml,
        }
    }

    /// Its name in a sentence: "it is no YAML".
    pub fn noun(self) -> &'static str {
        match self {
            Language::Commit => "commit",
            Language::Dockerfile => "Dockerfile",
            Language::Exports => "table of exports",
            Language::GoTemplate => "template",
            Language::Ini => "INI file",
            Language::Json => "JSON",
            Language::Markdown => "Markdown",
            Language::Matchers => "list of matchers",
            Language::Nginx => "configuration of nginx",
            Language::Query => "query",
            Language::KubernetesShell | Language::Shell | Language::WoodpeckerShell => {
                "shell script"
            }
            Language::Systemd => "unit of systemd",
            Language::Text => "text",
            Language::Yaml | Language::YamlTemplate => "YAML",
        }
    }

    /// Whether a text may have holes of its own, which [`parts`] finds.
    pub fn is_template(self) -> bool {
        self == Language::YamlTemplate
    }

    /// The trees in `text`, one for each document; [`HOLE`] stands where something is not known.
    pub fn parse(self, text: &str) -> Result<Vec<Node>, SyntaxError> {
        match self {
            // Only YAML has a place for a bare word.
            Language::Json if !text.contains(HOLE) => Ok(vec![json::parse(text)?]),
            Language::Json | Language::Yaml | Language::YamlTemplate => yaml::parse(text),
            Language::Commit => commit::parse(text).map(only),
            Language::Dockerfile => dockerfile::parse(text).map(only),
            Language::Exports => exports::parse(text).map(only),
            Language::GoTemplate => Ok(only(go_template::parse(text))),
            Language::Ini => sections::parse_ini(text).map(only),
            Language::KubernetesShell => shell::parse_kubernetes(text).map(only),
            Language::Markdown => Ok(only(markdown::parse(text))),
            Language::Matchers => query::matchers(text).map(only),
            Language::Nginx => nginx::parse(text).map(only),
            Language::Query => query::query(text).map(only),
            Language::Shell => shell::parse(text).map(only),
            Language::Systemd => sections::parse_systemd(text).map(only),
            Language::Text => Ok(only(build::verbatim(text, TextRange::new(0, text.len())))),
            Language::WoodpeckerShell => shell::parse_woodpecker(text).map(only),
        }
    }
}

/// The documents of a language in which a text is one.
fn only(document: Node) -> Vec<Node> {
    vec![document]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_lead_back() {
        assert!(Language::words().is_sorted());
        for word in Language::words() {
            assert!(Language::of_word(word).is_some(), "{word}");
        }
        assert_eq!(Language::of_word("yml"), None);
    }

    #[test]
    fn json_is_strict_unless_there_are_holes() {
        assert!(Language::Json.parse("{a: 1}").is_err());
        assert!(Language::Json.parse("{\"a\": tautline0hole0}").is_ok());
        assert_eq!(Language::Yaml.parse("a: 1\n---\nb: 2\n").map(|it| it.len()), Ok(2));
    }
}
