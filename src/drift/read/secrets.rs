//! Secrets by value: what a plan marks as sensitive in one place is hidden wherever else it turns up, also as a part of a
//! longer text, inside base64, JSON or a query.
//!
//! Invariant: in doubt a value is hidden. Only what is too short or too common to be told from chance is not looked for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::names;
use super::split::Broken;
use super::tree::is_true;
use crate::drift::path::Step;
use crate::drift::shown::{Json, Shown};
use crate::syntax::{Format, SourceFile, is_secret_flag, plain_secrets, secret_ranges};
use crate::text::FileId;

/// Shorter ones are not looked for.
const SHORTEST: usize = 4;
/// Shorter ones are not looked for inside of other texts, …
const SHORTEST_PART: usize = 6;
/// … and plain words only from this length: `postgres` is the password of one thing and the name of many.
const SHORTEST_WORDS: usize = 12;
/// How much of a long one must turn up to be recognised.
const HEAD: usize = 48;

/// The secrets found so far.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    values: BTreeSet<String>,
}

impl Secrets {
    /// All of `value` is secret.
    pub(super) fn add(&mut self, value: &Json) {
        match value {
            Json::String(text) => self.add_text(text),
            Json::Number(number) => self.add_text(number.as_str()),
            Json::Array(list) => list.iter().for_each(|element| self.add(element)),
            Json::Object(map) => {
                for (key, member) in map {
                    if !names::is_about_who_or_where(key) {
                        self.add(member);
                    }
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        let text = text.trim();
        let is_common = matches!(text, "true" | "false" | "null" | "none");
        if text.len() >= SHORTEST && !is_common && text != Shown::MASK {
            self.values.insert(text.to_owned());
        }
        if let Some(inner) = super::equal::embedded(text) {
            self.add(&inner);
        }
    }

    /// What `mask` marks in `value` is secret.
    pub(super) fn add_masked(&mut self, value: &Json, mask: &Json) {
        match (value, mask) {
            (value, Json::Bool(true)) => self.add(value),
            (Json::Array(list), Json::Array(marks)) => {
                for (element, mark) in list.iter().zip(marks) {
                    self.add_masked(element, mark);
                }
            }
            (Json::Object(map), Json::Object(marks)) => {
                for (key, mark) in marks {
                    if let Some(member) = map.get(key)
                        && !(is_true(Some(mark)) && names::is_about_who_or_where(key))
                    {
                        self.add_masked(member, mark);
                    }
                }
            }
            _ => {}
        }
    }

    /// The same of a value that is still text.
    pub(super) fn add_masked_text(&mut self, text: &[u8], mask: &Json) -> Result<(), Broken> {
        super::glance::marked(text, mask, &mut |key, value| {
            if !key.is_some_and(names::is_about_who_or_where) {
                self.add(&value);
            }
        })
    }

    /// What looks like a secret in `value`, by its names, is one.
    pub(super) fn add_named(&mut self, kind: &str, value: &Json) {
        self.named_in(kind, &mut Vec::new(), value);
    }

    fn named_in(&mut self, kind: &str, path: &mut Vec<Step>, value: &Json) {
        match value {
            Json::Array(list) => {
                path.push(Step::Index(0));
                let mut is_next = false;
                for element in list {
                    if is_next {
                        self.add(element);
                    }
                    self.named_in(kind, path, element);
                    is_next = element.as_str().is_some_and(is_secret_flag);
                }
                path.pop();
            }
            Json::Object(map) => {
                for (key, member) in map {
                    if names::hides(kind, path, value, key) {
                        self.add(member);
                    } else {
                        path.push(Step::Name(key.into()));
                        self.named_in(kind, path, member);
                        path.pop();
                    }
                }
            }
            Json::String(text) => {
                if let Some(inner) = super::equal::embedded(text) {
                    self.named_in(kind, &mut Vec::new(), &inner);
                }
            }
            _ => {}
        }
    }

    /// Ready to look for them.
    pub(super) fn filter(self) -> Filter {
        let mut forms = Vec::new();
        for value in self.values.iter().filter(|value| is_looked_for_in_texts(value)) {
            forms.push(Form { text: value.clone(), is_base64: false });
            let json = Json::from(value.as_str()).to_string();
            let percent = percent_encoded(value);
            for other in [&json[1..json.len() - 1], &percent] {
                if other != value {
                    forms.push(Form { text: other.to_owned(), is_base64: false });
                }
            }
            for before in 0..3 {
                let text = base64_within(value.as_bytes(), before);
                forms.push(Form { text, is_base64: true });
            }
        }
        let heads = forms.iter().map(|form| &form.text.as_bytes()[..form.text.len().min(HEAD)]);
        let automaton = (!forms.is_empty()).then(|| searcher(heads)).flatten();
        // Without an automaton nothing can be told from a secret.
        let is_blind = automaton.is_none() && !forms.is_empty();
        Filter { values: self.values, forms, automaton, is_blind }
    }
}

fn is_looked_for_in_texts(value: &str) -> bool {
    let is_word =
        |c: char| c.is_ascii_lowercase() || matches!(c, '-' | '_' | '.' | '/' | ':' | ' ');
    let shortest = if value.chars().all(is_word) { SHORTEST_WORDS } else { SHORTEST_PART };
    value.len() >= shortest
}

/// One way in which a secret may stand inside a text.
#[derive(Debug)]
struct Form {
    text: String,
    is_base64: bool,
}

/// Takes secrets out of values.
#[derive(Debug, Default)]
pub(super) struct Filter {
    values: BTreeSet<String>,
    forms: Vec<Form>,
    automaton: Option<AhoCorasick>,
    is_blind: bool,
}

impl Filter {
    /// Whether `text` as a whole is a secret.
    pub(super) fn is_secret(&self, text: &str) -> bool {
        self.is_blind || self.values.contains(text.trim())
    }

    /// Whether `value` is a text that is a known secret, or has one in it.
    pub(super) fn knows(&self, value: &Json) -> bool {
        match value {
            Json::String(text) => self.is_secret(text) || !self.known_in(text).is_empty(),
            Json::Number(number) => self.is_secret(number.as_str()),
            _ => false,
        }
    }

    /// `text` without the secrets in it.
    pub(super) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_secret(text) {
            return Shown::MASK.into();
        }
        let mut ranges = self.known_in(text);
        ranges.extend(plain_secrets(text).iter().map(|it| (it.start as usize, it.end as usize)));
        ranges.extend(named_in_json(text));
        // A name and a colon are a secret and its value in a file, but the name of an image and its tag on a line alone.
        if text.contains(['\n', '=']) || text.contains("://") || text.starts_with(['{', '[']) {
            let file = SourceFile::new(FileId(0), "".into(), text.into(), Format::Yaml);
            ranges.extend(
                secret_ranges(&file)
                    .iter()
                    .map(|range| range.indices())
                    .map(|range| (range.start, range.end)),
            );
        }
        if ranges.is_empty() {
            return text.into();
        }
        ranges.sort_unstable();
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end) in ranges {
            if start >= at {
                shown.push_str(&text[at..start]);
                shown.push_str(Shown::MASK);
            }
            at = at.max(end);
        }
        shown.push_str(&text[at..]);
        shown.into()
    }

    /// Where known secrets stand in `text`.
    fn known_in(&self, text: &str) -> Vec<(usize, usize)> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let hits = automaton.find_overlapping_iter(text);
        hits.filter_map(|hit| {
            let form = self.forms.get(hit.pattern().as_usize())?;
            let mut start = hit.start();
            let same = text.as_bytes()[start..].iter().zip(form.text.as_bytes());
            let mut end = start + same.take_while(|(a, b)| a == b).count();
            if form.is_base64 {
                // The characters at the border hold bits of it.
                let is_part = |c: &char| c.is_ascii_alphanumeric() || "+/-_=".contains(*c);
                start -= text[..start].chars().rev().take_while(is_part).count();
                end += text[end..].chars().take_while(is_part).count();
            }
            while !text.is_char_boundary(end) {
                end += 1;
            }
            Some((start, end))
        })
        .collect()
    }

