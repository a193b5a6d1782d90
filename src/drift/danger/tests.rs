//! Each special case in both directions, and what only looks like one.

use serde_json::json;

use super::*;
use crate::drift::address::Address;
use crate::drift::change::{AttributeChange, Class};

/// `spec[0].container[1].image`, `metadata[0].labels["a/b"]`
fn path(text: &str) -> Path {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (inside, after) = inside.split_once(']').unwrap();
            steps.push(match inside.parse() {
                Ok(index) => Step::Index(index),
                Err(_) => Step::Key(inside.trim_matches('"').into()),
            });
            rest = after;
        } else {
            let begin = rest.strip_prefix('.').unwrap_or(rest);
            let end = begin.find(['.', '[']).unwrap_or(begin.len());
            steps.push(Step::Name(begin[..end].into()));
            rest = &begin[end..];
        }
    }
    Path(steps)
}

fn shown(json: Json) -> Shown {
    if json.is_null() { Shown::Absent } else { Shown::Value(json) }
}

fn attribute(text: &str, class: Class, [base, live, want]: [Json; 3]) -> AttributeChange {
    AttributeChange {
        path: path(text),
        class,
        base: shown(base),
        live: shown(live),
        want: shown(want),
        forces_replacement: false,
        dangers: Vec::new(),
    }
}

fn change(address: &str, action: Action, attributes: Vec<AttributeChange>) -> Change {
    Change {
        address: Address::parse(address).unwrap(),
        deposed: None,
        action,
        reason: None,
        class: Class::Unapplied,
        previous: None,
        import_id: None,
        follows: None,
        attributes,
        dangers: Vec::new(),
        noise: 0,
        object: json!({}),
    }
}

/// A deployment whose containers run images by base, live and want.
fn deployment(action: Action, images: &[(&str, [&str; 3])]) -> Change {
    let attributes = images.iter().map(|(container, sides)| {
        let path = format!("spec[0].template[0].spec[0].{container}.image");
        // What an apply would not touch is masked.
        let class = if sides[1] == sides[2] { Class::Masked } else { Class::OutOfBand };
        attribute(&path, class, sides.map(|side| json!(side)))
    });
    let mut change = change("kubernetes_deployment.web", action, attributes.collect());
    let containers = json!([{ "name": "web" }, { "name": "sidecar" }, { "name": "other" }]);
    let pod = json!({ "container": containers, "init_container": [{ "name": "init" }] });
    change.object = json!({
        "metadata": [{ "name": "web", "namespace": "blog" }],
        "spec": [{ "template": [{ "spec": [pod] }] }],
    });
    change
}

fn risks(dangers: &[Danger]) -> Vec<Risk> {
    dangers.iter().map(|danger| danger.risk).collect()
}

fn judged(mut change: Change) -> Change {
    judge(&mut change);
    let once = change.clone();
    judge(&mut change);
    assert_eq!(change, once, "judging twice is judging once");
    change
}

/// The messages of one risk on the attributes, in order.
fn messages(change: &Change, risk: Risk) -> Vec<(usize, String)> {
    let all = change.attributes.iter().enumerate();
    all.flat_map(|(at, it)| it.dangers.iter().map(move |danger| (at, danger)))
        .filter(|(_, danger)| danger.risk == risk)
        .map(|(at, danger)| (at, danger.message.clone()))
        .collect()
}

#[test]
fn a_swap_that_is_ignored_is_seen() {
    let (blog, proxy) = ("ghcr.io/team/blog:1", "nginx:1.27");
    let change = judged(deployment(
        Action::NoOp,
        &[("container[0]", [blog, proxy, proxy]), ("container[1]", [proxy, blog, blog])],
    ));
    let text = "`web` and `sidecar` run each other's image; an apply leaves it so".to_owned();
    assert_eq!(messages(&change, Risk::ImageSwap), [(0, text.clone()), (1, text)]);
    assert!(messages(&change, Risk::Downgrade).is_empty());
}

