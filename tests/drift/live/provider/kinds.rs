//! The resource types that the provider serves: of each as many attributes as a test wants to see, in the shape that the
//! well-known providers give them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::schema::Kind::{Flag, List, Map, Number, Set, Text};
use super::schema::{
    Attribute, Block, Nested, block, computed, many, one, optional, required, set,
};

/// A resource type.
pub(crate) struct Type {
    pub(crate) block: Block,
    /// The id of a new object; `None`: the next number.
    pub(crate) id: fn(&Json) -> Option<String>,
}

/// The resource types of one provider.
pub(crate) struct Family {
    /// The provider's source address.
    pub(crate) source: &'static str,
    pub(crate) types: BTreeMap<&'static str, Type>,
}

/// Every provider.
pub(crate) fn families() -> [Family; 3] {
    [kubernetes(), null(), cloudflare()]
}

fn kubernetes() -> Family {
    let job_template = block(vec![], vec![template_metadata(), one("spec", job(false))]);
    let cron_job = block(vec![required("schedule", Text)], vec![one("job_template", job_template)]);
    let types = [
        ("kubernetes_namespace", object(vec![], vec![one("metadata", metadata())])),
        ("kubernetes_deployment", namespaced(vec![], vec![one("spec", workload())])),
        ("kubernetes_job", namespaced(vec![], vec![one("spec", job(true))])),
        ("kubernetes_cron_job_v1", namespaced(vec![], vec![one("spec", cron_job)])),
        ("kubernetes_service", namespaced(vec![], vec![one("spec", service())])),
        ("kubernetes_persistent_volume_claim", namespaced(vec![], vec![one("spec", claim())])),
        ("kubernetes_secret", namespaced(vec![optional("data", Map).sensitive()], vec![])),
        ("kubernetes_config_map", namespaced(vec![optional("data", Map)], vec![])),
    ];
    Family { source: "registry.terraform.io/hashicorp/kubernetes", types: types.into() }
}

fn null() -> Family {
    let attributes = vec![id(), optional("triggers", Map).fixed()];
    let resource = Type { block: block(attributes, vec![]), id: |_| None };
    let types = [("null_resource", resource)];
    Family { source: "registry.terraform.io/hashicorp/null", types: types.into() }
}

fn cloudflare() -> Family {
    let record = vec![
        id(),
        required("zone_id", Text).fixed(),
        required("name", Text).fixed(),
        required("type", Text).fixed(),
        required("content", Text),
        optional("proxied", Flag).or(json!(false)),
        optional("ttl", Number).or(json!(1)),
    ];
    let record = Type {
        block: block(record, vec![]),
        id: |value| Some(format!("{:016x}", number(value["name"].as_str()?))),
    };
    let rule = block(vec![optional("hostname", Text), required("service", Text)], vec![]);
    let config = block(vec![], vec![many("ingress_rule", rule)]);
    let tunnel =
        vec![id(), required("account_id", Text).fixed(), required("tunnel_id", Text).fixed()];
    let tunnel = Type {
        block: block(tunnel, vec![one("config", config)]),
        id: |value| Some(value["tunnel_id"].as_str()?.to_owned()),
    };
    let types = [
        ("cloudflare_record", record),
        ("cloudflare_zero_trust_tunnel_cloudflared_config", tunnel),
    ];
    Family { source: "registry.terraform.io/cloudflare/cloudflare", types: types.into() }
}

fn id() -> Attribute {
    computed("id", Text, Json::Null)
}

/// A Kubernetes object.
fn object(mut attributes: Vec<Attribute>, blocks: Vec<Nested>) -> Type {
    attributes.push(id());
    Type {
        block: block(attributes, blocks),
        id: |value| {
            let metadata = &value["metadata"][0];
            let name = metadata["name"].as_str()?;
            let namespace = metadata["namespace"].as_str().map(|name| format!("{name}/"));
            Some(namespace.unwrap_or_default() + name)
        },
    }
}

fn namespaced(attributes: Vec<Attribute>, mut blocks: Vec<Nested>) -> Type {
    let mut metadata = metadata();
    metadata.attributes.push(required("namespace", Text).fixed());
    blocks.push(one("metadata", metadata));
    object(attributes, blocks)
}

fn metadata() -> Block {
    let attributes = vec![
        required("name", Text).fixed(),
        optional("annotations", Map),
        optional("labels", Map),
        computed("generation", Number, json!(1)),
        computed("resource_version", Text, json!("1")),
        computed("uid", Text, Json::Null),
    ];
    block(attributes, vec![])
}

fn template_metadata() -> Nested {
    one("metadata", block(vec![optional("annotations", Map), optional("labels", Map)], vec![]))
}

fn workload() -> Block {
    let selector = block(vec![optional("match_labels", Map).fixed()], vec![]);
    block(
        vec![optional("replicas", Text).or(json!("1"))],
        vec![one("selector", selector), one("template", pod_template())],
    )
}

/// A job cannot change its template; what a cron job makes its jobs from can be changed.
fn job(is_fixed: bool) -> Block {
    let template = one("template", pod_template());
    let template = if is_fixed { template.fixed() } else { template };
    block(vec![optional("backoff_limit", Number).or(json!(6))], vec![template])
}

fn pod_template() -> Block {
    let named = || block(vec![required("name", Text), optional("value", Text)], vec![]);
    let port = block(vec![required("container_port", Number), optional("protocol", Text)], vec![]);
    let container = |blocks| {
        let attributes = vec![
            required("name", Text),
            required("image", Text),
            optional("image_pull_policy", Text).or(json!("IfNotPresent")),
            optional("args", List),
        ];
        block(attributes, blocks)
    };
    let dns = block(vec![optional("nameservers", List)], vec![many("option", named())]);
    let spec = vec![
        one("dns_config", dns),
        many("init_container", container(vec![many("env", named())])),
        many("container", container(vec![many("env", named()), set("port", port)])),
    ];
    block(vec![], vec![template_metadata(), one("spec", block(vec![], spec))])
}

fn service() -> Block {
    let port = block(vec![required("port", Number), optional("name", Text)], vec![]);
    block(
        vec![optional("type", Text).or(json!("ClusterIP")), optional("selector", Map)],
        vec![many("port", port)],
    )
}

fn claim() -> Block {
    let resources = block(vec![optional("requests", Map)], vec![]);
    block(
        vec![
            required("access_modes", Set).fixed(),
            optional("storage_class_name", Text).or(json!("local-path")).fixed(),
        ],
        vec![one("resources", resources)],
    )
}

/// A number that stands for `text`, the same in every run.
pub(crate) fn number(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
