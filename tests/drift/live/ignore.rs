//! What `ignore_changes` accepts, and what it heeds: an entry that Terraform accepts and does not heed is worse than an error.

use serde_json::{Value as Json, json};

use super::rows::{self, Row};
use super::stage::{Planned, Stack};

const KIND: &str = "kubernetes_deployment";
const ID: &str = "shop/web";

/// A deployment without `dns_config`, annotations and metadata of its template.
fn web(entry: &str) -> String {
    format!(
        "resource \"kubernetes_deployment\" \"web\" {{
  metadata {{
    name      = \"web\"
    namespace = \"shop\"
  }}
  spec {{
    template {{
      spec {{
        container {{
          name  = \"web\"
          image = \"ghcr.io/shop/web:1.4.0\"
          port {{
            container_port = 8080
            protocol       = \"TCP\"
          }}
        }}
      }}
    }}
  }}
  lifecycle {{
    ignore_changes = {entry}
  }}
}}
"
    )
}

/// Applies with `entry`, lets somebody `edit` the object, and plans.
fn heeded(stack: &Stack, entry: &str, edit: fn(&mut Json)) -> Planned {
    stack.apply(&web(entry));
    stack.world().edit(KIND, ID, edit);
    stack.plan(&[])
}

/// Plans with `entry` alone.
fn refused(stack: &Stack, entry: &str) -> Planned {
    stack.write("main.tf", &web(entry));
    stack.stream(&[])
}

fn pod(object: &mut Json) -> &mut Json {
    &mut object["spec"][0]["template"][0]["spec"][0]
}

fn inject_dns(object: &mut Json) {
    pod(object)["dns_config"] =
        json!([{ "nameservers": [], "option": [{ "name": "ndots", "value": "2" }] }]);
}

fn annotate(object: &mut Json) {
    object["metadata"][0]["annotations"] = json!({ "keel.sh/policy": "patch" });
}

fn label(object: &mut Json) {
    object["metadata"][0]["labels"] = json!({ "tier": "apps" });
}

fn stamp_template(object: &mut Json) {
    object["spec"][0]["template"][0]["metadata"] =
        json!([{ "annotations": { "keel.sh/update-time": "2026-11-25" }, "labels": null }]);
}

fn change_port(object: &mut Json) {
    pod(object)["container"][0]["port"][0]["protocol"] = json!("UDP");
}

fn raise_image(object: &mut Json) {
    pod(object)["container"][0]["image"] = json!("ghcr.io/shop/web:1.4.1");
}

const DNS: &[&str] = &[
    "drift update kubernetes_deployment.web",
    "  spec[0].template[0].spec[0].dns_config: [] -> [{\"nameservers\":[],\"option\":[{\"name\":\"ndots\",\"value\":\"2\"}]}]",
];
const DNS_REVERTED: &[&str] = &[
    DNS[0],
    DNS[1],
    "change update kubernetes_deployment.web",
    "  spec[0].template[0].spec[0].dns_config: [{\"nameservers\":[],\"option\":[{\"name\":\"ndots\",\"value\":\"2\"}]}] -> []",
];
const IMAGE: &[&str] = &[
    "drift update kubernetes_deployment.web",
    "  spec[0].template[0].spec[0].container[0].image: \"ghcr.io/shop/web:1.4.0\" -> \"ghcr.io/shop/web:1.4.1\"",
];
const LABEL: &[&str] = &[
    "drift update kubernetes_deployment.web",
    "  metadata[0].labels: null -> {\"tier\":\"apps\"}",
];

