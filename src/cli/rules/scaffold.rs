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
pub(super) const ENTRY: &str = r#"summary  = "service is open on a port of every node"
severity = "error"

# What the rule is about: docs/rule-language.md has every kind of subject.
select "object" {
  kinds = ["Service"]
}

# What is asked of it. `forbid` is wrong where the test may hold, `require` where it may not.
forbid "open" {
  path   = "spec.type"
  equals = "NodePort"
}

# What is said about it.
case "open" {
  message = "service `{name}` is open on every node: nothing in front of it asks who you are"
  help    = "write `type = \"ClusterIP\"` and let an ingress lead to it"
}
"#;

/// `<pack>/<rule>.md`
pub(super) const PAGE: &str = r#"# {{id}}

## What it does

Looks at the type of every service.

## Why

What goes wrong where the rule is broken. `tautline explain {{id}}` prints this page.

## Exceptions

What it leaves alone.

## Fix safety

There is no fix.

## Cases

### a service inside the cluster

```hcl path=stacks/blog/main.tf
resource "kubernetes_service_v1" "blog" {
  spec {
    type = "ClusterIP"
  }
}
```

### a service on every node

```hcl path=stacks/blog/main.tf
resource "kubernetes_service_v1" "blog" {
  spec {
    type = "NodePort"
           ^^^^^^^^^^ error: service `blog` is open on every node
  }
}
```
"#;
