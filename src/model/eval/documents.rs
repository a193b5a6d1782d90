//! What the data sources of the kubectl provider say that cut YAML into its documents: `kubectl_file_documents` and
//! `kubectl_path_documents`. Like a function, they give what is known without a cluster.

use super::steps::{Place, attribute_name};
use super::{Evaluator, Scope, decode, functions};
use crate::model::repo::BlockRef;
use crate::model::value::{Data, Entry, Value};
use crate::syntax::hcl::Step;
use crate::syntax::language::Language;
use crate::text::Span;

impl<'s> Evaluator<'_, 's> {
    /// What `steps` lead to, where they ask such a data source for its documents.
    pub(super) fn documents(
        &mut self,
        source: BlockRef<'s>,
        steps: &'s [Step],
        scope: &Scope<'s>,
        place: Place<'_, 's>,
    ) -> Option<Value> {
        let (first, rest) = steps.split_first()?;
        let asked = attribute_name(first)
            .filter(|name| ["documents", "manifests"].contains(&name.as_str()))?;
        if source.block.kind.name != "data" {
            return None;
        }
        let body = &source.block.body;
        let texts = match source.block.label(0)? {
            "kubectl_file_documents" => {
                let content = &body.attribute("content")?.value;
                vec![self.expr(source.file, content, scope)]
            }
            // With variables the files are templates.
            "kubectl_path_documents" => {
                if ["vars", "sensitive_vars"].iter().any(|name| body.attribute(name).is_some()) {
                    return None;
                }
                let pattern = &body.attribute("pattern")?.value;
                let pattern = self.expr(source.file, pattern, scope);
                self.files_like(&pattern, scope, place.span)?
            }
            _ => return None,
        };
        let mut documents = Vec::new();
        for text in &texts {
            documents.extend(functions::yaml_documents(text, place.span)?);
        }
        let found = if asked == "documents" {
            Value::list(documents, place.span)
        } else {
            let named = documents.into_iter().map(|document| {
                let key =
                    link(&decode::text(&document, Language::Yaml, place.span, &self.repo.trees))?;
                Some(Entry { key: key.into(), key_span: document.span, value: document })
            });
            Value::map(named.collect::<Option<Vec<_>>>()?, place.span)
        };
        Some(self.follow(found, rest, place))
    }

    /// The text of each file that `pattern` covers, a path with `*` in it.
    fn files_like(&mut self, pattern: &Value, scope: &Scope<'s>, span: Span) -> Option<Vec<Value>> {
        let pattern = pattern.as_str()?;
        let fixed = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
        let (dir, name) = match pattern[..fixed].rfind('/') {
            Some(slash) => (&pattern[..slash], &pattern[slash + 1..]),
            None => (".", &*pattern),
        };
        let set = self.file_set(&Value::text(dir, span), &Value::text(name, span), scope, span);
        let Data::List(found) = &set.data else { return None };
        let path = |name: &Value| Some(Value::text(format!("{dir}/{}", name.as_str()?), span));
        if found.open.is_some() {
            return None;
        }
        found.items.iter().map(|name| Some(self.file(&path(name)?, scope, span))).collect()
    }
}

/// Under what the provider lists an object: the address at which the API serves it.
fn link(object: &Value) -> Option<String> {
    let text = |path: &[&str]| Some(object.at(path)?.as_str()?.to_string());
    let version = text(&["apiVersion"])?;
    let root = if version.contains('/') { "apis" } else { "api" };
    let namespace = match object.at(&["metadata", "namespace"]) {
        Some(namespace) => format!("/namespaces/{}", namespace.as_str()?),
        None => String::new(),
    };
    let kind = text(&["kind"])?.to_lowercase();
    Some(format!("/{root}/{version}{namespace}/{kind}s/{}", text(&["metadata", "name"])?))
}
