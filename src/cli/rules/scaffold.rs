//! What `tautline rules new` writes: the texts of a pack and of its first rule, and nothing else.
//!
//! Invariant: the rule is valid and its cases hold as they are. In the texts, `{{id}}` stands for the rule's id.

/// `<pack>/pack.hcl`
pub(super) const PACK: &str = r#"summary = "what the rules of this pack are about, in one line"

# Where the pack is on: in a repo that has such a file. `contains = "…"` asks for a text in it too.
applies_when {
  file {
    path = "tautline.hcl"
  }
}
"#;

/// `<pack>/<rule>.hcl`
pub(super) const ENTRY: &str = r#"summary  = "image comes from a registry that we left"
severity = "error"

# A check that comes with tautline, and its options. The cases below say what is said about each of its outcomes.
check "image_registry" {
  registries = [
    { host = "registry.old.example", since = "2025-01-31", replacement = "registry.new.example" },
  ]
}

case "image" {
  message = "`{registry}` was switched off on {since}: this image cannot be pulled"
  help    = "use `{replacement}`"
}

case "document" {
  severity = "warning"
  message  = "`{registry}` was switched off on {since}: whoever follows this text fails"
  help     = "write `{replacement}`"
}
"#;

/// `<pack>/<rule>.md`
pub(super) const PAGE: &str = r#"# {{id}}

## What it does

Looks at the image of every container.

## Why

What goes wrong where the rule is broken. `tautline explain {{id}}` prints this page.

## Exceptions

What it leaves alone.

## Fix safety

There is no fix.

## Cases

### an image from the new registry

```hcl path=stacks/blog/main.tf
resource "kubernetes_pod" "blog" {
  spec {
    container {
      image = "registry.new.example/blog:1"
    }
  }
}
```

### an image from the old registry

```hcl path=stacks/blog/main.tf
resource "kubernetes_pod" "blog" {
  spec {
    container {
      image = "registry.old.example/blog:1"
               ^^^^^^^^^^^^^^^^^^^^ error: was switched off on 2025-01-31
    }
  }
}
```
"#;
