//! What a policy writes: each field, as Terraform's Kubernetes provider names it, with the value.

use smol_str::SmolStr;

use super::policy::items;
use crate::model::{Data, Map, Repo, Value, pod_template};
use crate::rule::{FieldPath, FieldStep};
use crate::text::Span;

/// One field that a rule of a policy writes.
#[derive(Debug)]
pub(in crate::drift) struct Patch {
    /// The field, seen from the object that the rule is about.
    pub(in crate::drift) field: FieldPath,
    /// What it writes.
    pub(in crate::drift) value: Written,
    /// Whether it leaves alone what is there.
    pub(in crate::drift) only_if_absent: bool,
    /// Where the policy says so.
    pub(in crate::drift) span: Span,
}

/// What a patch writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::drift) enum Written {
    /// This.
    Text(SmolStr),
    /// It takes the field away.
    Nothing,
    /// What is only known when it is at work.
    Unknown,
}

/// One step into an object of Kubernetes.
#[derive(Clone)]
enum Step {
    Name(SmolStr),
    Element,
}

/// What `mutate` of a rule writes.
pub(super) fn patches(repo: &Repo<'_>, mutate: &Value) -> Vec<Patch> {
    let mut found = Vec::new();
    let each = mutate.at(&["foreach"]).into_iter().flat_map(items);
    for part in std::iter::once(mutate).chain(each) {
        if let Some(merge) = part.at(&["patchStrategicMerge"]) {
            let merge = repo.decoded(merge);
            merged(&merge, &mut Vec::new(), false, &mut found);
        }
        if let Some(operations) = part.at(&["patchesJson6902"]) {
            let operations = repo.decoded(operations);
            found.extend(items(&operations).filter_map(operation));
        }
    }
    found
}

/// The leaves of a strategic merge.
fn merged(value: &Value, path: &mut Vec<Step>, only_if_absent: bool, found: &mut Vec<Patch>) {
    match &value.data {
        Data::Map(map) => {
            for entry in Map::sorted(map) {
                let (name, is_anchored) = match anchor(&entry.key) {
                    Anchor::None(name) => (name, false),
                    Anchor::IfAbsent(name) => (name, true),
                    // It selects, and writes nothing.
                    Anchor::Condition => continue,
                };
                let selects = matches!(path.last(), Some(Step::Element)) && name == "name";
                if selects && written(&entry.value) == Written::Unknown {
                    continue;
                }
                path.push(Step::Name(name.into()));
                merged(&entry.value, path, only_if_absent || is_anchored, found);
                path.pop();
            }
        }
        Data::List(list) if list.items.iter().any(|it| matches!(it.data, Data::Map(_))) => {
            path.push(Step::Element);
            for item in &list.items {
                merged(item, path, only_if_absent, found);
            }
            path.pop();
        }
        _ => found.extend(field(path).map(|field| Patch {
            field,
            value: written(value),
            only_if_absent,
            span: value.span,
        })),
    }
}

/// How a key of a strategic merge is meant.
enum Anchor<'k> {
    None(&'k str),
    IfAbsent(&'k str),
    Condition,
}

fn anchor(key: &str) -> Anchor<'_> {
    let inner = |start: &str| key.strip_prefix(start).and_then(|rest| rest.strip_suffix(')'));
    if let Some(name) = inner("+(") {
        return Anchor::IfAbsent(name);
    }
    if ["(", "=(", "<(", "X("].into_iter().any(|start| inner(start).is_some()) {
        return Anchor::Condition;
    }
    Anchor::None(inner("^(").unwrap_or(key))
}

fn operation(operation: &Value) -> Option<Patch> {
    let op = operation.at(&["op"])?.as_str()?;
    let pointer = operation.at(&["path"])?;
    let text = pointer.as_str()?;
    let steps: Vec<Step> = text.strip_prefix('/')?.split('/').map(pointed).collect();
    let value = match (&*op, operation.at(&["value"])) {
        ("remove", _) => Written::Nothing,
        ("add" | "replace", Some(value)) => written(value),
        _ => Written::Unknown,
    };
    let span = operation.at(&["value"]).unwrap_or(pointer).span;
    Some(Patch { field: field(&steps)?, value, only_if_absent: false, span })
}

