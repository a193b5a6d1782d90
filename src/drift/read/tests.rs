//! Whole files, from text to what is kept of them.

use std::io::{self, Read, Write};

use serde_json::json;

use super::{Input, read, read_whole};
use crate::drift::change::Change;
use crate::drift::shown::Json;
use crate::drift::{
    Action, Class, InputKind, Measured, ProblemKind, Shown, StateFile, Status, Unread,
};

/// The other part of a plan with these resources.
fn plan(mut with: Json) -> Json {
    let plan = json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "timestamp": "2026-11-26T00:00:00Z",
        "applyable": true,
        "complete": true,
        "errored": false,
        "planned_values": {"root_module": {}},
    });
    for (key, value) in plan.as_object().unwrap() {
        with.as_object_mut().unwrap().entry(key.clone()).or_insert(value.clone());
    }
    with
}

fn measured_from(reader: impl Read) -> Measured {
    match read("plan.json", reader) {
        Input::Measured(measured) => *measured,
        other => panic!("{other:?}"),
    }
}

fn measured(with: Json) -> Measured {
    measured_from(plan(with).to_string().as_bytes())
}

fn unread(bytes: &[u8]) -> Unread {
    match read("f", bytes) {
        Input::Unread(unread) => unread,
        other => panic!("{other:?}"),
    }
}

fn state(bytes: &[u8]) -> StateFile {
    match read("f", bytes) {
        Input::State(state) => *state,
        other => panic!("{other:?}"),
    }
}

/// An element of `resource_changes` or `resource_drift`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes reads best where it is passed"
)]
fn element(address: &str, actions: &[&str], before: Json, after: Json) -> Json {
    json!({"address": address, "mode": "managed", "change": {
        "actions": actions, "before": before, "after": after,
        "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {},
    }})
}

fn no_op(address: &str, value: Json) -> Json {
    element(address, &["no-op"], value.clone(), value)
}

/// `path class base live want` of every attribute of the only change.
fn attributes(measured: &Measured) -> Vec<String> {
    let shown = |shown: &Shown| match shown {
        Shown::Absent => "-".to_owned(),
        Shown::Unknown => "?".to_owned(),
        Shown::Hidden => "*".to_owned(),
        Shown::Value(value) => value.to_string(),
    };
    let only = only(measured);
    only.attributes
        .iter()
        .map(|a| {
            let forces = if a.forces_replacement { " forces" } else { "" };
            let (base, live, want) = (shown(&a.base), shown(&a.live), shown(&a.want));
            format!("{} {:?} {base} {live} {want}{forces}", a.path, a.class)
        })
        .collect()
}

fn only(measured: &Measured) -> &Change {
    assert_eq!(measured.changes.len(), 1, "{:#?}", measured.changes);
    &measured.changes[0]
}

// The table of three sides.

#[test]
fn changed_outside_and_an_apply_would_put_it_back() {
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"], json!({"n": 1, "m": 5}), json!({"n": 2, "m": 5}))],
        "resource_changes": [element("a.b", &["update"], json!({"n": 2, "m": 5}), json!({"n": 1, "m": 5}))],
    }));
    assert_eq!(attributes(&measured), ["n OutOfBand 1 2 1"]);
    assert_eq!(measured.status, Status::Drift);
    assert_eq!(measured.evidence, ["1 was changed outside, and an apply would put it back"]);
    assert_eq!(only(&measured).object, json!({"n": 2, "m": 5}));
    assert_eq!(only(&measured).action, Action::Update);
}

#[test]
fn changed_outside_and_ignored() {
    let live = json!({"n": 2});
    for with in [
        json!({"resource_changes": [no_op("a.b", live.clone())]}),
        // Terraform leaves out what does not change in some versions, and the code may say what it wants.
        json!({"resource_changes": [no_op("c.d", json!({}))]}),
    ] {
        let mut with = with;
        with["resource_drift"] =
            json!([element("a.b", &["update"], json!({"n": 1}), live.clone())]);
        let measured = measured(with);
        assert_eq!(attributes(&measured), ["n Masked 1 2 ?"]);
        assert_eq!(measured.status, Status::Masked);
    }
    let with = |said: Json| {
        measured(json!({
            "resource_drift": [element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}))],
            "resource_changes": [no_op("a.b", json!({"n": 2}))],
            "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": said}]}},
        }))
    };
    assert_eq!(attributes(&with(json!({"n": {"constant_value": 1}}))), ["n Masked 1 2 1"]);
    assert_eq!(attributes(&with(json!({"m": {"constant_value": 1}})))[0], "m Masked - - 1");
    assert_eq!(attributes(&with(json!({})))[0], "n Masked 1 2 -");
    assert_eq!(attributes(&with(json!({"n": {"references": ["var.n"]}}))), ["n Masked 1 2 ?"]);
}

#[test]
fn both_sides_moved() {
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}))],
        "resource_changes": [element("a.b", &["update"], json!({"n": 2}), json!({"n": 3}))],
    }));
    assert_eq!(attributes(&measured), ["n Conflict 1 2 3"]);
    assert_eq!(measured.status, Status::Drift);
}

#[test]
fn the_code_is_ahead() {
    let measured = measured(json!({
        "resource_changes": [element("a.b", &["update"], json!({"n": 2}), json!({"n": 3}))],
    }));
    assert_eq!(attributes(&measured), ["n Unapplied 2 2 3"]);
    assert_eq!(measured.status, Status::Pending);
}

#[test]
fn deleted_outside() {
    for (planned, action) in [
        (vec![element("a.b", &["create"], Json::Null, json!({"n": 1}))], Action::Create),
        (Vec::new(), Action::NoOp),
    ] {
        let measured = measured(json!({
            "resource_drift": [element("a.b", &["delete"], json!({"n": 1}), Json::Null)],
            "resource_changes": planned,
        }));
        let change = only(&measured);
        assert_eq!((change.class, change.action), (Class::DeletedOutside, action));
        assert_eq!(change.object, json!({"n": 1}));
        assert_eq!(measured.status, Status::Drift);
    }
}

#[test]
fn one_instance_may_have_every_kind_of_difference() {
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"],
            json!({"l": [{"out": 1, "masked": 1, "both": 1, "code": 1}], "generation": 1}),
            json!({"l": [{"out": 2, "masked": 2, "both": 2, "code": 1}], "generation": 2}))],
        "resource_changes": [element("a.b", &["update"],
            json!({"l": [{"out": 2, "masked": 2, "both": 2, "code": 1}], "generation": 2}),
            json!({"l": [{"out": 1, "masked": 2, "both": 3, "code": 9}], "generation": 2}))],
    }));
    assert_eq!(
        attributes(&measured),
        [
            "l[0].both Conflict 1 2 3",
            "l[0].code Unapplied 1 1 9",
            "l[0].masked Masked 1 2 ?",
            "l[0].out OutOfBand 1 2 1"
        ]
    );
    let change = only(&measured);
    assert_eq!((change.class, change.noise), (Class::Conflict, 1));
}

// Objects.

