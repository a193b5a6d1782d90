//! What Terraform's functions refuse whatever they are: `null`, and elements that are of no one type.
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