    /// Takes the secrets out of `value`.
    pub(super) fn clean(&self, value: &mut Json) {
        match value {
            Json::String(text) => {
                if let Cow::Owned(shown) = self.text(text) {
                    *text = shown;
                } else if self.is_secret(text) {
                    *value = Shown::MASK.into();
                }
            }
            Json::Number(number) if self.is_secret(number.as_str()) => *value = Shown::MASK.into(),
            Json::Array(list) => list.iter_mut().for_each(|element| self.clean(element)),
            Json::Object(map) => map.values_mut().for_each(|member| self.clean(member)),
            _ => {}
        }
    }
}

/// Where the values of secrets stand in a text that is JSON: what is one says a name beside it, or its own.
fn named_in_json(text: &str) -> Vec<(usize, usize)> {
    let Some(inner) = super::equal::embedded(text) else { return Vec::new() };
    let mut secrets = Secrets::default();
    secrets.add_named("", &inner);
    // As JSON writes it, and as JSON writes JSON.
    let forms = secrets.values.iter().flat_map(|value| {
        let once = Json::from(value.as_str()).to_string();
        let twice = Json::from(once.as_str()).to_string();
        let twice = twice[1..twice.len() - 1].to_owned();
        [once, twice]
    });
    let forms: Vec<String> = forms.collect();
    if forms.is_empty() {
        return Vec::new();
    }
    // All at once: there may be as many as there are lines.
    let Some(automaton) = searcher(&forms) else { return vec![(0, text.len())] };
    let hits = automaton.find_overlapping_iter(text).map(|hit| {
        let marks = if text[hit.start()..].starts_with('\\') { 2 } else { 1 };
        (hit.start() + marks, hit.end() - marks)
    });
    hits.collect()
}

