//! Causes beyond the table: what objects and records say, the repo's own policies, the code, and nobody.

use super::*;

const WEB: &str = "kubernetes_deployment.web";

fn outside(at: &str, base: Json, live: Json, object: Json) -> Change {
    let values = [base.clone(), live, base];
    change(WEB, differs(at, Class::OutOfBand, values), object)
}

fn replicas(class: Class, values: [Json; 3]) -> Change {
    change(WEB, differs("spec[0].replicas", class, values), object("shop", json!({})))
}

#[test]
fn a_policy_of_the_repo_is_the_cause_where_it_writes_the_value() {
    let at = "metadata[0].labels.zone";
    let cause =
        cause_in("web", "", &outside(at, Json::Null, json!("north"), object("shop", json!({}))));
    assert_eq!(cause.actor.as_deref(), Some("label-zone"), "{cause:#?}");
    assert_eq!(cause.confidence, Confidence::Certain);
    let sources = sources("");
    let place = &cause.related[0];
    assert_eq!(sources[place.span.file.0 as usize].text[place.span.range.indices()], *"\"north\"");
    for (namespace, value) in [("shop", "south"), ("plain", "north")] {
        let object = object(namespace, json!({}));
        let cause = cause_in("web", "", &outside(at, Json::Null, json!(value), object));
        assert_eq!(cause.actor, None, "{namespace} {value}: {cause:#?}");
    }
}

#[test]
fn the_note_of_kyverno_comes_before_all_else() {
    let note = "autogen-wait.hold-pods.kyverno.io: added /spec/template/spec/restartPolicy\n";
    let noted = object(
        "shop",
        json!({"metadata": [{"annotations": {"policies.kyverno.io/last-applied-patches": note}}]}),
    );
    let at = "spec[0].template[0].spec[0].restart_policy";
    let cause = cause_in("web", "", &outside(at, Json::Null, json!("Always"), noted.clone()));
    assert_eq!(cause.actor.as_deref(), Some("hold-pods"), "{cause:#?}");
    assert_eq!(cause.confidence, Confidence::Certain);
    let cause = cause_in("web", "", &outside("spec[0].paused", json!(false), json!(true), noted));
    assert_eq!(cause.actor, None);
}

#[test]
fn the_record_of_the_server_is_evidence_for_and_against() {
    let recorded = |manager: &str| {
        json!({"metadata": {"managedFields": [
            {"manager": manager, "time": "2026-11-20T10:00:00Z", "fieldsV1": {"f:spec": {"f:replicas": {}, "f:paused": {}}}},
        ]}})
    };
    let ask = |change: &Change, manager: &str| {
        let live = recorded(manager);
        let stack = stack("web");
        let causes = Causes::new(&RULES.mutators, &RULES.managers, None);
        let attribute = change.attributes.first();
        causes.attribute(&Asked { stack: &stack, change, attribute, live: Some(&live) })
    };
    let parked = replicas(Class::OutOfBand, [json!("3"), json!("0"), json!("3")]);
    let cause = ask(&parked, "kubectl-scale");
    assert_eq!(cause.actor.as_deref(), Some("parked-by-hand"));
    assert_eq!(cause.confidence, Confidence::Certain, "{cause:#?}");
    let cause = ask(&parked, "kube-controller-manager");
    assert_eq!(cause.confidence, Confidence::Possible, "{cause:#?}");
    let paused = outside("spec[0].paused", json!(false), json!(true), object("shop", json!({})));
    let cause = ask(&paused, "kubectl-edit");
    assert_eq!(cause.actor, None);
    assert_eq!(
        cause.summary,
        "unknown actor, changed at 2026-11-20T10:00:00Z by manager `kubectl-edit`"
    );
    assert!(cause.evidence[0].ends_with("somebody with `kubectl edit`"), "{cause:#?}");
}

