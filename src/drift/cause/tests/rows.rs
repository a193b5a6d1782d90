//! The rows of the table: each with a change that it explains, one that its condition rules out, and one whose value is
//! another's.

use super::*;

/// A row: the mutator, the address, the field, the object, what was applied and what runs.
struct Row {
    actor: &'static str,
    stack: &'static str,
    address: &'static str,
    path: &'static str,
    object: Json,
    base: Json,
    live: Json,
    /// The same object where the condition does not hold: what is laid over it.
    excluded: Option<Json>,
    /// A live value that somebody else wrote.
    other: Option<Json>,
    confidence: Confidence,
}

const DEPLOYMENT: &str = "kubernetes_deployment.web";

fn row(actor: &'static str, address: &'static str, path: &'static str) -> Row {
    Row {
        actor,
        stack: "web",
        address,
        path,
        object: object("shop", json!({})),
        base: Json::Null,
        live: Json::Null,
        excluded: None,
        other: None,
        confidence: Confidence::Certain,
    }
}

impl Row {
    fn of(mut self, more: Json) -> Self {
        merge(&mut self.object, more);
        self
    }

    fn from(mut self, base: Json, live: Json) -> Self {
        (self.base, self.live) = (base, live);
        self
    }

    fn not(mut self, excluded: Json, other: Json) -> Self {
        self.excluded = (!excluded.is_null()).then_some(excluded);
        self.other = (!other.is_null()).then_some(other);
        self
    }

    fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    fn in_stack(mut self, stack: &'static str) -> Self {
        self.stack = stack;
        self
    }

    fn cause(&self, object: Json, live: Json) -> Cause {
        let values = [self.base.clone(), live, self.base.clone()];
        let attribute = differs(self.path, Class::OutOfBand, values);
        cause_in(self.stack, "", &change(self.address, attribute, object))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes reads best where it is passed"
)]
fn labels(labels: Json) -> Json {
    json!({"metadata": [{"labels": labels}]})
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes reads best where it is passed"
)]
fn annotations(annotations: Json) -> Json {
    json!({"metadata": [{"annotations": annotations}]})
}

fn namespace(name: &str) -> Json {
    json!({"metadata": [{"namespace": name}]})
}

fn named(name: &str) -> Json {
    json!({"metadata": [{"name": name}]})
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes reads best where it is passed"
)]
fn pod(containers: Json) -> Json {
    json!({"spec": [{"template": [{"spec": [{"container": containers}]}]}]})
}

