//! Languages besides HCL that rules read, each as the tree that YAML has.

mod query;
