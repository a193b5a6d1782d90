//! Whole files, from text to a measurement.
