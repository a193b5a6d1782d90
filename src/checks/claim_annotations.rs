//! Claims whose storage class is resized by a controller carry the annotations that the controller reads, with sane
//! values.
//! Which controller, the rule says: classes, names, usual values, the highest threshold and the room to grow are options.

use std::borrow::Cow;

use super::claim::{Claim, Form, Said};
use super::room::Room;
use crate::diagnostic::{Applicability, Edit};
use crate::model::{BlockRef, Data, ExprRef, Lookup, ObjectSite, Repo, Value, holds_objects};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Block, Body};
use crate::text::Span;

use crate::rule::{percent, quantity};

const PLACEHOLDERS: &[&str] =
    &["missing", "class", "name", "key", "value", "limit", "request", "suggestion"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "claim_annotations",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "limit_below_request", placeholders: PLACEHOLDERS },
        Outcome { name: "unreadable", placeholders: PLACEHOLDERS },
        Outcome { name: "threshold_too_high", placeholders: PLACEHOLDERS },
        Outcome { name: "threshold_in_bytes", placeholders: PLACEHOLDERS },
        Outcome { name: "template_missing", placeholders: PLACEHOLDERS },
        Outcome { name: "template_limit_below_request", placeholders: PLACEHOLDERS },
        Outcome { name: "template_unreadable", placeholders: PLACEHOLDERS },
        Outcome { name: "template_threshold_too_high", placeholders: PLACEHOLDERS },
        Outcome { name: "template_threshold_in_bytes", placeholders: PLACEHOLDERS },
        Outcome { name: "helm_values", placeholders: PLACEHOLDERS },
    ],
    build,
};

/// A mebibyte: file systems hold back more than that.
const FEW_BYTES: f64 = 1024.0 * 1024.0;

struct ClaimAnnotations {
    claims: Vec<String>,
    /// What a claim is called in a manifest.
    object: String,
    /// Resource types that install charts.
    charts: Vec<String>,
    /// Resource types that hold claims as nested blocks, and the name of these blocks.
    templates: Vec<(String, String)>,
    classes: Vec<String>,
    keys: Vec<String>,
    /// What some of them usually say.
    usual: Vec<(String, String)>,
    limit_key: String,
    threshold_key: String,
    threshold_max: f64,
    room: Room,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(ClaimAnnotations {
        claims: options.strings("claims")?,
        object: options.string("object")?,
        charts: options.strings("charts")?,
        templates: options.string_map("templates")?,
        classes: options.strings("classes")?,
        keys: options.strings("keys")?,
        usual: options.string_map("usual")?,
        limit_key: options.string("limit_key")?,
        threshold_key: options.string("threshold_key")?,
        threshold_max: options.number("threshold_max_percent")?,
        room: Room::read(options)?,
    }))
}

impl Check for ClaimAnnotations {
    fn interests(&self) -> Vec<Interest> {
        let mut labels = self.claims.clone();
        labels.extend(self.templates.iter().map(|(kind, _)| kind.clone()));
        labels.extend(self.charts.iter().cloned());
        vec![
            Interest::Blocks { kind: "resource".into(), labels },
            Interest::Objects(vec![self.object.clone()]),
        ]
    }

    /// A chart's values may be written in a file of their own.
    fn finds_elsewhere(&self) -> bool {
        true
    }

