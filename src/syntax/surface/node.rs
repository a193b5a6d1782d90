//! Images in a tree of YAML or JSON: which keys hold one, and in what role.
//!
//! Invariant: walks the nodes in place and knows keys of well-known formats only (pods, compose files, pipelines, Helm
//! values); the tree is no deeper than [`MAX_DEPTH`](crate::syntax::yaml::MAX_DEPTH), so the walk may recurse.

use smol_str::format_smolstr;

use super::builder::Builder;
use super::reference::{self, bare, shape};
use super::template::script_language;
use super::{ImageRef, ImageRole, command, commented, scan, shell};
use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use crate::syntax::{Format, json};
use crate::text::TextRange;

/// Keys whose scalars are scripts.
fn holds_scripts(key: &str) -> bool {
    let is_list_of_scripts = matches!(
        key,
        "commands"
            | "cmds"
            | "run"
            | "runcmd"
            | "bootcmd"
            | "script"
            | "before_script"
            | "after_script"
            | "preBuild"
            | "postBuild"
    );
    is_list_of_scripts || holds_command(key)
}

/// Keys whose list is one command, word by word.
fn holds_command(key: &str) -> bool {
    matches!(key, "command" | "args" | "entrypoint" | "cmd")
}

/// Keys of a build step that list what it pushes.
fn holds_targets(key: &str) -> bool {
    matches!(
        key,
        "tags"
            | "repo"
            | "images"
            | "destination"
            | "destinations"
            | "cache_repo"
            | "cache-from"
            | "cache-to"
    )
}

/// Keys under which a build step has its settings.
fn holds_settings(key: &str) -> bool {
    matches!(key, "with" | "settings" | "build")
}

/// Reads JSON. What is not quite JSON may be JSON with comments.
pub(super) fn scan_json(builder: &mut Builder<'_>, range: TextRange) {
    match json::parse(builder.slice(range)) {
        Ok(mut root) => {
            root.shift(range.start);
            walk_document(builder, &root);
        }
        Err(_) => commented::scan_slash(builder, range),
    }
}

/// Reports the images of one document.
pub(super) fn walk_document(builder: &mut Builder<'_>, root: &Node) {
    let is_pipeline =
        ["steps", "pipeline", "jobs", "stages"].iter().any(|key| root.get(key).is_some());
    let mut walk = Walk { is_pipeline, path: Vec::new() };
    walk.node(builder, root);
}

/// The role of the `image` of a mapping that stands at `path`: the keys above it, without list positions.
pub(super) fn role_at(path: &[&str], is_pipeline: bool) -> ImageRole {
    match path {
        [.., "containers" | "ephemeralContainers"] => ImageRole::PodContainer,
        [.., "initContainers"] => ImageRole::PodInitContainer,
        ["services", _] if !is_pipeline => ImageRole::ComposeService,
        _ if is_pipeline => ImageRole::PipelineStep,
        _ => ImageRole::HelmValues,
    }
}

struct Walk<'n> {
    is_pipeline: bool,
    path: Vec<&'n str>,
}

