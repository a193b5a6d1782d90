//! What becomes of results when everything around them fails: servers, disks, other writers, clocks, and the process itself.
//! Nothing that was measured is lost, and the exit code says what happened.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the tests write files and run programs")]
#![expect(clippy::unwrap_used, reason = "what cannot be made is a failed test")]

mod files;
mod nights;
mod requests;
mod server;
