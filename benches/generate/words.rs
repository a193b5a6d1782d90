//! Text that is the same every time: words from a list, drawn by a fixed sequence of numbers.

const WORDS: &str = "backup claim cluster node pod volume image registry secret token proxy route header request reply \
    limit memory thread queue worker index table row cache store disk mirror snapshot restore retry timeout probe \
    metric alert rule label owner tenant host port socket certificate key rotation schedule window hour night weekly \
    only never always until because after before without behind above below first last next old new small large slow \
    fast quiet empty full broken stale fresh shared private public internal external upstream downstream manual \
    the a of to in on for with and or is was stays keeps needs reads writes waits holds drops moves grows shrinks";

/// Signs outside ASCII, as people type them.
const SIGNS: [&str; 4] = ["—", "→", "≥", "é"];

/// An endless supply of words.
pub(super) struct Words {
    state: u64,
    list: Vec<&'static str>,
}

impl Words {
    /// The supply that belongs to `seed`.
    pub(super) fn new(seed: u64) -> Words {
        Words { state: seed.wrapping_add(1), list: WORDS.split_whitespace().collect() }
    }

    /// A number below `bound`: the high bits of a linear congruential sequence.
    pub(super) fn number(&mut self, bound: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % bound
    }

    /// Some words in a row.
    pub(super) fn words(&mut self, count: u64) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let at = self.number(self.list.len() as u64) as usize;
            text.push_str(self.list[at]);
            text.push(' ');
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// What a comment says; in most files with a sign outside ASCII now and then.
    pub(super) fn note(&mut self, ascii: bool) -> String {
        let count = 4 + self.number(6);
        let mut text = self.words(count);
        if !ascii && self.number(4) == 0 {
            let sign = SIGNS[self.number(SIGNS.len() as u64) as usize];
            text.push(' ');
            text.push_str(sign);
            text.push(' ');
            text.push_str(&self.words(2));
        }
        text
    }
}