#[test]
fn created_destroyed_forgotten_read_and_left_over() {
    let mut deposed = element("a.b", &["delete"], json!({"n": 1}), Json::Null);
    deposed["deposed"] = "0123abcd".into();
    let mut data = element("data.x.y", &["read"], Json::Null, json!({}));
    data["mode"] = "data".into();
    data["action_reason"] = "read_because_config_unknown".into();
    let mut gone = element("a.gone", &["delete"], json!({"n": 1}), Json::Null);
    gone["action_reason"] = "delete_because_no_resource_config".into();
    let measured = measured(json!({"resource_changes": [
        no_op("a.b", json!({"n": 1})), deposed, data, gone,
        element("a.new", &["create"], Json::Null, json!({"n": 1})),
        element("a.left", &["forget"], json!({"n": 1}), Json::Null),
        element("module.m[\"y z\"].a.b[\"k.l\"]", &["delete"], json!({}), Json::Null),
        element("a.odd", &["open", "close"], json!({"n": 1}), json!({"n": 1})),
    ]}));
    let found: Vec<String> = measured
        .changes
        .iter()
        .map(|c| format!("{} {:?} {:?} {:?}", c.address, c.deposed.as_deref(), c.action, c.class))
        .collect();
    assert_eq!(
        found,
        [
            "a.b Some(\"0123abcd\") Delete Deposed",
            "a.gone None Delete Unapplied",
            "a.left None Forget Forgotten",
            "a.new None Create Unapplied",
            "a.odd None Other Unapplied",
            "data.x.y None Read Read",
            "module.m[\"y z\"].a.b[\"k.l\"] None Delete Unapplied",
        ]
    );
    assert_eq!(measured.changes[1].reason.as_deref(), Some("delete_because_no_resource_config"));
    assert_eq!(measured.instances, 6);
    assert_eq!(measured.status, Status::Pending);
}

#[test]
fn changed_outside_and_destroyed() {
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"], json!({"n": 1, "uid": "a"}), json!({"n": 2, "uid": "b"}))],
        "resource_changes": [element("a.b", &["delete"], json!({"n": 2, "uid": "b"}), Json::Null)],
    }));
    assert_eq!(attributes(&measured), ["n Conflict 1 2 -"]);
    assert_eq!((only(&measured).class, only(&measured).action), (Class::Conflict, Action::Delete));
}

#[test]
fn moved_and_imported() {
    let value = json!({"n": 1});
    let mut moved = no_op("a.new", value.clone());
    moved["previous_address"] = "a.old".into();
    let mut imported = no_op("a.imported", value.clone());
    imported["change"]["importing"] = json!({"id": "ns/name"});
    let mut both = element("a.updated", &["update"], value, json!({"n": 2}));
    both["change"]["importing"] = json!({"identity": {}, "id": "other"});
    let measured = measured(json!({"resource_changes": [moved, imported, both]}));
    let [imported, moved, both] = &measured.changes[..] else { panic!() };
    assert_eq!((imported.class, imported.import_id.as_deref()), (Class::Imported, Some("ns/name")));
    assert_eq!(moved.class, Class::Moved);
    assert_eq!(moved.previous.as_ref().unwrap().to_string(), "a.old");
    assert_eq!((both.class, both.import_id.as_deref()), (Class::Unapplied, Some("other")));
    assert_eq!(measured.status, Status::Pending);
}

#[test]
fn replacements() {
    let mut replaced = element(
        "a.b",
        &["delete", "create"],
        json!({"id": "1", "n": 1, "m": [{"k": 1}]}),
        json!({"n": 2, "m": [{"k": 2}]}),
    );
    replaced["change"]["after_unknown"] = json!({"id": true});
    replaced["change"]["replace_paths"] = json!([["m", 0, "k"]]);
    replaced["action_reason"] = "replace_because_cannot_update".into();
    let first = measured(json!({"resource_changes": [replaced],
        "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": {
            "n": {"constant_value": 2}, "m": [{"k": {"constant_value": 2}}]}}]}}}));
    assert_eq!(attributes(&first), ["m[0].k Unapplied 1 1 2 forces", "n Unapplied 1 1 2"]);
    assert_eq!(only(&first).noise, 1);

    // Nothing differs but what is computed: it is replaced all the same.
    for reason in ["replace_because_tainted", "replace_by_request", "replace_by_triggers"] {
        let mut tainted = element("a.b", &["create", "delete"], json!({"id": "1"}), json!({}));
        tainted["change"]["after_unknown"] = json!({"id": true});
        tainted["action_reason"] = reason.into();
        let measured = measured(json!({"resource_changes": [tainted]}));
        let change = only(&measured);
        assert_eq!((change.class, change.action), (Class::Unapplied, Action::CreateThenDelete));
        assert_eq!(change.reason.as_deref(), Some(reason));
        assert_eq!(measured.status, Status::Pending);
    }
}

#[test]
fn only_an_output_differs() {
    let measured = measured(json!({
        "resource_changes": [no_op("a.b", json!({}))],
        "output_changes": {
            "ip": {"actions": ["update"], "before": "1", "after": "2", "after_unknown": false, "before_sensitive": false, "after_sensitive": false},
            "pw": {"actions": ["update"], "before": "old-pw", "after": "new-pw", "after_unknown": false, "before_sensitive": true, "after_sensitive": true},
            "later": {"actions": ["create"], "before": null, "after_unknown": true, "before_sensitive": false, "after_sensitive": false},
            "same": {"actions": ["no-op"], "before": 1, "after": 1, "after_unknown": false, "before_sensitive": false, "after_sensitive": false},
        },
    }));
    let outputs: Vec<String> = measured
        .outputs
        .iter()
        .map(|o| format!("{} {:?} {:?}", o.name, o.before, o.after))
        .collect();
    assert_eq!(
        outputs,
        [
            "ip Value(String(\"1\")) Value(String(\"2\"))",
            "later Absent Unknown",
            "pw Hidden Hidden"
        ]
    );
    assert_eq!(measured.status, Status::Pending);
    assert_eq!(measured.evidence, ["3 outputs differ"]);
}

// What comes back on every run, and what is only noise.

#[test]
fn new_on_every_run() {
    let with = |said: Json, unknown: Json, after: Json| {
        let mut change = element(
            "null.b",
            &["delete", "create"],
            json!({"t": {"always": "1"}, "id": "x"}),
            after,
        );
        change["change"]["after_unknown"] = unknown;
        change["change"]["replace_paths"] = json!([["t"]]);
        measured(json!({"resource_changes": [change],
            "configuration": {"root_module": {"resources": [{"address": "null.b", "expressions": {"t": said}}]}}}))
    };
    let unknown = json!({"t": {"always": true}, "id": true});
    for said in [json!({}), json!({"references": ["var.x", "path.module"]})] {
        let measured = with(said, unknown.clone(), json!({"t": {}}));
        assert_eq!(attributes(&measured), ["t[\"always\"] Perpetual \"1\" \"1\" ? forces"]);
        assert_eq!(measured.status, Status::Clean);
        assert_eq!(measured.evidence, ["1 is new on every run"]);
    }
    // What hangs on another resource is not.
    let measured = with(json!({"references": ["a.b.id", "a.b"]}), unknown, json!({"t": {}}));
    assert_eq!(only(&measured).class, Class::Unapplied);
    // The time of the plan is known when it is made.
    let measured =
        with(json!({}), json!({}), json!({"t": {"always": "2026-11-26T00:00:00Z"}, "id": "x"}));
    assert_eq!(only(&measured).class, Class::Perpetual);
    let measured = with(json!({}), json!({}), json!({"t": {"always": "another file"}, "id": "x"}));
    assert_eq!(only(&measured).class, Class::Unapplied);
}

