//! `tautline drift run` and `drift merge`: the binary, real Terraform where there is one, and planners that play it.

mod disturbed;
mod house;
mod real;
mod stubbed;