#[test]
fn what_admission_wrote_during_the_apply_is_no_unapplied_code() {
    let dns =
        json!([{"nameservers": [], "option": [{"name": "ndots", "value": "2"}], "searches": []}]);
    let at = "spec[0].template[0].spec[0].dns_config";
    let values = [dns.clone(), dns, Json::Null];
    let it = change(WEB, differs(at, Class::Unapplied, values), object("shop", json!({})));
    let cause = cause_in("web", "", &it);
    assert_eq!(cause.actor.as_deref(), Some("inject-ndots"), "{cause:#?}");
    assert_eq!(cause.related.len(), 1);
    let sources = sources("");
    let repo = Repo::build(&sources, &[]);
    let causes = Causes::new(&RULES.mutators, &RULES.managers, Some(&repo));
    let (stack, attribute) = (stack("web"), it.attributes.first());
    let asked = Asked { stack: &stack, change: &it, attribute, live: None };
    let may =
        Ignoring::May { field: at.to_owned(), marker: Some("KYVERNO_LIFECYCLE_V1".to_owned()) };
    assert_eq!(causes.ignoring(&asked, &cause), may);
    assert_eq!(
        advice(Class::Unapplied, &cause, &may),
        "leave the field to its owner: `ignore_changes = [spec[0].template[0].spec[0].dns_config] # KYVERNO_LIFECYCLE_V1`"
    );
}

#[test]
fn a_change_that_admission_makes_leaf_by_leaf_is_one_cause() {
    let object = object(
        "shop",
        json!({"spec": [{"template": [{"spec": [{
            "dns_config": [{"option": [{"name": "ndots", "value": "2"}]}],
        }]}]}]}),
    );
    for (leaf, value) in [("name", "ndots"), ("value", "2")] {
        let at = format!("spec[0].template[0].spec[0].dns_config[0].option[0].{leaf}");
        let cause = cause_in("web", "", &outside(&at, Json::Null, json!(value), object.clone()));
        assert_eq!(cause.actor.as_deref(), Some("inject-ndots"), "{leaf}: {cause:#?}");
    }
}

#[test]
fn a_whole_map_has_a_cause_if_each_new_key_has_one() {
    let new = |extra: Option<&str>| {
        let mut map = json!({"keel.sh/policy": "patch", "keel.sh/trigger": "poll", "deployment.kubernetes.io/revision": "3"});
        map.as_object_mut().unwrap().extend(extra.map(|key| (key.to_owned(), json!("x"))));
        outside("metadata[0].annotations", Json::Null, map, object("shop", json!({})))
    };
    let cause = cause_in("web", "", &new(None));
    assert_eq!(cause.confidence, Confidence::Certain, "{cause:#?}");
    assert!(cause.evidence.iter().any(|it| it.contains("wrote a part of it too")), "{cause:#?}");
    let cause = cause_in("web", "", &new(Some("stranger")));
    assert_eq!(cause.actor, None);
    assert!(cause.evidence.iter().any(|it| it.contains("a part of it, not all")), "{cause:#?}");
}

#[test]
fn code_that_says_what_runs_proves_an_old_checkout() {
    let code = "resource \"kubernetes_deployment\" \"web\" {\n  spec { replicas = 5 }\n}\n";
    let old = replicas(Class::Unapplied, [json!("5"), json!("5"), json!("3")]);
    let cause = cause_in("web", code, &old);
    assert_eq!(cause.actor.as_deref(), Some("stale-checkout"), "{cause:#?}");
    let new = replicas(Class::Unapplied, [json!("3"), json!("3"), json!("5")]);
    let cause = cause_in("web", code, &new);
    assert_eq!(
        (cause.actor.as_deref(), cause.confidence),
        (None, Confidence::Certain),
        "{cause:#?}"
    );
    let cause = cause_in("web", "", &new);
    assert_eq!(
        (cause.actor.as_deref(), cause.confidence),
        (None, Confidence::Likely),
        "{cause:#?}"
    );
    assert!(cause.summary.starts_with("the code asks for it"));
}

#[test]
fn an_expression_that_never_gives_the_same_twice_is_told_by_its_call() {
    let code = "locals {\n  now = timestamp()\n}\nresource \"null_resource\" \"a\" {\n  triggers = { always = local.now }\n}\nresource \"kubernetes_secret\" \"b\" {\n  data = { hash = bcrypt(\"x\") }\n}\nresource \"null_resource\" \"c\" {\n  triggers = { fixed = \"2\" }\n}\n";
    let cause = |address: &str, at: &str, class: Class| {
        let values = [json!("1"), json!("1"), json!("2")];
        cause_in("web", code, &change(address, differs(at, class, values), json!({})))
    };
    let always = cause("null_resource.a", "triggers.always", Class::Perpetual);
    assert_eq!(always.actor.as_deref(), Some("perpetual-triggers"), "{always:#?}");
    let hash = cause("kubernetes_secret.b", "data.hash", Class::Perpetual);
    assert_eq!(hash.actor.as_deref(), Some("salted-hash"), "{hash:#?}");
    let fixed = cause("null_resource.c", "triggers.fixed", Class::Unapplied);
    assert_eq!(fixed.actor, None, "{fixed:#?}");
}

