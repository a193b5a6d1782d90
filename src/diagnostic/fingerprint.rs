//! A name for what was found that outlives what does not concern it: lines above it, indentation, alignment.
//!
//! Invariant: the same parts give the same name, on every machine and in every release. Systems outside keep them.

/// The name of the `nth` (from 0) thing that `rule` found in `subject` on a construct that reads `text`.
///
/// How the construct is laid out makes no difference.
pub fn fingerprint(rule: &str, subject: &str, text: &str, nth: usize) -> String {
    let mut hash = Fnv::new();
    for part in [rule, subject] {
        hash.add(part.as_bytes());
        hash.add(&[0]);
    }
    for word in text.split_whitespace() {
        hash.add(word.as_bytes());
        hash.add(b" ");
    }
    if nth > 0 {
        hash.add(&[0]);
        hash.add(nth.to_string().as_bytes());
    }
    format!("{:032x}", hash.0)
}

/// FNV-1a with 128 bits: no secret to keep, so nothing dearer is needed, and it will never change.
struct Fnv(u128);

impl Fnv {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn new() -> Self {
        Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_makes_no_difference() {
        let name = |text| fingerprint("image/untrusted-registry", "stacks/a/module.web", text, 0);
        assert_eq!(name("image = \"x\""), name("  image\t=\r\n \"x\"\n"));
        assert_ne!(name("image = \"x\""), name("image = \"y\""));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(fingerprint("a", "bc", "d", 0), fingerprint("ab", "c", "d", 0));
        assert_ne!(fingerprint("a", "b", "c 1", 0), fingerprint("a", "b", "c", 1));
        assert_ne!(fingerprint("a", "b", "c", 0), fingerprint("a", "b", "c", 1));
    }

    /// Baselines and code scanning keep these: a release that names things differently resurrects all of them.
    #[test]
    fn names_never_change() {
        assert_eq!(fingerprint("", "", "", 0), "0880945b4fab1be95aa0733055273845");
    }
}
