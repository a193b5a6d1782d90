//! The truth table: base, live and want of one value, and which of the plan's two lists it is in.

use serde_json::json;

use super::rows::{self, Row};
use super::stage::Stack;

const KIND: &str = "kubernetes_config_map";
const ID: &str = "shop/settings";
const IGNORED: &str = "  lifecycle {\n    ignore_changes = [data]\n  }\n";
const SERVICE: &str = "\
resource \"kubernetes_service\" \"web\" {
  metadata {
    name      = \"web\"
    namespace = \"shop\"
  }
  spec {
    selector = { app = \"web\" }
    port { port = 80 }
  }
}
";
const SECRET: &str = "\
resource \"kubernetes_secret\" \"key\" {
  metadata {
    name      = \"key\"
    namespace = \"shop\"
  }
  data = { password = \"canary-base\" }
}
";

const FORGET: &str = "\
removed {
  from = kubernetes_config_map.settings
  lifecycle {
    destroy = false
  }
}
";

/// A config map with one key, and what else its block says.
fn settings(mode: &str, rest: &str) -> String {
    format!(
        "resource \"kubernetes_config_map\" \"settings\" {{
  metadata {{
    name      = \"settings\"
    namespace = \"shop\"
  }}
  data = {{ mode = \"{mode}\" }}
{rest}}}
"
    )
}

/// Two containers whose images are left to somebody else, and an annotation that is not.
fn pair(note: &str) -> String {
    format!(
        "resource \"kubernetes_deployment\" \"blog\" {{
  metadata {{
    name        = \"blog\"
    namespace   = \"blog\"
    annotations = {{ note = \"{note}\" }}
  }}
  spec {{
    template {{
      spec {{
        container {{
          name  = \"blog\"
          image = \"ghcr.io/shop/blog:2.1.0\"
        }}
        container {{
          name  = \"search\"
          image = \"ghcr.io/shop/search:0.9.1\"
        }}
      }}
    }}
  }}
  lifecycle {{
    ignore_changes = [
      spec[0].template[0].spec[0].container[0].image,
      spec[0].template[0].spec[0].container[1].image,
    ]
  }}
}}
"
    )
}

fn set_mode(stack: &Stack, mode: &str) {
    stack.world().set(KIND, ID, "/data/mode", json!(mode));
}

fn swap_images(stack: &Stack) {
    stack.world().edit("kubernetes_deployment", "blog/blog", |object| {
        let containers = &mut object["spec"][0]["template"][0]["spec"][0]["container"];
        containers[0]["image"] = json!("ghcr.io/shop/search:0.9.1");
        containers[1]["image"] = json!("ghcr.io/shop/blog:2.1.0");
    });
}

