//! What the content of a `dynamic` block refers to, Terraform looks up only where the block has an element: why
//! `terraform/undeclared-reference` warns there, and elsewhere says that Terraform refuses it.

use super::stage::{Stage, terraform};

const REFERENCES: [&str; 6] = [
    "local.nope",
    "each.value",
    "count.index",
    "nope",
    "module.nope.id",
    "data.kubernetes_config_map.nope.id",
];

#[test]
fn what_no_element_needs_is_not_looked_up() {
    if terraform("dynamic content").is_none() {
        return;
    }
    let stage = Stage::new();
    let stack = stage.stack("tunnel");
    for reference in REFERENCES {
        for (elements, is_taken) in
            [("[]", true), ("var.none == null ? [] : [1]", true), ("[1]", false)]
        {
            stack.write("main.tf", &config(elements, reference));
            let output = stack.terraform(&["validate", "-no-color"]);
            assert_eq!(output.status.success(), is_taken, "{reference} for {elements}: {output:?}");
        }
    }
}

fn config(elements: &str, reference: &str) -> String {
    format!(
        r#"
terraform {{
  required_providers {{
    cloudflare = {{ source = "cloudflare/cloudflare" }}
    kubernetes = {{ source = "hashicorp/kubernetes" }}
  }}
}}

variable "none" {{
  default = null
}}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "main" {{
  account_id = "a"
  tunnel_id  = "t"
  config {{
    dynamic "ingress_rule" {{
      for_each = {elements}
      content {{
        service = {reference}
      }}
    }}
  }}
}}
"#
    )
}
