//! Reads states: the file that backends keep (version 4), and `show -json` of one.
//!
//! Invariant: what a [`StateFile`] shows has been through the masks; only [`Raw`] has the values as they are for reading, and only
//! this layer sees it.

use serde::Deserialize;
use smol_str::SmolStr;

use super::mask::Masks;
use super::secrets::Secrets;
use super::tree::Side;
use crate::drift::address::{Address, Key};
use crate::drift::shown::Json;
use crate::drift::state_file::{Plain, StateFile, StateInstance, StateOutput};

/// A state with its secrets.
#[derive(Default)]
pub(super) struct Raw {
    pub(super) terraform: Option<String>,
    serial: Option<u64>,
    lineage: Option<String>,
    version: Option<u64>,
    outputs: Vec<(String, Json, bool)>,
    pub(super) instances: Vec<RawInstance>,
    pub(super) strange: Vec<String>,
}

/// An instance with its secrets.
pub(super) struct RawInstance {
    pub(super) address: Address,
    pub(super) deposed: Option<SmolStr>,
    is_tainted: bool,
    provider: SmolStr,
    pub(super) attributes: Json,
    pub(super) mask: Json,
    dependencies: Vec<Address>,
}

impl Raw {
    /// The version of its format, where it is none that this tautline knows.
    pub(super) fn strange_version(&self) -> Option<u64> {
        self.version.filter(|version| *version != 4)
    }

    /// Adds what is secret in it.
    pub(super) fn secrets(&self, secrets: &mut Secrets) {
        for (name, value, is_sensitive) in &self.outputs {
            if *is_sensitive || crate::syntax::names_a_secret(name) {
                secrets.add(value);
            }
        }
        for instance in &self.instances {
            secrets.add_masked(&instance.attributes, &instance.mask);
            secrets.add_named(&instance.address.kind, &instance.attributes);
        }
    }

    /// The state without its secrets.
    pub(super) fn masked(self, file: &str) -> StateFile {
        let mut secrets = Secrets::default();
        self.secrets(&mut secrets);
        let masks = Masks::new(secrets);
        let output = |(name, value, is_sensitive): (String, Json, bool)| {
            let side = Side { value: Some(&value), ..Side::default() };
            StateOutput { value: masks.output(&name, side, Side::default(), is_sensitive), name }
        };
        let instance = |instance: RawInstance| {
            let side = Side {
                value: Some(&instance.attributes),
                mask: Some(&instance.mask),
                ..Side::default()
            };
            StateInstance {
                attributes: masks.whole(&instance.address.kind, side),
                plain: Plain(instance.attributes),
                address: instance.address,
                deposed: instance.deposed,
                is_tainted: instance.is_tainted,
                provider: instance.provider,
                dependencies: instance.dependencies,
            }
        };
        let mut outputs: Vec<StateOutput> = self.outputs.into_iter().map(output).collect();
        outputs.sort_by(|a, b| a.name.cmp(&b.name));
        let mut instances: Vec<StateInstance> = self.instances.into_iter().map(instance).collect();
        instances.sort_by(|a, b| (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)));
        let is_same = |pair: &[StateInstance]| {
            (&pair[0].address, &pair[0].deposed) == (&pair[1].address, &pair[1].deposed)
        };
        let doubled = instances.windows(2).filter(|pair| is_same(pair));
        let mut doubled: Vec<String> = doubled.map(|pair| pair[0].address.to_string()).collect();
        doubled.dedup();
        StateFile {
            file: file.to_owned(),
            terraform: self.terraform,
            serial: self.serial,
            lineage: self.lineage,
            version: self.version,
            outputs,
            instances,
            strange: self.strange,
            doubled,
        }
    }
}

#[derive(Deserialize)]
struct OutputText {
    #[serde(default)]
    value: Json,
    #[serde(default)]
    sensitive: bool,
}

type Outputs = std::collections::BTreeMap<String, OutputText>;

fn outputs(outputs: Option<Outputs>) -> Vec<(String, Json, bool)> {
    let outputs = outputs.into_iter().flatten();
    outputs.map(|(name, output)| (name, output.value, output.sensitive)).collect()
}

/// A state file.
#[derive(Deserialize)]
struct FileText {
    version: u64,
    terraform_version: Option<String>,
    serial: Option<u64>,
    lineage: Option<String>,
    outputs: Option<Outputs>,
    resources: Option<Vec<FileResource>>,
}

#[derive(Deserialize)]
struct FileResource {
    #[serde(default)]
    module: String,
    mode: String,
    r#type: SmolStr,
    name: SmolStr,
    #[serde(default)]
    provider: String,
    instances: Option<Vec<FileInstance>>,
}

#[derive(Deserialize)]
struct FileInstance {
    #[serde(default)]
    index_key: Json,
    status: Option<String>,
    deposed: Option<SmolStr>,
    #[serde(default)]
    attributes: Json,
    #[serde(default)]
    attributes_flat: Json,
    #[serde(default)]
    sensitive_attributes: Json,
    dependencies: Option<Vec<String>>,
}

