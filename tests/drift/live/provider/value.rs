//! Values as Terraform sends them: `MessagePack` ⇄ JSON.
//!
//! Invariant: what is decoded encodes to the same value; what is known only after apply is the text [`UNKNOWN`].

use rmpv::Value;
use serde_json::{Map, Number, Value as Json};

/// Stands for a value that is known only after apply. No text of a plan begins with NUL.
pub(crate) const UNKNOWN: &str = "\0unknown";

pub(crate) fn decode(bytes: &[u8]) -> Json {
    json(rmpv::decode::read_value(&mut &*bytes).expect("Terraform sends MessagePack"))
}

pub(crate) fn encode(value: &Json) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &packed(value)).expect("a vector takes every byte");
    bytes
}

fn json(value: Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Boolean(yes) => Json::Bool(yes),
        Value::Integer(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_u64().map_or(Json::Null, Json::from),
        },
        Value::F32(number) => Number::from_f64(number.into()).map_or(Json::Null, Json::Number),
        Value::F64(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.into_str().expect("Terraform's text is UTF-8")),
        Value::Binary(bytes) => Json::String(String::from_utf8_lossy(&bytes).into_owned()),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Map(entries) => entries
            .into_iter()
            .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
        // Refined or not: it is unknown.
        Value::Ext(..) => Json::String(UNKNOWN.to_owned()),
    }
}

fn packed(value: &Json) -> Value {
    match value {
        Json::Null => Value::Nil,
        Json::Bool(yes) => Value::Boolean(*yes),
        // Terraform takes a number as text too, with all its digits.
        Json::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.to_string().into(),
        },
        Json::String(text) if text == UNKNOWN => Value::Ext(0, vec![0]),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::Array(items.iter().map(packed).collect()),
        Json::Object(entries) => Value::Map(
            entries.iter().map(|(key, value)| (key.as_str().into(), packed(value))).collect(),
        ),
    }
}
