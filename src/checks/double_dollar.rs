//! `$$NAME` reaches a shell as it is, and the shell reads its own process id: Terraform unescapes `$${` only.
//!
//! In a container's `command` and `args` Kubernetes makes one `$` of two, so `$$NAME` is right there. Judged is what a
//! shell surely reads without Kubernetes in between: scripts among files, provisioners, user data, and the hooks of containers, whose
//! commands it hands on as they are. Which resources and objects hold files, which attributes a machine runs when it first starts, and
//! what hooks are called, the rule says.

use std::cell::LazyCell;
use std::ops::Range;

use crate::diagnostic::{Applicability, Edit};
use crate::model::{AttributePath, BlockRef, Data, ExprRef, ObjectSite, Piece, Repo, Text, Value};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, ObjectEntry, TemplatePart};
use crate::text::{LazyRegex, Span, TextRange};

use super::reference::{followed, local_named};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "double_dollar",
    outcomes: &[Outcome { name: "literal", placeholders: &["found", "wanted"] }],
    build,
};

struct DoubleDollar {
    /// Where a quoted here-document begins.
    quoted: LazyRegex,
    /// A line that gives one to a shell.
    shell: LazyRegex,
    /// `$$NAME` and `$$(`
    token: LazyRegex,
    /// Types of resources that hold files.
    resources: Vec<String>,
    /// Kinds of objects in manifests that do.
    objects: Vec<String>,
    /// Where these have them, each by its name.
    files: Vec<String>,
    /// What a machine runs, each the path to it from its resource.
    user_data: Vec<Vec<String>>,
    /// Functions that only write their first argument in another way.
    encoders: Vec<String>,
    /// The blocks of hooks.
    hooks: Vec<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let paths = options.strings("user_data")?;
    Ok(Box::new(DoubleDollar {
        quoted: LazyRegex::proven(r#"<<-?[ \t]*(?:'([^'\s]+)'|"([^"\s]+)"|\\(\w+))"#),
        shell: LazyRegex::proven(r"\b(?:(?:ba|da|k|z)?sh|ssh|exec)\b"),
        token: LazyRegex::proven(r"\$\$(?:[A-Za-z_][A-Za-z0-9_]*|\()"),
        resources: options.strings("resources")?,
        objects: options.strings("objects")?,
        files: options.strings("files")?,
        user_data: paths.iter().map(|path| path.split('.').map(String::from).collect()).collect(),
        encoders: options.strings("encoders")?,
        hooks: options.strings("hooks")?,
    }))
}

impl Check for DoubleDollar {
    fn interests(&self) -> Vec<Interest> {
        vec![
            Interest::Text(vec!["$$".to_owned()], None),
            Interest::blocks("resource"),
            Interest::Objects(self.objects.clone()),
        ]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::File(file) => self.count(file, out),
            Subject::Block(block) => self.judge_resource(context.repo, &block, out),
            Subject::Object(ObjectSite { block, value, .. }) => {
                let is_one = value
                    .at(&["kind"])
                    .and_then(Value::as_str)
                    .is_some_and(|kind| self.objects.iter().any(|it| *it == kind));
                let files = self.files.iter().filter_map(|key| value.at(&[key]));
                for files in files.filter(|_| is_one) {
                    self.judge_files(&block, block.header(), files, out);
                }
            }
            _ => {}
        }
    }
}

impl DoubleDollar {
    /// Every `$$NAME` in Terraform is a site, whoever reads it.
    fn count(&self, file: &SourceFile, out: &mut Findings) {
        let Some(document) = &file.hcl else { return };
        for expr in document.body.descendants() {
            let ExprKind::Template(template) = &expr.kind else { continue };
            for part in &template.parts {
                if let TemplatePart::Literal(literal) = part {
                    self.tokens(&literal.value).for_each(|_| out.site());
                }
            }
        }
    }

