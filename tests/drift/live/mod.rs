//! Real plans: Terraform over a provider of our own, whose world a test edits as controllers and people do. What was recorded
//! of these runs is read by the other tests, here and elsewhere, on machines without a `terraform`.

mod dynamic;
mod exits;
mod fixes;
mod golden;
mod ignore;
mod incidents;
mod provider;
mod reads;
mod regressions;
mod rows;
mod says;
mod stage;
mod states;
mod truth;