#[test]
fn what_is_ignored_stays_as_it_is_whatever_else_is_written() {
    let (a, b) = ("a:1", "b:1");
    let text = "`web` and `sidecar` run each other's image; an apply leaves it so".to_owned();
    let masked = |sides: [[&str; 3]; 2]| {
        let [first, second] = sides;
        let mut change =
            deployment(Action::Update, &[("container[0]", first), ("container[1]", second)]);
        change.attributes.iter_mut().for_each(|it| it.class = Class::Masked);
        messages(&judged(change), Risk::ImageSwap)
    };
    // It was just swapped, or some time ago.
    let told = [(0, text.clone()), (1, text)];
    assert_eq!(masked([[a, b, a], [b, a, b]]), told);
    assert_eq!(masked([[b, b, a], [a, a, b]]), told);
    let mut absorbed =
        deployment(Action::NoOp, &[("container[0]", [b, b, a]), ("container[1]", [a, a, b])]);
    absorbed.attributes.iter_mut().for_each(|it| it.class = Class::Masked);
    assert_eq!(messages(&judged(absorbed), Risk::ImageSwap), told);
    let requests = "spec[0].resources[0].requests.storage";
    let sides = ["10Gi", "20Gi", "10Gi"].map(|side| json!(side));
    let grown = vec![attribute(requests, Class::Masked, sides)];
    let claim = change("kubernetes_persistent_volume_claim.data", Action::Update, grown);
    assert_eq!(messages(&judged(claim), Risk::StorageRefuses), []);
}

#[test]
fn a_swap_that_an_apply_undoes_is_told_once() {
    let (a, b) = ("a:1", "b:1");
    let change = judged(deployment(
        Action::Update,
        &[("container[0]", [a, b, a]), ("init_container[0]", [b, a, b])],
    ));
    let text = "`web` and `init` run each other's image; an apply puts that back".to_owned();
    assert_eq!(messages(&change, Risk::ImageSwap), [(0, text.clone()), (1, text)]);
}

#[test]
fn a_swap_that_an_apply_would_make_is_seen() {
    let (a, b) = ("a:1", "b:1");
    let images = [("container[0]", [a, a, b]), ("container[1]", [b, b, a])];
    let change = judged(deployment(Action::Update, &images));
    let text = "an apply would give `web` and `sidecar` each other's image".to_owned();
    assert_eq!(messages(&change, Risk::ImageSwap), [(0, text.clone()), (1, text)]);
    // Nothing is applied to what stays as it is.
    let change = judged(deployment(Action::NoOp, &images));
    assert!(messages(&change, Risk::ImageSwap).is_empty());
}

#[test]
fn three_may_go_round_and_tags_may_move_on_the_way() {
    let change = judged(deployment(
        Action::NoOp,
        &[
            ("container[0]", ["a:1", "b:2", "b:2"]),
            ("container[1]", ["b:1", "c:2", "c:2"]),
            ("container[2]", ["c:1", "docker.io/library/a:2", "a:2"]),
        ],
    ));
    let at: Vec<usize> = messages(&change, Risk::ImageSwap).iter().map(|it| it.0).collect();
    assert_eq!(at, [0, 1, 2]);
}

#[test]
fn what_merely_looks_like_a_swap_is_none() {
    let none = |images: &[(&str, [&str; 3])]| {
        let change = judged(deployment(Action::Update, images));
        assert_eq!(messages(&change, Risk::ImageSwap), [], "{images:?}");
    };
    // Both are rolled forward, one to what the other had.
    none(&[("container[0]", ["a:1", "a:2", "a:2"]), ("container[1]", ["a:2", "a:3", "a:3"])]);
    // The registry is written on one side only.
    none(&[
        ("container[0]", ["docker.io/a:1", "a:1", "a:1"]),
        ("container[1]", ["a:2", "docker.io/a:2", "a:2"]),
    ]);
    // One container alone.
    none(&[("container[0]", ["a:1", "b:1", "a:1"])]);
    // One takes the other's, which goes its own way.
    none(&[("container[0]", ["a:1", "b:1", "b:1"]), ("container[1]", ["b:1", "c:1", "c:1"])]);
    // Another field that is called image.
    none(&[("volume[0]", ["a:1", "b:1", "b:1"]), ("volume[1]", ["b:1", "a:1", "a:1"])]);
}

