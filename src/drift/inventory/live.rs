//! What `kubectl get … -o json` wrote, object by object.
//!
//! Invariant: one object at a time is in memory, and none that is handed out holds the data of a secret.

use std::fmt;
use std::io::{self, BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Map;
use serde_json::error::Category;
use smol_str::SmolStr;

use super::super::read::{from_utf16, without_mark};
use super::super::shown::Json;
use crate::model::pod_template;

/// Why a dump cannot be used.
#[derive(Debug)]
pub(super) enum DumpError {
    /// There is nothing in it.
    Empty,
    /// It is no JSON, ends in the middle, or has another shape: where.
    Json(String),
    /// It is JSON, and no object of Kubernetes is in it.
    NoObjects,
    /// It cannot be read.
    Reader(io::Error),
}

/// What of a dump an object came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Which document, counted from 0.
    pub(super) document: usize,
    /// Whether that is a list: of a kind, it has all that there are.
    pub(super) is_list: bool,
}

/// Reads every object in `reader`: of lists, of single objects, and of several of them one behind the other.
pub(super) fn read(reader: impl Read, each: impl FnMut(Part, Live)) -> Result<usize, DumpError> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let mut start = [0; 3];
    let length = read_up_to(&mut reader, &mut start).map_err(DumpError::Reader)?;
    let start = &start[..length];
    if from_utf16(start).is_some() {
        let mut wide = start.to_vec();
        reader.read_to_end(&mut wide).map_err(DumpError::Reader)?;
        return documents(from_utf16(&wide).unwrap_or_default().as_bytes(), each);
    }
    documents(without_mark(start).chain(reader), each)
}

fn documents(reader: impl Read, mut each: impl FnMut(Part, Live)) -> Result<usize, DumpError> {
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let mut objects = 0;
    let mut document = 0;
    let mut is_foreign = false;
    loop {
        let mut hand_out = |is_list, json| match Live::of(json) {
            Some(live) => {
                objects += 1;
                each(Part { document, is_list }, live);
            }
            None => is_foreign = true,
        };
        let read = Document { each: &mut hand_out }.deserialize(&mut deserializer);
        read.map_err(|error| DumpError::of(&error))?;
        document += 1;
        // Whatever stands behind is the next one.
        if deserializer.end().is_ok() {
            break;
        }
    }
    if objects == 0 && is_foreign {
        return Err(DumpError::NoObjects);
    }
    Ok(objects)
}

fn read_up_to(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < into.len() {
        match reader.read(&mut into[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

impl DumpError {
    fn of(error: &serde_json::Error) -> Self {
        match error.classify() {
            Category::Io => DumpError::Reader(io::Error::other(error.to_string())),
            // The parser's own words may quote a value.
            kind => {
                let (line, column) = (error.line(), error.column());
                DumpError::Json(match kind {
                    Category::Eof if (line, column) == (1, 0) => return DumpError::Empty,
                    Category::Eof => format!("the JSON ends in the middle, at {line}:{column}"),
                    Category::Data => {
                        format!("JSON of another shape than `kubectl` writes, at {line}:{column}")
                    }
                    _ => format!("no JSON at {line}:{column}"),
                })
            }
        }
    }

    /// What to type instead.
    pub(super) fn help(&self) -> &'static str {
        match self {
            DumpError::Reader(_) => "see whether the file can be read",
            _ => "write it with `kubectl get KINDS --all-namespaces -o json > dump.json`",
        }
    }
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DumpError::Empty => f.write_str("the file is empty"),
            DumpError::Json(why) => f.write_str(why),
            DumpError::NoObjects => f.write_str("it is JSON without objects of Kubernetes"),
            DumpError::Reader(error) => write!(f, "it cannot be read: {error}"),
        }
    }
}

/// A document: a list, whose items are handed out one by one, or an object.
struct Document<'f> {
    each: &'f mut dyn FnMut(bool, Json),
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of Kubernetes, or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut own = Map::new();
        let mut is_list = false;
        while let Some(key) = access.next_key::<String>()? {
            if key == "items" {
                is_list = true;
                access.next_value_seed(Items { each: &mut *self.each })?;
            } else {
                own.insert(key, access.next_value()?);
            }
        }
        if !is_list {
            (self.each)(false, Json::Object(own));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        Items { each: self.each }.visit_seq(access)
    }
}

/// The items of a list.
struct Items<'f> {
    each: &'f mut dyn FnMut(bool, Json),
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(item) = access.next_element::<Json>()? {
            if !item.is_object() {
                return Err(A::Error::custom("an item of the list is no object"));
            }
            (self.each)(true, item);
        }
        Ok(())
    }
}

/// A live object.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) kind: SmolStr,
    /// `apps/v1`
    pub(super) api_version: SmolStr,
    pub(super) name: SmolStr,
    /// `None` for one that is in no namespace.
    pub(super) namespace: Option<SmolStr>,
    /// The whole, without the data of secrets and without the bookkeeping of field managers.
    pub(super) json: Json,
    /// The bookkeeping of field managers, where the dump has it.
    pub(super) managers: Vec<Json>,
}

