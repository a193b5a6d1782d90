//! How much of a path Terraform heeds in `ignore_changes`.
//!
//! Invariant: what comes out is a start of what went in, and never goes through something that the code does not declare:
//! Terraform accepts such a path and ignores nothing for it.

use super::path::{AttributePath, Segment};
use crate::syntax::hcl::Block;

/// The blocks of the Kubernetes provider that are sets, by the type of the resource without its version. What else is a set
/// there is an attribute.
const SETS: &[(&str, &str)] = &[
    ("kubernetes_default_service_account", "image_pull_secret"),
    ("kubernetes_default_service_account", "secret"),
    ("kubernetes_endpoints", "subset"),
    ("kubernetes_service_account", "image_pull_secret"),
    ("kubernetes_service_account", "secret"),
];

/// How much of a path is heeded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effective {
    /// The longest start that is.
    pub path: AttributePath,
    /// Whether that names more than one thing of which the path meant one: all blocks of a kind, all of a set or list.
    pub is_wider: bool,
    /// Whether the path means one element of a list that the code writes out. Terraform heeds that as long as the code and the
    /// state have the element; what is to be ignored anew had better name the list.
    pub is_element: bool,
    /// Whether the path leads into a set, which Terraform refuses.
    pub is_set: bool,
}

impl AttributePath {
    /// The longest start of this path that Terraform ignores something for in `block`, a resource. It ends at a block that
    /// is not declared, at a key of a map, at a list and at a set.
    #[must_use]
    pub fn effective_in(&self, block: &Block) -> Effective {
        let kind = block.label(0).unwrap_or_default();
        let mut body = &block.body;
        let mut parent = None;
        let mut at = 0;
        while let Some(Segment::Name(name)) = self.segments.get(at) {
            let next = self.segments.get(at + 1);
            if body.attribute(name).is_some() {
                return self.in_attribute(at);
            }
            let index = match next {
                None => break,
                Some(Segment::Index(index)) => Some(index),
                Some(Segment::Name(_) | Segment::Key(_)) => None,
            };
            let is_one = index.is_some()
                && (parent.is_none() && is_set_of_blocks(kind, name) || is_port(parent, name));
            if is_one {
                let whole = self.up_to(at, body.block(name).is_some());
                return Effective { is_set: true, ..whole };
            }
            let position = index.and_then(|index| index.parse().ok()).unwrap_or(0);
            let is_made = body.blocks_of("dynamic").any(|block| block.label(0) == Some(name));
            match body.blocks_of(name).nth(position) {
                Some(inner) => body = &inner.body,
                // How many blocks are made is not known here.
                None if is_made => break,
                // What the code does not give and has no position is a map.
                None if index.is_none() => return self.in_attribute(at),
                // Without its first block the code is not complete, and says nothing about what is ignored; an object of
                // Kubernetes has both of its own.
                None if at == 0 && (is_of_object(kind, name) || body.blocks().all(is_meta)) => {
                    break;
                }
                None => return self.up_to(at, body.block(name).is_some()),
            }
            parent = Some(name.as_str());
            at += if index.is_some() { 2 } else { 1 };
        }
        Effective { path: self.clone(), is_wider: false, is_element: false, is_set: false }
    }

    /// The path of the block around what this path names, as far as blocks are written out in `block`: it ends before one that
    /// `dynamic` makes, for how many that are may differ from call to call.
    #[must_use]
    pub fn written_parent(&self, block: &Block) -> AttributePath {
        let parent = self.parent();
        let mut body = &block.body;
        let mut at = 0;
        while let Some(Segment::Name(name)) = parent.segments.get(at) {
            if body.blocks_of("dynamic").any(|block| block.label(0) == Some(name)) {
                return AttributePath { segments: parent.segments[..at].to_vec() };
            }
            let index = match parent.segments.get(at + 1) {
                Some(Segment::Index(index)) => index.parse().ok(),
                _ => None,
            };
            let Some(inner) = body.blocks_of(name).nth(index.unwrap_or(0)) else { break };
            body = &inner.body;
            at += if index.is_some() { 2 } else { 1 };
        }
        parent
    }

    /// The same where the name at `at` is an attribute: a key of it, or all of it.
    fn in_attribute(&self, at: usize) -> Effective {
        match self.segments.get(at + 1) {
            Some(Segment::Index(_)) => Effective { is_element: true, ..self.up_to(at, true) },
            Some(Segment::Key(_)) => self.up_to(at + 1, self.segments.len() > at + 2),
            Some(Segment::Name(_)) | None => self.up_to(self.segments.len(), false),
        }
    }

