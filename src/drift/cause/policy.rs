//! A Kyverno policy of the repo that changes objects: which ones, and what it writes into them.
//!
//! Kyverno lets a rule about pods work on what makes pods too, so what it writes is looked for in their templates.

use smol_str::SmolStr;

use super::patch::{self, Patch};
use crate::model::{Data, Lookup, ObjectSite, Repo, Value, pod_template};
use crate::rule::covers;
use crate::text::{Span, name_of};

/// A policy.
#[derive(Debug)]
pub(in crate::drift) struct Policy {
    pub(in crate::drift) name: SmolStr,
    /// The header of the block that declares it.
    pub(in crate::drift) header: Span,
    rules: Vec<Rule>,
}

/// One of its rules.
#[derive(Debug)]
pub(in crate::drift) struct Rule {
    pub(in crate::drift) name: SmolStr,
    /// One of these must fit.
    matches: Vec<Filters>,
    /// And none of these.
    excludes: Vec<Filters>,
    /// Whether it asks for more than a filter can tell.
    pub(in crate::drift) has_preconditions: bool,
    pub(in crate::drift) patches: Vec<Patch>,
}

/// Filters that must all fit: the entries of `all`, or one of `any`.
#[derive(Debug)]
struct Filters(Vec<Filter>);

/// One `resources` of a `match` or an `exclude`: all that is written must fit.
#[derive(Debug, Default)]
struct Filter {
    kinds: Vec<SmolStr>,
    names: Vec<SmolStr>,
    namespaces: Vec<SmolStr>,
    namespace_labels: Vec<Wanted>,
    labels: Vec<Wanted>,
    annotations: Vec<Wanted>,
    /// Why there may be more namespaces, where there may be.
    namespaces_open: Option<String>,
    /// Whether something of it is not known, or not understood.
    is_open: bool,
}

/// A label that must be there with one of these values; with any, where there are none.
#[derive(Debug)]
struct Wanted {
    key: SmolStr,
    values: Vec<SmolStr>,
}

/// What a filter is held against.
pub(in crate::drift) struct Target<'t> {
    pub(in crate::drift) kind: &'t str,
    pub(in crate::drift) name: Option<&'t str>,
    pub(in crate::drift) namespace: Option<&'t str>,
    /// The value of a label of the namespace: `None` for not known, `Some(None)` for absent.
    pub(in crate::drift) namespace_label: &'t dyn Fn(&str) -> Option<Option<String>>,
    pub(in crate::drift) label: &'t dyn Fn(&str) -> Option<Option<String>>,
    pub(in crate::drift) annotation: &'t dyn Fn(&str) -> Option<Option<String>>,
}

/// Whether a namespace is exempt from a policy.
#[derive(Debug)]
pub(in crate::drift) enum Exempt {
    /// It is excluded.
    Yes,
    /// It is not.
    No,
    /// The list of those that are excluded is not wholly known.
    Unknown(String),
}

impl Policy {
    /// The policy that `object` is, if it is one that changes objects.
    pub(super) fn of(repo: &Repo<'_>, object: ObjectSite<'_>) -> Option<Policy> {
        let (kind, name) = object.kind_and_name()?;
        if !matches!(&*kind, "ClusterPolicy" | "Policy") {
            return None;
        }
        let rules = object.value.at(&["spec", "rules"])?;
        let rules: Vec<Rule> = items(rules).filter_map(|rule| Rule::of(repo, rule)).collect();
        let name = SmolStr::new(&name);
        let header = object.block.header();
        Some(Policy { name, header, rules })
    }

