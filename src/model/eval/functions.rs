//! Terraform's functions, as far as conventions depend on them. A function that is not here gives an unknown that says so.

use std::sync::Arc;

use smol_str::SmolStr;

use super::scope::Names;
use super::template::Strings;
use super::{Evaluator, Scope, decode, operators};
use crate::model::repo::{dir_of, resolve_path};
use crate::model::value::{Data, Entry, List, Lookup, Map, Piece, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Call;
use crate::text::{Span, TextRange};

impl<'s> Evaluator<'_, 's> {
    pub(super) fn call(
        &mut self,
        file: &'s SourceFile,
        call: &'s Call,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let name = call.name.name.as_str();
        let mut args: Vec<Value> =
            call.args.iter().map(|arg| self.expr(file, arg, scope)).collect();
        if call.expand {
            match args.pop().map(|last| last.data) {
                Some(Data::List(list)) if list.open.is_none() => {
                    args.extend(list.items.iter().cloned());
                }
                _ => {
                    return Value::unknown(
                        format!("`{name}` is given a list that is not known"),
                        span,
                    );
                }
            }
        }
        match (name, args.as_slice()) {
            ("file", [path]) => self.file(path, scope, span),
            ("templatefile", [path, variables]) => self.template_file(path, variables, scope, span),
            ("yamldecode" | "jsondecode", [text]) => decode::text(text, span),
            ("path_relative_to_include", []) => path_relative_to_include(scope, span),
            _ => over_alternatives(&args, span, |args| pure(name, args, span)),
        }
    }

    /// The path that `path` means, relative to the root of the repo.
    fn repo_path(&self, path: &Value, scope: &Scope<'s>) -> Option<String> {
        let path = path.as_str()?;
        // A relative path is relative to where Terraform runs: the directory of the root module.
        let instance = self.repo.instance(scope.instance_id()?);
        let base = &self.repo.module(self.repo.instance(instance.root).module).dir;
        resolve_path(base, &path)
    }

    fn source(&self, path: &Value, scope: &Scope<'s>, span: Span) -> Result<&'s SourceFile, Value> {
        let Some(resolved) = self.repo_path(path, scope) else {
            return Err(Value::unknown("the path of a file is not known", span));
        };
        if let Some(source) = self.repo.source(&resolved) {
            return Ok(source);
        }
        let skipped = self.repo.skipped.iter().find(|file| *file.path == *resolved);
        Err(match skipped {
            Some(skipped) => {
                Value::unknown(format!("`{resolved}` cannot be read ({})", skipped.why), span)
            }
            None => Value::unknown(format!("`{resolved}` is not in the repo"), span),
        })
    }

    fn file(&self, path: &Value, scope: &Scope<'s>, span: Span) -> Value {
        match self.source(path, scope, span) {
            Ok(source) => {
                let span = source.span(TextRange::new(0, source.text.len()));
                Value::text(SmolStr::new(&source.text), span)
            }
            Err(unknown) => unknown,
        }
    }

    fn template_file(
        &self,
        path: &Value,
        variables: &Value,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let source = match self.source(path, scope, span) {
            Ok(source) => source,
            Err(unknown) => return unknown,
        };
        let Some(template) = source.template() else {
            return Value::unknown(format!("`{}` is no valid template", source.path), span);
        };
        let Data::Map(variables) = &variables.data else {
            return Value::unknown("the variables of a template are not known", span);
        };
        let mut inner = scope.clone();
        for entry in &variables.entries {
            inner = inner.with(&entry.key, entry.value.clone());
        }
        let whole = source.span(TextRange::new(0, source.text.len()));
        let mut evaluator =
            Evaluator { repo: self.repo, depth: self.depth, pending: self.pending.clone() };
        evaluator.template(source, template, &inner, whole)
    }
}

/// Terragrunt's own: the unit's directory as seen from the file that it includes.
fn path_relative_to_include(scope: &Scope<'_>, span: Span) -> Value {
    let Names::Unit(file, dir) = &scope.names else { return unfollowed_value(span) };
    let above = dir_of(&file.path);
    let below = if above.is_empty() {
        Some(&**dir).filter(|dir| !dir.is_empty())
    } else {
        dir.strip_prefix(above).and_then(|rest| rest.strip_prefix('/'))
    };
    below.map_or_else(|| unfollowed_value(span), |path| Value::text(path, span))
}

fn unfollowed_value(span: Span) -> Value {
    Value { data: Data::Unknown(unfollowed("path_relative_to_include")), span }
}

/// Applies `function` to every combination of what the arguments may be, where only one of them has alternatives.
fn over_alternatives(args: &[Value], span: Span, function: impl Fn(&[Value]) -> Value) -> Value {
    let several = |arg: &&Value| matches!(arg.data, Data::OneOf(_));
    if args.iter().filter(several).count() != 1 {
        return function(args);
    }
    let Some(index) = args.iter().position(|arg| matches!(arg.data, Data::OneOf(_))) else {
        return function(args);
    };
    let mut args = args.to_vec();
    let options = args[index].possibilities().to_vec();
    let results = options.into_iter().map(|option| {
        args[index] = option;
        function(&args)
    });
    Value::one_of(results.collect(), span)
}

fn pure(name: &str, args: &[Value], span: Span) -> Value {
    let result = match name {
        "merge" => Some(merge(args, span)),
        "concat" => Some(concat(args, span)),
        "flatten" => args.first().map(|list| flatten(list, span)),
        "join" => join(args, span),
        "format" => format(args, span),
        "coalesce" => Some(coalesce(args, span)),
        "try" => Some(first_that_works(args, span)),
        "lookup" => lookup(args, span),
        "element" => element(args),
        "toset" | "distinct" => args.first().map(|list| distinct(list, span)),
        "tolist" | "tomap" | "nonsensitive" | "sensitive" | "tostring" | "tonumber" | "tobool" => {
            args.first().cloned()
        }
        "one" => args.first().and_then(|list| one(list, span)),
        "keys" | "values" => args.first().and_then(|map| keys_or_values(name, map, span)),
        "length" => args.first().and_then(|value| length(value, span)),
        "contains" => contains(args, span),
        "split" => split(args, span),
        "yamlencode" | "jsonencode" => args.first().map(|value| encoded(value, span)),
        "reverse" | "sort" | "compact" => args.first().and_then(|list| reordered(name, list, span)),
        "can" => Some(Value::unknown("whether an expression fails is not judged", span)),
        _ => text_function(name, args, span),
    };
    result.unwrap_or_else(|| {
        let reason = args.iter().find_map(Value::first_unknown);
        Value { data: Data::Unknown(reason.unwrap_or_else(|| unfollowed(name))), span }
    })
}

fn unfollowed(name: &str) -> Reason {
    Reason::new(format!("`{name}(…)` is not followed"))
}

/// Functions from known strings to a string or a boolean.
fn text_function(name: &str, args: &[Value], span: Span) -> Option<Value> {
    let text: Vec<_> = args.iter().map(Value::as_str).collect::<Option<_>>()?;
    let text: Vec<&str> = text.iter().map(AsRef::as_ref).collect();
    let string = |text: String| Some(Value::text(text, span));
    let boolean = |value: bool| Some(Value { data: Data::Bool(value), span });
    match (name, text.as_slice()) {
        ("lower", [s]) => string(s.to_lowercase()),
        ("upper", [s]) => string(s.to_uppercase()),
        ("title", [s]) => string(title(s)),
        ("trimspace", [s]) => string(s.trim().to_owned()),
        ("chomp", [s]) => string(s.trim_end_matches(['\n', '\r']).to_owned()),
        ("trim", [s, cut]) => string(s.trim_matches(|c| cut.contains(c)).to_owned()),
        ("trimprefix", [s, prefix]) => string(s.strip_prefix(prefix).unwrap_or(s).to_owned()),
        ("trimsuffix", [s, suffix]) => string(s.strip_suffix(suffix).unwrap_or(s).to_owned()),
        ("replace", [s, from, to]) if !is_regex(from) => string(s.replace(from, to)),
        ("startswith", [s, prefix]) => boolean(s.starts_with(prefix)),
        ("endswith", [s, suffix]) => boolean(s.ends_with(suffix)),
        ("strcontains", [s, part]) => boolean(s.contains(part)),
        ("basename", [s]) => string(s.rsplit('/').next().unwrap_or(s).to_owned()),
        ("dirname", [s]) => string(dir_of(s).to_owned()),
        ("abspath" | "pathexpand", [s]) => string((*s).to_owned()),
        ("substr", [s, start, length]) => {
            let (start, length) = (start.parse::<usize>().ok()?, length.parse::<i64>().ok()?);
            let take = usize::try_from(length).unwrap_or(usize::MAX);
            string(s.chars().skip(start).take(take).collect())
        }
        _ => None,
    }
}

fn is_regex(pattern: &str) -> bool {
    pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/')
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at_start = true;
    for c in text.chars() {
        if at_start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        at_start = c.is_whitespace();
    }
    out
}

/// Later entries win. An argument that is not known leaves the result open, and what stood before it uncertain.
fn merge(args: &[Value], span: Span) -> Value {
    let mut merged = Map::default();
    for arg in args {
        match &arg.data {
            Data::Map(map) => {
                // A key that is not known may be one that an earlier object has.
                if let Some(reason) = &map.open {
                    make_uncertain(&mut merged, reason);
                }
                for entry in &map.entries {
                    merged.entries.retain(|known| known.key != entry.key);
                    merged.entries.push(entry.clone());
                }
                merged.open = merged.open.or_else(|| map.open.clone());
            }
            Data::Null => {}
            _ => {
                let reason = arg
                    .first_unknown()
                    .unwrap_or_else(|| Reason::new("one of the merged objects depends"));
                make_uncertain(&mut merged, &reason);
                merged.open = Some(reason);
            }
        }
    }
    Value { data: Data::Map(Arc::new(merged)), span }
}

/// Every entry may be replaced by something that is not known.
fn make_uncertain(map: &mut Map, reason: &Reason) {
    for entry in &mut map.entries {
        let span = entry.value.span;
        let maybe = Value { data: Data::Unknown(reason.clone()), span };
        entry.value = Value::one_of(vec![entry.value.clone(), maybe], span);
    }
}

fn concat(args: &[Value], span: Span) -> Value {
    let mut joined = List::default();
    for arg in args {
        match &arg.data {
            Data::List(list) => {
                joined.items.extend(list.items.iter().cloned());
                joined.open = joined.open.or_else(|| list.open.clone());
            }
            Data::OneOf(options) => {
                joined
                    .items
                    .extend(options.iter().flat_map(|option| option.items().iter().cloned()));
                joined.open = Some(Reason::new("one of the lists depends on a condition"));
            }
            _ => joined.open = arg.first_unknown().or_else(|| Some(unfollowed("concat"))),
        }
    }
    Value { data: Data::List(Arc::new(joined)), span }
}

fn flatten(list: &Value, span: Span) -> Value {
    let Data::List(outer) = &list.data else { return list.clone() };
    let mut flat = List { items: Vec::new(), open: outer.open.clone() };
    for item in &outer.items {
        match &item.data {
            Data::List(_) => {
                let Data::List(inner) = flatten(item, span).data else { continue };
                flat.items.extend(inner.items.iter().cloned());
                flat.open = flat.open.or_else(|| inner.open.clone());
            }
            Data::Unknown(reason) => flat.open = Some(reason.clone()),
            Data::OneOf(options)
                if options.iter().any(|option| matches!(option.data, Data::List(_))) =>
            {
                for option in options.iter() {
                    flat.items.extend(flatten(option, span).items().iter().cloned());
                }
                flat.open = Some(Reason::new("one of the lists depends on a condition"));
            }
            _ => flat.items.push(item.clone()),
        }
    }
    Value { data: Data::List(Arc::new(flat)), span }
}

/// The only element of a list; null where it has none.
fn one(list: &Value, span: Span) -> Option<Value> {
    let Data::List(list) = &list.data else { return None };
    match (list.items.as_slice(), &list.open) {
        ([], None) => Some(Value { data: Data::Null, span }),
        ([only], None) => Some(only.clone()),
        _ => None,
    }
}

/// A list whose elements move or go: which is where is certain only where all of them are known.
fn reordered(name: &str, list: &Value, span: Span) -> Option<Value> {
    let Data::List(list) = &list.data else { return None };
    let mut items = list.items.clone();
    let mut open = list.open.clone();
    match name {
        "reverse" => items.reverse(),
        _ if items.iter().any(|item| item.as_str().is_none() && !is_blank(item)) => {
            open = open.or_else(|| Some(unfollowed(name)));
        }
        "sort" => items.sort_by(|a, b| a.as_str().cmp(&b.as_str())),
        _ => items.retain(|item| !is_blank(item)),
    }
    Some(Value { data: Data::List(Arc::new(List { items, open })), span })
}

fn distinct(list: &Value, span: Span) -> Value {
    let Data::List(list) = &list.data else { return list.clone() };
    let mut items: Vec<Value> = Vec::new();
    for item in &list.items {
        if !items.iter().any(|known| known.same_as(item)) {
            items.push(item.clone());
        }
    }
    Value { data: Data::List(Arc::new(List { items, open: list.open.clone() })), span }
}

fn join(args: &[Value], span: Span) -> Option<Value> {
    let [separator, lists @ ..] = args else { return None };
    let mut strings = Strings::new();
    let mut first = true;
    for list in lists {
        let Data::List(list) = &list.data else { return None };
        for item in &list.items {
            if !std::mem::take(&mut first) {
                strings.append(separator, separator.span);
            }
            strings.append(item, item.span);
        }
        if let Some(reason) = &list.open {
            strings.push(&Piece { text: Err(reason.clone()), span });
        }
    }
    Some(strings.finish(span))
}

/// `%s`, `%d`, `%v` and `%%`; any other verb is not followed.
fn format(args: &[Value], span: Span) -> Option<Value> {
    let [spec, values @ ..] = args else { return None };
    let spec_text = spec.as_str()?;
    let mut values = values.iter();
    let mut strings = Strings::new();
    let mut rest = spec_text.as_ref();
    while let Some(at) = rest.find('%') {
        push_text(&mut strings, &rest[..at], spec.span);
        match rest.as_bytes().get(at + 1)? {
            b's' | b'd' | b'v' => strings.append(values.next()?, span),
            b'%' => push_text(&mut strings, "%", spec.span),
            _ => return None,
        }
        rest = &rest[at + 2..];
    }
    push_text(&mut strings, rest, spec.span);
    Some(strings.finish(span))
}

fn push_text(strings: &mut Strings, text: &str, span: Span) {
    if !text.is_empty() {
        strings.push(&Piece { text: Ok(text.into()), span });
    }
}

/// The first argument that is neither null nor the empty string.
fn coalesce(args: &[Value], span: Span) -> Value {
    let mut candidates = Vec::new();
    for arg in args {
        for option in arg.possibilities() {
            if !is_blank(option) {
                candidates.push(option.clone());
            }
        }
        let certain =
            arg.possibilities().iter().all(|option| option.is_known() && !is_blank(option));
        if certain {
            break;
        }
    }
    if candidates.is_empty() {
        Value::unknown("every argument is null or empty", span)
    } else {
        Value::one_of(candidates, span)
    }
}

fn is_blank(value: &Value) -> bool {
    matches!(value.data, Data::Null) || value.as_str().is_some_and(|text| text.is_empty())
}

/// `try`: the first argument, unless it is unknown, in which case any of the following may count too.
fn first_that_works(args: &[Value], span: Span) -> Value {
    let certain = args.iter().position(Value::is_known).map_or(args.len(), |index| index + 1);
    Value::one_of(args[..certain].to_vec(), span)
}

fn lookup(args: &[Value], span: Span) -> Option<Value> {
    let (map, key) = (args.first()?, args.get(1)?.as_str()?);
    match (map.get(&key), args.get(2)) {
        (Lookup::Found(entry), _) => Some(entry.value.clone()),
        (Lookup::Absent, Some(default)) => Some(default.clone()),
        (Lookup::Unknown(reason), Some(default)) => {
            let unknown = Value { data: Data::Unknown(reason), span };
            Some(Value::one_of(vec![unknown, default.clone()], span))
        }
        _ => None,
    }
}

fn element(args: &[Value]) -> Option<Value> {
    let (Data::List(list), index) = (&args.first()?.data, operators::number(args.get(1)?)?) else {
        return None;
    };
    let known = list.open.is_none() && !list.items.is_empty() && index >= 0.0;
    #[expect(clippy::cast_sign_loss, reason = "checked on the line above")]
    known.then(|| list.items[index as usize % list.items.len()].clone())
}

fn keys_or_values(name: &str, map: &Value, span: Span) -> Option<Value> {
    let Data::Map(map) = &map.data else { return None };
    let item = |entry: &Entry| match name {
        "keys" => Value::text(entry.key.clone(), entry.key_span),
        _ => entry.value.clone(),
    };
    let items = map.sorted().into_iter().map(item).collect();
    Some(Value { data: Data::List(Arc::new(List { items, open: map.open.clone() })), span })
}

fn length(value: &Value, span: Span) -> Option<Value> {
    let length = match &value.data {
        Data::List(list) if list.open.is_none() => list.items.len(),
        Data::Map(map) if map.open.is_none() => map.entries.len(),
        Data::Text(text) => text.as_str()?.chars().count(),
        _ => return None,
    };
    Some(Value { data: Data::Number(length.to_string().into()), span })
}

fn contains(args: &[Value], span: Span) -> Option<Value> {
    let [list, wanted] = args else { return None };
    let Data::List(list) = &list.data else { return None };
    let results: Vec<_> = list.items.iter().map(|item| operators::equal(item, wanted)).collect();
    if results.contains(&Some(true)) {
        return Some(Value { data: Data::Bool(true), span });
    }
    let certain = list.open.is_none() && results.iter().all(Option::is_some);
    certain.then_some(Value { data: Data::Bool(false), span })
}

fn split(args: &[Value], span: Span) -> Option<Value> {
    let (separator, text) = (args.first()?.as_str()?, args.get(1)?.as_str()?);
    let items = text.split(separator.as_ref()).map(|part| Value::text(part, span)).collect();
    Some(Value::list(items, span))
}

/// The encoded form of a value: a string that is known by what it encodes.
fn encoded(value: &Value, span: Span) -> Value {
    Value { data: Data::Encoded(Arc::new(value.clone())), span }
}