    fn judge_resource<'s>(&self, repo: &Repo<'s>, block: &BlockRef<'s>, out: &mut Findings) {
        let kind = block.block.label(0).unwrap_or_default();
        let body = &block.block.body;
        if self.resources.iter().any(|known| known == kind) {
            self.judge_resource_with_files(repo, block, out);
        }
        for path in &self.user_data {
            let Some((name, keys)) = path.split_first() else { continue };
            let written = body.attribute(name).and_then(|it| below(&it.value, keys));
            if let Some(expr) = written {
                self.judge_text(repo, block, expr, out);
            }
        }
        self.judge_hooks(repo, block, body, out);
        for provisioner in body.blocks_of("provisioner").filter(|it| runs_a_shell(it)) {
            for name in ["command", "inline"] {
                if let Some(attribute) = provisioner.body.attribute(name) {
                    self.judge_text(repo, block, &attribute.value, out);
                }
            }
        }
    }

    /// Judges the hooks in `body`, at any depth.
    fn judge_hooks<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        body: &'s Body,
        out: &mut Findings,
    ) {
        for inner in body.blocks() {
            if !self.hooks.iter().any(|hook| *hook == inner.kind.name) {
                self.judge_hooks(repo, block, &inner.body, out);
                continue;
            }
            let commands =
                inner.body.blocks_of("exec").filter_map(|it| it.body.attribute("command"));
            for command in commands.filter(|it| names_a_shell(&it.value)) {
                self.judge_text(repo, block, &command.value, out);
            }
        }
    }

    fn judge_resource_with_files<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        out: &mut Findings,
    ) {
        for name in &self.files {
            let (Some(path), Some(attribute)) =
                (AttributePath::parse(name), block.block.body.attribute(name))
            else {
                continue;
            };
            let place = block.file.span(attribute.value.range);
            for scope in repo.scopes(block) {
                if let Some(files) = repo.value_at(block, &path, &scope) {
                    self.judge_files(block, place, &files, out);
                }
            }
        }
    }

    /// Judges the scripts among `files`.
    fn judge_files(&self, block: &BlockRef<'_>, place: Span, files: &Value, out: &mut Findings) {
        for option in files.possibilities() {
            let Data::Map(files) = &option.data else { continue };
            for file in &files.entries {
                for text in texts(&file.value).filter(|text| is_script(&file.key, text)) {
                    self.report(block, place, text, out);
                }
            }
        }
    }

    fn judge_text<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        expr: &'s Expr,
        out: &mut Findings,
    ) {
        let expr = ExprRef { file: block.file, expr };
        let plain = self.before_encoding(repo, expr);
        let value = repo.eval_everywhere(plain, &repo.scopes(block));
        for option in value.possibilities().iter().flat_map(elements) {
            for text in texts(option) {
                self.report(block, expr.span(), text, out);
            }
        }
    }

    /// What an encoder is given in `expr`, or in the local that `expr` names; without one, `expr`.
    fn before_encoding<'s>(&self, repo: &Repo<'s>, expr: ExprRef<'s>) -> ExprRef<'s> {
        followed(expr, |at| match &at.expr.unparenthesised().kind {
            ExprKind::Call(call) if self.encoders.iter().any(|it| *it == call.name.name) => {
                call.args.first().map(|expr| ExprRef { expr, ..at })
            }
            ExprKind::Template(template) => match template.parts.as_slice() {
                [TemplatePart::Interpolation(only)] => Some(ExprRef { expr: &only.expr, ..at }),
                _ => None,
            },
            _ => local_named(repo, at),
        })
    }

    fn report(&self, block: &BlockRef<'_>, place: Span, text: &Text, out: &mut Findings) {
        let pieces = || {
            let known = text.pieces.iter().map(|piece| (piece, piece.text.as_deref()));
            known.filter_map(|(piece, known)| Some((piece, known.ok()?)))
        };
        let quoted = LazyCell::new(|| {
            let whole: String = pieces().map(|(_, known)| known).collect();
            self.handed_on(&whole)
        });
        let mut start = 0;
        for (piece, known) in pieces() {
            for token in self.tokens(known) {
                let at = start + token.start as usize;
                if !is_comment(known, token) && !quoted.iter().any(|range| range.contains(&at)) {
                    out.report(finding(block, place, piece, token, &known[token.indices()]));
                }
            }
            start += known.len();
        }
    }

    /// The here-documents in `text` that the shell hands on as they are, and not to another shell.
    fn handed_on(&self, text: &str) -> Vec<Range<usize>> {
        let ends = |line: &str, end: &str| {
            line.trim_end_matches(['\r', '\n']).trim_start_matches([' ', '\t']) == end
        };
        let mut found = Vec::new();
        let mut open: Option<(&str, bool, usize)> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            match open {
                Some((end, is_read, from)) if ends(line, end) => {
                    found.extend((!is_read).then_some(from..start));
                    open = None;
                }
                Some(_) => {}
                None => {
                    open = self.quoted.captures(line).map(|it| {
                        let word = it.groups().next();
                        let is_read = self.shell.is_match(line);
                        (word.map_or("", |it| it.as_str()), is_read, start + line.len())
                    });
                }
            }
            start += line.len();
        }
        found.extend(open.filter(|(_, is_read, _)| !is_read).map(|(_, _, from)| from..start));
        found
    }

    fn tokens<'t>(&self, text: &'t str) -> impl Iterator<Item = TextRange> + use<'_, 't> {
        // After a backslash the first `$` is text, and with `$$$NAME` the shell is meant to see its process id.
        let is_meant = |at: usize| text[..at].ends_with(['\\', '$']);
        let found = self.token.captures_iter(text).map(|found| found.whole());
        let meant = found.filter(move |token| !is_meant(token.start()));
        meant.map(|token| TextRange::new(token.start(), token.end()))
    }
}

