//! The tokens that layout is decided by.
//!
//! Invariant: a token that stands in the text covers at least one byte of it, so an empty one was put in.

/// What a token is, as far as the space around it depends on that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Kind {
    /// No token: what stands before the first one of a cell.
    Nothing,
    LineBreak,
    /// With its line break, if it ends with one.
    Comment,
    Name,
    Number,
    /// Text of a string or a heredoc.
    Text,
    OpenQuote,
    CloseQuote,
    /// `<<EOT` with its line break.
    OpenHeredoc,
    /// The line of the closing marker, without its line break.
    CloseHeredoc,
    /// `${`
    OpenHole,
    /// `%{`
    OpenDirective,
    /// The `}` of either.
    CloseHole,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Comma,
    Dot,
    /// `...`
    Ellipsis,
    /// `::`
    Scope,
    Equals,
    Colon,
    Question,
    Not,
    Minus,
    /// `+ * / %`
    Arithmetic,
    /// `== != < <= > >=`
    Comparison,
    /// `&& ||`
    Logical,
    /// `=>`
    Arrow,
    /// No HCL.
    Other,
}

impl Kind {
    const OPENING: Kinds = Kinds::of(&[
        Kind::OpenBrace,
        Kind::OpenBracket,
        Kind::OpenParen,
        Kind::OpenHole,
        Kind::OpenDirective,
    ]);
    const CLOSING: Kinds =
        Kinds::of(&[Kind::CloseBrace, Kind::CloseBracket, Kind::CloseParen, Kind::CloseHole]);

    /// Whether it opens a bracket of any sort; quotes are none.
    pub(super) fn opens(self) -> bool {
        Kind::OPENING.has(self)
    }

    /// Whether it closes one.
    pub(super) fn closes(self) -> bool {
        Kind::CLOSING.has(self)
    }

    /// How many brackets more are open after it than before.
    pub(super) fn depth(self) -> i32 {
        i32::from(self.opens()) - i32::from(self.closes())
    }
}

/// Some kinds of token.
#[derive(Clone, Copy)]
pub(super) struct Kinds(u64);

impl Kinds {
    /// Those in `kinds`.
    pub(super) const fn of(kinds: &[Kind]) -> Kinds {
        let mut set = 0;
        let mut at = 0;
        while at < kinds.len() {
            set |= 1 << kinds[at] as u64;
            at += 1;
        }
        Kinds(set)
    }

    /// Whether `kind` is one of them.
    pub(super) fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u64 & 1 == 1
    }
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// How many spaces belong before it.
    pub(super) before: u32,
    /// Where it begins in the text.
    pub(super) start: u32,
    /// Where it ends.
    pub(super) end: u32,
}

impl Token {
    /// A token of the text.
    pub(super) fn new(kind: Kind, start: usize, end: usize) -> Token {
        Token { kind, before: 0, start: start as u32, end: end as u32 }
    }

    /// Whether the text has it.
    pub(super) fn is_written(&self) -> bool {
        self.start < self.end
    }
}
