//! The files of a pack as written: their shape is checked, their values are not, every range is kept.

use std::iter;
use std::ops::Range;
use std::sync::OnceLock;

use memchr::memmem;
use smol_str::SmolStr;

use crate::config::{ConfigError, ConfigSource, Literal, Reader, Shape, Spanned, only_label};
use crate::syntax::hcl::{self, Attribute, Block, Body, Expr, ExprKind, Item, TemplatePart};
use crate::text::TextRange;

const PACK: Shape = Shape {
    of: "a pack",
    attributes: &["locked", "summary"],
    blocks: &[("applies_when", 0), ("gather", 1), ("params", 0), ("selector", 1)],
};
const APPLIES_WHEN: Shape = Shape { of: "`applies_when`", attributes: &[], blocks: &[("file", 0)] };
const FILE: Shape = Shape { of: "`file`", attributes: &["contains", "path"], blocks: &[] };
const ENTRY: Shape = Shape {
    of: "a rule",
    attributes: &[
        "added",
        "convention",
        "facts",
        "locked",
        "reads",
        "severity",
        "summary",
        "yields_to",
    ],
    blocks: &[
        ("case", 1),
        ("check", 1),
        ("each", 1),
        ("forbid", 1),
        ("let", 1),
        ("require", 1),
        ("select", 1),
        ("unknown", 0),
        ("unless", 0),
        ("where", 0),
    ],
};
const CASE: Shape =
    Shape { of: "a `case`", attributes: &["help", "message", "severity"], blocks: &[("when", 0)] };
const MUTATORS: Shape =
    Shape { of: "a file of mutators", attributes: &[], blocks: &[("manager", 1), ("mutator", 1)] };
const MANAGER: Shape = Shape { of: "a `manager`", attributes: &["summary"], blocks: &[] };

/// Attributes as written, with their literals: name, the name's range, value.
pub(super) type Attributes = Vec<(String, TextRange, Literal)>;

/// `pack.hcl`
#[derive(Debug)]
pub(super) struct RawPack {
    pub(super) summary: Spanned<SmolStr>,
    pub(super) locked: Option<Spanned<bool>>,
    /// Any one of these lists must hold as a whole.
    pub(super) evidence: Vec<Vec<RawCondition>>,
    pub(super) params: Attributes,
    pub(super) gathers: Vec<RawGather>,
    pub(super) selectors: Vec<Block>,
}

/// `gather "name" { … }`, which is parsed when somebody first asks for more than its name.
#[derive(Debug)]
pub(super) struct RawGather {
    /// Its name, where it has one.
    pub(super) name: Option<SmolStr>,
    part: Range<usize>,
    block: OnceLock<Option<Block>>,
}

impl RawGather {
    fn parsed(block: Block) -> Self {
        let (name, part) = (block.label(0).map(SmolStr::from), block.range.indices());
        RawGather { name, part, block: Some(block).into() }
    }

    fn unparsed(name: &str, part: Range<usize>) -> Self {
        RawGather { name: Some(name.into()), part, block: OnceLock::new() }
    }

    /// What is written in `source`, the file that it was found in.
    pub(super) fn block(&self, source: &ConfigSource) -> Option<&Block> {
        let parse = || {
            let document = hcl::parse_part(&source.text, self.part.clone());
            document.body.items.into_iter().find_map(|item| match item {
                Item::Block(block) => Some(block),
                Item::Attribute(_) => None,
            })
        };
        self.block.get_or_init(parse).as_ref()
    }
}

/// `file { path = …  contains = … }`
#[derive(Debug)]
pub(super) struct RawCondition {
    pub(super) path: Spanned<SmolStr>,
    pub(super) contains: Option<Spanned<SmolStr>>,
}

/// What `<rule>.hcl` says of the rule as a whole.
#[derive(Debug)]
pub(super) struct RawHead {
    pub(super) summary: Spanned<SmolStr>,
    pub(super) convention: Option<Spanned<SmolStr>>,
    pub(super) severity: Spanned<SmolStr>,
    pub(super) added: Option<Spanned<SmolStr>>,
    pub(super) facts: Option<Spanned<SmolStr>>,
    pub(super) locked: bool,
    pub(super) reads: Vec<Spanned<SmolStr>>,
    pub(super) yields_to: Vec<Spanned<SmolStr>>,
}