    /// Its rules.
    pub(in crate::drift) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether it leaves the objects in `namespace` alone. A rule about some objects of every namespace says nothing of that,
    /// unless all of its rules are.
    pub(in crate::drift) fn exempts(&self, namespace: &str) -> Exempt {
        let all_narrow = self.rules.iter().all(Rule::is_narrow);
        let asked = self.rules.iter().filter(|rule| all_narrow || !rule.is_narrow());
        let mut all = asked.map(|rule| rule.exempts(namespace));
        let Some(first) = all.next() else { return Exempt::No };
        all.fold(first, |before, next| match (before, next) {
            (Exempt::Yes, Exempt::Yes) => Exempt::Yes,
            (Exempt::No, Exempt::No) => Exempt::No,
            (Exempt::Unknown(why), _) | (_, Exempt::Unknown(why)) => Exempt::Unknown(why),
            (Exempt::Yes, Exempt::No) | (Exempt::No, Exempt::Yes) => {
                Exempt::Unknown("its rules do not agree".to_owned())
            }
        })
    }
}

impl Rule {
    fn of(repo: &Repo<'_>, value: &Value) -> Option<Rule> {
        let mutate = value.at(&["mutate"])?;
        let name = value.at(&["name"]).and_then(Value::as_str).unwrap_or_default();
        let parts = mutate.at(&["foreach"]).into_iter().flat_map(items);
        let mut asking = std::iter::once(value).chain(parts);
        let has_preconditions = asking.any(|it| it.at(&["preconditions"]).is_some());
        Some(Rule {
            name: SmolStr::new(&name),
            matches: filters(value, "match"),
            excludes: filters(value, "exclude"),
            has_preconditions,
            patches: patch::patches(repo, mutate),
        })
    }

    /// Whether it is about some objects only, wherever they are.
    fn is_narrow(&self) -> bool {
        let mut all = self.matches.iter();
        !self.matches.is_empty() && all.all(|it| it.0.iter().any(Filter::is_narrow))
    }

    fn exempts(&self, namespace: &str) -> Exempt {
        let mut unknown = None;
        for filters in &self.excludes {
            // What names more than namespaces exempts some of their objects only.
            if filters.0.iter().any(Filter::is_narrow) {
                continue;
            }
            let covers = |it: &Filter| it.namespaces.iter().any(|it| covers(it, namespace));
            if filters.0.iter().all(covers) {
                return Exempt::Yes;
            }
            unknown =
                unknown.or_else(|| filters.0.iter().find_map(|it| it.namespaces_open.clone()));
        }
        unknown.map_or(Exempt::No, Exempt::Unknown)
    }

    /// Whether it is about the pods that an object of `kind` makes, and not about the object.
    pub(in crate::drift) fn is_about_pods(&self, kind: &str) -> bool {
        let mut kinds = self.matches.iter().flat_map(|it| &it.0).flat_map(|it| &it.kinds);
        let is_named = kinds.any(|it| covers(last(it), kind));
        kind != "Pod" && !is_named
    }

    /// Whether it may be at work on `target`: `None` where something of that is not known.
    pub(in crate::drift) fn is_about(&self, target: &Target<'_>) -> Option<bool> {
        let mut known = Some(false);
        for filters in &self.matches {
            match filters.fit(target) {
                Some(true) => {
                    known = Some(true);
                    break;
                }
                Some(false) => {}
                None => known = None,
            }
        }
        if known == Some(false) {
            return known;
        }
        for filters in &self.excludes {
            match filters.fit(target) {
                Some(true) => return Some(false),
                Some(false) => {}
                None => known = None,
            }
        }
        known
    }
}

impl Filter {
    fn of(resources: &Value) -> Filter {
        let texts = |path: &[&str]| -> Vec<SmolStr> {
            let list = resources.at(path).into_iter().flat_map(items);
            list.filter_map(Value::as_str).map(SmolStr::new).collect()
        };
        let mut names = texts(&["names"]);
        let name = resources.at(&["name"]).and_then(Value::as_str);
        names.extend(name.map(SmolStr::new));
        let (namespace_labels, understands_namespaces) = wanted(resources, "namespaceSelector");
        let (labels, understands_labels) = wanted(resources, "selector");
        let is_understood = understands_namespaces && understands_labels;
        let depends = |key: &&str| resources.at(&[*key]).is_some_and(|it| depends(it).is_some());
        let is_sure = !["kinds", "name", "names", "namespaces"].iter().any(depends);
        Filter {
            kinds: texts(&["kinds"]),
            names,
            namespaces: texts(&["namespaces"]),
            namespace_labels,
            labels,
            annotations: pairs(resources.at(&["annotations"])),
            namespaces_open: resources.at(&["namespaces"]).and_then(unsure),
            is_open: !is_understood || !is_sure || resources.first_unknown().is_some(),
        }
    }

