//! SARIF 2.1.0, as much of it as tautline writes.
//!
//! Invariant: the structs are the wire format and nothing else; the names are those of the standard.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Log<'a> {
    #[serde(rename = "$schema")]
    pub(in crate::report) schema: &'static str,
    pub(in crate::report) version: &'static str,
    pub(in crate::report) runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Run<'a> {
    pub(in crate::report) tool: Tool<'a>,
    pub(in crate::report) invocations: [Invocation<'a>; 1],
    pub(in crate::report) original_uri_base_ids: BTreeMap<&'static str, Base>,
    pub(in crate::report) artifacts: Vec<Artifact>,
    pub(in crate::report) default_encoding: &'static str,
    pub(in crate::report) column_kind: &'static str,
    pub(in crate::report) redaction_tokens: [&'static str; 1],
    pub(in crate::report) results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct Tool<'a> {
    pub(in crate::report) driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Driver<'a> {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) semantic_version: &'static str,
    pub(in crate::report) rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Rule<'a> {
    pub(in crate::report) id: &'a str,
    pub(in crate::report) short_description: Text,
    pub(in crate::report) full_description: Text,
    pub(in crate::report) default_configuration: Configuration,
    pub(in crate::report) help: Help,
    pub(in crate::report) properties: RuleProperties<'a>,
}

#[derive(Serialize)]
pub(in crate::report) struct Configuration {
    pub(in crate::report) level: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct Help {
    pub(in crate::report) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) markdown: Option<String>,
}

#[derive(Serialize)]
pub(in crate::report) struct RuleProperties<'a> {
    pub(in crate::report) tags: Vec<&'a str>,
    #[serde(rename = "problem.severity")]
    pub(in crate::report) problem_severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Invocation<'a> {
    pub(in crate::report) execution_successful: bool,
    pub(in crate::report) tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Notification<'a> {
    pub(in crate::report) level: &'static str,
    pub(in crate::report) message: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) associated_rule: Option<RuleReference<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct RuleReference<'a> {
    pub(in crate::report) id: &'a str,
}

#[derive(Serialize)]
pub(in crate::report) struct Base {
    pub(in crate::report) description: Text,
}

#[derive(Serialize)]
pub(in crate::report) struct Artifact {
    pub(in crate::report) location: ArtifactLocation,
    pub(in crate::report) length: usize,
    pub(in crate::report) roles: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct ArtifactLocation {
    pub(in crate::report) uri: String,
    pub(in crate::report) uri_base_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Finding<'a> {
    pub(in crate::report) rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) rule_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) kind: Option<&'static str>,
    pub(in crate::report) level: &'static str,
    pub(in crate::report) message: Text,
    pub(in crate::report) locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::report) related_locations: Vec<RelatedLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::report) fixes: Vec<FixEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) partial_fingerprints: Option<BTreeMap<&'static str, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) suppressions: Option<Vec<Suppression<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) properties: Option<FindingProperties<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct FindingProperties<'a> {
    pub(in crate::report) stack: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Location<'a> {
    pub(in crate::report) physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::report) logical_locations: Vec<LogicalLocation<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct RelatedLocation {
    pub(in crate::report) id: usize,
    pub(in crate::report) physical_location: PhysicalLocation,
    pub(in crate::report) message: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct PhysicalLocation {
    pub(in crate::report) artifact_location: ArtifactLocation,
    pub(in crate::report) region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct LogicalLocation<'a> {
    pub(in crate::report) fully_qualified_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Region {
    pub(in crate::report) start_line: u32,
    pub(in crate::report) start_column: u32,
    pub(in crate::report) end_line: u32,
    pub(in crate::report) end_column: u32,
    pub(in crate::report) byte_offset: u32,
    pub(in crate::report) byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) snippet: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct FixEntry {
    pub(in crate::report) description: Text,
    pub(in crate::report) artifact_changes: Vec<ArtifactChange>,
    pub(in crate::report) properties: FixProperties,
}

#[derive(Serialize)]
pub(in crate::report) struct FixProperties {
    pub(in crate::report) applicability: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct ArtifactChange {
    pub(in crate::report) artifact_location: ArtifactLocation,
    pub(in crate::report) replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Replacement {
    pub(in crate::report) deleted_region: Region,
    pub(in crate::report) inserted_content: Text,
}

#[derive(Serialize)]
pub(in crate::report) struct Suppression<'a> {
    pub(in crate::report) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) justification: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) location: Option<Location<'a>>,
}

/// A message, a description, or the content of a region.
#[derive(Serialize)]
pub(in crate::report) struct Text {
    pub(in crate::report) text: String,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text { text }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text { text: text.to_owned() }
    }
}
