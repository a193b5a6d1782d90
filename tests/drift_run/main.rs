//! `tautline drift run` and `drift merge`: the binary, real Terraform where there is one, and planners that play it.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write repos and run programs")]
#![expect(clippy::unwrap_used, reason = "what cannot be made is a failed test")]

mod disturbed;
mod house;
mod real;
mod stubbed;
