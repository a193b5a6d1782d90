//! Bytes that are text in another encoding than UTF-8: `PowerShell` writes UTF-16 where it redirects.

/// The text of `bytes` in UTF-8, where they are UTF-16.
pub(in crate::drift) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (bytes, is_little) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        // Without a mark, a brace and nothing.
        [b'{', 0, ..] => (bytes, true),
        [0, b'{', ..] => (bytes, false),
        _ => return None,
    };
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair.get(1).copied().unwrap_or_default()];
        if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let units = bytes.chunks(2).map(unit);
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// `bytes` without the mark that some programs put before UTF-8.
pub(in crate::drift) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
