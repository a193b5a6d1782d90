//! What becomes of results when everything around them fails: servers, disks, other writers, clocks, and the process itself.
//! Nothing that was measured is lost, and the exit code says what happened.

mod files;
mod nights;
mod requests;
mod server;