/// Reads a state file.
pub(super) fn file(bytes: &[u8]) -> Result<Raw, serde_json::Error> {
    let text: FileText = serde_json::from_slice(bytes)?;
    let mut raw = Raw {
        terraform: text.terraform_version,
        serial: text.serial,
        lineage: text.lineage,
        version: Some(text.version),
        outputs: outputs(text.outputs),
        ..Raw::default()
    };
    for resource in text.resources.into_iter().flatten() {
        let modules = Address::parse_modules(&resource.module);
        for instance in resource.instances.into_iter().flatten() {
            let key = key(&instance.index_key);
            let (Some(modules), Ok(key)) = (&modules, key) else {
                let dot = if resource.module.is_empty() { "" } else { "." };
                let (module, kind, name) = (&resource.module, &resource.r#type, &resource.name);
                raw.strange.push(format!("{module}{dot}{kind}.{name}"));
                continue;
            };
            let address = Address {
                modules: modules.clone(),
                is_data: resource.mode == "data",
                kind: resource.r#type.clone(),
                name: resource.name.clone(),
                key,
            };
            let is_flat = instance.attributes.is_null();
            let mut attributes =
                if is_flat { instance.attributes_flat } else { instance.attributes };
            unwrap(&mut attributes);
            raw.instances.push(RawInstance {
                address,
                deposed: instance.deposed,
                is_tainted: instance.status.as_deref() == Some("tainted"),
                provider: source(&resource.provider),
                mask: mask(&instance.sensitive_attributes),
                attributes,
                dependencies: addresses(instance.dependencies),
            });
        }
    }
    Ok(raw)
}

/// Takes values of attributes that may be of any type out of what they are wrapped in: `{"value": …, "type": "string"}`.
fn unwrap(value: &mut Json) {
    if let Json::Object(map) = value
        && map.len() == 2
        && map.get("type").is_some_and(is_type)
        && let Some(inner) = map.get_mut("value").map(Json::take)
    {
        *value = inner;
        return;
    }
    match value {
        Json::Object(map) => map.values_mut().for_each(unwrap),
        Json::Array(list) => list.iter_mut().for_each(unwrap),
        _ => {}
    }
}

/// Whether `json` is a type of Terraform's.
fn is_type(json: &Json) -> bool {
    match json {
        Json::String(name) => matches!(name.as_str(), "string" | "number" | "bool" | "dynamic"),
        Json::Array(parts) => {
            let name = parts.first().and_then(Json::as_str);
            matches!(name, Some("object" | "map" | "list" | "set" | "tuple"))
        }
        _ => false,
    }
}

/// `index_key`: a number, a text, or nothing.
fn key(json: &Json) -> Result<Option<Key>, ()> {
    match json {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(Key::Text(text.into()))),
        Json::Number(number) => number.as_u64().map(|number| Some(Key::Number(number))).ok_or(()),
        _ => Err(()),
    }
}

/// The source address in `module.a.provider["registry.terraform.io/hashicorp/kubernetes"].alias`.
fn source(text: &str) -> SmolStr {
    let quoted = text.split('"').nth(1);
    quoted.or(text.rsplit("provider.").next()).unwrap_or(text).into()
}

fn addresses(texts: Option<Vec<String>>) -> Vec<Address> {
    let mut found: Vec<Address> =
        texts.into_iter().flatten().filter_map(|text| Address::parse(&text)).collect();
    found.sort();
    found
}

/// The marks on what `sensitive_attributes` names: paths of steps.
fn mask(paths: &Json) -> Json {
    let mut mask = Json::Null;
    for path in paths.as_array().into_iter().flatten() {
        mark(&mut mask, path.as_array().map_or(&[], Vec::as_slice));
    }
    mask
}

fn mark(mask: &mut Json, steps: &[Json]) {
    if *mask == Json::Bool(true) {
        return;
    }
    // An index is wrapped together with its type.
    let step = steps.first().map(|step| &step["value"]);
    let step = step.map(|value| if value.is_object() { &value["value"] } else { value });
    match step {
        Some(Json::String(key)) => {
            if !mask.is_object() {
                *mask = Json::Object(serde_json::Map::new());
            }
            mark(&mut mask[key.as_str()], &steps[1..]);
        }
        // The whole, or an element: which one it is may change, so all of them are marked.
        _ => *mask = Json::Bool(true),
    }
}

/// `show -json` of a state.
#[derive(Deserialize)]
struct ShowText {
    terraform_version: Option<String>,
    values: Option<ShowValues>,
}

#[derive(Deserialize)]
struct ShowValues {
    outputs: Option<Outputs>,
    root_module: Option<ShowModule>,
}

#[derive(Deserialize)]
struct ShowModule {
    resources: Option<Vec<ShowResource>>,
    child_modules: Option<Vec<ShowModule>>,
}

#[derive(Deserialize)]
struct ShowResource {
    address: String,
    #[serde(default)]
    provider_name: SmolStr,
    #[serde(default)]
    values: Json,
    #[serde(default)]
    sensitive_values: Json,
    depends_on: Option<Vec<String>>,
    #[serde(default)]
    tainted: bool,
    deposed_key: Option<SmolStr>,
}

/// Reads `show -json` of a state.
pub(super) fn show(bytes: &[u8]) -> Result<Raw, serde_json::Error> {
    let text: ShowText = serde_json::from_slice(bytes)?;
    let values = text.values;
    let (values, root) = values.map_or((None, None), |values| (values.outputs, values.root_module));
    let mut raw =
        Raw { terraform: text.terraform_version, outputs: outputs(values), ..Raw::default() };
    let mut modules: Vec<ShowModule> = root.into_iter().collect();
    while let Some(module) = modules.pop() {
        modules.extend(module.child_modules.into_iter().flatten());
        for resource in module.resources.into_iter().flatten() {
            let Some(address) = Address::parse(&resource.address) else {
                raw.strange.push(resource.address);
                continue;
            };
            raw.instances.push(RawInstance {
                address,
                deposed: resource.deposed_key,
                is_tainted: resource.tainted,
                provider: resource.provider_name,
                attributes: resource.values,
                mask: resource.sensitive_values,
                dependencies: addresses(resource.depends_on),
            });
        }
    }
    raw.strange.sort();
    Ok(raw)
}
