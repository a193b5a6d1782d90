//! Which part of a run plans which stack.
//!
//! Invariant: every worker that is given the same names and durations divides them alike, and each stack is in exactly one
//! part.

use std::collections::BTreeMap;

/// For each of `names` the part, counted from 1, of `parts` that plans it, so that all take about as long. A stack without a
/// duration (in milliseconds) counts as the one in the middle.
pub fn divide(names: &[&str], durations: &BTreeMap<String, u64>, parts: u32) -> Vec<u32> {
    let mut known: Vec<u64> =
        names.iter().filter_map(|name| durations.get(*name).copied()).collect();
    known.sort_unstable();
    let usual = known.get(known.len() / 2).copied().unwrap_or(1);
    let weight = |at: &usize| durations.get(names[*at]).copied().unwrap_or(usual).max(1);
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| names[*a].cmp(names[*b])));
    let mut loads = vec![0_u64; parts.max(1) as usize];
    let mut part_of = vec![1; names.len()];
    for at in order {
        // The longest first, always to the part that has the least to do.
        let least = (0..loads.len()).min_by_key(|part| loads[*part]).unwrap_or(0);
        loads[least] += weight(&at);
        part_of[at] = least as u32 + 1;
    }
    part_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_take_about_as_long_and_do_not_depend_on_the_order() {
        let names: Vec<String> = (0..50).map(|at| format!("s{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let durations: BTreeMap<String, u64> = names
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 5 != 0)
            .map(|(at, name)| ((*name).to_owned(), 1_000 + 37 * (at as u64 * 7 % 50)))
            .collect();
        let parts = divide(&names, &durations, 3);
        let load = |part: u32| -> u64 {
            let own = names.iter().zip(&parts).filter(|(_, of)| **of == part);
            own.map(|(name, _)| durations.get(*name).copied().unwrap_or(1_950)).sum()
        };
        let loads = [load(1), load(2), load(3)];
        let spread = loads.iter().max().unwrap() - loads.iter().min().unwrap();
        assert!(spread < 3_000, "{loads:?}");
        let mut backwards = names.clone();
        backwards.reverse();
        let mut again = divide(&backwards, &durations, 3);
        again.reverse();
        assert_eq!(again, parts);
    }

    #[test]
    fn more_parts_than_stacks_leave_some_without_work() {
        assert_eq!(divide(&["a", "b"], &BTreeMap::new(), 4), [1, 2]);
        assert!(divide(&[], &BTreeMap::new(), 2).is_empty());
    }
}