/// `<rule>.hcl`
#[derive(Debug)]
pub(super) struct RawEntry {
    pub(super) head: RawHead,
    pub(super) check: Option<RawCheck>,
    /// What the rule says in the declarative language, for one that calls no check.
    pub(super) body: Option<Body>,
    /// The entry of a rule that calls a check, for its conditions.
    pub(super) conditions: Option<Body>,
    pub(super) cases: Vec<RawCase>,
    /// The outcomes of all cases, also of those with a mistake.
    pub(super) cased: Vec<SmolStr>,
}

/// `check "name" { … }`
#[derive(Debug)]
pub(super) struct RawCheck {
    pub(super) name: Spanned<SmolStr>,
    pub(super) options: Attributes,
    pub(super) header: TextRange,
}

/// `case "outcome" { … }`
#[derive(Debug)]
pub(super) struct RawCase {
    pub(super) outcome: Spanned<SmolStr>,
    pub(super) severity: Option<Spanned<SmolStr>>,
    pub(super) message: Wording,
    pub(super) help: Option<Wording>,
    /// The situation in which it is said.
    pub(super) when: Option<Block>,
}

/// `mutator "name" { … }`
#[derive(Debug)]
pub(super) struct RawMutator {
    pub(super) name: Spanned<SmolStr>,
    pub(super) attributes: Attributes,
}

/// `manager "name" { … }`
#[derive(Debug)]
pub(super) struct RawManager {
    pub(super) name: Spanned<SmolStr>,
    pub(super) summary: Spanned<SmolStr>,
}

/// A file of mutators.
#[derive(Debug, Default)]
pub(super) struct RawMutators {
    pub(super) mutators: Vec<RawMutator>,
    pub(super) managers: Vec<RawManager>,
}

/// A text that will be a template, with the way back from its bytes to the file's.
#[derive(Debug)]
pub(super) struct Wording {
    pub(super) text: SmolStr,
    pub(super) range: TextRange,
    /// The text's runs: length in the text, range in the file.
    runs: Vec<(usize, TextRange)>,
}

impl Wording {
    /// Where the bytes `part` of the text are written; the whole expression where escapes hide it.
    pub(super) fn place(&self, part: &Range<usize>) -> TextRange {
        let mut at = 0;
        for (length, range) in &self.runs {
            if part.start >= at && part.end <= at + length && range.len() == *length {
                return range.slice(part.start - at, part.len());
            }
            at += length;
        }
        self.range
    }
}

/// Reads a `pack.hcl`.
pub(super) fn read_pack(source: &ConfigSource, errors: &mut Vec<ConfigError>) -> Option<RawPack> {
    // Most of a pack are gathers, and many runs need few of them.
    let unparsed = if source.is_proven { gathers_in(&source.text) } else { Vec::new() };
    let (mut reader, document) =
        Reader::open_parts(source, beside(&unparsed, source.text.len()), errors)?;
    let body = &document.body;
    reader.check_shape(body, &PACK);
    let summary = reader.required_string(body, "summary", TextRange::empty(0));
    let locked = reader.flag(body, "locked");
    let evidence =
        body.blocks_of("applies_when").map(|block| read_evidence(&mut reader, block)).collect();
    let params = match reader.single(body, "params") {
        Some(block) => read_attributes(&mut reader, block, Reader::constant),
        None => Vec::new(),
    };
    let (mut gathers, mut selectors) = (unparsed, Vec::new());
    for item in document.body.items {
        match item {
            Item::Block(block) if block.kind.name == "gather" => {
                gathers.push(RawGather::parsed(block));
            }
            Item::Block(block) if block.kind.name == "selector" => selectors.push(block),
            _ => {}
        }
    }
    Some(RawPack { summary: summary?, locked, evidence, params, gathers, selectors })
}

/// The gathers in `text`, a `pack.hcl` that is laid out well: a block ends at the next line that is a brace and no more.
fn gathers_in(text: &str) -> Vec<RawGather> {
    let mut gathers = Vec::new();
    for start in memmem::find_iter(text.as_bytes(), "\ngather \"").map(|at| at + 1) {
        let name = text[start..].split('"').nth(1).unwrap_or_default();
        let end = text[start..].find("\n}\n").map_or(text.len(), |length| start + length + 3);
        gathers.push(RawGather::unparsed(name, start..end));
    }
    gathers
}

/// What stands beside `gathers` in a text of `length` bytes.
fn beside(gathers: &[RawGather], length: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = iter::once(0).chain(gathers.iter().map(|gather| gather.part.end));
    let ends = gathers.iter().map(|gather| gather.part.start).chain([length]);
    starts.zip(ends).map(|(start, end)| start..end)
}

