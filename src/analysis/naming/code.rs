//! The code of a repo, and the names in each file of it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Named, Place, What};
use crate::model::{call_target, resolve_path};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Ident, Reference, Step};
use crate::syntax::{Format, HclUse, Parsed};
use crate::text::{TextRange, dir_of};

/// What a call says that is no input.
const OF_CALLS: [&str; 6] = ["count", "depends_on", "for_each", "providers", "source", "version"];

/// The files of a repo.
pub struct Code<'s> {
    /// In order of their paths.
    files: Vec<&'s Parsed>,
    /// The directory of the module that each call is of, by its own directory and name.
    calls: BTreeMap<(&'s str, &'s str), String>,
}

impl<'s> Code<'s> {
    /// These files, in order of their paths.
    pub fn new(files: Vec<&'s Parsed>) -> Self {
        let mut calls = BTreeMap::new();
        for file in files.iter().filter(|file| file.format.is_terraform()) {
            let dir = dir_of(&file.path);
            for call in blocks(file).filter(|block| block.kind.name == "module") {
                if let (Some(name), Some(target)) = (call.label(0), call_target(dir, call)) {
                    calls.insert((dir, name), target);
                }
            }
        }
        Code { files, calls }
    }

    /// The files.
    pub(super) fn files(&self) -> impl Iterator<Item = &'s Parsed> {
        self.files.iter().copied()
    }

    /// The directories with calls of the module in `dir`.
    pub(super) fn callers(&self, dir: &str) -> impl Iterator<Item = &'s str> {
        self.calls.iter().filter(move |(_, target)| *target == dir).map(|((from, _), _)| *from)
    }

    /// The name at `offset` of the file at `path`, and where it stands.
    pub fn at(&self, path: &str, offset: u32) -> Option<Place> {
        let touches = |range: TextRange| range.contains_offset(offset) || range.end == offset;
        self.in_file(path).into_iter().find(|place| touches(place.range))
    }

    /// Every name in the file at `path`.
    pub fn in_file(&self, path: &str) -> Vec<Place> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path));
        at.map(|at| self.names_in(self.files[at])).unwrap_or_default()
    }

    /// Every place where `named` is, with the file's path.
    pub fn places(&self, named: &Named) -> Vec<(&'s str, Place)> {
        let of_file = |file: &&'s Parsed| {
            let places = self.names_in(file).into_iter().filter(|place| place.of == *named);
            let path: &'s str = &file.path;
            places.map(|place| (path, place)).collect::<Vec<_>>()
        };
        // Without the name in its text a file has none of them.
        let says = |file: &&&'s Parsed| file.text.contains(named.name.as_str());
        self.files.iter().filter(says).flat_map(of_file).collect()
    }

    fn names_in(&self, file: &'s Parsed) -> Vec<Place> {
        let mut names = Names { code: self, file, dir: dir_of(&file.path), found: Vec::new() };
        match file.format {
            Format::Hcl(HclUse::Terraform | HclUse::TerraformJson) => names.module(),
            Format::Hcl(HclUse::Variables | HclUse::VariablesJson) => names.values(),
            Format::Hcl(HclUse::Terragrunt | HclUse::TerragruntJson) => names.unit(),
            _ => {}
        }
        names.found
    }
}

/// The blocks at the top of `file`.
pub(super) fn blocks(file: &Parsed) -> impl Iterator<Item = &Block> {
    file.hcl.iter().flat_map(|document| document.body.blocks())
}

/// The names of one file.
struct Names<'c, 's> {
    code: &'c Code<'s>,
    file: &'s Parsed,
    dir: &'s str,
    found: Vec<Place>,
}

impl Names<'_, '_> {
    /// Of code of a module.
    fn module(&mut self) {
        for block in blocks(self.file) {
            self.declared(block);
            match block.kind.name.as_str() {
                // What was called so stays what it was.
                "moved" | "removed" => continue,
                "module" => self.inputs(block),
                "check" => block.body.blocks().for_each(|block| self.declared(block)),
                _ => {}
            }
            self.references(&block.body);
        }
    }

    fn declared(&mut self, block: &Block) {
        let of_type = || block.label(0).map(SmolStr::from);
        let what = match (block.kind.name.as_str(), of_type()) {
            ("variable", _) => What::Variable,
            ("output", _) => What::Output,
            ("module", _) => What::Call,
            ("resource", Some(kind)) => What::Resource(kind),
            ("data", Some(kind)) => What::Data(kind),
            ("ephemeral", Some(kind)) => What::Ephemeral(kind),
            ("locals", _) => {
                let keys = block.body.attributes().map(|it| &it.key);
                keys.for_each(|key| self.ident(What::Local, key, self.dir, true));
                return;
            }
            _ => return,
        };
        let at = match &what {
            What::Resource(_) | What::Data(_) | What::Ephemeral(_) => 1,
            _ => 0,
        };
        if let Some(label) = block.labels.get(at) {
            self.ident(what, label, self.dir, true);
        }
    }