impl Live {
    /// The object in `json`; `None` where it is none.
    fn of(mut json: Json) -> Option<Self> {
        let text = |json: &Json, path: &str| Some(SmolStr::new(json.pointer(path)?.as_str()?));
        let kind = text(&json, "/kind")?;
        let api_version = text(&json, "/apiVersion")?;
        let name = text(&json, "/metadata/name")?;
        let namespace = text(&json, "/metadata/namespace").filter(|it| !it.is_empty());
        let metadata = json.pointer_mut("/metadata").and_then(Json::as_object_mut)?;
        let managers = match metadata.remove("managedFields") {
            Some(Json::Array(managers)) => managers,
            _ => Vec::new(),
        };
        // The text of the last `kubectl apply` repeats the object, data and all.
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
        if kind == "Secret"
            && let Some(object) = json.as_object_mut()
        {
            object.remove("data");
            object.remove("stringData");
        }
        Some(Live { kind, api_version, name, namespace, json, managers })
    }

    /// What stands at `pointer`, and is not null.
    pub(super) fn at(&self, pointer: &str) -> Option<&Json> {
        self.json.pointer(pointer).filter(|it| !it.is_null())
    }

    /// `metadata.labels[KEY]`
    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.json.get("metadata")?.get("labels")?.get(key)?.as_str()
    }

    /// `metadata.annotations[KEY]`
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        self.json.get("metadata")?.get("annotations")?.get(key)?.as_str()
    }

    /// The program that wrote to it last, where the dump tells.
    pub(super) fn last_writer(&self) -> Option<&str> {
        let time = |entry: &&Json| entry.get("time").and_then(Json::as_str).map(str::to_owned);
        self.managers.iter().max_by_key(time)?.get("manager")?.as_str()
    }

    /// The group of its kind: `apps`; empty for the oldest kinds.
    pub(super) fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The objects that own it, each as `Kind NAME`.
    pub(super) fn owners(&self) -> Vec<String> {
        let owners = self.json.pointer("/metadata/ownerReferences").and_then(Json::as_array);
        let text =
            |owner: &Json, key: &str| owner.get(key).and_then(Json::as_str).map(str::to_owned);
        let shown = |owner| Some(format!("{} `{}`", text(owner, "kind")?, text(owner, "name")?));
        owners.into_iter().flatten().filter_map(shown).collect()
    }

    /// The description of its pods.
    pub(super) fn pod(&self) -> Option<&Json> {
        let way = pod_template(&self.kind)?.iter().chain(&["spec"]);
        way.copied().try_fold(&self.json, |json, key| json.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<(usize, bool)>, DumpError> {
        let mut found = Vec::new();
        read(text.as_bytes(), |part, _| found.push((part.document, part.is_list)))?;
        Ok(found)
    }

    const ONE: &str = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"n"}}"#;

    #[test]
    fn lists_objects_and_several_of_them_are_read() {
        let list = format!(r#"{{"apiVersion":"v1","items":[{ONE},{ONE}],"kind":"List"}}"#);
        assert_eq!(names(ONE).unwrap(), [(0, false)]);
        assert_eq!(names(&list).unwrap(), [(0, true), (0, true)]);
        assert_eq!(names(&format!("[{ONE}]")).unwrap().len(), 1);
        let both = names(&format!("\u{feff}{ONE}\n{list}\n")).unwrap();
        assert_eq!(both.iter().map(|it| it.0).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!(names(r#"{"kind":"List","items":null}"#).unwrap(), []);
        assert_eq!(names(r#"{"kind":"List","items":[]}"#).unwrap(), []);
    }

    #[test]
    fn what_is_no_dump_says_why() {
        let why = |text: &str| names(text).unwrap_err().to_string();
        assert_eq!(why("NAME READY\nweb 1/1"), "no JSON at 1:1");
        assert_eq!(why(&ONE[..40]), "the JSON ends in the middle, at 1:40");
        assert_eq!(why(""), "the file is empty");
        // No word of what is in it.
        for text in [r#"{"items":[1]}"#, r#"{"items":"s3cr3t"}"#, r#""s3cr3t""#] {
            assert!(why(text).starts_with("JSON of another shape than `kubectl` writes, at 1:"));
        }
        assert_eq!(why(r#"{"format_version":"1.2"}"#), "it is JSON without objects of Kubernetes");
        let wide: Vec<u8> = ONE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide).collect();
        assert_eq!(read(&wide[..], |_, _| ()).unwrap(), 1);
        assert_eq!(read(&wide[2..], |_, _| ()).unwrap(), 1);
        let deep = "[".repeat(100_000);
        assert!(names(&deep).is_err());
    }

    #[test]
    fn nothing_secret_is_handed_out() {
        let text = r#"{"apiVersion":"v1","kind":"Secret","type":"Opaque",
            "data":{"key":"Y2FuYXJ5"},"stringData":{"key":"canary"},
            "metadata":{"name":"a","annotations":{
                "kubectl.kubernetes.io/last-applied-configuration":"canary","x":"y"}}}"#;
        let mut shown = String::new();
        read(text.as_bytes(), |_, live| shown = format!("{live:?}")).unwrap();
        assert!(!shown.contains("canary") && !shown.contains("Y2FuYXJ5"), "{shown}");
        assert!(shown.contains("Opaque"));
    }
}