    /// One of which nothing is known.
    fn unknown(why: String) -> Filter {
        Filter { namespaces_open: Some(why), is_open: true, ..Filter::default() }
    }

    /// Whether it asks for more than a kind and a namespace.
    fn is_narrow(&self) -> bool {
        !self.names.is_empty() || !self.labels.is_empty() || !self.annotations.is_empty()
    }

    fn fits(&self, target: &Target<'_>) -> Option<bool> {
        let kind = self.kinds.is_empty() || self.kinds.iter().any(|it| is_kind(it, target.kind));
        let named = |name: &str| self.names.iter().any(|it| covers(it, name));
        let inside = |namespace: &str| self.namespaces.iter().any(|it| covers(it, namespace));
        all_hold(&[
            Some(kind),
            if self.names.is_empty() { Some(true) } else { target.name.map(named) },
            if self.namespaces.is_empty() { Some(true) } else { target.namespace.map(inside) },
            are(&self.namespace_labels, target.namespace_label),
            are(&self.labels, target.label),
            are(&self.annotations, target.annotation),
            if self.is_open { None } else { Some(true) },
        ])
    }
}

impl Filters {
    fn fit(&self, target: &Target<'_>) -> Option<bool> {
        let each: Vec<Option<bool>> = self.0.iter().map(|it| it.fits(target)).collect();
        all_hold(&each)
    }
}

/// Whether all of these hold; `None` where that hangs on one of which it is not known.
fn all_hold(all: &[Option<bool>]) -> Option<bool> {
    if all.contains(&Some(false)) {
        return Some(false);
    }
    all.iter().all(Option::is_some).then_some(true)
}

fn are(wanted: &[Wanted], value: &dyn Fn(&str) -> Option<Option<String>>) -> Option<bool> {
    let mut known = Some(true);
    for Wanted { key, values } in wanted {
        match value(key) {
            None => known = None,
            Some(None) => return Some(false),
            Some(Some(found)) => {
                if !values.is_empty() && !values.iter().any(|it| covers(it, &found)) {
                    return Some(false);
                }
            }
        }
    }
    known
}

/// Whether `pattern`, as policies write kinds (`Pod`, `apps/v1/Deployment`, `*`), means `kind`, or the pods that it makes.
fn is_kind(pattern: &str, kind: &str) -> bool {
    let last = last(pattern);
    covers(last, kind) || (last == "Pod" && pod_template(kind).is_some())
}

/// The kind in a pattern that may name a group and a version too.
fn last(pattern: &str) -> &str {
    name_of(pattern)
}

/// The `resources` of `match` or `exclude`, in all the forms they take.
fn filters(rule: &Value, name: &str) -> Vec<Filters> {
    let asked = match rule.get(name) {
        Lookup::Found(entry) => &entry.value,
        Lookup::Absent => return Vec::new(),
        Lookup::Unknown(why) => return vec![Filters(vec![Filter::unknown(why.to_string())])],
    };
    let any = listed(asked, "any").into_iter().chain(resources(asked));
    let all = Some(Filters(listed(asked, "all"))).filter(|it| !it.0.is_empty());
    any.map(|it| Filters(vec![it])).chain(all).collect()
}

/// The filters in the list `name`; what may be in it is one of which nothing is known.
fn listed(asked: &Value, name: &str) -> Vec<Filter> {
    let list = match asked.get(name) {
        Lookup::Found(entry) => &entry.value,
        Lookup::Absent => return Vec::new(),
        Lookup::Unknown(why) => return vec![Filter::unknown(why.to_string())],
    };
    let Data::List(known) = &list.data else {
        return unsure(list).map(Filter::unknown).into_iter().collect();
    };
    let more = known.open.iter().map(|why| Filter::unknown(why.to_string()));
    known.items.iter().filter_map(resources).chain(more).collect()
}