fn read_evidence(reader: &mut Reader<'_>, block: &Block) -> Vec<RawCondition> {
    reader.check_shape(&block.body, &APPLIES_WHEN);
    if block.body.items.is_empty() {
        reader.error(block.header, "`applies_when` without a condition").help =
            Some("write `file { path = \"…\" }` inside it".to_owned());
    }
    let mut conditions = Vec::new();
    for file in block.body.blocks_of("file") {
        reader.check_shape(&file.body, &FILE);
        let path = reader.required_string(&file.body, "path", file.header);
        let contains = reader.string(&file.body, "contains");
        conditions.extend(path.map(|path| RawCondition { path, contains }));
    }
    conditions
}

/// Reads a rule's entry.
pub(super) fn read_entry(source: &ConfigSource, errors: &mut Vec<ConfigError>) -> Option<RawEntry> {
    let (mut reader, document) = Reader::open(source, errors)?;
    let body = &document.body;
    reader.check_shape(body, &ENTRY);
    let head = read_head(&mut reader, body);
    let check = reader.single(body, "check").and_then(|block| read_check(&mut reader, block));
    let is_declarative = body
        .blocks()
        .any(|block| matches!(block.kind.name.as_str(), "select" | "require" | "forbid"));
    if let (Some(check), true) = (body.block("check"), is_declarative) {
        reader.error(check.header, "a rule calls a check, or selects and requires: not both");
    }
    let cases = body.blocks_of("case").filter_map(|block| read_case(&mut reader, block)).collect();
    let labels = body.blocks_of("case").filter_map(|block| block.labels.first());
    let cased = labels.map(|label| label.name.clone()).collect();
    let head = head?;
    let (own, conditions) = match (is_declarative, &check) {
        (true, None) => (Some(document.body), None),
        (false, Some(_)) => (None, Some(document.body)),
        _ => (None, None),
    };
    Some(RawEntry { head, check, body: own, conditions, cases, cased })
}

/// Reads what stands before the blocks of a rule's entry, which is proven, and nothing else of it.
pub(super) fn read_entry_head(source: &ConfigSource) -> Option<RawHead> {
    let is_block = |line: &&str| {
        let name = line.split_once('{').map(|(name, _)| name);
        line.starts_with(|first: char| first.is_ascii_lowercase())
            && name.is_some_and(|name| !name.contains('='))
    };
    let lines = source.text.split_inclusive('\n').take_while(|line| !is_block(line));
    let length = lines.map(str::len).sum();
    let mut errors = Vec::new();
    let (mut reader, document) = Reader::open_parts(source, iter::once(0..length), &mut errors)?;
    read_head(&mut reader, &document.body)
}

fn read_head(reader: &mut Reader<'_>, body: &Body) -> Option<RawHead> {
    let start = TextRange::empty(0);
    let summary = reader.required_string(body, "summary", start);
    let severity = reader.required_string(body, "severity", start);
    let convention = reader.string(body, "convention");
    let added = reader.string(body, "added");
    let facts = reader.string(body, "facts");
    let locked = reader.flag(body, "locked").is_some_and(|flag| flag.value);
    let reads = reader.strings(body, "reads");
    let yields_to = reader.strings(body, "yields_to");
    let (summary, severity) = (summary?, severity?);
    Some(RawHead { summary, convention, severity, added, facts, locked, reads, yields_to })
}

fn read_check(reader: &mut Reader<'_>, block: &Block) -> Option<RawCheck> {
    let name = only_label(block)?;
    let options = read_attributes(reader, block, Reader::literal);
    Some(RawCheck { name, options, header: block.header })
}

fn read_case(reader: &mut Reader<'_>, block: &Block) -> Option<RawCase> {
    let outcome = only_label(block)?;
    reader.check_shape(&block.body, &CASE);
    let severity = reader.string(&block.body, "severity");
    let message = reader
        .required_string(&block.body, "message", block.header)
        .and_then(|_| block.body.attribute("message").map(wording));
    let help =
        reader.string(&block.body, "help").and_then(|_| block.body.attribute("help").map(wording));
    let when = reader.single(&block.body, "when").cloned();
    Some(RawCase { outcome, severity, message: message?, help, when })
}