fn ndots(value: &str) -> Json {
    json!([{"nameservers": [], "option": [{"name": "ndots", "value": value}], "searches": []}])
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn rows() -> Vec<Row> {
    let image = "spec[0].template[0].spec[0].container[0].image";
    let replicas = "spec[0].replicas";
    let enrolled = namespace("dbaas");
    vec![
        // 1, 2
        row("inject-ndots", DEPLOYMENT, "spec[0].template[0].spec[0].dns_config")
            .from(Json::Null, ndots("2"))
            .not(namespace("kube-system"), ndots("5")),
        row("inject-ndots", "kubernetes_cron_job_v1.web", "spec[0].job_template[0].spec[0].template[0].spec[0].dns_config")
            .from(json!([]), ndots("2"))
            .not(namespace("kube-system"), json!([{"nameservers": ["10.0.0.1"]}])),
        row("inject-ndots", "kubernetes_job.web", "spec[0].template[0].spec[0].dns_config")
            .from(Json::Null, ndots("2"))
            .not(namespace("kube-system"), ndots("1")),
        // 3
        row("sync-tier-label", DEPLOYMENT, "metadata[0].labels.tier")
            .from(Json::Null, json!("3-edge"))
            .not(namespace("kube-system"), json!("1-cluster")),
        // 4
        row("inject-keel-annotations", DEPLOYMENT, "metadata[0].annotations[\"keel.sh/pollSchedule\"]")
            .from(Json::Null, json!("@every 1h"))
            .not(enrolled.clone(), json!("@every 5m")),
        row("inject-keel-annotations", "kubernetes_stateful_set_v1.web", "metadata[0].annotations[\"keel.sh/policy\"]")
            .from(Json::Null, json!("patch"))
            .not(namespace("plain"), json!("major")),
        // 5
        row("strip-match-tag", DEPLOYMENT, "metadata[0].annotations[\"keel.sh/match-tag\"]")
            .from(json!("true"), Json::Null)
            .not(namespace("plain"), json!("false"))
        .likely(),
        // 6
        row("keel-never-when-another-owner", DEPLOYMENT, "metadata[0].annotations[\"keel.sh/policy\"]")
            .of(labels(json!({"app.kubernetes.io/managed-by": "Helm"})))
            .from(json!("minor"), json!("never"))
            .not(labels(json!({"app.kubernetes.io/managed-by": "people"})), json!("force")),
        // 7
        row("keel-image", DEPLOYMENT, image)
            .from(json!("docker.io/curlimages/curl:8.11.0"), json!("curlimages/curl:8.11.1"))
            .not(annotations(json!({"keel.sh/policy": "never"})), json!("curlimages/curl:8.10.0")),
        row("keel-image", "kubernetes_daemonset.web", "spec[0].template[0].spec[0].init_container[2].image")
            .from(json!("redis:7.4.0"), json!("redis:7.4.2"))
            .not(labels(json!({"app.kubernetes.io/managed-by": "Helm"})), json!("valkey:7.4.2")),
        // 8
        row("keel-update-time", DEPLOYMENT, "spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]")
            .from(Json::Null, json!("2026-05-17 01:00:00.1 +0000 UTC"))
            .not(namespace("plain"), json!("soon")),
        row("keel-change-cause", DEPLOYMENT, "metadata[0].annotations[\"kubernetes.io/change-cause\"]")
            .from(Json::Null, json!("keel automated update, version 1 -> 2"))
            .not(namespace("plain"), json!("because")),
        // 9
        row("deployment-controller", DEPLOYMENT, "metadata[0].annotations[\"deployment.kubernetes.io/revision\"]")
            .from(json!(null), json!("12"))
            .not(Json::Null, json!("twelve")),
        // 10
        row("deploy-pipeline", DEPLOYMENT, image)
            .from(json!("ghcr.io/viktorbarzin/web:0a1b2c3d"), json!("ghcr.io/viktorbarzin/web:9f8e7d6c"))
            .not(Json::Null, json!("ghcr.io/other/web:9f8e7d6c"))
            .likely(),
        row("deploy-pipeline-cause", DEPLOYMENT, "metadata[0].annotations[\"kubernetes.io/change-cause\"]")
            .from(Json::Null, json!("kubectl set image deployment/web"))
            .not(Json::Null, json!("kubectl apply"))
            .likely(),
        // 11
        row("set-image-pull-policy", DEPLOYMENT, "spec[0].template[0].spec[0].container[0].image_pull_policy")
            .of(pod(json!([{"image": "a/b:latest"}])))
            .from(json!("IfNotPresent"), json!("Always"))
            .not(pod(json!([{"image": "a/b:1.2"}])), json!("Never")),
        // 12
        row("metallb-pool", "kubernetes_service.web", "metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]")
            .of(json!({"spec": [{"type": "LoadBalancer"}]}))
            .from(Json::Null, json!("default"))
            .not(json!({"spec": [{"type": "ClusterIP"}]}), json!("a pool")),
        // 13
        row("pvc-autoresizer", "kubernetes_persistent_volume_claim.web", "spec[0].resources[0].requests.storage")
            .of(annotations(json!({"resize.topolvm.io/storage_limit": "20Gi"})))
            .from(json!("5Gi"), json!("8Gi"))
            .not(annotations(json!({"resize.topolvm.io/storage_limit": null})), json!("40Gi")),
        row("pvc-autoresizer", "kubernetes_persistent_volume_claim.web", "spec[0].resources[0].requests.storage")
            .of(annotations(json!({"resize.topolvm.io/storage_limit": "20Gi"})))
            .from(json!("5Gi"), json!("20Gi"))
            .not(Json::Null, json!("4Gi")),
        // 15
        row("reloader-stamp", DEPLOYMENT, "spec[0].template[0].metadata[0].annotations[\"reloader.stakater.com/last-reloaded-from\"]")
            .of(annotations(json!({"reloader.stakater.com/auto": "true"})))
            .from(Json::Null, json!("{\"type\":\"SECRET\",\"name\":\"a\"}"))
            .not(annotations(json!({"reloader.stakater.com/auto": null})), json!("by hand"))
            // Whether the code declares annotations is not known without it.
            .likely(),
        // 16
        row("sablier", DEPLOYMENT, replicas)
            .of(labels(json!({"sablier.enable": "true"})))
            .from(json!("2"), json!("0"))
            .not(labels(json!({"sablier.enable": "false"})), json!("5")),
        // 17
        row("own-scaler", DEPLOYMENT, replicas)
            .in_stack("tts")
            .of(named("chatterbox-tts"))
            .from(json!(0), json!(1))
            .not(labels(json!({"sablier.enable": "false"})), json!(3)),
        // 18
        row("parked-by-hand", DEPLOYMENT, replicas)
            .from(json!("3"), json!("0"))
            .not(labels(json!({"sablier.enable": "true"})), json!("1"))
            .likely(),
        row("kubectl-restart", DEPLOYMENT, "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]")
            .from(Json::Null, json!("2026-11-20T10:00:00Z"))
            .not(Json::Null, json!("yesterday"))
            .likely(),
        // 19
        row("clone-secret", "kubernetes_secret.web", "metadata[0].labels[\"generate.kyverno.io/policy-name\"]")
            .of(named("tls-secret"))
            .from(Json::Null, json!("sync-tls-secret"))
            .not(named("other"), Json::Null),
        // 20
        row("renew-tls", "module.tls_secret.kubernetes_secret.tls_secret", "data[\"tls.crt\"]")
            .from(json!("(old)"), json!("(new)"))
            .likely(),
        // 21
        row("tier-limits", "kubernetes_limit_range.web", "spec[0].limit[0].default.memory")
            .of(named("tier-defaults"))
            .from(json!("1Gi"), json!("2Gi"))
            .not(named("own"), Json::Null)
            .likely(),
        // 22
        row("inject-priority-class", "kubernetes_pod.web", "spec[0].priority_class_name")
            .from(Json::Null, json!("tier-3-edge"))
            .not(namespace("kube-system"), json!("system-node-critical")),
        row("strip-cpu-limits", "kubernetes_pod.web", "spec[0].container[0].resources[0].limits.cpu")
            .from(json!("1"), Json::Null)
            .not(namespace("kube-system"), json!("2")),
        row("wait-for-dependencies", "kubernetes_pod_v1.web", "spec[0].init_container")
            .of(annotations(json!({"dependency.kyverno.io/wait-for": "db:5432"})))
            .from(json!([]), json!([{"name": "wait-for-db", "image": "busybox:1.37"}]))
            .not(annotations(json!({"dependency.kyverno.io/wait-for": null})), json!([{"name": "mine"}])),
        row("crowdsec-agent-register", "kubernetes_pod.web", "spec[0].init_container[0].command")
            .of(labels(json!({"k8s-app": "crowdsec", "type": "agent"})))
            .from(json!(["sh"]), json!(["sh", "-c", "cscli lapi register"]))
            .not(labels(json!({"type": "lapi"})), json!(["sh", "-c", "true"])),
        // 23
        row("external-secrets-target", "kubernetes_secret.web", "metadata[0].annotations[\"reconcile.external-secrets.io/data-hash\"]")
            .of(labels(json!({"reconcile.external-secrets.io/managed": "true", "reconcile.external-secrets.io/created-by": "x"})))
            .from(Json::Null, json!("abc"))
            .not(labels(json!({"reconcile.external-secrets.io/managed": null})), Json::Null)
            .likely(),
        // 24
        row("external-secrets-defaults", "kubernetes_manifest.web", "object.spec.data[0].remoteRef.conversionStrategy")
            .of(json!({"manifest": {}, "object": {"kind": "ExternalSecret", "metadata": {"name": "x"}}}))
            .from(Json::Null, json!("Default"))
            .not(json!({"object": {"kind": "ConfigMap"}}), Json::Null)
            .likely(),
        // 25
        row("vault-rotation", "null_resource.user", "triggers.password_hash")
            .from(json!("0123456789abcdef0123456789abcdef"), json!("fedcba9876543210fedcba9876543210"))
            .not(Json::Null, json!("plain"))
            .likely(),
        // 26
        row("authentik-outposts", DEPLOYMENT, image)
            .of(labels(json!({"app.kubernetes.io/managed-by": "goauthentik.io"})))
            .from(json!("ghcr.io/goauthentik/proxy:2026.2.2"), json!("ghcr.io/goauthentik/proxy:2026.2.3"))
            .not(labels(json!({"app.kubernetes.io/managed-by": null, "x": "y"})), Json::Null)
            .likely(),
        // 28
        row("tigera-operator", "kubernetes_namespace.web", "metadata[0].labels[\"pod-security.kubernetes.io/enforce\"]")
            .of(named("calico-system"))
            .from(Json::Null, json!("privileged"))
            .not(named("shop"), json!("baseline")),
        // 30
        row("helm-release", "helm_release.web", "status")
            .from(json!("deployed"), json!("pending-upgrade"))
            .not(Json::Null, json!("unheard-of"))
            .likely(),
        // 33
        row("self-writing-apps", "kubernetes_config_map.web", "data.state")
            .in_stack("valia-sites")
            .from(Json::Null, json!("{}"))
            .likely(),
        // 37
        row("dns-sync", "cloudflare_record.web", "content")
            .of(json!({"allow_overwrite": true}))
            .from(json!("10.0.0.1"), json!("10.0.0.2"))
            .not(json!({"allow_overwrite": false}), Json::Null)
            .likely(),
    ]
}

#[test]
fn each_row_explains_what_its_mutator_writes() {
    for row in rows() {
        let cause = row.cause(row.object.clone(), row.live.clone());
        let told = format!("{} {}: {cause:#?}", row.actor, row.path);
        assert_eq!(cause.actor.as_deref(), Some(row.actor), "{told}");
        assert_eq!(cause.confidence, row.confidence, "{told}");
        assert!(!cause.evidence.is_empty() && !cause.summary.is_empty(), "{told}");
    }
}

#[test]
fn no_row_explains_what_its_condition_excludes() {
    let mut tried = 0;
    for row in rows() {
        let Some(over) = &row.excluded else { continue };
        let mut object = row.object.clone();
        merge(&mut object, over.clone());
        let cause = row.cause(object, row.live.clone());
        assert_ne!(
            cause.actor.as_deref(),
            Some(row.actor),
            "{} {}: {cause:#?}",
            row.actor,
            row.path
        );
        tried += 1;
    }
    assert!(tried > 20);
}

#[test]
fn no_row_explains_a_value_that_its_mutator_does_not_write() {
    let mut tried = 0;
    for row in rows() {
        let Some(other) = &row.other else { continue };
        let cause = row.cause(row.object.clone(), other.clone());
        let told = format!("{} {}: {cause:#?}", row.actor, row.path);
        assert_ne!(cause.actor.as_deref(), Some(row.actor), "{told}");
        if cause.actor.is_none() {
            let nearly =
                cause.evidence.iter().any(|it| it.contains(&format!("not `{}`", row.actor)));
            assert!(nearly && cause.summary == "unknown actor", "{told}");
        }
        tried += 1;
    }
    assert!(tried > 20);
}

#[test]
fn weak_rows_are_only_possible_and_retired_ones_are_none() {
    let template = row(
        "volume-claim-templates",
        "kubernetes_stateful_set.web",
        "spec[0].volume_claim_template[0].metadata[0].annotations.x",
    )
    .from(json!("1"), json!("2"));
    let cause = template.cause(template.object.clone(), template.live.clone());
    assert_eq!(cause.actor.as_deref(), Some("volume-claim-templates"));
    assert_eq!(cause.confidence, Confidence::Possible, "{cause:#?}");
    for (actor, address, path) in [
        ("authentik-ui", "authentik_group.web", "users"),
        ("proxmox-hotplug", "proxmox_vm_qemu.web", "disks[0].scsi[0].scsi7[0].disk[0].size"),
        ("oci-images", "oci_core_instance.web", "metadata.user_data"),
    ] {
        let row = row(actor, address, path).from(Json::Null, json!("x"));
        let cause = row.cause(json!({}), row.live.clone());
        assert_eq!(cause.actor.as_deref(), Some(actor), "{cause:#?}");
        assert_eq!(cause.confidence, Confidence::Possible, "{cause:#?}");
    }
    let retired = row(
        "goldilocks",
        "kubernetes_namespace.web",
        "metadata[0].labels[\"goldilocks.fairwinds.com/vpa-update-mode\"]",
    )
    .from(Json::Null, json!("off"));
    let cause = retired.cause(retired.object.clone(), retired.live.clone());
    assert_eq!(cause.actor, None, "{cause:#?}");
    assert!(cause.evidence.iter().any(|it| it.contains("since 2026-06-12")), "{cause:#?}");
}

#[test]
fn every_mutator_of_the_tables_has_a_row_here() {
    let tried: Vec<&str> = rows().iter().map(|row| row.actor).collect();
    let elsewhere = [
        "authentik-ui",
        "goldilocks",
        "oci-images",
        "perpetual-triggers",
        "proxmox-hotplug",
        "salted-hash",
        "volume-claim-templates",
    ];
    for mutator in &RULES.mutators {
        let name = mutator.name.as_str();
        assert!(tried.contains(&name) || elsewhere.contains(&name), "{name} is not tried");
    }
}