impl<'n> Walk<'n> {
    fn node(&mut self, builder: &mut Builder<'_>, node: &'n Node) {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                self.split_image(builder, node);
                let is_step = entries
                    .iter()
                    .any(|entry| matches!(entry.key.as_str(), Some("commands" | "settings")));
                for entry in entries {
                    self.entry(builder, entry, is_step);
                }
            }
            NodeKind::Sequence(items) => {
                for item in items {
                    self.node(builder, item);
                }
            }
            NodeKind::Scalar { value, .. } => {
                if value.starts_with("oci://") {
                    builder.image(node.range, ImageRole::HelmValues);
                }
            }
            NodeKind::Pieces(_) | NodeKind::Alias { .. } => {}
        }
    }

    fn entry(&mut self, builder: &mut Builder<'_>, entry: &'n Entry, is_step: bool) {
        let key = entry.key.as_str().unwrap_or_default();
        let value = &entry.value;
        let in_settings = self.path.last().is_some_and(|parent| holds_settings(parent));
        if holds_scripts(key) {
            scripts(builder, key, value);
        } else if let Some(role) = self.role(key, value, is_step) {
            builder.image(written_at(value), role);
        } else if matches!(&value.kind, NodeKind::Scalar { style, .. } if style.is_block()) {
            embedded(builder, entry);
        }
        if in_settings && holds_targets(key) {
            targets(builder, value);
        }
        self.path.push(key);
        self.node(builder, value);
        self.path.pop();
    }

    /// The role of the scalar `value` at `key`, where that is the place of an image.
    fn role(&self, key: &str, value: &Node, is_step: bool) -> Option<ImageRole> {
        let content = value.as_str().unwrap_or_default();
        match (&value.kind, key) {
            (NodeKind::Mapping(_) | NodeKind::Sequence(_), _) => None,
            (_, "image") => Some(role_at(&self.path, self.is_pipeline || is_step)),
            (_, "container") if self.is_pipeline => Some(ImageRole::PipelineStep),
            (_, "uses") if content.starts_with("docker://") => Some(ImageRole::PipelineStep),
            (_, "imageName" | "newName") => Some(ImageRole::HelmValues),
            _ if key.ends_with("Image") && reference::is_complete(content) => {
                Some(ImageRole::HelmValues)
            }
            _ => None,
        }
    }

    /// `registry`, `repository` and `tag` or `digest` under separate keys.
    fn split_image(&self, builder: &mut Builder<'_>, mapping: &Node) {
        let scalar = |key| mapping.get(key).and_then(|node| Some((node.as_str()?, node.range)));
        let under_image =
            self.path.last().is_some_and(|key| *key == "image" || key.ends_with("Image"));
        let tag = scalar("tag");
        let digest = scalar("digest").filter(|(digest, _)| !digest.is_empty());
        let name = scalar("repository").or_else(|| scalar("name").filter(|_| under_image));
        let Some((_, written)) = name else {
            return;
        };
        if !under_image && tag.is_none() && digest.is_none() {
            return;
        }
        let range = bare(builder.text, written);
        let repository = builder.slice(range);
        let Some(form) = shape(repository) else {
            return;
        };
        let registry = scalar("registry").filter(|(registry, _)| !registry.is_empty());
        let host = registry.map_or(String::new(), |(registry, _)| format!("{registry}/"));
        let tag = tag
            .filter(|(tag, _)| !tag.is_empty())
            .map_or(String::new(), |(tag, _)| format!(":{tag}"));
        let digest = digest.map_or(String::new(), |(digest, _)| format!("@{digest}"));
        let name = format_smolstr!("{host}{repository}{tag}{digest}");
        let has_hole = form.has_hole || shape(&name).is_some_and(|form| form.has_hole);
        builder.composed_image(ImageRef {
            range,
            registry: registry.map(|(_, range)| range),
            name,
            role: ImageRole::HelmValues,
            has_hole,
        });
    }
}

/// Where the value of `node` is written: of an alias, at the anchor.
fn written_at(node: &Node) -> TextRange {
    match node.kind {
        NodeKind::Alias { target: Some(target) } => target,
        _ => node.range,
    }
}

/// What a build step pushes: a scalar, one a line, separated by commas, or a list. A bare tag is not an image.
fn targets(builder: &mut Builder<'_>, value: &Node) {
    for item in value.items() {
        targets(builder, item);
    }
    if value.as_str().is_none() {
        return;
    }
    for line in value.lines(builder.text) {
        if builder.slice(line).starts_with('#') {
            builder.comment(line, 1, 0);
            continue;
        }
        if builder.slice(line).contains("type=") {
            command::option_references(builder, line, ImageRole::BuildTag);
            continue;
        }
        let mut at = 0;
        for piece in builder.slice(line).split_inclusive(',') {
            let written = piece.trim_end_matches(',');
            if written.contains('/') || written.contains('$') && written.contains(':') {
                builder.image(line.slice(at, written.len()), ImageRole::BuildTag);
            }
            at += piece.len();
        }
    }
}