    /// What a call gives the module that it is of.
    fn inputs(&mut self, call: &Block) {
        let Some(target) = call_target(self.dir, call) else { return };
        for attribute in call.body.attributes() {
            if !OF_CALLS.contains(&attribute.key.name.as_str()) {
                self.ident(What::Variable, &attribute.key, &target, false);
            }
        }
    }

    /// Of files with values of variables.
    fn values(&mut self) {
        let Some(document) = &self.file.hcl else { return };
        for attribute in document.body.attributes() {
            self.ident(What::Variable, &attribute.key, self.dir, false);
        }
    }

    /// Of a unit of Terragrunt's: what it gives the module beside it, and what it takes of others.
    fn unit(&mut self) {
        let Some(document) = &self.file.hcl else { return };
        let body = &document.body;
        let is_elsewhere =
            body.block("terraform").is_some_and(|it| it.body.attribute("source").is_some());
        if let (false, Some(inputs)) = (is_elsewhere, body.attribute("inputs"))
            && let ExprKind::Object(entries) = &inputs.value.unparenthesised().kind
        {
            for entry in entries {
                if let Some(name) = entry.literal_key() {
                    self.add(What::Variable, name, entry.key.range, self.dir, false);
                }
            }
        }
        self.references(body);
    }

    fn references(&mut self, body: &Body) {
        let mut bodies = vec![body];
        while let Some(body) = bodies.pop() {
            bodies.extend(body.blocks().map(|block| &block.body));
            for attribute in body.attributes() {
                self.references_in(&attribute.value);
            }
        }
    }

    fn references_in(&mut self, value: &Expr) {
        for reference in value.references(&[]) {
            let dir = self.dir;
            match (reference.root.as_str(), reference.name(0)) {
                ("var", Some(_)) => self.step(What::Variable, &reference, 0, dir),
                ("local", Some(_)) => self.step(What::Local, &reference, 0, dir),
                ("module", Some(call)) => {
                    self.step(What::Call, &reference, 0, dir);
                    self.output(&reference, call);
                }
                ("data", Some(kind)) => self.step(What::Data(kind.clone()), &reference, 1, dir),
                ("ephemeral", Some(kind)) => {
                    self.step(What::Ephemeral(kind.clone()), &reference, 1, dir);
                }
                ("dependency", Some(name)) => self.output_of_unit(&reference, name),
                (kind, Some(_)) => self.step(What::Resource(kind.into()), &reference, 0, dir),
                (_, None) => {}
            }
        }
    }

    /// The output that is asked of a call, or of one instance of it.
    fn output(&mut self, reference: &Reference<'_>, call: &str) {
        let Some(target) = self.code.calls.get(&(self.dir, call)) else { return };
        if let Some(at) = (1..reference.steps.len().min(3)).find(|at| reference.name(*at).is_some())
        {
            self.step(What::Output, reference, at, target);
        }
    }

    /// The output that is asked of the module beside another unit.
    fn output_of_unit(&mut self, reference: &Reference<'_>, name: &str) {
        let is_meant =
            |block: &&Block| block.kind.name == "dependency" && block.label(0) == Some(name);
        let path = blocks(self.file).find(is_meant).and_then(|it| it.body.attribute("config_path"));
        let path = path.and_then(|path| path.value.as_literal());
        let target = path.and_then(|path| resolve_path(self.dir, &path));
        if let (Some(target), Some("outputs")) = (target, reference.name(1).map(SmolStr::as_str)) {
            self.step(What::Output, reference, 2, &target);
        }
    }

    /// The name in the step at `at` of `reference`.
    fn step(&mut self, what: What, reference: &Reference<'_>, at: usize, dir: &str) {
        if let (Some(name), Some(Step { range, .. })) =
            (reference.name(at), reference.steps.get(at))
        {
            let start = range.len().saturating_sub(name.len());
            self.add(what, name.clone(), range.slice(start, name.len()), dir, false);
        }
    }

    fn ident(&mut self, what: What, ident: &Ident, dir: &str, is_declaration: bool) {
        self.add(what, ident.name.clone(), ident.range, dir, is_declaration);
    }

    fn add(
        &mut self,
        what: What,
        name: SmolStr,
        range: TextRange,
        dir: &str,
        is_declaration: bool,
    ) {
        let written = &self.file.text[range.indices()];
        let inside = written.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        let (text, range) = match inside {
            Some(inside) => (inside, range.slice(1, inside.len())),
            None => (written, range),
        };
        let is_plain = text == name;
        let of = Named { dir: dir.to_owned(), what, name };
        self.found.push(Place { of, range, is_declaration, is_plain });
    }
}
