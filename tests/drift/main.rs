//! Drift, end to end: real plans and recorded ones, whole nights, what is reported of them and where that goes.

#![expect(clippy::disallowed_methods, reason = "the tests write files and run programs")]
#![expect(clippy::unwrap_used, reason = "what cannot be made is a failed test")]

#[cfg(unix)]
mod delivery;
mod formats;
mod incidents;
mod inventory;
mod live;
mod predict;
#[cfg(unix)]
mod run;