/// What `entry` asks of an object.
fn resources(entry: &Value) -> Option<Filter> {
    match entry.get("resources") {
        Lookup::Found(entry) => Some(match depends(&entry.value) {
            Some(why) => Filter::unknown(why),
            None => Filter::of(&entry.value),
        }),
        Lookup::Absent => None,
        Lookup::Unknown(why) => Some(Filter::unknown(why.to_string())),
    }
}

/// Why it may be more or other than what is known of `value`.
fn unsure(value: &Value) -> Option<String> {
    value.first_unknown().map(|why| why.to_string()).or_else(|| depends(value))
}

/// Whether it is one of several values.
fn depends(value: &Value) -> Option<String> {
    let is_one_of = matches!(value.data, Data::OneOf(_));
    is_one_of.then(|| "it depends on a condition".to_owned())
}

/// What a selector of labels wants, and whether that is all.
fn wanted(resources: &Value, selector: &str) -> (Vec<Wanted>, bool) {
    let mut is_all = true;
    let mut wanted = pairs(resources.at(&[selector, "matchLabels"]));
    let expressions = resources.at(&[selector, "matchExpressions"]).into_iter().flat_map(items);
    for expression in expressions {
        let key = expression.at(&["key"]).and_then(Value::as_str);
        let operator = expression.at(&["operator"]).and_then(Value::as_str);
        if let (Some(key), Some("In" | "Exists")) = (key, operator.as_deref()) {
            let values = expression.at(&["values"]).into_iter().flat_map(items);
            let values = values.filter_map(Value::as_str).map(SmolStr::new).collect();
            wanted.push(Wanted { key: SmolStr::new(key), values });
        } else {
            is_all = false;
        }
    }
    (wanted, is_all)
}

fn pairs(map: Option<&Value>) -> Vec<Wanted> {
    let Some(Data::Map(map)) = map.map(|map| &map.data) else { return Vec::new() };
    let wanted = map.sorted().into_iter().filter_map(|entry| {
        let Lookup::Found(found) = map.get(&entry.key) else { return None };
        Some(Wanted {
            key: entry.key.clone(),
            values: found.value.as_str().map(SmolStr::new).into_iter().collect(),
        })
    });
    wanted.collect()
}

/// The elements of a list, in each of what it may be.
pub(super) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.possibilities().iter().flat_map(Value::items)
}

#[cfg(test)]
mod tests {
    use super::super::world::World;
    use super::*;
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    /// What `ask` is told about the policy with these rules, each a `match` and an `exclude`.
    fn with<T>(rules: &[(&str, &str)], ask: impl FnOnce(&Policy) -> T) -> T {
        let rule = |(at, (of, but)): (usize, &(&str, &str))| {
            format!(
                "{{ name = \"{at}\", match = {{ {of} }}, exclude = {{ {but} }}, mutate = {{ patchStrategicMerge = {{}} }} }}"
            )
        };
        let rules: Vec<String> = rules.iter().enumerate().map(rule).collect();
        let text = format!(
            "resource \"kubernetes_manifest\" \"it\" {{\n  manifest = {{\n    kind = \"ClusterPolicy\"\n    \
             metadata = {{ name = \"it\" }}\n    spec = {{ rules = [{}] }}\n  }}\n}}\n",
            rules.join(", ")
        );
        let path = "stacks/cluster/main.tf";
        let file = SourceFile::new(FileId(0), path.into(), text.as_str().into(), Format::of(path));
        assert_eq!(file.hcl.as_ref().unwrap().errors, [], "{text}");
        let files = [file];
        let repo = Repo::build(&files, &[]);
        ask(World::of(&repo).policy("it").unwrap())
    }

    /// Whether the only rule, with this `match` and `exclude`, is about the deployment `web` in `shop`.
    fn is_about_web(of: &str, but: &str) -> Option<bool> {
        let target = Target {
            kind: "Deployment",
            name: Some("web"),
            namespace: Some("shop"),
            namespace_label: &|_| None,
            label: &|_| Some(None),
            annotation: &|_| Some(None),
        };
        with(&[(of, but)], |policy| policy.rules()[0].is_about(&target))
    }

