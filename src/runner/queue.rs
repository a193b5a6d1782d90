//! Who is next: what has nothing before it any more, the longest way to the end first.
//!
//! Invariant: nothing is handed out before what it comes after is done, but for a circle, which would never end.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often it is looked whether the run was stopped.
const TICK: Duration = Duration::from_millis(50);

/// Work for several workers.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// For each piece of work those that come after it.
    followers: Vec<Vec<usize>>,
    /// How many it still waits for; none where it was handed out.
    waits_for: Vec<Option<usize>>,
    /// How long it takes from the beginning of each to the end of all that comes after.
    way: Vec<u64>,
    running: usize,
}

impl Queue {
    /// Work of which each piece comes after those in `after` and takes as long as `weights` says.
    pub(super) fn new(after: &[Vec<usize>], weights: &[u64]) -> Queue {
        let mut followers = vec![Vec::new(); after.len()];
        for (at, before) in after.iter().enumerate() {
            for before in before {
                followers[*before].push(at);
            }
        }
        let mut way = vec![None; after.len()];
        for at in 0..after.len() {
            way_from(at, &followers, weights, &mut way);
        }
        let state = State {
            waits_for: after.iter().map(|before| Some(before.len())).collect(),
            way: way.into_iter().map(Option::unwrap_or_default).collect(),
            followers,
            running: 0,
        };
        Queue { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next piece of work; none where there is no more, or the run `is_stopping`.
    pub(super) fn next(&self, is_stopping: impl Fn() -> bool) -> Option<usize> {
        let mut state = self.state();
        loop {
            if is_stopping() {
                return None;
            }
            if let Some(at) = state.take() {
                return Some(at);
            }
            if state.waits_for.iter().all(Option::is_none) {
                return None;
            }
            let waited = self.changed.wait_timeout(state, TICK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The piece `at` is done, well or not.
    pub(super) fn done(&self, at: usize) {
        let mut state = self.state();
        state.running -= 1;
        for follower in state.followers[at].clone() {
            if let Some(waits_for) = &mut state.waits_for[follower] {
                *waits_for = waits_for.saturating_sub(1);
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<usize> {
        let waiting = || (0..self.waits_for.len()).filter(|at| self.waits_for[*at].is_some());
        // The first in order where two have the same way.
        let longest = |at: &usize| (self.way[*at], std::cmp::Reverse(*at));
        let ready = waiting().filter(|at| self.waits_for[*at] == Some(0)).max_by_key(longest);
        let in_circle = || waiting().filter(|_| self.running == 0).max_by_key(longest);
        let at = ready.or_else(in_circle)?;
        self.waits_for[at] = None;
        self.running += 1;
        Some(at)
    }
}

/// How long it takes from `at` on; what is being looked at already is a circle, and counts nothing.
fn way_from(at: usize, followers: &[Vec<usize>], weights: &[u64], way: &mut [Option<u64>]) -> u64 {
    if let Some(known) = way[at] {
        return known;
    }
    way[at] = Some(0);
    let rest = followers[at].iter().map(|next| way_from(*next, followers, weights, way)).max();
    let whole = weights[at].saturating_add(rest.unwrap_or(0));
    way[at] = Some(whole);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order in which one worker gets the work.
    fn order(after: &[Vec<usize>], weights: &[u64]) -> Vec<usize> {
        let queue = Queue::new(after, weights);
        std::iter::from_fn(|| {
            let at = queue.next(|| false)?;
            queue.done(at);
            Some(at)
        })
        .collect()
    }

    #[test]
    fn what_comes_before_is_first_and_the_longest_way_leads() {
        let after = [vec![], vec![0], vec![1], vec![], vec![]];
        assert_eq!(order(&after, &[1, 1, 10, 5, 30]), [4, 0, 1, 2, 3]);
        assert_eq!(order(&after, &[1, 1, 1, 1, 1]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_circle_ends_too() {
        assert_eq!(order(&[vec![1], vec![0], vec![0]], &[1, 1, 1]).len(), 3);
    }

    #[test]
    fn nothing_is_handed_out_early_nor_after_a_stop() {
        let queue = Queue::new(&[vec![], vec![0], vec![]], &[1, 1, 1]);
        assert_eq!(queue.next(|| false), Some(0));
        assert_eq!(queue.next(|| false), Some(2));
        assert!(queue.state().take().is_none());
        queue.done(2);
        assert_eq!(queue.next(|| true), None);
        queue.done(0);
        assert_eq!(queue.next(|| false), Some(1));
        assert_eq!(queue.next(|| false), None);
    }
}
