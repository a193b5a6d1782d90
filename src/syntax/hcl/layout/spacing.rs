//! Whether there is a space between two tokens of a line.
//!
//! Invariant: the answer depends on the two and the one before them, never on how the text has it.

use super::token::{Kind, Kinds};

/// Nothing stands before these.
const CLOSE_BEFORE: Kinds = Kinds::of(&[
    Kind::LineBreak,
    Kind::Comma,
    Kind::Dot,
    Kind::Ellipsis,
    Kind::Text,
    Kind::CloseQuote,
    Kind::CloseHeredoc,
]);

/// Nothing stands after these.
const CLOSE_AFTER: Kinds =
    Kinds::of(&[Kind::Dot, Kind::Not, Kind::Text, Kind::OpenQuote, Kind::OpenHeredoc]);

/// A minus after one of these is the sign of a number. What else may stand before a sign is not told from an operand.
const BEFORE_A_SIGN: Kinds = Kinds::of(&[
    Kind::Nothing,
    Kind::OpenParen,
    Kind::OpenBrace,
    Kind::OpenBracket,
    Kind::Equals,
    Kind::Colon,
    Kind::Comma,
    Kind::Question,
    Kind::Arithmetic,
    Kind::Minus,
    Kind::Comparison,
    Kind::Logical,
    Kind::Not,
]);

/// Whether a space stands between `this` and `next`, where `before` is the token before `this` in its cell, and
/// `is_in` says that `this` is the name `in`.
#[expect(clippy::match_same_arms, reason = "the first arm that fits decides")]
pub(super) fn is_spaced(before: Kind, this: Kind, is_in: bool, next: Kind) -> bool {
    if CLOSE_BEFORE.has(next) || CLOSE_AFTER.has(this) {
        return false;
    }
    match (this, next) {
        (Kind::Comma, _) => true,
        (Kind::Name, Kind::OpenParen | Kind::Scope) | (Kind::Scope, Kind::Name) => false,
        // `[for x in [a] : x]`: no index, although it looks like one.
        (Kind::Name, _) if is_in && before == Kind::Name => true,
        (Kind::Name | Kind::Number, Kind::OpenBracket) => false,
        (_, Kind::OpenBracket) if this.closes() => false,
        (Kind::Minus, _) => !BEFORE_A_SIGN.has(before),
        (Kind::OpenBrace, Kind::CloseBrace) => false,
        (Kind::OpenBrace, _) | (_, Kind::CloseBrace) => true,
        // `${ {a = 1} }`: the braces of the hole keep away from those of the object.
        (Kind::OpenHole | Kind::OpenDirective, Kind::OpenBrace)
        | (Kind::CloseBrace, Kind::CloseHole) => true,
        (Kind::CloseHole, Kind::OpenHole | Kind::OpenDirective) => false,
        _ => !this.opens() && !next.closes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_is_a_sign_only_where_nothing_ends_before_it() {
        assert!(!is_spaced(Kind::Equals, Kind::Minus, false, Kind::Number));
        assert!(is_spaced(Kind::Name, Kind::Minus, false, Kind::Number));
        assert!(is_spaced(Kind::CloseParen, Kind::Minus, false, Kind::Number));
    }

    #[test]
    fn brackets_after_a_name_are_an_index_unless_the_name_is_a_keyword() {
        assert!(!is_spaced(Kind::Dot, Kind::Name, false, Kind::OpenBracket));
        assert!(is_spaced(Kind::Name, Kind::Name, true, Kind::OpenBracket));
        assert!(!is_spaced(Kind::Nothing, Kind::Name, true, Kind::OpenBracket));
    }
}