#[test]
fn noise_is_counted() {
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"],
            json!({"metadata": [{"generation": 1, "resource_version": "1", "uid": "a", "annotations": null}], "n": 1, "e": "", "l": ["a", "b"], "s": {"a": null}}),
            json!({"metadata": [{"generation": 2, "resource_version": "2", "uid": "b", "annotations": {}}], "n": "1", "e": null, "l": ["b", "a"], "s": {"a": []}}))],
        "resource_changes": [],
    }));
    let change = only(&measured);
    assert_eq!((change.class, change.attributes.len(), change.noise), (Class::Noise, 0, 8));
    assert_eq!(measured.status, Status::Clean);
}

#[test]
fn a_stamp_that_the_code_sets_is_no_noise() {
    let measured = measured(json!({
        "resource_changes": [element("a.b", &["update"], json!({"etag": "1"}), json!({"etag": "2"}))],
        "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": {"etag": {}}}]}},
    }));
    assert_eq!(attributes(&measured), ["etag Unapplied \"1\" \"1\" \"2\""]);
}

#[test]
fn order_that_an_apply_would_restore_is_a_change() {
    let (base, live) = (json!({"l": ["a", "b"]}), json!({"l": ["b", "a"]}));
    let measured = measured(json!({
        "resource_drift": [element("a.b", &["update"], base.clone(), live.clone())],
        "resource_changes": [element("a.b", &["update"], live, base)],
    }));
    assert_eq!(only(&measured).class, Class::OutOfBand);
}

#[test]
fn an_update_without_any_visible_difference_is_kept() {
    let mut computed = element("a.b", &["update"], json!({"n": 1, "c": "x"}), json!({"n": 1}));
    computed["change"]["after_unknown"] = json!({"c": true});
    let measured = measured(json!({"resource_changes": [
        computed,
        element("a.c", &["update"], json!({"n": 1}), json!({"n": 1})),
    ]}));
    assert!(measured.changes.iter().all(|change| change.class == Class::Unapplied));
    assert_eq!(measured.changes.len(), 2);
}

// What is ignored and has been absorbed into the state.

#[test]
fn an_image_swap_that_no_plan_shows() {
    let container = |name: &str, image: &str| json!({"name": name, "image": image});
    let said = |name: &str, image: &str| json!({"name": {"constant_value": name}, "image": {"constant_value": image}});
    let spec =
        |containers: Json| json!({"spec": [{"template": [{"spec": [{"container": containers}]}]}]});
    let live = spec(json!([container("app", "side:2"), container("side", "app:1")]));
    let configuration = json!({"root_module": {"module_calls": {"m": {"source": "./m", "module": {"resources": [
        {"address": "a.b", "expressions": spec(json!([said("app", "app:1"), said("side", "side:2")]))},
    ]}}}}});
    let measured = measured(json!({
        "resource_changes": [no_op("module.m[0].a.b", live), no_op("a.other", json!({}))],
        "configuration": configuration,
    }));
    assert_eq!(
        attributes(&measured),
        [
            "spec[0].template[0].spec[0].container[0].image Masked \"side:2\" \"side:2\" \"app:1\"",
            "spec[0].template[0].spec[0].container[1].image Masked \"app:1\" \"app:1\" \"side:2\"",
        ]
    );
    assert_eq!(measured.status, Status::Masked);
    assert_eq!(measured.modules[0].name, "m");
}

#[test]
fn what_is_planned_is_not_told_twice() {
    let measured = measured(json!({
        "resource_changes": [element("a.b", &["update"], json!({"n": 1, "i": 5}), json!({"n": 2, "i": 5}))],
        "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": {
            "n": {"constant_value": 2}, "i": {"constant_value": 4}}}]}},
    }));
    assert_eq!(attributes(&measured), ["i Masked 5 5 4", "n Unapplied 1 1 2"]);
    assert_eq!(only(&measured).class, Class::Unapplied.max(Class::Masked));
}

#[test]
fn what_is_ignored_does_not_hide_what_an_apply_would_do_beside_it() {
    let drifted = element("a.b", &["update"], json!({"n": 1, "i": 1}), json!({"n": 1, "i": 5}));
    let planned = element("a.b", &["update"], json!({"n": 1, "i": 5}), json!({"n": 2, "i": 5}));
    let measured = measured(json!({"resource_drift": [drifted], "resource_changes": [planned]}));
    assert_eq!(measured.status, Status::Pending);
    assert_eq!(
        measured.evidence,
        ["1 is written in the code and not applied, or newer than this checkout"]
    );
}

#[test]
fn an_address_that_is_there_twice_is_told() {
    let change = |want: u64| element("a.b", &["update"], json!({"n": 1}), json!({"n": want}));
    let measured = measured(json!({"resource_changes": [change(2), change(3)]}));
    assert_eq!(measured.status, Status::NotMeasured);
    assert!(measured.evidence[0].contains("`a.b` is in it several times"), "{measured:#?}");
}

#[test]
fn what_was_not_planned_is_not_called_ignored() {
    let mut moved = element("a.b", &["no-op"], json!({"n": 1}), json!({"n": 1}));
    moved["previous_address"] = json!("a.old");
    let drifted = element("a.c", &["update"], json!({"n": 1, "m": 1}), json!({"n": 1, "m": 2}));
    let said = json!({"n": {"constant_value": 2}, "m": {"constant_value": 1}});
    let measured = measured(json!({
        "resource_drift": [moved, drifted],
        "configuration": {"root_module": {"resources": [
            {"address": "a.b", "expressions": {"n": {"constant_value": 2}}},
            {"address": "a.c", "expressions": said},
        ]}},
    }));
    let [moved, drifted] = measured.changes.as_slice() else { panic!("{measured:#?}") };
    assert_eq!((moved.class, moved.attributes.len()), (Class::Moved, 0));
    assert_eq!((drifted.class, drifted.attributes.len()), (Class::OutOfBand, 1));
}

// How a stack stands.

#[test]
fn a_failed_plan_is_neither_clean_nor_drift() {
    for drift in [json!([]), json!([element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}))])]
    {
        let measured = measured(json!({
            "errored": true, "complete": false, "applyable": false,
            "resource_drift": drift,
            "resource_changes": [no_op("a.b", json!({"n": 2}))],
        }));
        assert_eq!(measured.status, Status::Error);
        assert!(measured.changes.is_empty());
        assert!(measured.evidence[0].contains("errored"), "{:?}", measured.evidence);
    }
}

#[test]
fn a_part_is_not_clean_and_what_is_absent_is_not_false() {
    let with = |complete: Option<bool>| {
        let mut plan = plan(json!({"resource_changes": [no_op("a.b", json!({}))]}));
        let map = plan.as_object_mut().unwrap();
        map.remove("applyable");
        map.remove("complete");
        map.remove("errored");
        if let Some(complete) = complete {
            map.insert("complete".to_owned(), complete.into());
        }
        measured_from(plan.to_string().as_bytes()).status
    };
    assert_eq!(with(None), Status::Clean);
    assert_eq!(with(Some(true)), Status::Clean);
    assert_eq!(with(Some(false)), Status::NotMeasured);
    // What differs in it is told, and is not taken for all that differs.
    let part = measured(json!({
        "complete": false,
        "resource_changes": [element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}))],
    }));
    assert_eq!(part.status, Status::NotMeasured);
    assert_eq!(attributes(&part), ["n Unapplied 1 1 2"]);
    assert!(part.evidence[0].contains("covers only a part"), "{:?}", part.evidence);
}

