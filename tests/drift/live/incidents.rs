//! Nights that really were, with other names: of each a small repo, what Terraform planned over it that night, and the verdict
//! that would have told the truth (`fixtures/drift/incidents/`).
//!
//! Invariant: what lies in `plans/` was planned by Terraform over the `repo/` beside it; `expected.md` is written by hand.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::golden;
use super::rows;
use super::stage::{self, Planned, Stack, Stage};

/// Where the incidents are, under the fixtures.
const INCIDENTS: &str = "incidents";

/// One incident: its directory, what happened, and in which order the stacks were planned.
struct Incident {
    name: &'static str,
    happens: fn(&Stage),
    stacks: &'static [&'static str],
}

const ALL: &[Incident] = &[
    Incident {
        name: "renewed-certificate",
        happens: renew_certificate,
        stacks: &[
            "atlas", "blog", "calendar", "drive", "forum", "garden", "ledger", "mail", "notes",
            "photos", "wiki",
        ],
    },
    // The order is the one of their dependencies, not of the alphabet.
    Incident {
        name: "dead-backend",
        happens: lose_backend,
        stacks: &["platform", "forum", "notes", "atlas", "wiki", "blog", "mail", "drive", "garden"],
    },
    Incident {
        name: "controllers",
        happens: let_controllers_work,
        stacks: &["api", "edge", "jobs", "media", "shop"],
    },
    Incident { name: "second-container", happens: raise_images, stacks: &["probe"] },
    Incident { name: "swapped-images", happens: swap_images, stacks: &["blog"] },
    Incident { name: "tunnel-fix", happens: fix_tunnel, stacks: &["tunnel"] },
    Incident { name: "standing-noise", happens: store_record, stacks: &["dns", "tracker"] },
];

fn apply(stage: &Stage, stacks: &[&str]) {
    rows::each(stacks, |name| stage.stack(&format!("stacks/{name}")).reapply());
}

/// A job renews the certificate and commits it; stacks are applied; the run of the night had cloned the repo before.
fn renew_certificate(stage: &Stage) {
    let files =
        ["certificates/fullchain.pem", "certificates/key.pem"].map(|it| stage.root().join(it));
    let older = files.each_ref().map(|it| fs::read_to_string(it).expect("it is in the repo"));
    for (file, text) in files.iter().zip(&older) {
        fs::write(file, text.replace("November", "February")).expect("the stage can be written");
    }
    apply(stage, ALL[0].stacks);
    for (file, text) in files.iter().zip(&older) {
        fs::write(file, text).expect("the stage can be written");
    }
    // And one thing that really is drift.
    let settings = "wiki/settings";
    stage.world.set("kubernetes_config_map", settings, "/data/uploads.enabled", json!("false"));
}

/// The server that holds the states goes away after the fourth stack.
fn lose_backend(stage: &Stage) {
    let (reached, lost) = ALL[1].stacks.split_at(4);
    for name in reached {
        let stack = stage.stack(&format!("stacks/{name}"));
        stack.write("backend_override.tf", "terraform {\n  backend \"local\" {}\n}\n");
    }
    apply(stage, reached);
    let forum = "forum/settings";
    stage.world.set("kubernetes_config_map", forum, "/data/log_level", json!("debug"));
    for name in lost {
        let run = stage.stack(&format!("stacks/{name}")).terraform(&["init", "-input=false"]);
        assert!(!run.status.success(), "it looks for the state");
    }
}

fn pod(object: &mut Json) -> &mut Json {
    &mut object["spec"][0]["template"][0]["spec"][0]
}