/// Reads a file of mutators.
pub(super) fn read_mutators(source: &ConfigSource, errors: &mut Vec<ConfigError>) -> RawMutators {
    let Some((mut reader, document)) = Reader::open(source, errors) else {
        return RawMutators::default();
    };
    reader.check_shape(&document.body, &MUTATORS);
    let mut read = RawMutators::default();
    for block in document.body.blocks_of("mutator") {
        let Some(name) = only_label(block) else { continue };
        let attributes = read_attributes(&mut reader, block, Reader::constant);
        read.mutators.push(RawMutator { name, attributes });
    }
    for block in document.body.blocks_of("manager") {
        let Some(name) = only_label(block) else { continue };
        reader.check_shape(&block.body, &MANAGER);
        let summary = reader.required_string(&block.body, "summary", block.header);
        read.managers.extend(summary.map(|summary| RawManager { name, summary }));
    }
    read
}

/// The attributes of a block whose names are free, and which holds no blocks.
fn read_attributes<'r>(
    reader: &mut Reader<'r>,
    block: &Block,
    read: fn(&mut Reader<'r>, &Expr) -> Option<Literal>,
) -> Attributes {
    for inner in block.body.blocks() {
        let name = &inner.kind.name;
        reader.error(inner.header, format!("`{name}` takes a value")).help =
            Some(format!("write `{name} = …`"));
    }
    let mut attributes: Attributes = Vec::new();
    for Attribute { key, value, .. } in block.body.attributes() {
        if attributes.iter().any(|(known, _, _)| key.name == known) {
            reader.error(key.range, format!("`{}` is set twice", key.name));
            continue;
        }
        if let Some(literal) = read(reader, value) {
            attributes.push((key.name.to_string(), key.range, literal));
        }
    }
    attributes
}

/// The string of `attribute`, which has been read as one.
fn wording(attribute: &Attribute) -> Wording {
    let mut text = String::new();
    let mut runs = Vec::new();
    if let ExprKind::Template(template) = &attribute.value.unparenthesised().kind {
        for part in &template.parts {
            if let TemplatePart::Literal(literal) = part {
                text.push_str(&literal.value);
                runs.push((literal.value.len(), literal.range));
            }
        }
    }
    // The last line of a heredoc has an end too.
    Wording { text: text.trim_end_matches('\n').into(), range: attribute.value.range, runs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::PackFile;

    /// What the parser makes of the gathers in a whole text, and of each by itself.
    fn whole_and_cut(source: &ConfigSource) -> [Vec<String>; 2] {
        let whole = hcl::parse(&source.text).body;
        let gathers = gathers_in(&source.text);
        let cut = gathers.iter().map(|gather| {
            let block = gather.block(source).unwrap();
            assert_eq!(gather.name.as_deref(), block.label(0));
            block
        });
        [whole.blocks_of("gather").collect::<Vec<_>>(), cut.collect()]
            .map(|blocks| blocks.into_iter().map(|block| format!("{block:?}")).collect())
    }

    #[test]
    fn the_gathers_that_come_with_tautline_are_found_without_parsing() {
        let files = PackFile::builtin();
        let packs: Vec<_> = files
            .iter()
            .filter(|file| file.name.ends_with("/pack.hcl"))
            .map(PackFile::source)
            .collect();
        let mut found = 0;
        for source in &packs {
            let [whole, cut] = whole_and_cut(source);
            assert_eq!(cut, whole, "{}", source.path);
            found += cut.len();
            // And of what stands beside them nothing is lost.
            let unproven = ConfigSource { is_proven: false, ..source.clone() };
            let read = |source| {
                let mut errors = Vec::new();
                let pack = read_pack(source, &mut errors).unwrap();
                assert_eq!(errors, []);
                let gathers =
                    pack.gathers.iter().map(|gather| gather.block(source)).collect::<Vec<_>>();
                format!(
                    "{:?} {:?} {:?} {:?} {gathers:?}",
                    pack.summary, pack.evidence, pack.params, pack.selectors
                )
            };
            assert!(read(source) == read(&unproven), "{}", source.path);
        }
        assert!(found > 100, "{found}");
    }

    #[test]
    fn a_gather_is_cut_out_wherever_it_stands() {
        for text in [
            "",
            "summary = \"s\"\n\ngather \"a\" {\n  select \"repo\" {}\n}\n",
            "summary = \"s\"\ngather \"a\" {\n}\ngather \"b\" {\n  let \"x\" {\n    text = \"}\"\n  }\n}\n# }\nlocked = true\n",
            "x = 1\ngather \"last\" {\n}",
        ] {
            let [whole, cut] = whole_and_cut(&ConfigSource::new("pack.hcl", text));
            assert_eq!(cut, whole, "{text}");
        }
    }
}