#[test]
fn checks_that_do_not_hold() {
    let of_now = measured(json!({"checks": [
        {"address": {"kind": "check", "to_display": "check.c"}, "status": "fail", "instances": [
            {"address": {"to_display": "check.c"}, "status": "fail", "problems": [{"message": "no"}]}]},
        {"address": {"kind": "check", "to_display": "check.ok"}, "status": "pass"},
    ]}));
    assert_eq!(of_now.checks.len(), 1);
    assert_eq!(of_now.checks[0].messages, ["no"]);
    assert_eq!(
        (of_now.status, &of_now.evidence[..]),
        (Status::Clean, &["1 check does not hold".to_owned()][..])
    );
    let of_old = measured(json!({"condition_results": [
        {"address": "output.o", "result": false, "unknown": false, "error_message": "no"},
        {"address": "output.p", "result": false, "unknown": true},
    ]}));
    assert_eq!(of_old.checks[0].address, "output.o");
    assert_eq!(of_old.checks.len(), 1);
}

#[test]
fn only_refreshed() {
    let with = |said: Json| {
        measured(json!({
            "resource_drift": [element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}))],
            "prior_state": {"values": {"root_module": {"resources": [{"address": "a.b", "mode": "managed", "type": "a", "values": {"n": 2}}]}}},
            "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": said}]}},
        }))
    };
    let first = with(json!({"n": {"constant_value": 1}}));
    assert_eq!(attributes(&first), ["n OutOfBand 1 2 1"]);
    assert_eq!(first.status, Status::NotMeasured);
    assert_eq!(first.instances, 1);
    assert!(first.evidence[0].contains("-refresh-only"));
    assert_eq!(attributes(&with(json!({"n": {"constant_value": 2}}))), ["n Masked 1 2 2"]);
    assert_eq!(attributes(&with(json!({}))), ["n Masked 1 2 -"]);
}

#[test]
fn what_stands_behind_a_plan_is_told() {
    let one = plan(json!({"resource_changes": []})).to_string();
    let rest = |text: String| {
        let (input, rest) = read_whole("f", text.as_bytes());
        assert!(matches!(input, Input::Measured(_)), "{input:?}");
        rest.map(|rest| (rest.why, rest.is_missing))
    };
    assert_eq!(rest(format!("{one} \n\n")), None);
    for behind in [one.as_str(), "garbage", "\0"] {
        let why =
            format!("what stands behind the plan, from byte {} on, was not read", one.len() + 1);
        assert_eq!(rest(format!("{one}\n{behind}")), Some((why, true)), "{behind}");
    }
}

/// A plan in which `resource_changes` and the `expressions` of blocks are these.
fn with_code(changes: &[Json], blocks: &[(&str, Json)]) -> Measured {
    let block = |(address, said): &(&str, Json)| json!({"address": address, "expressions": said});
    let blocks: Vec<Json> = blocks.iter().map(block).collect();
    measured(json!({
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": blocks}},
    }))
}

#[test]
fn everything_is_to_be_destroyed() {
    let gone = |address: &str| element(address, &["delete"], json!({"n": 1}), Json::Null);
    let all = with_code(&[gone("a.b"), gone("a.c")], &[("a.b", json!({}))]);
    assert_eq!(all.status, Status::NotMeasured);
    assert!(all.evidence[0].contains("`-destroy`"), "{:?}", all.evidence);
    let reasons: Vec<_> = all.changes.iter().map(|it| it.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("delete_by_request"); 2]);
    // One for which there is a reason, one that the code does not have, and one beside something new.
    let mut known = gone("a.b");
    known["action_reason"] = "delete_because_count_index".into();
    let new = element("a.c", &["create"], Json::Null, json!({"n": 1}));
    for changes in [vec![known], vec![gone("a.c")], vec![gone("a.b"), new]] {
        let some = with_code(&changes, &[("a.b", json!({}))]);
        assert_eq!(some.status, Status::Pending, "{:?}", some.evidence);
    }
}

/// An element whose `n` becomes what is known only after apply; a replacement for that.
fn unknown(address: &str, actions: &[&str]) -> Json {
    let mut it = element(address, actions, json!({"n": "1"}), json!({}));
    it["change"]["after_unknown"] = json!({"n": true});
    if actions.len() > 1 {
        it["change"]["replace_paths"] = json!([["n"]]);
        it["action_reason"] = "replace_because_cannot_update".into();
    }
    it
}

fn refers(to: &[&str]) -> Json {
    json!({"n": {"references": to}})
}

/// The classes of the changes, in the order of addresses, and what they follow.
fn followed(measured: &Measured) -> Vec<String> {
    let one = |it: &Change| {
        let follows = it.follows.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        format!("{} {}{follows}", it.address, it.class.word())
    };
    measured.changes.iter().map(one).collect()
}

#[test]
fn what_is_made_of_something_perpetual_follows_it() {
    let update = |address| unknown(address, &["update"]);
    let all = with_code(
        &[
            unknown("a.clock", &["delete", "create"]),
            unknown("a.hand[0]", &["delete", "create"]),
            update("a.face"),
            no_op("a.wall", json!({"n": "1"})),
        ],
        &[
            ("a.clock", json!({"n": {}})),
            ("a.hand", refers(&["a.clock.id", "a.clock", "var.x", "path.module"])),
            ("a.face", refers(&["a.hand[0].id", "a.hand[0]", "a.hand", "a.wall.n", "a.wall"])),
            ("a.wall", json!({})),
        ],
    );
    assert_eq!(
        followed(&all),
        ["a.clock perpetual", "a.face perpetual a.hand", "a.hand[0] perpetual a.clock"]
    );
    assert_eq!(all.status, Status::Clean);
}

#[test]
fn what_may_have_another_cause_follows_nothing() {
    let clock = || unknown("a.clock", &["delete", "create"]);
    let hand = || unknown("a.hand", &["update"]);
    let new = element("a.new", &["create"], Json::Null, json!({"n": 1}));
    let mut tainted = clock();
    tainted["action_reason"] = "replace_because_tainted".into();
    let mut more = hand();
    more["change"]["before"]["m"] = 1.into();
    more["change"]["after"]["m"] = 2.into();
    let mut moved = clock();
    moved["change"]["before"]["m"] = 1.into();
    moved["change"]["after"]["m"] = 2.into();
    let known = element("a.hand", &["update"], json!({"n": "1"}), json!({"n": "2"}));
    for (changes, references) in [
        // Something else is new.
        (vec![clock(), hand(), new], vec!["a.clock", "a.new"]),
        // What these come from, nobody knows.
        (vec![clock(), hand()], vec!["a.clock", "local.x"]),
        (vec![clock(), hand()], vec!["a.clock", "module.m.x"]),
        (vec![clock(), hand()], vec!["a.clock", "each.value"]),
        // It is replaced once, or for something that the code says.
        (vec![tainted, hand()], vec!["a.clock"]),
        (vec![moved, hand()], vec!["a.clock"]),
        // Something else of it differs, too; or it is known what it becomes.
        (vec![clock(), more], vec!["a.clock"]),
        (vec![clock(), known], vec!["a.clock"]),
        // Nothing that it is made of is perpetual.
        (vec![clock(), hand()], vec!["a.wall"]),
    ] {
        let said = format!("{changes:?} {references:?}");
        let all =
            with_code(&changes, &[("a.clock", json!({"n": {}})), ("a.hand", refers(&references))]);
        let hand = all.changes.iter().find(|it| it.address.name == "hand").unwrap();
        assert_eq!(hand.class, Class::Unapplied, "{said}");
        assert_eq!(all.status, Status::Pending, "{said}");
    }
}

