//! The calls of Terraform, answered from a [`World`].
//!
//! Invariant: the world is what is in its file at the moment of a call; nothing is kept between two.

use std::future;

use bytes::Bytes;
use prost::Message;
use serde_json::Value as Json;

use super::kinds::{self, Family, Type};
use super::proto::{
    ApplyRequest, ApplyResponse, AttributePath, Diagnostic, Diagnostics, DynamicValue, Empty,
    ImportRequest, ImportResponse, Imported, PathStep, PlanRequest, PlanResponse, ReadRequest,
    Schema, SchemaResponse, Severity, StateResponse, UpgradeRequest,
};
use super::schema::Names;
use super::value;
use super::world::{self, World};

/// One provider in one world.
pub(crate) struct Service {
    pub(crate) family: Family,
    pub(crate) world: World,
}

impl Service {
    /// The answer to `message`; `None` where there is no such method.
    pub(crate) async fn call(&self, method: &str, message: &Bytes) -> Option<Vec<u8>> {
        Some(match method {
            "GetProviderSchema" => self.schema().encode_to_vec(),
            "ValidateProviderConfig" | "ValidateResourceConfig" | "ConfigureProvider" => {
                Diagnostics::default().encode_to_vec()
            }
            "StopProvider" => Empty {}.encode_to_vec(),
            "UpgradeResourceState" => self.upgrade(&read(message)).encode_to_vec(),
            "ReadResource" => self.read(&read(message)).await.encode_to_vec(),
            "PlanResourceChange" => self.plan(&read(message)).encode_to_vec(),
            "ApplyResourceChange" => self.apply(&read(message)).await.encode_to_vec(),
            "ImportResourceState" => self.import(read(message)).encode_to_vec(),
            _ => return None,
        })
    }

    fn of(&self, name: &str) -> &Type {
        self.family.types.get(name).expect("Terraform asks for types of the schema")
    }

    fn schema(&self) -> SchemaResponse {
        let schema = |block| Schema { version: 0, block: Some(block) };
        let types = self.family.types.iter();
        SchemaResponse {
            provider: Some(schema(super::proto::Block::default())),
            resources: types
                .map(|(name, of)| ((*name).to_owned(), schema(of.block.wire())))
                .collect(),
        }
    }

    fn upgrade(&self, request: &UpgradeRequest) -> StateResponse {
        let raw = request.raw_state.as_ref().map(|state| state.json.as_slice()).unwrap_or_default();
        let state: Json = serde_json::from_slice(raw).expect("a state holds JSON");
        let state = self.of(&request.type_name).block.complete(&state);
        StateResponse { state: Some(packed(&state)), diagnostics: vec![] }
    }

    async fn read(&self, request: &ReadRequest) -> StateResponse {
        let state = unpacked(request.current_state.as_ref());
        let id = state["id"].as_str().unwrap_or_default();
        let call = format!("read {} {id}", request.type_name);
        if self.world.hangs(&call) {
            future::pending::<()>().await;
        }
        if let Some(message) = self.world.refusal(&call) {
            return StateResponse {
                state: request.current_state.clone(),
                diagnostics: error(message),
            };
        }
        let object = self.world.get(&request.type_name, id).map_or(Json::Null, |object| {
            let mut object = self.of(&request.type_name).block.complete(&object);
            hide(&state, &mut object);
            object
        });
        StateResponse { state: Some(packed(&object)), diagnostics: vec![] }
    }

    fn plan(&self, request: &PlanRequest) -> PlanResponse {
        let prior = unpacked(request.prior_state.as_ref());
        let mut planned = unpacked(request.proposed_new_state.as_ref());
        let fixed = self.of(&request.type_name).block.plan(&prior, &mut planned);
        let path = |steps: Vec<_>| AttributePath {
            steps: steps.into_iter().map(|step| PathStep { selector: Some(step) }).collect(),
        };
        PlanResponse {
            planned_state: Some(packed(&planned)),
            requires_replace: fixed.into_iter().map(path).collect(),
            diagnostics: vec![],
            legacy_type_system: true,
        }
    }

    async fn apply(&self, request: &ApplyRequest) -> ApplyResponse {
        let kind = &request.type_name;
        let prior = unpacked(request.prior_state.as_ref());
        let mut object = unpacked(request.planned_state.as_ref());
        let (verb, id) = match (prior["id"].as_str(), &object) {
            (Some(id), Json::Null) => ("delete", id.to_owned()),
            (Some(id), _) => ("update", id.to_owned()),
            (None, _) => {
                ("create", (self.of(kind).id)(&object).unwrap_or_else(|| self.world.number()))
            }
        };
        let call = format!("{verb} {kind} {id}");
        if self.world.hangs(&call) {
            future::pending::<()>().await;
        }
        let mut diagnostics = vec![];
        if let Some(message) = self.world.refusal(&call) {
            diagnostics = error(message);
            object = prior;
        } else if verb == "delete" {
            self.world.remove(kind, &id);
        } else {
            if verb == "update" {
                world::count(&prior, &mut object);
            }
            let number = kinds::number(&format!("{kind} {id}"));
            let uid = format!("{:08x}-0000-4000-8000-{:012x}", number >> 32, number & 0xffff_ffff);
            self.of(kind).block.fill(&mut object, &Names { id: id.clone(), uid });
            self.world.put(kind, &id, object.clone());
        }
        ApplyResponse { new_state: Some(packed(&object)), diagnostics, legacy_type_system: true }
    }

    fn import(&self, request: ImportRequest) -> ImportResponse {
        let state = serde_json::json!({ "id": request.id });
        let state = self.of(&request.type_name).block.complete(&state);
        let imported = Imported { type_name: request.type_name, state: Some(packed(&state)) };
        ImportResponse { imported: vec![imported], diagnostics: vec![] }
    }
}

/// What the provider of Kubernetes keeps from Terraform: labels and annotations of Kubernetes' own, unless the code has them.
fn hide(state: &Json, object: &mut Json) {
    const SHOWN: [&str; 2] = ["app.kubernetes.io", "service.beta.kubernetes.io"];
    for map in ["annotations", "labels"] {
        let known = &state["metadata"][0][map];
        let found =
            object.pointer_mut("/metadata/0").and_then(|metadata| metadata[map].as_object_mut());
        let Some(found) = found else { continue };
        found.retain(|key, _| {
            let host = key.split('/').next().unwrap_or_default();
            let is_own = host.ends_with("kubernetes.io") && !SHOWN.contains(&host);
            !is_own || known.get(key).is_some()
        });
    }
}

fn read<M: Message + Default>(message: &Bytes) -> M {
    M::decode(message.as_ref()).expect("Terraform speaks the protocol")
}

fn unpacked(value: Option<&DynamicValue>) -> Json {
    value.map_or(Json::Null, |value| value::decode(&value.msgpack))
}

fn packed(value: &Json) -> DynamicValue {
    DynamicValue { msgpack: value::encode(value), json: vec![] }
}

fn error(summary: String) -> Vec<Diagnostic> {
    vec![Diagnostic { severity: Severity::Error.into(), summary, detail: String::new() }]
}