    #[test]
    fn one_of_any_is_enough_and_each_of_all_must_fit() {
        let (pods, shop, other) = (
            "{ resources = { kinds = [\"Pod\"] } }",
            "{ resources = { namespaces = [\"shop\"] } }",
            "{ resources = { namespaces = [\"other\"] } }",
        );
        let unclear = "{ resources = { namespaceSelector = { matchLabels = { a = \"b\" } } } }";
        let conditional = &format!("var.x ? {shop} : {other}");
        let inside = "{ resources = { namespaces = var.x ? [\"shop\"] : [\"other\"] } }";
        for (list, entries, expected) in [
            ("any", [pods, other], Some(true)),
            ("any", [other, unclear], None),
            ("all", [pods, shop], Some(true)),
            ("all", [pods, other], Some(false)),
            ("all", [pods, unclear], None),
            ("all", [other, unclear], Some(false)),
            ("any", [pods, conditional], Some(true)),
            ("any", [other, conditional], None),
            ("all", [pods, conditional], None),
            ("all", [other, conditional], Some(false)),
            ("all", [pods, "var.x"], None),
            ("all", [pods, inside], None),
        ] {
            let entries = format!("{list} = [{}]", entries.join(", "));
            assert_eq!(is_about_web(&entries, ""), expected, "{entries}");
            let excluded = expected.map(|it| !it);
            assert_eq!(is_about_web(&format!("any = [{pods}]"), &entries), excluded, "{entries}");
        }
    }

    #[test]
    fn what_depends_on_a_condition_is_not_known() {
        let (pods, other) = (
            "any = [{ resources = { kinds = [\"Pod\"] } }]",
            "any = [{ resources = { namespaces = [\"other\"] } }]",
        );
        let lists = "any = var.x ? [{ resources = { kinds = [\"Pod\"] } }] : []";
        for open in [lists, "any = var.x", "all = concat([], var.x)"] {
            assert_eq!(is_about_web(open, ""), None, "{open}");
            assert_eq!(is_about_web(pods, open), None, "{open}");
            assert_eq!(is_about_web(other, open), Some(false), "{open}");
            let exempts = with(&[(pods, open)], |policy| format!("{:?}", policy.exempts("shop")));
            assert!(exempts.starts_with("Unknown("), "{open}: {exempts}");
        }
    }

    #[test]
    fn a_namespace_is_exempt_where_every_rule_leaves_it_alone() {
        let pods = "any = [{ resources = { kinds = [\"Pod\"] } }]";
        let shop = "any = [{ resources = { namespaces = [\"shop\"] } }]";
        let some = "all = [{ resources = { namespaces = [\"shop\"] } }, { resources = { names = [\"a\"] } }]";
        for (excludes, expected) in [
            (&[shop][..], "Yes"),
            (&[some], "No"),
            (&[shop, shop], "Yes"),
            (&[shop, ""], "Unknown(\"its rules do not agree\")"),
            (&["", ""], "No"),
        ] {
            let rules: Vec<(&str, &str)> = excludes.iter().map(|it| (pods, *it)).collect();
            let exempts = with(&rules, |policy| format!("{:?}", policy.exempts("shop")));
            assert_eq!(exempts, expected, "{excludes:?}");
        }
        // Another rule is about some objects only.
        let owned = "any = [{ resources = { selector = { matchLabels = { owner = \"a\" } } } }]";
        for (rules, expected) in [
            ([(pods, shop), (owned, "")], "Yes"),
            ([(pods, ""), (owned, shop)], "No"),
            ([(owned, shop), (owned, "")], "Unknown(\"its rules do not agree\")"),
        ] {
            let exempts = with(&rules, |policy| format!("{:?}", policy.exempts("shop")));
            assert_eq!(exempts, expected, "{rules:?}");
        }
    }
}