// Formats.

#[test]
fn versions_of_the_format() {
    for version in ["0.1", "0.2", "1.0", "1.2", "1.99"] {
        let measured = measured(
            json!({"format_version": version, "new_in_2031": [{}], "resource_changes": [no_op("a.b", json!({}))]}),
        );
        assert_eq!((measured.status, measured.instances), (Status::Clean, 1), "{version}");
    }
    let unread = unread(plan(json!({"format_version": "2.0"})).to_string().as_bytes());
    assert!(unread.why.contains("format 2.0"), "{}", unread.why);
    assert!(unread.is_missing);
}

#[test]
fn members_in_any_order() {
    // Sorted by key, as `jq -S` leaves them: the configuration comes first. Our maps are sorted, so this is one.
    let text = serde_json::to_string_pretty(&plan(json!({
        "resource_changes": [no_op("a.b", json!({"n": 1}))],
        "configuration": {"root_module": {"resources": [{"address": "a.b", "expressions": {"n": {"constant_value": 2}}}]}},
    })))
    .unwrap();
    assert!(text.find("configuration") < text.find("resource_changes"));
    assert_eq!(attributes(&measured_from(text.as_bytes())), ["n Masked 1 1 2"]);
}

#[test]
fn numbers_keep_their_digits() {
    let text = plan(json!({"resource_changes": [element("a.b", &["update"], json!({"n": "A"}), json!({"n": "B"}))]}))
        .to_string()
        .replace("\"A\"", "12345678901234567890123")
        .replace("\"B\"", "12345678901234567890124.50");
    let measured = measured_from(text.as_bytes());
    assert_eq!(
        attributes(&measured),
        ["n Unapplied 12345678901234567890123 12345678901234567890123 12345678901234567890124.50"]
    );
    // And so they do on the way to the disk and back, whichever of tag and content comes first.
    let kept = serde_json::to_string(&measured).unwrap();
    let again: Measured = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, measured);
    let turned: Measured = serde_json::from_str(&kept.replace(
        r#"{"is":"value","value":12345678901234567890123}"#,
        r#"{"value":12345678901234567890123,"is":"value"}"#,
    ))
    .unwrap();
    assert_eq!(turned, measured);
    let Input::Measured(read_again) = read("kept.json", kept.as_bytes()) else { panic!() };
    assert_eq!(*read_again, measured);
}

#[test]
fn text_in_other_encodings() {
    let text = plan(json!({"resource_changes": [no_op("a.é", json!({"n": "ü🚀"}))]})).to_string();
    let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let little: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let without: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [with_mark, little, big, without] {
        assert_eq!(measured_from(&bytes[..]).instances, 1);
    }
}

#[test]
fn what_is_cut_off_is_said_with_its_place() {
    let text = plan(json!({"resource_changes": [no_op("a.b", json!({"n": 1}))]})).to_string();
    for length in [text.len() - 1, text.len() / 2, 60] {
        let unread = unread(&text.as_bytes()[..length]);
        assert!(unread.is_missing);
        assert!(unread.why.contains(&format!("byte {length}")), "{length}: {}", unread.why);
    }
    let broken = text.replace("\"no-op\"", "17");
    assert!(unread(broken.as_bytes()).why.contains("another shape"));
}

#[test]
fn a_reader_that_fails() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let text = plan(json!({})).to_string();
    let Input::Unread(unread) = read("f", text.as_bytes()[..40].chain(Fails)) else { panic!() };
    assert_eq!(unread.why, "the disk is gone");
}

#[test]
fn what_is_no_plan_is_told_what_to_run() {
    for (bytes, why) in [
        (&b""[..], "is empty"),
        (b"\x1b[0m\x1b[1mNo changes.\x1b[0m", "for people"),
        (b"16:12:26.268 STDOUT terraform: Plan: 1 to add\n", "for people"),
        (b"{\"a\": 1}", "neither a plan nor a state"),
        (b"[1, 2]", "neither a plan nor a state"),
        (b"hello", "neither a plan nor a state"),
        (b"PK\x03\x04nothing", "a zip, but no plan, or not all of one"),
        (b"\xff\xd8\xff\xe0", "neither a plan nor a state"),
    ] {
        let unread = unread(bytes);
        assert!(unread.why.contains(why), "{}", unread.why);
        assert!(unread.help.unwrap().contains("terraform show -json"));
        assert!(unread.is_missing);
    }
}

#[test]
fn what_is_closed_is_counted_and_left_alone() {
    let sops = json!({
        "version": "ENC[AES256_GCM,data:x,type:int]",
        "resources": [{"instances": [{}, {}]}, {"instances": [{}]}],
        "sops": {"lastmodified": "2026-06-01T00:00:00Z", "mac": "ENC[x]"},
    });
    let read = unread(sops.to_string().as_bytes());
    assert_eq!(
        read.why,
        "encrypted with SOPS: a state of 3 instances, last written 2026-06-01T00:00:00Z"
    );
    assert!(!read.is_missing);
    for (bytes, why, is_missing) in [
        (
            &br#"{"meta":{},"encrypted_data":"eA==","encryption_version":"v0"}"#[..],
            "OpenTofu",
            false,
        ),
        (
            br#"{"serial":1,"lineage":"x","encrypted_data":"eA==","encryption_version":"v0"}"#,
            "OpenTofu",
            false,
        ),
        (b"\0GITCRYPT\0\x01\x02", "git-crypt", false),
        (b"age-encryption.org/v1\n-> X25519", "age", false),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS", true),
    ] {
        let unread = unread(bytes);
        assert!(unread.why.contains(why), "{}", unread.why);
        assert_eq!(unread.is_missing, is_missing);
        assert!(unread.help.is_some());
    }
}

#[test]
fn inventories_are_recognised() {
    let text = r#"{"apiVersion":"v1","items":[],"kind":"List"}"#;
    assert_eq!(read("f", text.as_bytes()), Input::Inventory);
    assert!(unread(&text.as_bytes()[..30]).why.contains("ends in the middle"));
}

// States.

