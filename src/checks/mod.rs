//! Native checks: what to look at and how to judge it, for entries of rule packs to call by name.
//!
//! Invariant: a check knows Terraform and Kubernetes, never a repo. Kinds, paths, keys, markers, names and lists come
//! from its options.

mod adopted_block;
mod argument_order;
mod bare_name_in_template;
mod block_grammar;
mod broken_yaml;
mod certain;
mod change_together;
mod claim;
mod claim_annotations;
mod comment_states_value;
mod contradicting_versions;
mod cycle;
mod dead_code;
mod dead_path;
mod double_dollar;
mod duplicate_declaration;
mod element;
mod ephemeral_value;
mod expression_type;
mod fingerprint_lines;
mod function_call;
mod image_registry;
mod immutable_object;
mod immutable_value;
mod instance_key;
mod invalid_input;
mod list_agrees;
mod literal_type;
mod mention;
mod misplaced_argument;
mod missing_module;
mod missing_sibling;
mod module_inputs;
mod moved_address;
mod name_form;
mod never_equal;
mod old_release;
mod outdated_form;
mod provider_configuration;
mod reference;
mod refused_expression;
mod refused_provisioner;
mod refused_value;
mod removed_module;
mod removed_stacks;
mod repeated_entry;
mod repeated_list;
mod requirements;
mod retired_host;
mod room;
mod sealed_with;
mod secret_search;
mod sensitive_for_each;
mod sensitive_output;
mod sensitive_variable;
mod shape;
mod site;
mod stack_dependency;
mod stack_values;
mod state_backend;
mod text_breaks_yaml;
mod tried;
mod undeclared_reference;
mod undeclared_value;
mod undocumented_change;
mod unfiltered_file;
mod unformatted;
mod unit;
mod unit_inputs;
mod unknown_word;
mod unlike_results;
mod unlinked_directory;
mod unusable_name;
mod unused_declaration;
mod version_constraint;
mod version_range;
mod written_list;
mod written_out;
mod wrong_type;

use crate::rule::CheckDef;

/// Every check, sorted by name.
pub const ALL: &[CheckDef] = &[
    adopted_block::CHECK,
    argument_order::CHECK,
    bare_name_in_template::CHECK,
    broken_yaml::CHECK,
    change_together::CHECK,
    claim_annotations::CHECK,
    comment_states_value::CHECK,
    cycle::CHECK,
    dead_code::MODULE,
    dead_path::CHECK,
    double_dollar::CHECK,
    wrong_type::DROPPED,
    duplicate_declaration::CHECK,
    ephemeral_value::CHECK,
    fingerprint_lines::CHECK,
    stack_dependency::FORBIDDEN,
    function_call::CHECK,
    image_registry::CHECK,
    immutable_value::CHECK,
    block_grammar::INCOMPLETE,
    instance_key::CHECK,
    invalid_input::CHECK,
    list_agrees::CHECK,
    module_inputs::MISSING,
    misplaced_argument::CHECK,
    missing_module::CHECK,
    missing_sibling::CHECK,
    unit_inputs::MISSING,
    stack_values::MISSING,
    block_grammar::MISSPELT,
    moved_address::CHECK,
    name_form::CHECK,
    never_equal::CHECK,
    written_out::CHECK,
    outdated_form::FORM,
    written_out::EARLY,
    contradicting_versions::CHECK,
    provider_configuration::CHECK,
    refused_expression::CHECK,
    refused_provisioner::CHECK,
    refused_value::CHECK,
    removed_module::CHECK,
    removed_stacks::CHECK,
    repeated_entry::CHECK,
    repeated_list::CHECK,
    requirements::PROVIDERS,
    requirements::VERSION,
    retired_host::CHECK,
    retired_host::RESIDUE,
    sealed_with::CHECK,
    sensitive_for_each::CHECK,
    sensitive_output::CHECK,
    sensitive_variable::CHECK,
    outdated_form::COMMENT,
    stack_dependency::CHECK,
    stack_dependency::LATE,
    state_backend::CHECK,
    text_breaks_yaml::CHECK,
    undeclared_reference::CHECK,
    undeclared_value::CHECK,
    undocumented_change::CHECK,
    unfiltered_file::CHECK,
    unformatted::CHECK,
    unknown_word::FUNCTION,
    module_inputs::UNKNOWN,
    unknown_word::TYPE,
    unit_inputs::UNKNOWN,
    unlike_results::CHECK,
    unlinked_directory::CHECK,
    stack_values::UNREAD,
    dead_code::FILE,
    unusable_name::CHECK,
    unused_declaration::LOCAL,
    unused_declaration::VARIABLE,
    version_constraint::CHECK,
    wrong_type::WRONG,
];
