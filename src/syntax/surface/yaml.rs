//! YAML: the comments between the scalars, and the images the tree holds.
//!
//! Invariant: of a template, the lines that only decide about others count as blank; what the parser still refuses (holes in
//! the lines, a fragment) is read line by line instead.

use std::borrow::Cow;

use super::builder::Builder;
use super::{lines, node};
use crate::syntax::language::{PartKind, parts};
use crate::syntax::yaml::{Node, NodeKind, parse};
use crate::text::TextRange;

/// Reads `range` as YAML.
pub(super) fn scan(builder: &mut Builder<'_>, range: TextRange) {
    let text = builder.slice(range);
    let Some(mut documents) = parse(text).ok().or_else(|| parse_template(text)) else {
        lines::scan(builder, range);
        return;
    };
    for document in &mut documents {
        document.shift(range.start);
    }
    comments(builder, &documents, range);
    for document in &documents {
        node::walk_document(builder, document);
    }
}

/// What `text` says without its lines of directives, where it is a template with no other holes in its tree. Everything keeps its place.
fn parse_template(text: &str) -> Option<Vec<Node>> {
    if !text.contains("{{") {
        return None;
    }
    let mut blank = Cow::Borrowed(text);
    for part in parts(text).into_iter().filter(|part| part.kind == PartKind::Line) {
        let lines = text[part.range.indices()].split_inclusive('\n').map(|line| {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |it| (it, "\n"));
            " ".repeat(line.len()) + end
        });
        blank.to_mut().replace_range(part.range.indices(), &lines.collect::<String>());
    }
    let documents = parse(&blank).ok()?;
    let is_filled = |node: &Node| text[node.range.indices()].starts_with("{{");
    (!documents.iter().any(|document| holds(document, &is_filled))).then_some(documents)
}

/// Whether `is_it` is so of a mapping in `node`, or of itself.
fn holds(node: &Node, is_it: &impl Fn(&Node) -> bool) -> bool {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            let inside = |node: &Node| holds(node, is_it);
            is_it(node) || entries.iter().any(|it| inside(&it.key) || inside(&it.value))
        }
        NodeKind::Sequence(items) => items.iter().any(|item| holds(item, is_it)),
        _ => false,
    }
}

/// Reports the `#` comments outside the scalars.
fn comments(builder: &mut Builder<'_>, documents: &[Node], range: TextRange) {
    let mut scalars = Vec::new();
    for document in documents {
        collect_scalars(document, &mut scalars);
    }
    let mut from = range.start as usize;
    for scalar in scalars {
        comments_between(builder, range, TextRange::new(from, scalar.start as usize));
        from = from.max(scalar.end as usize);
    }
    comments_between(builder, range, TextRange::new(from, range.end as usize));
}

fn collect_scalars(node: &Node, scalars: &mut Vec<TextRange>) {
    match &node.kind {
        NodeKind::Scalar { .. } => scalars.push(node.range),
        NodeKind::Sequence(items) => items.iter().for_each(|item| collect_scalars(item, scalars)),
        NodeKind::Mapping(entries) => {
            for entry in entries {
                collect_scalars(&entry.key, scalars);
                collect_scalars(&entry.value, scalars);
            }
        }
        NodeKind::Pieces(_) | NodeKind::Alias { .. } => {}
    }
}

