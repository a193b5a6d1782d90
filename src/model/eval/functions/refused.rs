//! What Terraform's functions refuse whatever they do: `null`, values of another kind, and elements that are of no one type.
//!
//! Held against Terraform 1.11, function by function.

use super::super::types;
use crate::model::value::{Data, Value};
use crate::text::Span;

/// The functions of which no argument may be null.
const REFUSE_NULL: &[&str] = &[
    "abs",
    "abspath",
    "alltrue",
    "anytrue",
    "base64decode",
    "base64encode",
    "base64gzip",
    "base64sha256",
    "base64sha512",
    "basename",
    "ceil",
    "chomp",
    "chunklist",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "csvdecode",
    "dirname",
    "distinct",
    "element",
    "endswith",
    "file",
    "filebase64",
    "fileexists",
    "filemd5",
    "fileset",
    "flatten",
    "floor",
    "formatdate",
    "indent",
    "index",
    "join",
    "jsondecode",
    "keys",
    "length",
    "log",
    "lower",
    "matchkeys",
    "max",
    "md5",
    "min",
    "one",
    "parseint",
    "pathexpand",
    "pow",
    "range",
    "regex",
    "regexall",
    "replace",
    "reverse",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setunion",
    "sha1",
    "sha256",
    "sha512",
    "signum",
    "slice",
    "sort",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "sum",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "timecmp",
    "title",
    "transpose",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
    "urlencode",
    "uuidv5",
    "values",
    "yamldecode",
    "zipmap",
];

/// Those of which only so many of the first may not.
const REFUSE_NULL_FIRST: &[(&str, usize)] = &[("format", 1), ("formatlist", 1), ("lookup", 2)];

/// Those that make a list, set or map with elements of one type of what they are given.
const OF_ONE_TYPE: &[&str] = &[
    "chunklist",
    "distinct",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setunion",
    "tolist",
    "tomap",
    "toset",
];

/// What a parameter takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A string, or what becomes one.
    Text,
    /// A number, or a string that is one.
    Number,
    /// A list, set or tuple.
    List,
    /// A map or object.
    Map,
    /// What has a length: also a string.
    Countable,
    /// Anything, or what is not told here.
    Any,
}

use Takes::{Any, Countable, List, Map, Number, Text};