    fn upheld(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Span> {
        let claims = self.claims_of(subject).into_iter().filter(|claim| !claim.is_template());
        let said = claims.flat_map(|claim| claim.says(context.repo));
        let of_class = said.filter(|it| self.autoresized(&it.class).is_some());
        let found = |it: Said| {
            let values = self.keys.iter().filter_map(|key| it.annotations.at(&[key]));
            values.map(|value| value.span).collect::<Vec<_>>()
        };
        of_class.flat_map(found).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        if let Subject::Block(block) = subject
            && block.block.label(0).is_some_and(|it| self.charts.iter().any(|chart| chart == it))
        {
            return self.judge_helm(context.repo, &block, out);
        }
        for claim in self.claims_of(subject) {
            self.judge_claim(context.repo, &claim, out);
        }
    }
}

impl ClaimAnnotations {
    /// The claims that `subject` declares.
    fn claims_of<'s>(&self, subject: Subject<'s>) -> Vec<Claim<'s>> {
        match subject {
            Subject::Object(ObjectSite { block, value, .. }) => {
                let is_one =
                    value.at(&["kind"]).and_then(Value::as_str).is_some_and(|it| it == self.object);
                let claim = Claim { block, form: Form::Manifest(value) };
                is_one.then_some(claim).into_iter().collect()
            }
            Subject::Block(block) => {
                let kind = block.block.label(0).unwrap_or_default();
                let claim =
                    |it, is_template| Claim { block, form: Form::Block { block: it, is_template } };
                if self.claims.iter().any(|known| known == kind) {
                    return vec![claim(block.block, false)];
                }
                let nested = self.templates.iter().find(|(known, _)| known == kind);
                let templates = nested.map(|(_, nested)| blocks_at(&block.block.body, nested));
                templates.into_iter().flatten().map(|template| claim(template, true)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn judge_claim<'s>(&self, repo: &Repo<'s>, claim: &Claim<'s>, out: &mut Findings) {
        let before = out.found.len();
        let (mut is_site, mut unknown) = (false, None);
        'scopes: for said in claim.says(repo) {
            let Some(class_name) = self.autoresized(&said.class) else {
                unknown = said.class.first_unknown().map(|reason| reason.to_string()).or(unknown);
                continue;
            };
            is_site = true;
            for annotations in said.annotations.possibilities() {
                let arm = Said { annotations: annotations.clone(), ..said.clone() };
                self.judge_said(claim, &class_name, &arm, &mut unknown, out);
                if out.found.len() > before {
                    break 'scopes;
                }
            }
        }
        if is_site || unknown.is_some() {
            out.site();
        }
        if let (Some(reason), true) = (unknown, out.found.len() == before) {
            out.unknown(claim.place(), reason);
        }
    }

    /// The class among the possible ones whose volumes are resized.
    fn autoresized<'v>(&self, class: &'v Value) -> Option<Cow<'v, str>> {
        let mut names = class.possibilities().iter().filter_map(Value::as_str);
        names.find(|name| self.classes.iter().any(|known| known == name))
    }

    fn judge_said(
        &self,
        claim: &Claim<'_>,
        class: &str,
        said: &Said,
        unknown: &mut Option<String>,
        out: &mut Findings,
    ) {
        let mut missing = Vec::new();
        for key in &self.keys {
            match said.annotations.get(key) {
                Lookup::Found(entry) if !is_blank(&entry.value) => {}
                Lookup::Found(_) | Lookup::Absent => missing.push(format!("`{key}`")),
                Lookup::Unknown(reason) => *unknown = Some(reason.to_string()),
            }
        }
        if !missing.is_empty() {
            let finding = claim
                .finding("missing", claim.place())
                .arg("missing", missing.join(", "))
                .arg("class", class)
                .arg("suggestion", self.room.limit(said.request.as_ref()));
            let edit = self.annotated(claim, said);
            let title = "write the annotations that are missing";
            out.report(finding.fix(Applicability::Unsafe, title, edit));
        }
        self.judge_amounts(claim, said, out);
        self.judge_limit(claim, said, out);
        self.judge_threshold(claim, said, out);
    }

    /// The edit that writes the annotations which are missing, with what is usual in them. What a template says reaches no
    /// claim that is there.
    fn annotated(&self, claim: &Claim<'_>, said: &Said) -> Option<Vec<Edit>> {
        let limit = self.room.limit(said.request.as_ref());
        let mut lines = Vec::new();
        for key in &self.keys {
            if !matches!(said.annotations.get(key), Lookup::Absent) {
                continue;
            }
            let usual = self.usual.iter().find(|(known, _)| known == key).map(|(_, value)| value);
            let value = if *key == self.limit_key { &limit } else { usual? };
            lines.push(format!("{} = {}", write::quoted(key), write::quoted(value)));
        }
        if lines.is_empty() || claim.is_template() {
            return None;
        }
        let Form::Block { block, .. } = claim.form else { return None };
        let (file, metadata) = (claim.block.file, block.body.block("metadata")?);
        let Some(annotations) = metadata.body.attribute("annotations") else {
            for line in &mut lines {
                line.insert_str(0, "  ");
            }
            lines.insert(0, "annotations = {".to_owned());
            lines.push("}".to_owned());
            return Some(vec![write::attribute_in(file, &metadata.body, &lines)?]);
        };
        write::entry_in(file, annotations.value.unparenthesised(), &lines)
    }

    /// What is no amount: the limit is a size, and the others may be shares.
    fn judge_amounts(&self, claim: &Claim<'_>, said: &Said, out: &mut Findings) {
        for key in &self.keys {
            let Some((value, place)) = text_at(&said.annotations, key) else { continue };
            let is_share = *key != self.limit_key && percent(&value).is_some();
            if value.is_empty() || is_share || quantity(&value).is_some() {
                continue;
            }
            let finding = claim
                .finding_about("unreadable", place)
                .arg("key", key.clone())
                .arg("value", value)
                .arg("suggestion", self.room.limit(said.request.as_ref()));
            out.report(finding);
        }
    }

    fn judge_limit(&self, claim: &Claim<'_>, said: &Said, out: &mut Findings) {
        let limit = text_at(&said.annotations, &self.limit_key);
        let request =
            said.request.as_ref().and_then(|request| Some((request.as_str()?, request.span)));
        let (Some((limit, place)), Some((request, request_place))) = (limit, request) else {
            return;
        };
        let (Some(limit_size), Some(request_size)) = (quantity(&limit), quantity(&request)) else {
            return;
        };
        if limit_size < request_size {
            let finding = claim
                .finding_about("limit_below_request", place)
                .arg("key", self.limit_key.clone())
                .arg("limit", limit)
                .arg("request", request)
                .related(request_place, "the claim requests this much");
            out.report(finding);
        }
    }

    fn judge_threshold(&self, claim: &Claim<'_>, said: &Said, out: &mut Findings) {
        let Some((value, place)) = text_at(&said.annotations, &self.threshold_key) else { return };
        let finding = |outcome| {
            claim
                .finding_about(outcome, place)
                .arg("key", self.threshold_key.clone())
                .arg("value", value.clone())
        };
        if let Some(bytes) = few_bytes(&value) {
            let edit = self.as_percentage(claim, bytes, &value, place);
            let title = format!("write `\"{}%\"`", value.trim());
            out.report(finding("threshold_in_bytes").fix(Applicability::Unsafe, &title, edit));
        } else if percent(&value).is_some_and(|threshold| threshold > self.threshold_max) {
            out.report(finding("threshold_too_high"));
        }
    }

    /// The edit that makes a percentage of the number, where it is one that a threshold may have. A template's value reaches no
    /// claim that is there.
    fn as_percentage(
        &self,
        claim: &Claim<'_>,
        number: f64,
        value: &str,
        place: Span,
    ) -> Option<Vec<Edit>> {
        let file = claim.block.file;
        if claim.is_template() || number > self.threshold_max || place.file != file.id {
            return None;
        }
        let is_literal = file.slice(place.range).trim_matches('"') == value;
        let text = write::quoted(&format!("{}%", value.trim()));
        is_literal.then(|| vec![write::replace(file, place.range, text)])
    }

    /// `persistence: { storageClass: … }` at any depth of a chart's values, without the annotations beside it.
    fn judge_helm<'s>(&self, repo: &Repo<'s>, block: &BlockRef<'s>, out: &mut Findings) {
        let Some(values) = block.block.body.attribute("values") else { return };
        for scope in repo.scopes(block) {
            let layers = repo.eval(ExprRef { file: block.file, expr: &values.value }, &scope);
            for layer in layers.items().iter().filter(|layer| may_claim(layer)) {
                self.judge_persistence(block, &repo.decoded(layer), out);
            }
        }
    }

    fn judge_persistence(&self, block: &BlockRef<'_>, value: &Value, out: &mut Findings) {
        let Data::Map(map) = &value.data else {
            value.items().iter().for_each(|item| self.judge_persistence(block, item, out));
            return;
        };
        // What a chart is given as an object is a claim of its own.
        for entry in map.entries.iter().filter(|entry| !holds_objects(&entry.key)) {
            let class = ["storageClass", "storageClassName"]
                .into_iter()
                .find_map(|key| entry.value.at(&[key]));
            let named = class.and_then(|class| Some((class.as_str()?, class.span)));
            match named.filter(|(name, _)| self.classes.iter().any(|known| known == name)) {
                Some((name, place)) => {
                    out.site();
                    let annotations = entry.value.get("annotations");
                    let missing = self.keys.iter().filter(|key| !has_key(&annotations, key));
                    let missing: Vec<_> = missing.map(|key| format!("`{key}`")).collect();
                    if !missing.is_empty() {
                        let finding = Finding::new("helm_values", place)
                            .address(block.address())
                            .arg("missing", missing.join(", "))
                            .arg("class", name);
                        out.report(finding);
                    }
                }
                None => self.judge_persistence(block, &entry.value, out),
            }
        }
    }
}

