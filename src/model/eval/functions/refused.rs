//! What Terraform's functions refuse whatever they do: `null`, values of another kind, and elements that are of no one type.
//!
//! Held against Terraform 1.11, function by function.

use super::super::types;
use crate::model::value::{Data, Value};
use crate::text::Span;

/// The functions that take `null` wherever they are given it.
const TAKE_NULL: &[&str] = &["merge", "tolist", "tomap", "toset"];

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
    /// Anything but `null`.
    Something,
    /// Anything, or what is not told here.
    Any,
}

use Takes::{Any, Countable, List, Map, Number, Something, Text};

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
    ("contains", &[List, Something]),
    ("csvdecode", &[Text]),
    ("dirname", &[Text]),
    ("distinct", &[List]),
    ("element", &[List, Number]),
    ("endswith", &[Text]),
    ("file", &[Text]),
    ("filebase64", &[Text]),
    ("fileexists", &[Text]),
    ("filemd5", &[Text]),
    ("fileset", &[Text]),
    ("flatten", &[List]),
    ("floor", &[Number]),
    ("format", &[Text, Any]),
    ("formatdate", &[Text]),
    ("formatlist", &[Text, Any]),
    ("indent", &[Number, Text]),
    ("index", &[List, Something]),
    ("join", &[Text, List]),
    ("jsondecode", &[Text]),
    ("keys", &[Map]),
    ("length", &[Countable]),
    ("log", &[Number]),
    ("lookup", &[Map, Text, Any]),
    ("lower", &[Text]),
    ("matchkeys", &[List]),
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
    ("uuidv5", &[Text]),
    ("values", &[Map]),
    ("yamldecode", &[Text]),
    ("zipmap", &[List]),
];

/// What `value` is in words, where a parameter that `takes` something does not take it.
fn misfit(takes: Takes, value: &Value) -> Option<&'static str> {
    let is_number = || types::to_number(value).is_some();
    match (takes, &value.data) {
        (Any, _) => None,
        (_, Data::Null) => Some("`null`"),
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
    if let Ok(at) = PARAMETERS.binary_search_by_key(&name, |(name, _)| name) {
        let takes = PARAMETERS[at].1;
        let each = takes.iter().chain(takes.last().into_iter().cycle());
        let takes_null = TAKE_NULL.contains(&name);
        let given = args.iter().zip(each);
        let mut judged = given.filter(|(arg, _)| !(takes_null && matches!(arg.data, Data::Null)));
        if let Some(what) = judged.find_map(|(arg, takes)| misfit(*takes, arg)) {
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

#[cfg(test)]
mod tests {
    use super::PARAMETERS;

    #[test]
    fn functions_are_found_by_their_names() {
        assert!(PARAMETERS.is_sorted_by_key(|(name, _)| name));
        assert!(PARAMETERS.iter().all(|(_, takes)| !takes.is_empty()));
    }
}