/// What finds all of `forms` in one pass over a text.
fn searcher<F: AsRef<[u8]>>(forms: impl IntoIterator<Item = F>) -> Option<AhoCorasick> {
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(forms).ok()
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What `bytes` look like inside the base64 of a longer text that has `before` bytes (modulo 3) in front of them: only the
/// characters that depend on nothing else.
fn base64_within(bytes: &[u8], before: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits: u32 = 0;
    let mut count = before * 8 % 6;
    let mut out = String::new();
    // The first character begins in what stands before.
    let mut is_shared = count > 0;
    for &byte in bytes {
        bits = (bits << 8) | u32::from(byte);
        count += 8;
        while count >= 6 {
            count -= 6;
            let sextet = (bits >> count) & 63;
            if !is_shared {
                out.push(char::from(ALPHABET[sextet as usize]));
            }
            is_shared = false;
        }
        bits &= (1 << count) - 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(values: &[&str]) -> Filter {
        let mut secrets = Secrets::default();
        for value in values {
            secrets.add(&Json::from(*value));
        }
        secrets.filter()
    }

    #[test]
    fn known_values_are_hidden_wherever_they_stand() {
        let filter = filter(&["s3cr3t", "pass word/1\"", "admin", "true", "abc"]);
        for (text, shown) in [
            ("s3cr3t", "(sensitive)"),
            (" s3cr3t\n", "(sensitive)"),
            ("a s3cr3ts3cr3t b", "a (sensitive)(sensitive) b"),
            ("x?p=pass%20word%2F1%22&y", "x?p=(sensitive)&y"),
            (r#"["pass word/1\""]"#, r#"["(sensitive)"]"#),
            ("admin", "(sensitive)"),
            ("administrator", "administrator"),
            ("true", "true"),
            ("abc", "abc"),
        ] {
            assert_eq!(filter.text(text), shown, "{text}");
        }
    }

    #[test]
    fn base64_of_any_text_around_it_is_hidden() {
        let filter = filter(&["s3cr3t-value"]);
        for plain in ["s3cr3t-value", "a:s3cr3t-value", "ab s3cr3t-value!", "abc{s3cr3t-value}"] {
            // A second implementation: what is being tested must not be its own judge.
            let mut encoded = String::new();
            for chunk in plain.as_bytes().chunks(3) {
                let mut group = [0u8; 3];
                group[..chunk.len()].copy_from_slice(chunk);
                let number = u32::from_be_bytes([0, group[0], group[1], group[2]]);
                for at in 0..4 {
                    let sextet = (number >> (18 - 6 * at)) & 63;
                    let c = match sextet {
                        0..=25 => b'A' + sextet as u8,
                        26..=51 => b'a' + sextet as u8 - 26,
                        52..=61 => b'0' + sextet as u8 - 52,
                        62 => b'+',
                        _ => b'/',
                    };
                    encoded.push(if at <= chunk.len() { char::from(c) } else { '=' });
                }
            }
            assert_eq!(filter.text(&format!("v: {encoded}, w")), "v: (sensitive), w", "{plain}");
        }
    }

    #[test]
    fn long_ones_are_hidden_whole_and_overlapping_ones_too() {
        let long = "x1".repeat(500);
        let filter = filter(&[&long, "abcdefgh1", "fgh1jklm"]);
        assert_eq!(filter.text(&format!("<{long}>")), "<(sensitive)>");
        assert_eq!(filter.text("<abcdefgh1jklm>"), "<(sensitive)>");
        assert_eq!(filter.text("é abcdefgh1é"), "é (sensitive)é");
    }

    #[test]
    fn secrets_show_themselves_in_texts() {
        let filter = Filter::default();
        assert_eq!(filter.text("postgres://me:x@db/a"), "postgres://me:(sensitive)@db/a");
        assert_eq!(filter.text("a: b\npassword: c d\n"), "a: b\npassword: (sensitive)\n");
        assert_eq!(filter.text("curl -u me:hunter2 http://x"), "curl -u me:(sensitive) http://x");
        assert_eq!(
            filter
                .text(r#"[{"name":"c","environment":[{"name":"DB_PASSWORD","value":"a\"b-c"}]}]"#),
            r#"[{"name":"c","environment":[{"name":"DB_PASSWORD","value":"(sensitive)"}]}]"#
        );
        assert_eq!(
            filter.text(r#"{"a":"{\"env\":[{\"name\":\"API_TOKEN\",\"value\":\"abcd\"}]}","k":["--token","efgh"]}"#),
            r#"{"a":"{\"env\":[{\"name\":\"API_TOKEN\",\"value\":\"(sensitive)\"}]}","k":["--token","(sensitive)"]}"#
        );
        let image = "ghcr.io/external-secrets/external-secrets:v1";
        assert_eq!(filter.text(image), image);
    }

    #[test]
    fn what_masks_and_names_say() {
        let json = |text| serde_json::from_str::<Json>(text).unwrap();
        let mut secrets = Secrets::default();
        secrets.add_masked(
            &json(r#"{"a":[{"p":"masked-1"},{"p":"shown-1"}],"data":{"k":"masked-2","username":"postgres"}}"#),
            &json(r#"{"a":[{"p":true},{}],"data":true}"#),
        );
        secrets.add_named(
            "x",
            &json(r#"{"env":[{"name":"TOKEN","value":"named-1"}],"password":12345678}"#),
        );
        secrets.add(&json(r#""{\"inner\":\"inner-1\"}""#));
        let filter = secrets.filter();
        let mut value =
            json(r#"["masked-1","shown-1","masked-2","postgres","named-1",12345678,"inner-1"]"#);
        filter.clean(&mut value);
        let shown: Vec<bool> =
            value.as_array().unwrap().iter().map(|value| value != Shown::MASK).collect();
        assert_eq!(shown, [false, true, false, true, false, false, false]);
    }
}