/// Everybody does what they do.
fn let_controllers_work(stage: &Stage) {
    const DEPLOYMENT: &str = "kubernetes_deployment";
    apply(stage, ALL[2].stacks);
    let world = &stage.world;
    let dns = json!([{ "nameservers": [], "option": [{ "name": "ndots", "value": "2" }] }]);
    world.edit(DEPLOYMENT, "shop/web", |web| {
        pod(web)["dns_config"] = dns.clone();
        pod(web)["container"][0]["image"] = json!("ghcr.io/homelab/web:1.4.2");
        web["metadata"][0]["labels"] = json!({ "tier": "3-edge" });
        web["metadata"][0]["annotations"] = json!({
            "keel.sh/policy": "patch",
            "keel.sh/trigger": "poll",
            "keel.sh/pollSchedule": "@every 1h",
            "deployment.kubernetes.io/revision": "2",
        });
    });
    world.edit("kubernetes_job", "jobs/migrate", |job| pod(job)["dns_config"] = dns.clone());
    world.edit("kubernetes_cron_job_v1", "jobs/prune", |job| {
        pod(&mut job["spec"][0]["job_template"][0])["dns_config"] = dns.clone();
    });
    world.edit("kubernetes_service", "edge/proxy", |service| {
        let annotations = &mut service["metadata"][0]["annotations"];
        annotations["metallb.io/ip-allocated-from-pool"] = json!("home");
    });
    let claim = "kubernetes_persistent_volume_claim";
    world.set(claim, "media/library", "/spec/0/resources/0/requests/storage", json!("30Gi"));
    world.set(DEPLOYMENT, "media/player", "/spec/0/replicas", json!("0"));
    world.edit(DEPLOYMENT, "api/api", |api| {
        pod(api)["container"][0]["image"] = json!("ghcr.io/viktorbarzin/api:9d04e7c6");
        let annotations = &mut api["spec"][0]["template"][0]["metadata"][0]["annotations"];
        annotations["reloader.stakater.com/last-reloaded-from"] =
            json!("{\"type\":\"SECRET\",\"name\":\"api-keys\",\"namespace\":\"api\"}");
    });
}

/// Keel raises both images; only one of them is left to it.
fn raise_images(stage: &Stage) {
    apply(stage, &["probe"]);
    stage.world.edit("kubernetes_deployment", "probe/probe", |probe| {
        pod(probe)["container"][0]["image"] = json!("ghcr.io/homelab/probe:3.2.1");
        pod(probe)["container"][1]["image"] = json!("docker.io/curlimages/curl:8.11.1");
    });
}

/// Each container runs the other's image, and both are ignored.
fn swap_images(stage: &Stage) {
    apply(stage, &["blog"]);
    stage.world.edit("kubernetes_deployment", "blog/blog", |blog| {
        pod(blog)["container"][0]["image"] = json!("ghcr.io/homelab/search:0.9.1");
        pod(blog)["container"][1]["image"] = json!("ghcr.io/homelab/blog:2.1.0");
    });
}

/// The proxy has moved, and somebody has told the tunnel by hand.
fn fix_tunnel(stage: &Stage) {
    apply(stage, &["tunnel"]);
    stage.world.edit("cloudflare_zero_trust_tunnel_cloudflared_config", "7a11", |tunnel| {
        for rule in 0..2 {
            tunnel["config"][0]["ingress_rule"][rule]["service"] =
                json!("https://proxy.edge.svc.cluster.local:443");
        }
    });
}

/// The DNS provider keeps a long text in pieces of at most 255 characters.
fn store_record(stage: &Stage) {
    apply(stage, ALL[6].stacks);
    let file = fs::read_to_string(stage.root().join("world.json")).expect("the world is a file");
    let world: Json = serde_json::from_str(&file).expect("the world is JSON");
    let records = world["objects"]["cloudflare_record"].as_object().expect("there is a record");
    let id = records.keys().next().expect("there is a record");
    stage.world.edit("cloudflare_record", id, |record| {
        let whole = record["content"].as_str().expect("it is a text").to_owned();
        let (first, second) = whole.split_at(255);
        record["content"] = format!("\"{first}\" \"{second}\"").into();
    });
}

/// What a stack's plan of that night came to, in the minute `minute`.
fn plan(stack: &Stack, minute: usize) -> (&'static str, String) {
    let Planned { plan, text, .. } = stack.stream(&[]);
    let root = stack.stage.root();
    let (kind, said) = match plan {
        Some(plan) => ("json", golden::stable(&plan, root)),
        None => ("jsonl", golden::stable_stream(&text, root)),
    };
    (kind, said.replace("2026-11-26T00:00:", &format!("2026-11-26T00:{minute:02}:")))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the stage can be written");
    for entry in fs::read_dir(from).expect("it is a directory") {
        let path = entry.expect("it can be listed").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the stage can be written");
        }
    }
}

#[test]
fn live() {
    let Some(version) = stage::terraform("incidents") else { return };
    for incident in ALL {
        let stage = Stage::new();
        let path = format!("{INCIDENTS}/{}", incident.name);
        copy(&golden::fixtures().join(&path).join("repo"), stage.root());
        (incident.happens)(&stage);
        let stacks: Vec<(usize, &str)> = incident.stacks.iter().copied().enumerate().collect();
        rows::each(&stacks, |&(minute, name)| {
            let (kind, said) = plan(&stage.stack(&format!("stacks/{name}")), minute);
            golden::hold(&format!("{path}/plans/{name}.{kind}"), &said, version);
        });
    }
}
