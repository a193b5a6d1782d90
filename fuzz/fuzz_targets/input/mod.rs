//! What the fuzzer makes up: a first line that says what it is about, and a text.

/// The first line of `data` and what follows it, where both are text.
pub(crate) fn split(data: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(data).ok()?.split_once('\n')
}
