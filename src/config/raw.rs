//! `tautline.hcl` as written, with every range: its shape is checked, and those blocks that depend on no other.

use smol_str::SmolStr;

use super::drift::{self, DriftSettings};
use super::error::{ConfigError, ConfigSource};
use super::exceptions::{self, Override, Waiver};
use super::literal::{Literal, LiteralKind};
use super::reader::{Reader, Shape, Spanned};
use super::settings::{PackSetting, Switch};
use crate::syntax::hcl::{Attribute, Block, Body};

pub(super) const FILE: Shape = Shape {
    of: "tautline.hcl",
    attributes: &["baseline", "exclude", "pack_dirs", "pack_documents"],
    blocks: &[
        ("drift", 0),
        ("override", 0),
        ("packs", 0),
        ("params", 1),
        ("rule", 1),
        ("waiver", 1),
    ],
};

pub(super) const RULE: Shape =
    Shape { of: "a `rule` block", attributes: &["severity"], blocks: &[] };

/// The file as written.
#[derive(Debug, Default)]
pub(super) struct RawSettings {
    pub(super) packs: Option<Vec<PackSetting>>,
    pub(super) params: Vec<RawParams>,
    pub(super) rules: Vec<RawRule>,
    pub(super) exclude: Vec<Spanned<SmolStr>>,
    pub(super) pack_dirs: Vec<Spanned<SmolStr>>,
    pub(super) pack_documents: Vec<Spanned<SmolStr>>,
    pub(super) baseline: Option<Spanned<SmolStr>>,
    pub(super) overrides: Vec<Override>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) drift: DriftSettings,
}

/// `params "image" { … }`
#[derive(Debug)]
pub(super) struct RawParams {
    pub(super) pack: Spanned<SmolStr>,
    pub(super) values: Vec<(Spanned<SmolStr>, Literal)>,
}

/// `rule "image/untrusted-registry" { … }`
#[derive(Debug)]
pub(super) struct RawRule {
    pub(super) id: Spanned<SmolStr>,
    pub(super) severity: Option<Spanned<SmolStr>>,
}

/// Reads `source`, adding what is wrong with it to `errors`.
pub(super) fn read(source: &ConfigSource, errors: &mut Vec<ConfigError>) -> RawSettings {
    let Some((reader, document)) = Reader::open(source, errors) else {
        return RawSettings::default();
    };
    let mut reader = reader.of_settings();
    let body = &document.body;
    reader.check_shape(body, &FILE);
    RawSettings {
        packs: read_packs(&mut reader, body),
        params: body
            .blocks_of("params")
            .filter_map(|block| read_params(&mut reader, block))
            .collect(),
        rules: body.blocks_of("rule").filter_map(|block| read_rule(&mut reader, block)).collect(),
        exclude: reader.strings(body, "exclude"),
        pack_dirs: reader.strings(body, "pack_dirs"),
        pack_documents: reader.strings(body, "pack_documents"),
        baseline: reader.string(body, "baseline"),
        overrides: body
            .blocks_of("override")
            .map(|block| exceptions::read_override(&mut reader, block))
            .collect(),
        waivers: body
            .blocks_of("waiver")
            .filter_map(|block| exceptions::read_waiver(&mut reader, block))
            .collect(),
        drift: drift::read(&mut reader, body),
    }
}

fn read_packs(reader: &mut Reader<'_>, body: &Body) -> Option<Vec<PackSetting>> {
    let block = reader.single(body, "packs")?;
    for inner in block.body.blocks() {
        let message = format!("`{}` takes a value", inner.kind.name);
        reader.error(inner.header, message).help =
            Some(format!("write `{} = true`", inner.kind.name));
    }
    let mut packs: Vec<PackSetting> = Vec::new();
    for attribute in block.body.attributes() {
        let Some(switch) = read_switch(reader, attribute) else { continue };
        let name = attribute.key.name.as_str();
        if packs.iter().any(|pack| &*pack.name == name) {
            reader.error(attribute.key.range, format!("`{name}` is set twice"));
            continue;
        }
        packs.push(PackSetting { name: name.into(), switch, range: attribute.range });
    }
    Some(packs)
}

/// Adds an error where `attribute` is none.
fn read_switch(reader: &mut Reader<'_>, attribute: &Attribute) -> Option<Switch> {
    let literal = reader.constant(&attribute.value)?;
    match &literal.kind {
        LiteralKind::Bool(true) => Some(Switch::Guarded),
        LiteralKind::Bool(false) => Some(Switch::Off),
        LiteralKind::String(word) if word == "always" => Some(Switch::Always),
        LiteralKind::String(word) => {
            let name = &attribute.key.name;
            let message = format!("`{name}` must be true, false or \"always\", not \"{word}\"");
            reader.error(literal.range, message);
            None
        }
        other => {
            let (name, wanted) = (&attribute.key.name, "true, false or \"always\"");
            reader.mismatch(name, wanted, other, literal.range);
            None
        }
    }
}

fn read_params(reader: &mut Reader<'_>, block: &Block) -> Option<RawParams> {
    let pack = only_label(block)?;
    for inner in block.body.blocks() {
        let message = format!("`{}` takes a value", inner.kind.name);
        reader.error(inner.header, message);
    }
    let mut values = Vec::new();
    for attribute in block.body.attributes() {
        let key = Spanned { value: attribute.key.name.clone(), range: attribute.key.range };
        if let Some(value) = reader.constant(&attribute.value) {
            values.push((key, value));
        }
    }
    if block.body.items.is_empty() {
        let help = "write `name = …` into it; `tautline config show --all` shows every param";
        reader.error(block.header, "this `params` block sets nothing").help = Some(help.to_owned());
    }
    Some(RawParams { pack, values })
}

pub(super) fn read_rule(reader: &mut Reader<'_>, block: &Block) -> Option<RawRule> {
    let id = only_label(block)?;
    reader.check_shape(&block.body, &RULE);
    Some(RawRule { id, severity: reader.required_string(&block.body, "severity", block.header) })
}

/// The label of a block that takes one; none where the shape was already found wrong.
pub fn only_label(block: &Block) -> Option<Spanned<SmolStr>> {
    let [label] = block.labels.as_slice() else { return None };
    Some(Spanned { value: label.name.clone(), range: label.range })
}