#[test]
fn containers_of_two_pods_swap_nothing() {
    let sides = |sides: [&str; 3]| sides.map(|side| json!(side));
    let change = judged(change(
        "kubernetes_manifest.two",
        Action::NoOp,
        vec![
            attribute("object.a.containers[0].image", Class::Masked, sides(["a:1", "b:1", "b:1"])),
            attribute("object.b.containers[0].image", Class::Masked, sides(["b:1", "a:1", "a:1"])),
        ],
    ));
    assert!(messages(&change, Risk::ImageSwap).is_empty());
}

#[test]
fn a_downgrade_is_one_by_apply_only() {
    let (old, new) = ("curlimages/curl:8.11.0", "docker.io/curlimages/curl:8.11.1");
    let change = judged(deployment(Action::Update, &[("container[1]", [old, new, old])]));
    let text = "an apply would put the older `curlimages/curl:8.11.0` in the place of \
                `docker.io/curlimages/curl:8.11.1` in container `sidecar`";
    assert_eq!(messages(&change, Risk::Downgrade), [(0, text.to_owned())]);
    for (action, sides) in [
        (Action::Update, [new, old, new]),
        (Action::NoOp, [old, new, old]),
        (Action::Update, ["a/x:2", "a/x:2", "b/x:1"]),
        (Action::Update, ["x:latest", "x:latest", "x:1"]),
        (Action::Update, ["x:2", "x:2", "x@sha256:00"]),
    ] {
        let change = judged(deployment(action, &[("container[0]", sides)]));
        assert_eq!(messages(&change, Risk::Downgrade), [], "{sides:?}");
    }
}

#[test]
fn charts_and_other_releases_are_downgraded_too() {
    let versions = |address: &str, name: &str, object: Json| {
        let sides = ["1.9.0", "1.10.0", "1.9.0"].map(|side| json!(side));
        let attributes = vec![attribute(name, Class::Unapplied, sides)];
        let mut change = change(address, Action::Update, attributes);
        change.object = object;
        messages(&judged(change), Risk::Downgrade).len()
    };
    let none = json!({});
    assert_eq!(versions("helm_release.a", "version", none.clone()), 1);
    assert_eq!(versions("aws_db_instance.a", "engine_version", none.clone()), 1);
    assert_eq!(versions("x_y.a", "minimum_tls_version", none.clone()), 0);
    assert_eq!(versions("x_y.a", "metadata[0].resource_version", none.clone()), 0);
    assert_eq!(versions("x_y.a", "metadata[0].labels.version", none.clone()), 0);
    assert_eq!(versions("x_y.a", "conversion", none), 0);
    let set = |name: &str| json!({ "set": [{ "name": name }] });
    assert_eq!(versions("helm_release.a", "set[0].value", set("app.image.tag")), 1);
    assert_eq!(versions("helm_release.a", "set[0].value", set("app.password")), 0);
}

#[test]
fn a_job_that_is_replaced_runs_again() {
    let dns = "spec[0].template[0].spec[0].dns_config";
    let mut forcing =
        attribute(dns, Class::OutOfBand, [json!([]), json!([{ "option": [] }]), json!([])]);
    forcing.forces_replacement = true;
    let mut job = change("kubernetes_job_v1.migrate", Action::DeleteThenCreate, vec![forcing]);
    job.object = json!({ "metadata": [{ "name": "migrate", "namespace": "app" }] });
    job.reason = Some("replace_because_cannot_update".into());
    let judged_job = judged(job.clone());
    let text =
        format!("an apply would run the job `app/migrate` again: `{dns}` was changed outside");
    assert_eq!(judged_job.dangers, [Danger { risk: Risk::RunsJobAgain, message: text.clone() }]);
    assert_eq!(messages(&judged_job, Risk::RunsJobAgain), [(0, text)]);
    // A cron job that is replaced runs when it is due.
    job.address = Address::parse("kubernetes_cron_job_v1.migrate").unwrap();
    let cron = judged(job);
    assert_eq!(risks(&cron.dangers), [Risk::Destroys]);
}

