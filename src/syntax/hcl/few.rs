//! Lists of the tree while they are read: most have a few elements, and those that are kept take no room for more.

use smallvec::SmallVec;

/// A list that is being read.
pub(super) type Few<T> = SmallVec<[T; 4]>;

/// The list as it stays in the tree.
pub(super) fn kept<T>(list: Few<T>) -> Vec<T> {
    let mut list = list.into_vec();
    list.shrink_to_fit();
    list
}