/// The step that a part of a JSON pointer means.
fn pointed(part: &str) -> Step {
    let is_element =
        part == "-" || part.contains("{{") || part.bytes().all(|byte| byte.is_ascii_digit());
    if is_element {
        Step::Element
    } else {
        Step::Name(part.replace("~1", "/").replace("~0", "~").into())
    }
}

fn written(value: &Value) -> Written {
    match (&value.data, value.as_str()) {
        (Data::Null, _) => Written::Nothing,
        (_, Some(text)) if !text.contains("{{") => Written::Text(SmolStr::new(text)),
        _ => Written::Unknown,
    }
}

/// The field that the JSON pointer `pointer` leads to in an object.
pub(super) fn of_pointer(pointer: &str) -> Option<FieldPath> {
    let steps: Vec<Step> = pointer.strip_prefix('/')?.split('/').map(pointed).collect();
    field(&steps)
}

/// A path in an object as the provider writes it: names with underscores, lists in the singular, each object in a list of
/// one, keys of maps in brackets.
fn field(steps: &[Step]) -> Option<FieldPath> {
    let mut field = Vec::with_capacity(steps.len() * 2);
    let mut is_in_map = false;
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Element => field.push(FieldStep::Each),
            Step::Name(key) if is_in_map => {
                field.push(FieldStep::Key(key.clone()));
                is_in_map = false;
            }
            Step::Name(name) => {
                let name = provider_name(name);
                is_in_map = is_map(&name);
                field.push(FieldStep::Name(name));
                let is_object = matches!(steps.get(at + 1), Some(Step::Name(_))) && !is_in_map;
                if is_object {
                    field.push(FieldStep::Index(0));
                }
            }
        }
    }
    (!field.is_empty()).then(|| FieldPath::of(field))
}

/// Whether the keys below what the provider calls `name` are the user's.
pub(in crate::drift) fn is_map(name: &str) -> bool {
    const MAPS: &[&str] = &[
        "annotations",
        "binary_data",
        "data",
        "labels",
        "limits",
        "match_labels",
        "node_selector",
        "requests",
        "string_data",
    ];
    MAPS.contains(&name)
}

/// The provider's name for a field of Kubernetes: blocks that repeat are in the singular.
pub(super) fn provider_name(name: &str) -> SmolStr {
    let singular = match name {
        "containers" => "container",
        "initContainers" => "initContainer",
        "ephemeralContainers" => "ephemeralContainer",
        "volumes" => "volume",
        "volumeMounts" => "volumeMount",
        "volumeDevices" => "volumeDevice",
        "volumeClaimTemplates" => "volumeClaimTemplate",
        "ports" => "port",
        "tolerations" => "toleration",
        "topologySpreadConstraints" => "topologySpreadConstraint",
        "options" => "option",
        "rules" => "rule",
        "paths" => "path",
        "subjects" => "subject",
        "readinessGates" => "readinessGate",
        "sysctls" => "sysctl",
        other => other,
    };
    let mut snake = String::with_capacity(singular.len() + 4);
    let mut follows_capital = true;
    for letter in singular.chars() {
        let is_capital = letter.is_ascii_uppercase();
        if is_capital && !follows_capital {
            snake.push('_');
        }
        follows_capital = is_capital;
        snake.push(letter.to_ascii_lowercase());
    }
    snake.into()
}

/// `field`, which is one of a pod, where `kind` has its template of a pod.
pub(in crate::drift) fn in_template(field: &FieldPath, kind: &str) -> Option<FieldPath> {
    let way = pod_template(kind).filter(|way| !way.is_empty())?;
    let template = way.iter().flat_map(|name| {
        // A block that there is one of stands in a list.
        [FieldStep::Name(provider_name(name)), FieldStep::Index(0)]
    });
    Some(FieldPath::of(template.chain(field.steps().iter().cloned()).collect()))
}