#[test]
fn a_job_in_a_manifest_and_one_that_is_gone_run_again() {
    let mut job = change("kubernetes_manifest.migrate", Action::CreateThenDelete, Vec::new());
    job.object = json!({ "manifest": { "kind": "Job", "metadata": { "name": "m" } } });
    job.reason = Some("replace_because_tainted".into());
    let again = judged(job.clone());
    assert_eq!(again.dangers[0].message, "an apply would run the job `m` again: it is tainted");
    job.object = json!({ "manifest": { "kind": "ConfigMap", "metadata": { "name": "m" } } });
    assert_eq!(risks(&judged(job).dangers), [Risk::Destroys]);
    let mut gone = change("kubernetes_job.migrate", Action::Create, Vec::new());
    assert_eq!(judged(gone.clone()).dangers, []);
    gone.class = Class::DeletedOutside;
    assert_eq!(risks(&judged(gone).dangers), [Risk::RunsJobAgain]);
}

#[test]
fn a_claim_cannot_shrink() {
    let storage = |address: &str, path: &str, action, sides: [&str; 3]| {
        let sides = sides.map(|side| json!(side));
        let change = change(address, action, vec![attribute(path, Class::OutOfBand, sides)]);
        messages(&judged(change), Risk::StorageRefuses).into_iter().map(|it| it.1).next()
    };
    let claim = "kubernetes_persistent_volume_claim.data";
    let requests = "spec[0].resources[0].requests.storage";
    let grown = ["10Gi", "20Gi", "10Gi"];
    let text =
        "a claim cannot shrink: an apply asks for `10Gi` where `20Gi` is there, and is refused";
    assert_eq!(storage(claim, requests, Action::Update, grown).as_deref(), Some(text));
    let key = "spec[0].resources[0].requests[\"storage\"]";
    assert_eq!(storage(claim, key, Action::Update, grown).as_deref(), Some(text));
    assert_eq!(storage(claim, requests, Action::NoOp, grown), None);
    assert_eq!(storage(claim, requests, Action::Update, ["10Gi", "10Gi", "20Gi"]), None);
    assert_eq!(storage(claim, requests, Action::Update, ["1", "1024Mi", "1Gi"]), None);
    assert!(storage(claim, requests, Action::Update, ["1", "1Gi", "1G"]).is_some());
    let set = "kubernetes_stateful_set_v1.db";
    let template = format!("spec[0].volume_claim_template[0].{requests}");
    assert!(storage(set, &template, Action::Update, grown).is_some());
    let memory = "spec[0].template[0].spec[0].container[0].resources[0].requests.storage";
    assert_eq!(storage(set, memory, Action::Update, grown), None);
    assert_eq!(storage("kubernetes_deployment.a", requests, Action::Update, grown), None);
}

#[test]
fn a_claim_keeps_its_class_and_modes() {
    let refused = |action, name: &str, sides: [Json; 3]| {
        let name = format!("spec[0].{name}");
        let attributes = vec![attribute(&name, Class::Unapplied, sides)];
        let change = change("kubernetes_persistent_volume_claim_v1.data", action, attributes);
        messages(&judged(change), Risk::StorageRefuses).into_iter().map(|it| it.1).next()
    };
    let replace = Action::DeleteThenCreate;
    let text = "a claim keeps its storage class: for `fast` instead of `slow`, an apply deletes \
                the claim and what is on it";
    let sides = [json!("slow"), json!("slow"), json!("fast")];
    assert_eq!(refused(replace, "storage_class_name", sides).as_deref(), Some(text));
    let sides = [json!(["ReadWriteOnce"]), json!(["ReadWriteOnce"]), json!(["ReadWriteMany"])];
    assert!(refused(Action::Update, "access_modes", sides).is_some());
    // What the code does not say, the cluster chooses.
    let open = [json!("slow"), json!("slow"), Json::Null];
    assert_eq!(refused(Action::Update, "storage_class_name", open), None);
    let same = [json!("fast"), json!("slow"), json!("slow")];
    assert_eq!(refused(Action::Update, "storage_class_name", same), None);
}

