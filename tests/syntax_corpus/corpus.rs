//! The cases: what is written in `fixtures/syntax/`, and mutations of each.
//!
//! Invariant: the same files give the same cases on every machine, so that a verdict recorded on one holds on all.

use std::fs;
use std::path::{Path, PathBuf};

const MUTATIONS_OF_A_LINE: usize = 10;
const MUTATIONS_OF_A_FILE: usize = 150;
const DISTURBANCES_OF_A_FILE: usize = 40;

/// What a mutation may put in: everything that means something to HCL, and things that look as if they did.
const FRAGMENTS: [&str; 60] = [
    "\"", "${", "}", "%{", "~}", "${~", "$", "%", "\\", "\n", "\r", "\r\n", "#", "//", "/*", "*/",
    "<<EOT\n", "<<-E\n", "EOT\n", "E\n", "(", ")", "[", "]", "{", ".", "..", "...", "*", "[*]",
    ".*", "::", ":", ",", "=", "==", "=>", "!", "-", "&&", "||", "&", "<", ">=", "?", "if", "for",
    "in", "else", "endif", " ", "\t", "a", "1.5", "e5", "null", "'", "\0", "é", "$${",
];

/// One source with its mutations.
pub(crate) struct Family {
    /// Where it is written, for messages.
    pub(crate) name: String,
    /// The source first, then its mutations.
    pub(crate) members: Vec<String>,
}

impl Family {
    fn new(name: String, source: String, mutations: usize) -> Self {
        let mut random = Random(checksum([source.as_str()]));
        let mutants: Vec<String> = (0..mutations).map(|_| mutate(&source, &mut random)).collect();
        Self { name, members: std::iter::once(source).chain(mutants).collect() }
    }

    /// What the members are, in one number.
    pub(crate) fn checksum(&self) -> u64 {
        checksum(self.members.iter().map(String::as_str))
    }
}

/// The directory of the corpus.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/syntax")
}

/// Every family, in a fixed order.
pub(crate) fn families() -> Vec<Family> {
    let cases = fs::read_to_string(directory().join("cases.txt")).unwrap();
    let lines =
        cases.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with("##"));
    let mut families: Vec<Family> = lines
        .map(|(at, line)| {
            Family::new(format!("cases.txt:{}", at + 1), decode(line), MUTATIONS_OF_A_LINE)
        })
        .collect();
    families.extend(
        files().into_iter().map(|(name, text)| Family::new(name, text, MUTATIONS_OF_A_FILE)),
    );
    families
}

/// Files whose white space is what matters, with other white space in them.
pub(crate) fn disturbed() -> Vec<Family> {
    let files = texts("files").into_iter().chain(texts("layout"));
    files
        .map(|(name, source)| {
            let mut random = Random(checksum([source.as_str()]));
            let members = std::iter::once(source.clone())
                .chain((0..DISTURBANCES_OF_A_FILE).map(|_| disturb(&source, &mut random)));
            Family { name, members: members.collect() }
        })
        .collect()
}

/// The whole files of the corpus.
fn files() -> Vec<(String, String)> {
    texts("files")
}

/// The files in one of the corpus's directories.
pub(crate) fn texts(folder: &str) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            (
                format!("{folder}/{}", path.file_name().unwrap().display()),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

/// A case as it is written on its line of `cases.txt`.
fn decode(line: &str) -> String {
    let mut text = line.to_owned();
    for (picture, meant) in [
        ("␊", "\n"),
        ("␍", "\r"),
        ("␉", "\t"),
        ("␀", "\0"),
        ("␋", "\u{b}"),
        ("␌", "\u{c}"),
        ("‹bom›", "\u{feff}"),
    ] {
        text = text.replace(picture, meant);
    }
    match text.strip_suffix('␄') {
        Some(unended) => unended.to_owned(),
        None => text + "\n",
    }
}

/// `source` with one to three changes of one token each.
fn mutate(source: &str, random: &mut Random) -> String {
    let mut tokens: Vec<&str> = tokens(source);
    for _ in 0..=random.below(3).saturating_sub(random.below(3)) {
        if tokens.is_empty() {
            tokens.push("");
        }
        let at = random.below(tokens.len());
        let fragment = FRAGMENTS[random.below(FRAGMENTS.len())];
        match random.below(12) {
            0 | 1 => drop(tokens.remove(at)),
            2 | 3 => tokens.insert(at, tokens[at]),
            4 | 5 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            6 => tokens.truncate(at),
            7 | 8 => tokens[at] = fragment,
            _ => tokens.insert(at, fragment),
        }
    }
    tokens.concat()
}

/// `source` with other white space inside and between its lines, mostly where it means nothing.
fn disturb(source: &str, random: &mut Random) -> String {
    const BLANKS: [&str; 5] = ["", " ", "   ", "\t", " \t "];
    let mut disturbed = String::new();
    let mut rest = source.chars().peekable();
    while let Some(c) = rest.next() {
        if c == ' ' || c == '\t' {
            while rest.next_if(|next| matches!(next, ' ' | '\t')).is_some() {}
            // Few gaps may be closed without making another token.
            let least = usize::from(random.below(8) > 0);
            disturbed.push_str(BLANKS[least + random.below(BLANKS.len() - least)]);
            continue;
        }
        let is_disturbed = "[](){},?\n".contains(c) && random.below(4) == 0;
        if is_disturbed && !disturbed.ends_with(['$', '%']) {
            disturbed.push_str(BLANKS[random.below(BLANKS.len())]);
        }
        disturbed.push(c);
        if is_disturbed && c != '\n' {
            disturbed.push_str(BLANKS[random.below(BLANKS.len())]);
        }
    }
    disturbed
}

/// Roughly HCL's tokens: words, the beginnings of holes and heredocs, and single characters.
fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while !rest.is_empty() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let symbol = ["${", "%{", "<<-", "<<"].into_iter().find(|symbol| rest.starts_with(symbol));
        let one = rest.chars().next().map_or(0, char::len_utf8);
        let length = symbol.map_or(one, str::len).max(word);
        tokens.push(&rest[..length]);
        rest = &rest[length..];
    }
    tokens
}

/// FNV-1a over the texts and their boundaries.
pub(crate) fn checksum<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}