fn finding(
    block: &BlockRef<'_>,
    place: Span,
    piece: &Piece,
    token: TextRange,
    found: &str,
) -> Finding {
    let range = if piece.is_verbatim() {
        piece.span.range.slice(token.start as usize, token.len())
    } else {
        piece.span.range
    };
    let written = Span { file: piece.span.file, range };
    let is_here = written.file == block.file.id;
    let finding = Finding::new("literal", if is_here { written } else { place })
        .arg("found", found)
        .arg("wanted", &found[1..]);
    if !is_here {
        return finding.related(written, "it is written here");
    }
    let first = Span { range: written.range.slice(0, 1), ..written };
    let edit = piece.is_verbatim().then(|| vec![Edit { span: first, text: String::new() }]);
    finding.fix(Applicability::Unsafe, "write one `$`", edit)
}

/// What `keys` lead to in the object that `expr` writes, also where it is an argument of `merge`.
fn below<'s>(expr: &'s Expr, keys: &[String]) -> Option<&'s Expr> {
    let Some((key, rest)) = keys.split_first() else { return Some(expr) };
    match &expr.unparenthesised().kind {
        ExprKind::Object(entries) => {
            let has_key = |it: &&ObjectEntry| it.literal_key().is_some_and(|it| it == *key);
            below(&entries.iter().rfind(has_key)?.value, rest)
        }
        // What comes later wins.
        ExprKind::Call(call) if call.name.name == "merge" => {
            call.args.iter().rev().find_map(|it| below(it, keys))
        }
        _ => None,
    }
}

fn runs_a_shell(provisioner: &Block) -> bool {
    let interpreter = provisioner.body.attribute("interpreter");
    let first = interpreter.map(|interpreter| match &interpreter.value.kind {
        ExprKind::Tuple(items) => items.first().and_then(Expr::as_literal),
        _ => None,
    });
    match first {
        None => true,
        Some(program) => program.is_some_and(|program| program.ends_with("sh")),
    }
}

/// Whether the first word of a command is a shell.
fn names_a_shell(command: &Expr) -> bool {
    let ExprKind::Tuple(words) = &command.unparenthesised().kind else { return false };
    words.first().and_then(Expr::as_literal).is_some_and(|program| program.ends_with("sh"))
}

/// Whether the file is a shell script: by its name, or by its first line.
fn is_script(name: &str, text: &Text) -> bool {
    let start = text.known_prefix();
    let first = start.lines().next().unwrap_or_default();
    matches!(name.rsplit_once('.'), Some((_, "sh" | "bash")))
        || (first.starts_with("#!") && first.trim_end().ends_with("sh"))
}

/// Whether the token stands in a line that is a comment.
fn is_comment(text: &str, token: TextRange) -> bool {
    let before = &text[..token.start as usize];
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    line.trim_start().starts_with('#')
}

/// The elements of a list; the value itself where it is none.
fn elements(value: &Value) -> &[Value] {
    match value.data {
        Data::List(_) => value.items(),
        _ => std::slice::from_ref(value),
    }
}

/// The strings that a value may be.
fn texts(value: &Value) -> impl Iterator<Item = &Text> {
    value.possibilities().iter().filter_map(|option| match &option.data {
        Data::Text(text) => Some(&**text),
        _ => None,
    })
}