/// Scripts: a scalar, a list of scripts, or one command as a list of words.
fn scripts(builder: &mut Builder<'_>, key: &str, value: &Node) {
    let items = value.items();
    let words: Vec<TextRange> =
        items.iter().filter(|item| item.as_str().is_some()).map(|item| item.range).collect();
    if !words.is_empty() {
        command::judge_list(builder, &words);
    }
    for (at, item) in items.iter().enumerate() {
        // Among the words of a command a script follows `-c`, or is all the arguments there are.
        let before = at.checked_sub(1).and_then(|before| items[before].as_str());
        let is_word =
            before.is_some_and(|before| !(before.starts_with('-') && before.ends_with('c')));
        let is_block = matches!(&item.kind, NodeKind::Scalar { style, .. } if style.is_block());
        if is_block || !is_word || !holds_command(key) {
            scripts(builder, key, item);
        }
    }
    if let NodeKind::Scalar { style, .. } = &value.kind {
        script(builder, value, *style);
    }
}

fn script(builder: &mut Builder<'_>, value: &Node, style: ScalarStyle) {
    let written = builder.slice(value.range);
    if !style.is_block() && !written.contains(char::is_whitespace) {
        return;
    }
    let start = value.range.start as usize;
    builder.embed(|builder| match (script_language(written), style) {
        (Some(format), _) if format != Format::Shell => scan(builder, format, value.range),
        (_, ScalarStyle::Folded | ScalarStyle::Plain) => shell::scan_folded(builder, value.range),
        // The lines of a script in double quotes end in an escape.
        (_, ScalarStyle::DoubleQuoted) => {
            let mut at = start;
            for line in written.split("\\n") {
                shell::scan(builder, TextRange::new(at, at + line.len()));
                at += line.len() + 2;
            }
        }
        _ => shell::scan(builder, value.range),
    });
}

/// A file in a block scalar, as a config map has it: read as what its key or its first line says.
fn embedded(builder: &mut Builder<'_>, Entry { key, value }: &Entry) {
    let name = key.as_str().unwrap_or_default();
    let language = script_language(builder.slice(value.range)).unwrap_or_else(|| Format::of(name));
    let range = value.range;
    builder.embed(|builder| match language {
        Format::Shell
        | Format::Dockerfile
        | Format::Nginx
        | Format::HashCommented
        | Format::SlashCommented
        | Format::DashCommented
        | Format::Markup
        | Format::Json => {
            scan(builder, language, range);
        }
        Format::Yaml => {
            let text = builder.text;
            let indent = text[..range.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
            scan(builder, language, TextRange::new(indent, range.end as usize));
        }
        _ => {
            builder.block_text(key.range, range);
            own_line_comments(builder, value);
        }
    });
}

/// In text of unknown language a line that begins with `#` is taken for a comment: rules then keep quiet about it.
fn own_line_comments(builder: &mut Builder<'_>, value: &Node) {
    for line in value.lines(builder.text) {
        if builder.slice(line).starts_with('#') {
            builder.comment(line, 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;

    #[test]
    fn json_holds_images_too() {
        check(
            Format::Json,
            r##"
{
  "spec": {"containers": [{"args": ["-x", "# no"], "é": 1, "image": "h.io/a:1"}]},
                                                                     ^^^^^^^^ PodContainer
  "image": {"repository": "h.io/b", "tag": "${T}"},
                           ^^^^^^ HelmValues?
  "run": "# a\ndocker push h.io/b:1\n",
          ^^^ comment
                           ^^^^^^^^ Command
  "image": "h.io/c:1",
            ^^^^^^^^ HelmValues
  "image": "https://h.io/c.png"
}
"##,
        );
        check(Format::Json, "{\n  // why\n  ^^^^^^ comment\n  \"image\": \"h.io/a:1\",\n}\n");
    }

    #[test]
    fn anchors_are_where_an_image_is_written() {
        check(
            Format::Yaml,
            r"
x-app: &app h.io/a:1
            ^^^^^^^^ ComposeService
services:
  a:
    image: *app
",
        );
    }

    #[test]
    fn a_step_is_known_by_its_commands() {
        check(
            Format::Yaml,
            r"
- name: test
  image: h.io/a:1
         ^^^^^^^^ PipelineStep
  commands: [make test]
",
        );
    }
}