#[test]
fn what_must_stay_in_the_plan_is_never_ignored() {
    let parked = replicas(Class::OutOfBand, [json!("3"), json!("0"), json!("3")]);
    let causes = Causes::new(&RULES.mutators, &RULES.managers, None);
    let (stack, attribute) = (stack("web"), parked.attributes.first());
    let asked = Asked { stack: &stack, change: &parked, attribute, live: None };
    let cause = causes.attribute(&asked);
    let ignoring = causes.ignoring(&asked, &cause);
    assert!(matches!(ignoring, Ignoring::Never(_)), "{ignoring:?}");
    let said = advice(Class::OutOfBand, &cause, &ignoring);
    assert!(said.starts_with("leave the field in the plan: "), "{said}");
    let stranger = outside("spec[0].paused", json!(false), json!(true), object("shop", json!({})));
    let asked = Asked { change: &stranger, attribute: stranger.attributes.first(), ..asked };
    let cause = causes.attribute(&asked);
    assert_eq!(causes.ignoring(&asked, &cause), Ignoring::Unowned);
}

#[test]
fn what_is_to_be_settled_is_not_ignored() {
    let causes = Causes::new(&RULES.mutators, &RULES.managers, None);
    let stack = stack("web");
    let at = "spec[0].template[0].metadata[0].annotations[\"kubectl.kubernetes.io/restartedAt\"]";
    let restarted =
        outside(at, Json::Null, json!("2026-11-20T10:00:00Z"), object("shop", json!({})));
    let attribute = restarted.attributes.first();
    let asked = Asked { stack: &stack, change: &restarted, attribute, live: None };
    let cause = causes.attribute(&asked);
    assert_eq!(cause.actor.as_deref(), Some("kubectl-restart"), "{cause:#?}");
    let ignoring = causes.ignoring(&asked, &cause);
    assert_eq!(ignoring, Ignoring::Unowned);
    let said = advice(Class::OutOfBand, &cause, &ignoring);
    assert!(said.starts_with("apply when a restart does no harm"), "{said}");
    assert!(RULES.mutators.iter().any(|it| it.advice.is_some() && it.marker.is_some()));
}

#[test]
fn a_hidden_value_is_no_match() {
    let mut secret =
        outside("metadata[0].labels.tier", Json::Null, json!("x"), object("shop", json!({})));
    secret.attributes[0].live = Shown::Hidden;
    let cause = cause_in("web", "", &secret);
    assert_eq!(cause.confidence, Confidence::Likely, "{cause:#?}");
    assert_eq!(cause.actor.as_deref(), Some("sync-tier-label"));
}

#[test]
fn a_default_that_whoever_plans_may_set_proves_no_old_checkout() {
    let old = replicas(Class::Unapplied, [json!("5"), json!("5"), json!("3")]);
    let code = |variable: &str, value: &str| {
        format!(
            "{variable}locals {{\n  n = {value}\n}}\nresource \"kubernetes_deployment\" \"web\" {{\n  spec {{ replicas = local.n }}\n}}\n"
        )
    };
    let default = "variable \"n\" {\n  default = 5\n}\n";
    let cause = cause_in("web", &code(default, "var.n"), &old);
    assert_eq!(
        (cause.actor.as_deref(), cause.confidence),
        (None, Confidence::Likely),
        "{cause:#?}"
    );
    assert!(cause.evidence.iter().any(|it| it.contains("the default of a variable")), "{cause:#?}");
    // Nobody but the code says what a local is.
    let cause = cause_in("web", &code("", "5"), &old);
    assert_eq!(cause.actor.as_deref(), Some("stale-checkout"), "{cause:#?}");
}