    fn up_to(&self, last: usize, is_wider: bool) -> Effective {
        let segments: Vec<Segment> = self.segments.iter().take(last + 1).cloned().collect();
        Effective { path: AttributePath { segments }, is_wider, is_element: false, is_set: false }
    }
}

/// Whether the blocks `block` of a resource of the type `kind` are a set: Terraform refuses every path into one, and the order
/// in which plans list them is not that of the code.
pub fn is_set_of_blocks(kind: &str, block: &str) -> bool {
    let kind = kind.strip_suffix("_v1").unwrap_or(kind);
    SETS.contains(&(kind, block))
}

/// Whether it is a container's ports: a list in one provider, a set in others of its shape. The whole is heeded in both.
fn is_port(parent: Option<&str>, name: &str) -> bool {
    name == "port" && matches!(parent, Some("container" | "init_container"))
}

/// Whether every object of Kubernetes has such a block.
fn is_of_object(kind: &str, block: &str) -> bool {
    kind.starts_with("kubernetes_") && matches!(block, "metadata" | "spec")
}

/// Whether a block tells Terraform what to do, and is no part of the object.
fn is_meta(block: &Block) -> bool {
    matches!(block.kind.name.as_str(), "connection" | "lifecycle" | "provisioner" | "timeouts")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEPLOYMENT: &str = r#"resource "kubernetes_deployment_v1" "web" {
  metadata {
    name   = "web"
    labels = { app = "web" }
  }
  spec {
    template {
      spec {
        container {
          image   = "a:1"
          command = ["a", "b"]
          port {
            protocol = "TCP"
          }
        }
        dynamic "init_container" {
          for_each = var.inits
          content {
            image = init_container.value
          }
        }
      }
    }
  }
}
resource "kubernetes_service_account" "me" {
  secret {
    name = "s"
  }
}
resource "other" "none" {
  lifecycle {}
}
"#;

    fn effective(block: usize, path: &str) -> (String, bool) {
        let document = crate::syntax::hcl::parse(DEPLOYMENT);
        let block = document.body.blocks().nth(block).unwrap();
        let Effective { path, is_wider, .. } =
            AttributePath::parse(path).unwrap().effective_in(block);
        (path.to_string(), is_wider)
    }

    #[test]
    fn a_path_ends_where_terraform_would_not_heed_it() {
        let pod = |rest: &str| format!("spec[0].template[0].spec[0].{rest}");
        for (path, heeded, is_wider) in [
            (pod("dns_config"), pod("dns_config"), false),
            (pod("dns_config[0].option[0].value"), pod("dns_config"), false),
            (pod("container[0].image"), pod("container[0].image"), false),
            (pod("container[7].image"), pod("container"), true),
            (pod("container[0].command[1]"), pod("container[0].command"), true),
            (pod("container[0].port[0].protocol"), pod("container[0].port"), true),
            (pod("init_container[3].image"), pod("init_container[3].image"), false),
            (pod("node_selector[\"a/b\"]"), pod("node_selector[\"a/b\"]"), false),
        ] {
            assert_eq!(effective(0, &path), (heeded, is_wider), "{path}");
        }
        for (path, heeded) in [
            (
                "metadata[0].annotations[\"keel.sh/policy\"]",
                "metadata[0].annotations[\"keel.sh/policy\"]",
            ),
            ("metadata[0].labels[\"tier\"]", "metadata[0].labels[\"tier\"]"),
            ("spec[0].template[0].metadata[0].annotations[\"x\"]", "spec[0].template[0].metadata"),
            ("spec.0.template.0.metadata.0.annotations", "spec[0].template[0].metadata"),
            ("wait_for_rollout", "wait_for_rollout"),
            ("timeouts[0].create", "timeouts"),
        ] {
            assert_eq!(effective(0, path), (heeded.to_owned(), false), "{path}");
        }
    }

    #[test]
    fn a_set_is_ignored_as_a_whole() {
        assert_eq!(effective(1, "secret[0].name"), ("secret".to_owned(), true));
        assert_eq!(
            effective(1, "image_pull_secret[1].name"),
            ("image_pull_secret".to_owned(), false)
        );
        // There is no code to say what is declared.
        assert_eq!(effective(2, "spec[0].a[0].b"), ("spec[0].a[0].b".to_owned(), false));
    }
}