/// Whether the value sets nothing: Kubernetes never sees the first, and the controller passes over the second.
fn is_blank(value: &Value) -> bool {
    matches!(value.data, Data::Null) || value.as_str().is_some_and(|text| text.is_empty())
}

/// A plain number is an amount of bytes. So few of them are no space at all: a volume that waits for these has filled up before.
/// Nothing at all is a deliberate way to say that the volume is not to grow.
fn few_bytes(threshold: &str) -> Option<f64> {
    let is_plain = threshold.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let bytes = quantity(threshold).filter(|_| is_plain)?;
    (bytes > 0.0 && bytes < FEW_BYTES).then_some(bytes)
}

/// Whether a layer of values may ask for a volume: looking for a word costs far less than reading all as YAML.
fn may_claim(layer: &Value) -> bool {
    layer.as_str().is_none_or(|text| text.contains("storageClass"))
}

fn has_key(annotations: &Lookup<'_>, key: &str) -> bool {
    match annotations {
        Lookup::Found(entry) => !matches!(entry.value.get(key), Lookup::Absent),
        Lookup::Absent => false,
        Lookup::Unknown(_) => true,
    }
}

fn text_at<'v>(map: &'v Value, key: &str) -> Option<(Cow<'v, str>, Span)> {
    match map.get(key) {
        Lookup::Found(entry) => Some((entry.value.as_str()?, entry.value.span)),
        Lookup::Absent | Lookup::Unknown(_) => None,
    }
}

/// The blocks named `kind` at any depth of `body`.
fn blocks_at<'s>(body: &'s Body, kind: &str) -> Vec<&'s Block> {
    let mut found = Vec::new();
    for block in body.blocks() {
        if block.kind.name == kind {
            found.push(block);
        } else {
            found.extend(blocks_at(&block.body, kind));
        }
    }
    found
}
