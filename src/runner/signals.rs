//! What the outside asks by signals: the first one stops the run, the second kills what still runs.

use std::io;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::process::Control;

/// Passes signals on to `control`, from now on. Once the run is over they do what they always do.
pub fn obey(control: &Control) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    let control = control.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            if control.is_over() {
                let _ = emulate_default_handler(signal);
            }
            control.stop();
        }
    });
    Ok(())
}
