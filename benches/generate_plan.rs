//! Writes plans of any size, as `terraform show -json` lays them out: deployments with two containers each.

use std::io::{self, Write};

/// What a plan is made of.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// How many deployments there are.
    pub(crate) instances: usize,
    /// Every how many-th of them was changed outside; none where it is 0.
    pub(crate) one_in: usize,
}

/// Writes a plan: about 10 KB for an instance.
pub(crate) fn plan(size: Size, out: &mut impl Write) -> io::Result<()> {
    write!(
        out,
        r#"{{"format_version":"1.2","terraform_version":"1.15.4","variables":{{"db_password":{{"value":"generated-s3cr3t"}}}},"planned_values":{{"root_module":{{"resources":["#
    )?;
    each(size.instances, out, |at, out| {
        write!(
            out,
            r#"{{{},"schema_version":1,"values":{},"sensitive_values":{}}}"#,
            head(at),
            values(at, "1.2.3"),
            MASK
        )
    })?;
    out.write_all(br#"]}},"resource_drift":["#)?;
    let is_changed = |at: usize| size.one_in > 0 && at.is_multiple_of(size.one_in);
    let changed: Vec<usize> = (0..size.instances).filter(|at| is_changed(*at)).collect();
    each(changed.len(), out, |index, out| {
        let at = changed[index];
        change(at, ("update", "1.2.3", "1.2.4"), out)
    })?;
    out.write_all(br#"],"resource_changes":["#)?;
    each(size.instances, out, |at, out| {
        let words =
            if is_changed(at) { ("update", "1.2.4", "1.2.3") } else { ("no-op", "1.2.3", "1.2.3") };
        change(at, words, out)
    })?;
    out.write_all(br#"],"prior_state":{"format_version":"1.0","terraform_version":"1.15.4","values":{"root_module":{"resources":["#)?;
    each(size.instances, out, |at, out| {
        let image = if is_changed(at) { "1.2.4" } else { "1.2.3" };
        write!(
            out,
            r#"{{{},"schema_version":1,"values":{},"sensitive_values":{}}}"#,
            head(at),
            values(at, image),
            MASK
        )
    })?;
    out.write_all(br#"]}}},"configuration":{"provider_config":{"kubernetes":{"name":"kubernetes"}},"root_module":{"resources":["#)?;
    each(size.instances, out, |at, out| {
        write!(
            out,
            r#"{{{},"provider_config_key":"kubernetes","expressions":{},"schema_version":1}}"#,
            head(at),
            expressions(at)
        )
    })?;
    out.write_all(br#"],"variables":{"db_password":{"sensitive":true}}}},"timestamp":"2026-11-26T00:00:00Z","applyable":true,"complete":true,"errored":false}"#)
}

fn each<W: Write>(
    count: usize,
    out: &mut W,
    mut f: impl FnMut(usize, &mut W) -> io::Result<()>,
) -> io::Result<()> {
    for at in 0..count {
        if at > 0 {
            out.write_all(b",")?;
        }
        f(at, out)?;
    }
    Ok(())
}

fn head(at: usize) -> String {
    format!(
        r#""address":"kubernetes_deployment_v1.app_{at}","mode":"managed","type":"kubernetes_deployment_v1","name":"app_{at}","provider_name":"registry.terraform.io/hashicorp/kubernetes""#
    )
}

const MASK: &str =
    r#"{"spec":[{"template":[{"spec":[{"container":[{"env":[{},{"value":true}]},{}]}]}]}]}"#;

fn change(
    at: usize,
    (action, before, after): (&str, &str, &str),
    out: &mut impl Write,
) -> io::Result<()> {
    write!(
        out,
        r#"{{{},"change":{{"actions":["{action}"],"before":{},"after":{},"after_unknown":{{}},"before_sensitive":{MASK},"after_sensitive":{MASK}}}}}"#,
        head(at),
        values(at, before),
        values(at, after)
    )
}

/// What the deployment is, with an image of `version`.
fn values(at: usize, version: &str) -> String {
    format!(
        r#"{{"id":"apps/app-{at}","metadata":[{{"annotations":{{"keel.sh/policy":"patch","reloader.stakater.com/auto":"true"}},"generate_name":"","generation":{},"labels":{{"app":"app-{at}","tier":"4-aux"}},"name":"app-{at}","namespace":"apps","resource_version":"{}","uid":"0b1e9cc1-7be3-4f0a-8f0c-{at:012}"}}],"spec":[{{"min_ready_seconds":0,"paused":false,"progress_deadline_seconds":600,"replicas":"1","revision_history_limit":10,"selector":[{{"match_expressions":[],"match_labels":{{"app":"app-{at}"}}}}],"strategy":[{{"rolling_update":[],"type":"Recreate"}}],"template":[{{"metadata":[{{"annotations":null,"generate_name":"","generation":0,"labels":{{"app":"app-{at}"}},"name":"","namespace":"","resource_version":"","uid":""}}],"spec":[{{"active_deadline_seconds":0,"affinity":[],"automount_service_account_token":true,"container":[{{"args":[],"command":[],"env":[{{"name":"TZ","value":"Europe/Sofia","value_from":[]}},{{"name":"DB_PASSWORD","value":"generated-s3cr3t","value_from":[]}}],"image":"ghcr.io/example/app-{at}:{version}","image_pull_policy":"IfNotPresent","lifecycle":[],"liveness_probe":[],"name":"app","port":[{{"container_port":8080,"host_ip":"","host_port":0,"name":"http","protocol":"TCP"}}],"resources":[{{"limits":{{"memory":"256Mi"}},"requests":{{"cpu":"10m","memory":"256Mi"}}}}],"security_context":[],"stdin":false,"volume_mount":[{{"mount_path":"/data","mount_propagation":"None","name":"data","read_only":false,"sub_path":""}}],"working_dir":""}},{{"args":["--listen=:9090"],"command":[],"env":[],"image":"ghcr.io/example/exporter:0.9.1","image_pull_policy":"IfNotPresent","name":"exporter","resources":[{{"limits":{{}},"requests":{{}}}}],"stdin":false,"working_dir":""}}],"dns_policy":"ClusterFirst","enable_service_links":true,"host_ipc":false,"host_network":false,"node_selector":null,"priority_class_name":"tier-4-aux","restart_policy":"Always","termination_grace_period_seconds":30,"toleration":[],"volume":[{{"name":"data","persistent_volume_claim":[{{"claim_name":"app-{at}","read_only":false}}]}}]}}]}}]}}],"timeouts":null,"wait_for_rollout":true}}"#,
        at % 90,
        at * 7919 + 1000,
    )
}

/// What the code says about it.
fn expressions(at: usize) -> String {
    format!(
        r#"{{"metadata":[{{"labels":{{"constant_value":{{"app":"app-{at}","tier":"4-aux"}}}},"name":{{"constant_value":"app-{at}"}},"namespace":{{"references":["kubernetes_namespace.apps.metadata[0].name","kubernetes_namespace.apps"]}}}}],"spec":[{{"replicas":{{"constant_value":1}},"selector":[{{"match_labels":{{"constant_value":{{"app":"app-{at}"}}}}}}],"strategy":[{{"type":{{"constant_value":"Recreate"}}}}],"template":[{{"metadata":[{{"labels":{{"constant_value":{{"app":"app-{at}"}}}}}}],"spec":[{{"container":[{{"env":[{{"name":{{"constant_value":"TZ"}},"value":{{"constant_value":"Europe/Sofia"}}}},{{"name":{{"constant_value":"DB_PASSWORD"}},"value":{{"references":["var.db_password"]}}}}],"image":{{"constant_value":"ghcr.io/example/app-{at}:1.2.3"}},"name":{{"constant_value":"app"}},"port":[{{"container_port":{{"constant_value":8080}},"name":{{"constant_value":"http"}}}}]}},{{"args":{{"constant_value":["--listen=:9090"]}},"image":{{"constant_value":"ghcr.io/example/exporter:0.9.1"}},"name":{{"constant_value":"exporter"}}}}]}}]}}]}}]}}"#
    )
}