#[test]
fn what_is_imported_was_never_applied() {
    let mut imported = replicas(Class::Unapplied, [json!("3"), json!("3"), json!("5")]);
    imported.import_id = Some("shop/web".to_owned());
    let cause = cause_in("web", "", &imported);
    assert!(cause.summary.starts_with("the code imports it"), "{cause:#?}");
    assert!(!cause.evidence.iter().any(|it| it == UNTOUCHED), "{cause:#?}");
    assert!(cause.advice.is_some());
}

#[test]
fn whole_instances_say_why_they_go_and_what_becomes_of_them() {
    let mut gone = replicas(Class::Unapplied, [json!("3"), json!("3"), json!("5")]);
    gone.attributes.clear();
    gone.action = Action::Delete;
    gone.reason = Some("delete_because_each_key".into());
    let cause = cause_in("web", "", &gone);
    let why = "the code asks for no such instance";
    assert!(cause.evidence.iter().any(|it| it == why), "{cause:#?}");
    assert!(cause.summary.starts_with("the code does not ask for it"), "{cause:#?}");
    let rekeyed = Change { reason: Some("delete_because_wrong_repetition".into()), ..gone.clone() };
    let cause = cause_in("web", "", &rekeyed);
    assert!(cause.advice.is_some_and(|it| it.contains("`moved` block")));
    let mut replaced = gone.clone();
    replaced.action = Action::DeleteThenCreate;
    replaced.reason = Some("replace_by_triggers".into());
    let cause = cause_in("web", "", &replaced);
    assert!(cause.summary.starts_with("the code asks for it"), "{cause:#?}");
    assert!(cause.evidence.iter().any(|it| it.contains("replaced with")), "{cause:#?}");
    // A leftover that is only forgotten is not destroyed.
    let leftover = |action: Action| {
        let change = Change {
            class: Class::Deposed,
            deposed: Some("abcdef12".into()),
            action,
            ..gone.clone()
        };
        let cause = cause_in("web", "", &change);
        advice(Class::Deposed, &cause, &Ignoring::Unowned)
    };
    assert!(leftover(Action::Delete).contains("destroys"));
    assert!(leftover(Action::Forget).contains("keeps running"));
}

#[test]
fn a_value_that_anybody_may_have_written_names_nobody_where_nobody_is_at_work() {
    let at = "spec[0].template[0].spec[0].container[0].image";
    let raised =
        |more: Json| outside(at, json!("curl:8.11.0"), json!("curl:8.11.1"), object("shop", more));
    let cause_of = |code: &str, change: &Change| {
        let file =
            Parsed::new("stacks/web/main.tf".into(), code.into(), Format::of("stacks/web/main.tf"));
        let sources = [SourceFile::of(FileId(0), Arc::new(file))];
        let repo = Repo::build(&sources, &[]);
        let causes = Causes::new(&RULES.mutators, &RULES.managers, Some(&repo));
        let (stack, attribute) = (stack("web"), change.attributes.first());
        let asked = Asked { stack: &stack, change, attribute, live: None };
        let cause = causes.attribute(&asked);
        let ignoring = causes.ignoring(&asked, &cause);
        (cause.actor.as_deref().map(str::to_owned), cause.confidence, ignoring)
    };
    let keel = Some("keel-image".to_owned());
    let plain = cause_of("", &raised(json!({})));
    assert_eq!(plain, (keel.clone(), Confidence::Possible, Ignoring::Unowned));
    // The namespace is enrolled, somebody leaves such a field to it, or the object is about it.
    let enrolled = "resource \"kubernetes_namespace\" \"shop\" {\n  metadata {\n    name = \"shop\"\n    labels = { \"keel.sh/enrolled\" = \"true\" }\n  }\n}\n";
    let enrolled = cause_of(enrolled, &raised(json!({})));
    assert_eq!((enrolled.0, enrolled.1), (keel.clone(), Confidence::Likely));
    let marked = cause_of("# KEEL_IGNORE_IMAGE\n", &raised(json!({})));
    assert_eq!((marked.0, marked.1), (keel.clone(), Confidence::Likely));
    let noted = json!({"metadata": [{"annotations": {"keel.sh/policy": "patch"}}]});
    let noted = cause_of("", &raised(noted));
    assert_eq!((noted.0, noted.1), (keel, Confidence::Likely));
}