#[test]
fn a_volume_keeps_what_it_lies_on() {
    let path = "spec[0].persistent_volume_source[0].nfs[0].server";
    let sides = [json!("192.0.2.1"), json!("192.0.2.1"), json!("192.0.2.2")];
    let attributes = vec![attribute(path, Class::Unapplied, sides)];
    let change =
        judged(change("kubernetes_persistent_volume.data", Action::DeleteThenCreate, attributes));
    assert_eq!(messages(&change, Risk::StorageRefuses).len(), 1);
    assert_eq!(risks(&change.dangers), [Risk::Destroys]);
}

#[test]
fn a_live_change_that_an_apply_undoes_is_told_with_what_it_was() {
    let path = "config[0].ingress_rule[0].service";
    let sides = [json!("http://old"), json!("http://new"), json!("http://old")];
    let of = |class| {
        let attributes = vec![attribute(path, class, sides.clone())];
        messages(&judged(change("x_tunnel.a", Action::Update, attributes)), Risk::RevertsLive)
    };
    let text = "an apply would undo a live change: `http://new` becomes `http://old` again";
    assert_eq!(of(Class::OutOfBand), [(0, text.to_owned())]);
    assert_eq!(of(Class::Conflict).len(), 1);
    for class in [Class::Unapplied, Class::Masked, Class::Perpetual, Class::Noise] {
        assert_eq!(of(class), [], "{class:?}");
    }
}

#[test]
fn a_secret_is_never_in_a_message() {
    let mut hidden = attribute("data.key", Class::OutOfBand, [json!("a"), json!("b"), json!("a")]);
    hidden.base = Shown::Hidden;
    hidden.live = Shown::Hidden;
    hidden.want = Shown::Hidden;
    let change = judged(change("kubernetes_secret.a", Action::Update, vec![hidden]));
    let text = "an apply would undo a live change: a value that is not shown becomes a value that \
                is not shown again";
    assert_eq!(messages(&change, Risk::RevertsLive), [(0, text.to_owned())]);
}

#[test]
fn hidden_and_unknown_sides_are_not_judged() {
    for side in [Shown::Hidden, Shown::Unknown, Shown::Absent] {
        let mut change = deployment(Action::Update, &[("container[0]", ["a:2", "a:2", "a:1"])]);
        change.attributes[0].want = side;
        assert_eq!(messages(&judged(change), Risk::Downgrade), []);
    }
    let mut change = deployment(Action::Update, &[("container[0]", ["a:2", "a:2", "a:1"])]);
    let masked = format!("a:{}", Shown::MASK);
    change.attributes[0].live = Shown::Value(json!(masked));
    assert_eq!(messages(&judged(change), Risk::Downgrade), []);
}

#[test]
fn what_is_destroyed_is_told_with_the_reason() {
    let destroyed = |address: &str, action, reason: Option<&str>| {
        let mut change = change(address, action, Vec::new());
        change.reason = reason.map(Into::into);
        let dangers = judged(change).dangers;
        dangers.into_iter().map(|danger| danger.message).next()
    };
    let gone = destroyed("a_b.c", Action::Delete, Some("delete_because_no_resource_config"));
    assert_eq!(gone.as_deref(), Some("an apply would destroy it: no code declares it"));
    assert!(destroyed("a_b.c", Action::CreateThenDelete, Some("what_is_new")).is_some());
    assert_eq!(destroyed("null_resource.c", Action::DeleteThenCreate, None), None);
    for action in [
        Action::NoOp,
        Action::Read,
        Action::Create,
        Action::Update,
        Action::Forget,
        Action::CreateThenForget,
        Action::Other,
    ] {
        assert_eq!(destroyed("a_b.c", action, None), None, "{action:?}");
    }
    let mut deposed = change("a_b.c", Action::Delete, Vec::new());
    deposed.deposed = Some("0a1b2c3d".into());
    let text = "an apply would destroy the leftover `0a1b2c3d` of a replacement";
    assert_eq!(judged(deposed).dangers[0].message, text);
}