const ROWS: &[Row] = &[
    Row {
        name: "out-of-band",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            set_mode(stack, "fast");
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "drift update kubernetes_config_map.settings",
            "  data.mode: \"slow\" -> \"fast\"",
            "change update kubernetes_config_map.settings",
            "  data.mode: \"fast\" -> \"slow\"",
        ],
    },
    Row {
        name: "masked-ignored",
        make: |stack| {
            stack.apply(&settings("slow", IGNORED));
            set_mode(stack, "fast");
            let planned = stack.plan(&[]);
            assert!(planned.text.contains("No changes."), "{}", planned.text);
            assert!(!planned.text.contains("settings will"), "{}", planned.text);
            planned
        },
        exit: 0,
        says: &["drift update kubernetes_config_map.settings", "  data.mode: \"slow\" -> \"fast\""],
    },
    Row {
        name: "masked-computed",
        make: |stack| {
            stack.apply(SERVICE);
            stack.world().set("kubernetes_service", "shop/web", "/spec/0/type", json!("NodePort"));
            stack.plan(&[])
        },
        exit: 0,
        says: &[
            "drift update kubernetes_service.web",
            "  spec[0].type: \"ClusterIP\" -> \"NodePort\"",
        ],
    },
    Row {
        name: "masked-caught-up",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            set_mode(stack, "fast");
            stack.write("main.tf", &settings("fast", ""));
            stack.plan(&[])
        },
        exit: 0,
        says: &["drift update kubernetes_config_map.settings", "  data.mode: \"slow\" -> \"fast\""],
    },
    Row {
        name: "conflict",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            set_mode(stack, "fast");
            stack.write("main.tf", &settings("steady", ""));
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "drift update kubernetes_config_map.settings",
            "  data.mode: \"slow\" -> \"fast\"",
            "change update kubernetes_config_map.settings",
            "  data.mode: \"fast\" -> \"steady\"",
        ],
    },
    Row {
        name: "unapplied",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.write("main.tf", &settings("fast", ""));
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "change update kubernetes_config_map.settings",
            "  data.mode: \"slow\" -> \"fast\"",
        ],
    },
    Row {
        name: "deleted-outside",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.world().remove(KIND, ID);
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "drift delete kubernetes_config_map.settings",
            "change create kubernetes_config_map.settings",
        ],
    },
    Row {
        name: "deleted-and-undeclared",
        make: |stack| {
            stack.apply(&(settings("slow", "") + SERVICE));
            stack.world().remove(KIND, ID);
            stack.write("main.tf", SERVICE);
            stack.plan(&[])
        },
        exit: 0,
        says: &["drift delete kubernetes_config_map.settings"],
    },
    // Where nothing of the provider is left in the code, Terraform does not even say that.
    Row {
        name: "deleted-and-nothing-left",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.world().remove(KIND, ID);
            stack.write("main.tf", "");
            stack.plan(&[])
        },
        exit: 0,
        says: &[],
    },
    // What is to be forgotten is not read before.
    Row {
        name: "deleted-and-forgotten",
        make: |stack| {
            stack.apply(&(settings("slow", "") + SERVICE));
            stack.world().remove(KIND, ID);
            stack.write("main.tf", &(FORGET.to_owned() + SERVICE));
            stack.plan(&[])
        },
        exit: 2,
        says: &["change forget kubernetes_config_map.settings (delete_because_no_resource_config)"],
    },
    // Both in one object: another key of the map was added by hand, and the code moved on.
    Row {
        name: "two-values-of-one-map",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.world().set(KIND, ID, "/data/added", json!("by hand"));
            stack.write("main.tf", &settings("fast", ""));
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "drift update kubernetes_config_map.settings",
            "  data.added: null -> \"by hand\"",
            "change update kubernetes_config_map.settings",
            "  data.added: \"by hand\" -> null",
            "  data.mode: \"slow\" -> \"fast\"",
        ],
    },
    Row {
        name: "only-counters",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            let version = "/metadata/0/resource_version";
            stack.world().set(KIND, ID, version, json!("41"));
            stack.plan(&[])
        },
        exit: 0,
        says: &["drift update kubernetes_config_map.settings"],
    },
    Row {
        name: "null-became-empty",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.world().set(KIND, ID, "/metadata/0/annotations", json!({}));
            stack.plan(&[])
        },
        exit: 0,
        says: &[
            "drift update kubernetes_config_map.settings",
            "  metadata[0].annotations: null -> {}",
        ],
    },
    Row {
        name: "kubernetes-own-annotation",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            stack.world().set(
                KIND,
                ID,
                "/metadata/0/annotations",
                json!({ "kubectl.kubernetes.io/restartedAt": "2026-11-26T00:00:00Z" }),
            );
            stack.plan(&[])
        },
        exit: 0,
        says: &[
            "drift update kubernetes_config_map.settings",
            "  metadata[0].annotations: null -> {}",
        ],
    },
    Row {
        name: "secret",
        make: |stack| {
            stack.apply(SECRET);
            let kind = "kubernetes_secret";
            stack.world().set(kind, "shop/key", "/data/password", json!("canary-live"));
            let planned = stack.plan(&[]);
            assert!(!planned.text.contains("canary"), "{}", planned.text);
            planned
        },
        exit: 2,
        says: &[
            "drift update kubernetes_secret.key",
            "  data.password: \"canary-base\" -> \"canary-live\"",
            "change update kubernetes_secret.key",
            "  data.password: \"canary-live\" -> \"canary-base\"",
        ],
    },
    Row {
        name: "refresh-only",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            set_mode(stack, "fast");
            stack.plan(&["-refresh-only"])
        },
        exit: 2,
        says: &["drift update kubernetes_config_map.settings", "  data.mode: \"slow\" -> \"fast\""],
    },
    Row {
        name: "refresh-only-counters",
        make: |stack| {
            stack.apply(&settings("slow", ""));
            let version = "/metadata/0/resource_version";
            stack.world().set(KIND, ID, version, json!("41"));
            stack.plan(&["-refresh-only"])
        },
        exit: 2,
        says: &["drift update kubernetes_config_map.settings"],
    },
    Row {
        name: "swap",
        make: |stack| {
            stack.apply(&pair("first"));
            swap_images(stack);
            stack.plan(&[])
        },
        exit: 0,
        says: &[
            "drift update kubernetes_deployment.blog",
            "  spec[0].template[0].spec[0].container[0].image: \"ghcr.io/shop/blog:2.1.0\" -> \"ghcr.io/shop/search:0.9.1\"",
            "  spec[0].template[0].spec[0].container[1].image: \"ghcr.io/shop/search:0.9.1\" -> \"ghcr.io/shop/blog:2.1.0\"",
        ],
    },
    // What was ignored is taken into the state by the next apply of anything else: the plan says no more.
    Row {
        name: "swap-absorbed",
        make: |stack| {
            stack.apply(&pair("first"));
            swap_images(stack);
            stack.apply(&pair("second"));
            stack.plan(&[])
        },
        exit: 0,
        says: &[],
    },
];

#[test]
fn live() {
    rows::live("truth", ROWS);
}

#[test]
fn recorded() {
    rows::recorded("truth", ROWS);
}