/// What functions take, parameter by parameter; of the last one, there may be more.
const PARAMETERS: &[(&str, &[Takes])] = &[
    ("abs", &[Number]),
    ("abspath", &[Text]),
    ("alltrue", &[List]),
    ("anytrue", &[List]),
    ("base64decode", &[Text]),
    ("base64encode", &[Text]),
    ("base64gzip", &[Text]),
    ("base64sha256", &[Text]),
    ("base64sha512", &[Text]),
    ("basename", &[Text]),
    ("ceil", &[Number]),
    ("chomp", &[Text]),
    ("chunklist", &[List, Number]),
    ("cidrhost", &[Text, Number]),
    ("cidrnetmask", &[Text]),
    ("cidrsubnet", &[Text, Number]),
    ("cidrsubnets", &[Text, Number]),
    ("coalescelist", &[List]),
    ("compact", &[List]),
    ("concat", &[List]),
    ("contains", &[List, Any]),
    ("csvdecode", &[Text]),
    ("dirname", &[Text]),
    ("distinct", &[List]),
    ("element", &[List, Number]),
    ("endswith", &[Text]),
    ("file", &[Text]),
    ("filebase64", &[Text]),
    ("fileexists", &[Text]),
    ("fileset", &[Text]),
    ("flatten", &[List]),
    ("floor", &[Number]),
    ("formatdate", &[Text]),
    ("indent", &[Number, Text]),
    ("index", &[List, Any]),
    ("join", &[Text, List]),
    ("jsondecode", &[Text]),
    ("keys", &[Map]),
    ("length", &[Countable]),
    ("log", &[Number]),
    ("lookup", &[Map, Text, Any]),
    ("lower", &[Text]),
    ("max", &[Number]),
    ("md5", &[Text]),
    ("merge", &[Map]),
    ("min", &[Number]),
    ("one", &[List]),
    ("parseint", &[Text, Number]),
    ("pathexpand", &[Text]),
    ("pow", &[Number]),
    ("range", &[Number]),
    ("regex", &[Text]),
    ("regexall", &[Text]),
    ("replace", &[Text]),
    ("reverse", &[List]),
    ("setintersection", &[List]),
    ("setproduct", &[List]),
    ("setsubtract", &[List]),
    ("setunion", &[List]),
    ("sha1", &[Text]),
    ("sha256", &[Text]),
    ("sha512", &[Text]),
    ("signum", &[Number]),
    ("slice", &[List, Number]),
    ("sort", &[List]),
    ("split", &[Text]),
    ("startswith", &[Text]),
    ("strcontains", &[Text]),
    ("strrev", &[Text]),
    ("substr", &[Text, Number]),
    ("sum", &[List]),
    ("textdecodebase64", &[Text]),
    ("textencodebase64", &[Text]),
    ("timeadd", &[Text]),
    ("timecmp", &[Text]),
    ("title", &[Text]),
    ("tolist", &[List]),
    ("tomap", &[Map]),
    ("toset", &[List]),
    ("transpose", &[Map]),
    ("trim", &[Text]),
    ("trimprefix", &[Text]),
    ("trimspace", &[Text]),
    ("trimsuffix", &[Text]),
    ("upper", &[Text]),
    ("urlencode", &[Text]),
    ("values", &[Map]),
    ("yamldecode", &[Text]),
    ("zipmap", &[List]),
];

/// What `value` is in words, where a parameter that `takes` something does not take it.
fn misfit(takes: Takes, value: &Value) -> Option<&'static str> {
    let is_number = || types::to_number(value).is_some();
    match (takes, &value.data) {
        (Text | Number | Map, Data::List(_)) => Some("a list"),
        (Text | Number | List, Data::Map(_)) => Some("an object"),
        (List | Map, Data::Text(_) | Data::Encoded(_)) => Some("a string"),
        (List | Map | Countable, Data::Number(_)) => Some("a number"),
        (Number | List | Map | Countable, Data::Bool(_)) => Some("a bool"),
        (Number, Data::Text(_)) if !is_number() => Some("a string that is no number"),
        _ => None,
    }
}

/// Why `name` refuses `args`.
pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    let is_null = |arg: &Value| matches!(arg.data, Data::Null);
    if let Some(at) = args.iter().position(is_null) {
        let first = REFUSE_NULL_FIRST.iter().find(|(known, _)| *known == name);
        let takes_none = REFUSE_NULL.binary_search(&name).is_ok();
        if takes_none || first.is_some_and(|(_, count)| at < *count) {
            return Some(Value::failure(format!("`{name}` is given `null`"), span));
        }
    }
    if let Ok(at) = PARAMETERS.binary_search_by_key(&name, |(name, _)| name) {
        let takes = PARAMETERS[at].1;
        let each = takes.iter().chain(takes.last().into_iter().cycle());
        if let Some(what) = args.iter().zip(each).find_map(|(arg, takes)| misfit(*takes, arg)) {
            let why = format!("`{name}` does not take {what}, as it is given");
            return Some(Value::failure(why, span));
        }
    }
    let are_mixed = |arg: &Value| match &arg.data {
        Data::List(list) => types::are_mixed(&list.items),
        Data::Map(map) => {
            types::are_mixed(&map.sorted().iter().map(|it| it.value.clone()).collect::<Vec<_>>())
        }
        _ => false,
    };
    (OF_ONE_TYPE.contains(&name) && args.iter().any(are_mixed)).then(|| {
        Value::failure(format!("`{name}` makes elements of one type, and is given others"), span)
    })
}