const ROWS: &[Row] = &[
    Row {
        name: "absent-block",
        make: |stack| heeded(stack, "[spec[0].template[0].spec[0].dns_config]", inject_dns),
        exit: 0,
        says: DNS,
    },
    Row {
        name: "inside-absent-block",
        make: |stack| {
            heeded(stack, "[spec[0].template[0].spec[0].dns_config[0].option]", inject_dns)
        },
        exit: 2,
        says: DNS_REVERTED,
    },
    Row {
        name: "deep-inside-absent-block",
        make: |stack| {
            let entry = "[spec[0].template[0].spec[0].dns_config[0].option[0].value]";
            heeded(stack, entry, inject_dns)
        },
        exit: 2,
        says: DNS_REVERTED,
    },
    Row {
        name: "key-of-absent-map",
        make: |stack| heeded(stack, "[metadata[0].annotations[\"keel.sh/policy\"]]", annotate),
        exit: 0,
        says: &[
            "drift update kubernetes_deployment.web",
            "  metadata[0].annotations: null -> {\"keel.sh/policy\":\"patch\"}",
        ],
    },
    Row {
        name: "key",
        make: |stack| heeded(stack, "[metadata[0].labels[\"tier\"]]", label),
        exit: 0,
        says: LABEL,
    },
    Row {
        name: "dot-into-map",
        make: |stack| heeded(stack, "[metadata[0].labels.tier]", label),
        exit: 2,
        says: &[
            LABEL[0],
            LABEL[1],
            "change update kubernetes_deployment.web",
            "  metadata[0].labels: {\"tier\":\"apps\"} -> null",
        ],
    },
    Row {
        name: "inside-absent-metadata",
        make: |stack| {
            let entry = "[spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]]";
            heeded(stack, entry, stamp_template)
        },
        exit: 2,
        says: &[
            "drift update kubernetes_deployment.web",
            "  spec[0].template[0].metadata: [] -> [{\"annotations\":{\"keel.sh/update-time\":\"2026-11-25\"},\"labels\":null}]",
            "change update kubernetes_deployment.web",
            "  spec[0].template[0].metadata: [{\"annotations\":{\"keel.sh/update-time\":\"2026-11-25\"},\"labels\":null}] -> []",
        ],
    },
    Row {
        name: "absent-metadata",
        make: |stack| heeded(stack, "[spec[0].template[0].metadata]", stamp_template),
        exit: 0,
        says: &[
            "drift update kubernetes_deployment.web",
            "  spec[0].template[0].metadata: [] -> [{\"annotations\":{\"keel.sh/update-time\":\"2026-11-25\"},\"labels\":null}]",
        ],
    },
    Row {
        name: "whole-set",
        make: |stack| heeded(stack, "[spec[0].template[0].spec[0].container[0].port]", change_port),
        exit: 0,
        says: &[
            "drift update kubernetes_deployment.web",
            "  spec[0].template[0].spec[0].container[0].port[0].protocol: \"TCP\" -> \"UDP\"",
        ],
    },
    Row {
        name: "inside-set",
        make: |stack| refused(stack, "[spec[0].template[0].spec[0].container[0].port[0].protocol]"),
        exit: 1,
        says: &["error Cannot index a set value at main.tf:21"],
    },
    Row {
        name: "splat",
        make: |stack| refused(stack, "[spec[0].template[0].spec[0].container[*].image]"),
        exit: 1,
        says: &["error Invalid expression at main.tf:21"],
    },
    Row {
        name: "legacy-index",
        make: |stack| heeded(stack, "[spec.0.template.0.spec.0.container.0.image]", raise_image),
        exit: 0,
        says: IMAGE,
    },
    Row {
        name: "legacy-quotes",
        make: |stack| heeded(stack, "[\"metadata[0].labels\"]", label),
        exit: 0,
        says: LABEL,
    },
    Row {
        name: "index-out-of-range",
        make: |stack| {
            heeded(stack, "[spec[0].template[0].spec[0].container[7].image]", raise_image)
        },
        exit: 2,
        says: &[
            IMAGE[0],
            IMAGE[1],
            "change update kubernetes_deployment.web",
            "  spec[0].template[0].spec[0].container[0].image: \"ghcr.io/shop/web:1.4.1\" -> \"ghcr.io/shop/web:1.4.0\"",
        ],
    },
    Row {
        name: "computed",
        make: |stack| heeded(stack, "[metadata[0].generation, id]", raise_image),
        exit: 2,
        says: &[
            IMAGE[0],
            IMAGE[1],
            "change update kubernetes_deployment.web",
            "  spec[0].template[0].spec[0].container[0].image: \"ghcr.io/shop/web:1.4.1\" -> \"ghcr.io/shop/web:1.4.0\"",
        ],
    },
    Row {
        name: "unknown-name",
        make: |stack| refused(stack, "[nosuch]"),
        exit: 1,
        says: &["error Unsupported attribute at main.tf:21"],
    },
    Row { name: "all", make: |stack| heeded(stack, "all", raise_image), exit: 0, says: IMAGE },
];

#[test]
fn live() {
    rows::live("ignore", ROWS);
}

#[test]
fn recorded() {
    rows::recorded("ignore", ROWS);
}