const STATE: &str = r#"{"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"l-1",
    "outputs":{"pw":{"value":"CANARY-out","type":"string","sensitive":true},"ip":{"value":"1.2.3.4","type":"string"}},
    "resources":[
      {"module":"module.m[\"y z\"].module.n[0]","mode":"managed","type":"a","name":"b",
       "provider":"provider[\"registry.terraform.io/hashicorp/kubernetes\"].x",
       "instances":[
         {"index_key":"k","schema_version":1,"attributes":{"n":1,"d":{"value":{"s":"CANARY-mask"},"type":["object",{"s":"string"}]},"l":[{"p":"CANARY-list"}],"copy":"CANARY-mask"},
          "sensitive_attributes":[[{"type":"get_attr","value":"d"},{"type":"get_attr","value":"s"}],[{"type":"get_attr","value":"l"},{"type":"index","value":{"value":0,"type":"number"}}]],
          "dependencies":["module.m.a.c","data.a.d"]},
         {"index_key":"k","deposed":"0123abcd","schema_version":1,"attributes":{"n":0}}]},
      {"mode":"data","type":"a","name":"d","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"schema_version":0,"attributes":{"big":12345678901234567890123}}]},
      {"mode":"managed","type":"t","name":"t","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"index_key":3,"status":"tainted","schema_version":0,"attributes":{"password":"CANARY-name"}}]}]}"#;

#[test]
fn a_state_file() {
    let state = state(STATE.as_bytes());
    assert_eq!(
        (state.serial, state.version, state.lineage.as_deref()),
        (Some(7), Some(4), Some("l-1"))
    );
    let outputs: Vec<_> = state.outputs.iter().map(|o| (o.name.as_str(), &o.value)).collect();
    assert_eq!(outputs, [("ip", &Shown::Value("1.2.3.4".into())), ("pw", &Shown::Hidden)]);
    let instances: Vec<String> = state
        .instances
        .iter()
        .map(|i| {
            format!("{} {:?} {} {}", i.address, i.deposed.as_deref(), i.is_tainted, i.provider)
        })
        .collect();
    assert_eq!(
        instances,
        [
            "t.t[3] None true terraform.io/builtin/terraform",
            "data.a.d None false terraform.io/builtin/terraform",
            "module.m[\"y z\"].module.n[0].a.b[\"k\"] None false registry.terraform.io/hashicorp/kubernetes",
            "module.m[\"y z\"].module.n[0].a.b[\"k\"] Some(\"0123abcd\") false registry.terraform.io/hashicorp/kubernetes",
        ]
    );
    let dependencies: Vec<String> =
        state.instances[2].dependencies.iter().map(ToString::to_string).collect();
    assert_eq!(dependencies, ["data.a.d", "module.m.a.c"]);
    assert_eq!(state.instances[2].attributes["d"], json!({"s": "(sensitive)"}));
    assert_eq!(state.instances[1].attributes["big"].to_string(), "12345678901234567890123");
    assert!(!format!("{state:?}").contains("CANARY"), "{state:#?}");
}

#[test]
fn a_state_as_it_is_shown() {
    let text = json!({"format_version": "1.0", "terraform_version": "1.11.4", "values": {
    "outputs": {"pw": {"sensitive": true, "value": "CANARY-out", "type": "string"}},
    "root_module": {
        "resources": [{"address": "a.b", "mode": "managed", "type": "a", "name": "b", "provider_name": "p", "values": {"n": 1, "s": "CANARY-a"}, "sensitive_values": {"s": true}, "tainted": true, "depends_on": ["a.c"]}],
        "child_modules": [{"address": "module.m[\"k\"]", "resources": [
            {"address": "module.m[\"k\"].a.b[0]", "mode": "managed", "type": "a", "name": "b", "index": 0, "deposed_key": "0123abcd", "values": {"x": "CANARY-a"}}]}],
    }}});
    let state = state(text.to_string().as_bytes());
    let addresses: Vec<String> = state.instances.iter().map(|i| i.address.to_string()).collect();
    assert_eq!(addresses, ["a.b", "module.m[\"k\"].a.b[0]"]);
    assert!(state.instances[0].is_tainted);
    assert_eq!(state.instances[1].deposed.as_deref(), Some("0123abcd"));
    assert_eq!(state.instances[0].dependencies[0].to_string(), "a.c");
    assert!(!format!("{state:?}").contains("CANARY"));
    assert!(self::state(br#"{"format_version":"1.0"}"#).instances.is_empty());
}

#[test]
fn states_that_cannot_be_read() {
    assert!(
        unread(br#"{"version":3,"serial":1,"lineage":"x","modules":[]}"#)
            .why
            .contains("before version 4")
    );
    let newer = unread(br#"{"version":5,"serial":1,"lineage":"x","resources":[]}"#);
    assert_eq!(newer.why, "a state in format 5, of which only 4 is known");
    assert!(unread(&STATE.as_bytes()[..200]).why.contains("ends in the middle"));
}

// The lines of a run.

fn lines(lines: &[Json]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in lines {
        writeln!(text, "{line}").unwrap();
    }
    text
}

fn version() -> Json {
    json!({"@level": "info", "@message": "Terraform 1.11.4", "@timestamp": "2026-11-26T00:00:00Z", "terraform": "1.11.4", "type": "version", "ui": "1.2"})
}

fn diagnostic(summary: &str, detail: &str) -> Json {
    json!({"@level": "error", "type": "diagnostic", "diagnostic": {"severity": "error", "summary": summary, "detail": detail,
        "address": "a.b", "range": {"filename": "main.tf", "start": {"line": 7, "column": 1, "byte": 0}}}})
}

#[test]
fn a_stream_with_errors() {
    for (summary, detail, status, kind) in [
        (
            "Error acquiring the state lock",
            "Lock Info:\n  ID: x",
            Status::Locked,
            ProblemKind::StateLock,
        ),
        ("No value for required variable", "", Status::Error, ProblemKind::MissingVariable),
        ("Get \"https://x\": context deadline exceeded", "", Status::Error, ProblemKind::Timeout),
        ("Operation canceled", "", Status::Timeout, ProblemKind::Interrupted),
        ("Error refreshing state", "dial tcp: i/o timeout", Status::Error, ProblemKind::Backend),
    ] {
        let measured = measured_from(&lines(&[version(), diagnostic(summary, detail)])[..]);
        assert_eq!(measured.kind, InputKind::UiStream);
        assert_eq!((measured.status, measured.problems[0].kind), (status, kind), "{summary}");
        assert_eq!(measured.problems[0].place, Some(("main.tf".to_owned(), 7)));
        assert_eq!(measured.problems[0].address.as_deref(), Some("a.b"));
        assert_eq!(measured.evidence[0], summary);
    }
    let text = lines(&[version(), diagnostic("Bad", "postgres://me:CANARY@db/x is refused")]);
    assert!(!format!("{:?}", measured_from(&text[..])).contains("CANARY"));
}

#[test]
fn a_stream_with_changes() {
    let change = |kind: &str, addr: &str, action: &str| json!({"@level": "info", "type": kind, "change": {"resource": {"addr": addr, "resource_key": null}, "action": action}});
    let mut moved = change("planned_change", "a.moved", "move");
    moved["change"]["previous_resource"] = json!({"addr": "a.before"});
    let summary = json!({"@level": "info", "type": "change_summary", "changes": {"add": 0}});
    let all = [
        version(),
        change("resource_drift", "a.b", "update"),
        change("planned_change", "a.b", "update"),
        change("resource_drift", "a.masked", "update"),
        change("resource_drift", "a.deleted", "delete"),
        change("planned_change", "a.deleted", "create"),
        change("planned_change", "module.m[\"y z\"].a.b", "replace"),
        change("planned_change", "a.left", "remove"),
        moved,
        summary,
    ];
    let measured = measured_from(&lines(&all)[..]);
    let found: Vec<String> =
        measured.changes.iter().map(|c| format!("{} {:?}", c.address, c.class)).collect();
    assert_eq!(
        found,
        [
            "a.b OutOfBand",
            "a.deleted DeletedOutside",
            "a.left Forgotten",
            "a.masked Masked",
            "a.moved Moved",
            "module.m[\"y z\"].a.b Unapplied",
        ]
    );
    assert_eq!(measured.status, Status::Drift);

    // Without its end nothing is known.
    let cut = measured_from(&lines(&all[..4])[..]);
    assert_eq!(cut.status, Status::Timeout);
    assert!(cut.changes.is_empty());
}

/// What a stream with these planned changes says: address, action, reason.
fn streamed(version: Json, planned: &[(&str, &str, Option<&str>)]) -> Measured {
    let line = |(addr, action, reason): &(&str, &str, Option<&str>)| {
        let mut change =
            json!({"resource": {"addr": addr, "resource_key": null}, "action": action});
        if let Some(reason) = reason {
            change["reason"] = json!(reason);
        }
        json!({"@level": "info", "type": "planned_change", "change": change})
    };
    let summary = json!({"@level": "info", "type": "change_summary", "changes": {"add": 0}});
    let all: Vec<Json> =
        [version].into_iter().chain(planned.iter().map(line)).chain([summary]).collect();
    measured_from(&lines(&all)[..])
}

#[test]
fn a_stream_with_leftovers() {
    let told = |measured: &Measured| -> Vec<String> {
        let one = |it: &Change| {
            format!("{} {:?} {:?} {:?}", it.address, it.class, it.action, it.deposed.as_deref())
        };
        measured.changes.iter().map(one).collect()
    };
    // A leftover has the address of what it is left over from, and comes before or after that.
    let replaced = ("a.b", "replace", Some("tainted"));
    let leftover = ("a.b", "delete", None);
    for order in [[replaced, leftover], [leftover, replaced]] {
        let both = streamed(version(), &order);
        let expected = ["a.b Unapplied DeleteThenCreate None", "a.b Deposed Delete Some(\"?\")"];
        assert_eq!(
            (told(&both), both.status),
            (expected.map(str::to_owned).to_vec(), Status::Pending)
        );
        assert_eq!(both.changes[0].reason.as_deref(), Some("replace_because_tainted"));
    }
    // What the code does not have any more is deleted for a reason.
    let gone = ("a.c", "delete", Some("delete_because_no_resource_config"));
    let some = streamed(version(), &[leftover, gone]);
    assert_eq!(told(&some), ["a.b Deposed Delete Some(\"?\")", "a.c Unapplied Delete None"]);
    // Alone, it may be all that there is to destroy.
    let alone = streamed(version(), &[leftover]);
    assert_eq!(
        (told(&alone), alone.status),
        (vec!["a.b Unapplied Delete None".to_owned()], Status::NotMeasured)
    );
    assert!(alone.evidence[0].contains("`-destroy`"), "{:?}", alone.evidence);
    // Before, there were no reasons.
    let mut old = version();
    old["ui"] = json!("0.1.0");
    let old = streamed(old, &[leftover, ("a.c", "create", None)]);
    assert_eq!(told(&old), ["a.b Unapplied Delete None", "a.c Unapplied Create None"]);
}

// A plan as Terraform writes it.

fn binary(before: &str, after: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in [("tfplan", "binary"), ("tfstate-prev", before), ("tfstate", after)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_binary_plan_proves_what_was_changed_outside() {
    let after = STATE.replace("\"n\":1", "\"n\":2").replace("CANARY-list", "CANARY-new");
    let measured = measured_from(&binary(STATE, &after)[..]);
    assert_eq!(measured.kind, InputKind::BinaryPlan);
    assert_eq!(attributes(&measured), ["l[0].p OutOfBand * * ?", "n OutOfBand 1 2 ?"]);
    assert_eq!(measured.status, Status::Drift);
    assert!(measured.evidence.last().unwrap().contains("terraform show -json PLAN"));
    assert!(!serde_json::to_string(&measured).unwrap().contains("CANARY"));

    let same = measured_from(&binary(STATE, STATE)[..]);
    assert_eq!((same.status, same.instances), (Status::NotMeasured, 2));
    let gone = measured_from(&binary(STATE, r#"{"version":4,"serial":8,"resources":[]}"#)[..]);
    assert!(gone.changes.iter().all(|change| change.class == Class::DeletedOutside));
    assert_eq!(gone.changes.len(), 2);
    // Without the states it is still a plan, and nothing is known.
    assert_eq!(measured_from(&binary("", "")[..]).status, Status::NotMeasured);
}

// Secrets.

/// Every place where a plan says a secret, and every way in which one may turn up where nothing marks it.
fn full_of_canaries() -> Json {
    let mask = json!({"marked": true, "list": [{"inner": true}], "block": [{}]});
    let side = |n: u32| {
        json!({
            "n": n,
            "marked": format!("CANARY-marked-{n}"),
            "list": [{"inner": "CANARY-inner", "outer": n}],
            "block": [{"env": [{"name": "API_TOKEN", "value": format!("CANARY-env-{n}")}]}],
            "password": format!("CANARY-named-{n}"),
            "url": format!("https://me:CANARY-url-{n}@host/"),
            "copy": format!("n={n} CANARY-marked-1"),
            "variable": format!("{n} CANARY-variable"),
            "encoded": format!("{n} Q0FOQVJZLXZhcmlhYmxl"),
            "encoded_within": format!("{n} eDpDQU5BUlktdmFyaWFibGU6eQ=="),
            "json": format!("{{\"n\":{n},\"db\":\"CANARY-quo\\\"ted\"}}"),
            "quoted": "CANARY-quo\"ted",
            "remote": format!("{n} CANARY-remote"),
            "provider": format!("{n} CANARY-provider"),
            "argument": format!("{n} CANARY-argument"),
            "output": format!("{n} CANARY-output"),
            "data": format!("{n} CANARY-data"),
            "number": 860_000_000 + u64::from(n),
            "file": format!("a: {n}\npassword: CANARY-line-{n}\n"),
            "key": {"CANARY-variable": n},
            "pem": format!("-----BEGIN PRIVATE KEY-----\nCANARY-pem-{n}\n-----END PRIVATE KEY-----\n"),
        })
    };
    let marked = |actions: &[&str], before: Json, after: Json| {
        let mut element = element("a.b", actions, before, after);
        element["change"]["before_sensitive"] = mask.clone();
        element["change"]["after_sensitive"] =
            json!({"marked": true, "quoted": true, "number": true});
        element
    };
    let mut imported = no_op("a.imported", json!({}));
    imported["change"]["importing"] = json!({"id": "x/CANARY-variable"});
    plan(json!({
        "variables": {"v": {"value": "CANARY-variable"}, "db_password": {"value": "CANARY-variable"}},
        "planned_values": {"outputs": {"o": {"value": "CANARY-planned"}}},
        "resource_drift": [marked(&["update"], side(1), side(2))],
        "resource_changes": [marked(&["update"], side(2), side(3)), imported,
            element("a.new", &["create"], Json::Null, side(1)),
            element("a.gone", &["delete"], side(2), Json::Null),
            no_op("a.quiet", json!({"i": "CANARY-variable", "password": "CANARY-quiet"}))],
        "output_changes": {
            "o": {"actions": ["update"], "before": "1 CANARY-output", "after": "CANARY-output", "before_sensitive": false, "after_sensitive": true},
            "token": {"actions": ["create"], "before": null, "after": "CANARY-token", "before_sensitive": false, "after_sensitive": false},
            "nested": {"actions": ["create"], "before": null, "after": {"secret_key": "CANARY-nested"}, "before_sensitive": false, "after_sensitive": false},
        },
        "prior_state": {"values": {
            "outputs": {"o": {"value": "CANARY-output", "sensitive": true}},
            "root_module": {"child_modules": [{"resources": [
                {"address": "data.terraform_remote_state.x", "mode": "data", "type": "terraform_remote_state", "values": {"outputs": {"db_password": "CANARY-remote"}}, "sensitive_values": {}},
                {"address": "data.vault.x", "mode": "data", "type": "vault", "values": {"d": {"k": "CANARY-data"}}, "sensitive_values": {"d": true}}]}]}}},
        "configuration": {
            "provider_config": {"p": {"expressions": {"token": {"constant_value": "CANARY-provider"}}}},
            "root_module": {
                "variables": {"v": {"sensitive": true, "default": "CANARY-variable"}, "db_password": {}},
                "resources": [
                    {"address": "a.quiet", "expressions": {"i": {"constant_value": "other"}, "password": {"constant_value": "CANARY-literal"}}},
                    {"address": "a.b", "expressions": {"password": {"constant_value": "CANARY-literal"}}}],
                "module_calls": {"m": {"source": "git::https://me:CANARY-source@host/m", "expressions": {"key": {"constant_value": "CANARY-argument"}},
                    "module": {"variables": {"key": {"sensitive": true}}}}}}},
        "checks": [{"address": {"to_display": "check.c"}, "status": "fail", "instances": [
            {"status": "fail", "problems": [{"message": "it is CANARY-variable"}]}]}],
    }))
}

#[test]
fn nothing_secret_is_kept() {
    let measured = measured_from(full_of_canaries().to_string().as_bytes());
    assert_eq!(measured.status, Status::Drift);
    assert_eq!(measured.changes.len(), 5);
    let kept = serde_json::to_string(&measured).unwrap();
    for secret in ["CANARY", "Q0FOQVJZ", "DQU5BUlk", "NBTkFSW", "86000000"] {
        let place = kept.find(secret).map(|at| &kept[at.saturating_sub(80)..at + 30]);
        assert_eq!(place, None, "{secret}");
    }
    // And it still tells what differs.
    let b = measured.changes.iter().find(|change| change.address.to_string() == "a.b").unwrap();
    let hidden = b.attributes.iter().filter(|attribute| attribute.live == Shown::Hidden);
    let hidden: Vec<String> = hidden.map(|attribute| attribute.path.to_string()).collect();
    assert_eq!(hidden, ["block[0].env[0].value", "marked", "number", "password"]);
    let shown = b.attributes.iter().find(|attribute| attribute.path.to_string() == "copy").unwrap();
    assert_eq!(shown.live, Shown::Value("n=2 (sensitive)".into()));
    let n = b.attributes.iter().find(|attribute| attribute.path.to_string() == "n").unwrap();
    assert_eq!(
        (&n.base, &n.live, &n.want),
        (&Shown::Value(1.into()), &Shown::Value(2.into()), &Shown::Value(3.into()))
    );
}

#[test]
fn without_a_configuration_every_variable_may_be_secret() {
    let measured = measured(json!({
        "variables": {"v": {"value": "CANARY-variable"}},
        "resource_changes": [element("a.b", &["update"], json!({"n": "x"}), json!({"n": "CANARY-variable"}))],
    }));
    assert_eq!(attributes(&measured), ["n Unapplied * * *"]);
}

// Size.

#[path = "../../../benches/generate_plan.rs"]
mod generate_plan;

#[test]
fn a_generated_plan_is_read_whole() {
    let mut text = Vec::new();
    generate_plan::plan(generate_plan::Size { instances: 120, one_in: 40 }, &mut text).unwrap();
    let measured = measured_from(&text[..]);
    assert_eq!((measured.instances, measured.status), (120, Status::Drift));
    let found: Vec<String> = measured
        .changes
        .iter()
        .flat_map(|change| {
            change
                .attributes
                .iter()
                .map(|attribute| format!("{} {}", change.address, attribute.path))
        })
        .collect();
    let image = |at: u32| {
        format!("kubernetes_deployment_v1.app_{at} spec[0].template[0].spec[0].container[0].image")
    };
    assert_eq!(found, [image(0), image(40), image(80)]);
}

// Whatever comes.

#[test]
fn no_input_panics() {
    let nested = format!(
        "{{\"configuration\":{{\"root_module\":{}1{}}}}}",
        "{\"module_calls\":{\"m\":{\"module\":".repeat(3000),
        "}}}".repeat(3000)
    );
    assert!(unread(nested.as_bytes()).why.contains("another shape"));
    let state = format!(
        "{{\"prior_state\":{{\"values\":{{\"root_module\":{}{{}}{}}}}}}}",
        "{\"child_modules\":[".repeat(3000),
        "]}".repeat(3000)
    );
    assert_eq!(measured_from(state.as_bytes()).status, Status::Clean);
    let deep = format!("{{\"resource_changes\":[{}{}]}}", "[".repeat(5000), "]".repeat(5000));
    assert!(unread(deep.as_bytes()).why.contains("another shape"));

    let stream = String::from_utf8(lines(&[version(), diagnostic("a", "b")])).unwrap();
    let texts = [full_of_canaries().to_string(), STATE.to_owned(), stream];
    let mut random: u32 = 7;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below
    };
    for text in &texts {
        for _ in 0..50 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=next(3) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = b"{}[]\",:0 \\"[next(10)],
                    1 => drop(bytes.drain(at..(at + next(40)).min(bytes.len()))),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            read("f", &bytes[..]);
        }
    }
}

#[test]
fn a_plan_in_which_something_waits_covers_a_part_whatever_it_says() {
    let new = element("a.b", &["create"], Json::Null, json!({"n": 1}));
    let waiting = json!([{"reason": "instance_count_unknown", "resource_change": new}]);
    let mut plan = plan(json!({"resource_changes": [], "deferred_changes": waiting}));
    plan.as_object_mut().unwrap().remove("complete");
    let measured = measured_from(plan.to_string().as_bytes());
    assert_eq!(measured.status, Status::NotMeasured, "{:?}", measured.evidence);
}

#[test]
fn what_is_opened_for_a_plan_is_no_difference() {
    let mut opened = element("ephemeral.a.b", &["open"], Json::Null, Json::Null);
    opened["mode"] = json!("ephemeral");
    let measured = measured(json!({"resource_changes": [opened, no_op("a.c", json!({"n": 1}))]}));
    assert_eq!(
        (measured.status, measured.instances),
        (Status::Clean, 1),
        "{:?}",
        measured.evidence
    );
}

#[test]
fn an_import_has_an_id_or_an_identity() {
    let import = |importing: Json| {
        let mut it = element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}));
        it["change"]["importing"] = importing;
        measured(json!({"resource_changes": [it]})).changes[0].import_id.clone()
    };
    assert_eq!(import(json!({"id": "x"})).as_deref(), Some("x"));
    assert_eq!(import(json!({"identity": {"name": "x"}})).as_deref(), Some(r#"{"name":"x"}"#));
}

#[test]
fn what_stands_in_the_place_of_a_list_or_an_element_is_not_passed_over() {
    let moved = element("a.b", &["update"], json!({"n": 1}), json!({"n": 2}));
    let with = |changes: Json| {
        plan(json!({"resource_drift": [moved.clone()], "resource_changes": changes}))
    };
    for odd in [json!("x"), json!({}), json!([null]), json!([{}])] {
        let unread = unread(with(odd.clone()).to_string().as_bytes());
        assert!(unread.why.contains("another shape"), "{odd}: {}", unread.why);
    }
    // A list that is not there is one of a plan that only refreshes.
    let null = measured_from(with(Json::Null).to_string().as_bytes());
    assert_eq!(null.status, Status::NotMeasured, "{:?}", null.evidence);
    // What does not say what an apply would do, is not taken for harmless.
    let mut silent = no_op("a.b", json!({"n": 1}));
    silent["change"].as_object_mut().unwrap().remove("actions");
    let silent = measured(json!({"resource_changes": [silent]}));
    assert_eq!((silent.status, silent.changes[0].action), (Status::Pending, Action::Other));
}
