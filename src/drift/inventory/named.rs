//! Names as far as the code tells them.

use smol_str::SmolStr;

use crate::model::{Data, Piece, Value};

/// What a name may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Name {
    /// This.
    Exactly(SmolStr),
    /// Something that begins and ends like this.
    Like(SmolStr, SmolStr),
}

/// Every name that something may have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Names(Vec<Name>);

/// Whether something has a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fits {
    No,
    Perhaps,
    Yes,
}

impl Names {
    /// The name is `text`.
    pub(super) fn exactly(text: impl Into<SmolStr>) -> Self {
        Names(vec![Name::Exactly(text.into())])
    }

    /// The name begins with `text`.
    pub(super) fn starting(text: impl Into<SmolStr>) -> Self {
        Names(vec![Name::Like(text.into(), SmolStr::default())])
    }

    /// Nobody knows.
    pub(super) fn unknown() -> Self {
        Names::starting("")
    }

    /// The names that `value` may be.
    pub(super) fn of(value: &Value) -> Self {
        Names(value.possibilities().iter().map(name_of).collect())
    }

    /// The one name, where it is certain.
    pub(super) fn certain(&self) -> Option<&SmolStr> {
        match self.0.as_slice() {
            [Name::Exactly(name)] => Some(name),
            _ => None,
        }
    }

    /// Every name that is known to be one of them.
    pub(super) fn known(&self) -> impl Iterator<Item = &SmolStr> {
        self.0.iter().filter_map(|name| match name {
            Name::Exactly(name) => Some(name),
            Name::Like(..) => None,
        })
    }

    /// Whether some are not wholly known.
    pub(super) fn is_vague(&self) -> bool {
        self.0.iter().any(|name| matches!(name, Name::Like(..)))
    }

    /// Whether what is known of one of them speaks for `name`.
    pub(super) fn tells(&self, name: &str) -> bool {
        let is_telling = |known: &Name| match known {
            Name::Exactly(known) => known == name,
            Name::Like(start, end) => !start.is_empty() || !end.is_empty(),
        };
        self.0.iter().any(|known| is_telling(known) && fits(known, name) != Fits::No)
    }

    /// Whether `name` is one of them.
    pub(super) fn fits(&self, name: &str) -> Fits {
        self.0.iter().map(|known| fits(known, name)).max().unwrap_or(Fits::No)
    }
}

fn fits(known: &Name, name: &str) -> Fits {
    match known {
        Name::Exactly(known) if known == name => Fits::Yes,
        Name::Exactly(_) => Fits::No,
        Name::Like(start, end) => {
            let is_long = name.len() >= start.len() + end.len();
            let fits = is_long && name.starts_with(&**start) && name.ends_with(&**end);
            if fits { Fits::Perhaps } else { Fits::No }
        }
    }
}

fn name_of(value: &Value) -> Name {
    if let Some(text) = value.as_str() {
        return Name::Exactly(SmolStr::new(text));
    }
    let Data::Text(text) = &value.data else {
        return Name::Like(SmolStr::default(), SmolStr::default());
    };
    let known = |piece: &Piece| piece.text.as_ref().ok().cloned();
    let mut end: Vec<SmolStr> = text.pieces.iter().rev().map_while(known).collect();
    end.reverse();
    Name::Like(text.known_prefix().into(), end.concat().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;
    use crate::text::{FileId, Span, TextRange};

    #[test]
    fn a_name_that_is_known_in_part_fits_what_it_may_be() {
        let span = Span { file: FileId(0), range: TextRange::new(0, 0) };
        let piece = |text: Result<&str, &str>| Piece {
            text: text.map(SmolStr::new).map_err(Reason::new),
            span,
        };
        let text = crate::model::Text {
            pieces: smallvec::smallvec![piece(Ok("db-")), piece(Err("?")), piece(Ok("-x"))],
        };
        let value = Value { data: Data::Text(text.into()), span };
        let names = Names::of(&Value::one_of(vec![value, Value::text("web", span)], span));
        assert_eq!(names.certain(), None);
        assert_eq!(names.known().collect::<Vec<_>>(), ["web"]);
        assert_eq!(names.fits("web"), Fits::Yes);
        assert_eq!(names.fits("db-a-x"), Fits::Perhaps);
        assert_eq!(names.fits("db-x"), Fits::No);
        assert_eq!(names.fits("db-a"), Fits::No);
        assert_eq!(Names::unknown().fits("any"), Fits::Perhaps);
    }
}