/// Reports the comments in a gap between two scalars. The parser puts an empty scalar after its key's colon, so a gap may
/// begin anywhere but inside a scalar.
fn comments_between(builder: &mut Builder<'_>, whole: TextRange, gap: TextRange) {
    let bytes = builder.text.as_bytes();
    let (mut at, end) = (gap.start as usize, gap.end as usize);
    while let Some(found) = memchr::memchr(b'#', &bytes[at.min(end)..end]) {
        at += found;
        let starts = at == whole.start as usize
            || bytes[at - 1].is_ascii_whitespace()
            || bytes[..at].ends_with(b"\xef\xbb\xbf");
        if !starts {
            at += 1;
            continue;
        }
        let length = memchr::memchr(b'\n', &bytes[at..end]).unwrap_or(end - at);
        builder.comment(TextRange::new(at, at + length), 1, 0);
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;
    use crate::syntax::surface::{ImageRole, surface};

    #[test]
    fn pods() {
        check(
            Format::Yaml,
            r#"
# ż head
^^^^^^^^ comment
spec:
  é: 'a # no'
  initContainers:
    - image: h.io/init:1 # why
             ^^^^^^^^^^^ PodInitContainer
                         ^^^^^ comment
  containers:
  - name: x
    image: "h.io/main@sha256:0"
            ^^^^^^^^^^^^^^^^^^ PodContainer
    command: [docker, push, h.io/a:1]
                            ^^^^^^^^ Command
    args: ["--destination=h.io/b:1"]
                          ^^^^^^^^ Command
    icon: h.io/a.png
---
url: http://h.io/#x
image: ./logo.png
"#,
        );
    }

    #[test]
    fn compose_files() {
        check(
            Format::Yaml,
            r"
services:
  a:
    image: h.io/a:${TAG:-1}
           ^^^^^^^^^^^^^^^^ ComposeService?
    build:
      tags: [h.io/b:1, latest]
             ^^^^^^^^ BuildTag
",
        );
    }

    #[test]
    fn pipelines() {
        check(
            Format::Yaml,
            r##"
when:
  - event: push
steps:
  build:
    image: h.io/ci:1
           ^^^^^^^^^ PipelineStep
    commands:
      - |
        # żółw
        ^^^^^^ comment
        docker push h.io/a:1
                    ^^^^^^^^ Command
      - docker pull h.io/b:1 && echo "#"
                    ^^^^^^^^ Command
  publish:
    image: plugins/buildx
           ^^^^^^^^^^^^^^ PipelineStep
    settings:
      repo: h.io/c
            ^^^^^^ BuildTag
      tags: latest,v1
services:
  db:
    image: h.io/pg:1
           ^^^^^^^^^ PipelineStep
"##,
        );
        check(
            Format::Yaml,
            r"
jobs:
  b:
    container: h.io/node:1
               ^^^^^^^^^^^ PipelineStep
    steps:
      - uses: docker://h.io/x:1
                       ^^^^^^^^ PipelineStep
      - uses: docker/build-push-action@v6
        with:
          cache-from: type=registry,ref=h.io/cache:x
                                        ^^^^^^^^^^^^ BuildTag
          tags: |
            h.io/a:latest
            ^^^^^^^^^^^^^ BuildTag
            h.io/a:${{ github.sha }}
            ^^^^^^^^^^^^^^^^^^^^^^^^ BuildTag?
      - run: >-
          docker push
          h.io/z:1
          ^^^^^^^^ Command
",
        );
    }

    #[test]
    fn helm_values_are_put_together() {
        let text = "image:\n  registry: h.io\n  repository: team/app\n  tag: \"1.2\"\nchart:\n  repository: oci://h.io/charts\ngit:\n  repository: team/app\n";
        let surface = surface(Format::Yaml, text);
        let [image, chart] = &surface.images[..] else { panic!("{:?}", surface.images) };
        assert_eq!((image.name.as_str(), image.role), ("h.io/team/app:1.2", ImageRole::HelmValues));
        assert_eq!(&text[image.range.indices()], "team/app");
        assert_eq!(&text[image.registry.unwrap().indices()], "h.io");
        assert_eq!(&text[chart.range.indices()], "h.io/charts");
    }

    #[test]
    fn files_inside_a_config_map() {
        check(
            Format::Yaml,
            r"
data:
  run.sh: |
    # a
    ^^^ comment
    docker pull h.io/a:1
                ^^^^^^^^ Command
  values.yaml: |
    image: h.io/b:1 # b
           ^^^^^^^^ HelmValues
                    ^^^ comment
    list: []
  notes: |
    # c
    ^^^ comment
    docker pull h.io/a:1
",
        );
    }

    #[test]
    fn lines_of_directives_are_blank() {
        check(
            Format::Yaml,
            r#"
{{- if .Values.ż }}
image:
  registry: h.io
  repository: team/app
              ^^^^^^^^ HelmValues
  {{- range $i := (list 1
    2) }}
  tag: "1.2" # c
             ^^^ comment
  {{- end }}
other:
  {{ include "x" . }}
  image: h.io/a:1
         ^^^^^^^^ HelmValues
{{- end }}
"#,
        );
        check(
            Format::Yaml,
            r"
{{- if .Values.x }}
jobs:
  b:
    steps:
      - uses: docker/build-push-action@v6
        with:
          tags: |
            h.io/a:latest
            ^^^^^^^^^^^^^ BuildTag
{{- end }}
",
        );
    }

    #[test]
    fn templates_are_read_by_lines() {
        check(
            Format::Yaml,
            r"
{{- if .Values.x }}
spec:
  containers:
    - name: x # c
              ^^^ comment
      image: {{ .Values.image }}:{{ .Values.tag }}
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PodContainer?
      image: 'h.io/a:1' # d
              ^^^^^^^^ PodContainer
                        ^^^ comment
      note: '# no'
      url: http://x/#y
{{- end }}
",
        );
    }
}
