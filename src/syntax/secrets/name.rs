//! Names that look as if a secret stood behind them.

use crate::text::name_of;

/// Words that make a name secret.
const SECRET: [&str; 14] = [
    "apikey",
    "credential",
    "credentials",
    "htpasswd",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "psk",
    "secret",
    "secrets",
    "token",
    "tokens",
    "privatekey",
];
/// Words that do so before `key`.
const SECRET_BEFORE_KEY: [&str; 8] =
    ["access", "api", "auth", "encryption", "license", "private", "signing", "tls"];
/// Last words that make it the name of something about a secret: where it is, how it is called, whose it is, how long it
/// lives.
const ABOUT: [&str; 34] = [
    "arn",
    "class",
    "count",
    "duration",
    "email",
    "enabled",
    "endpoint",
    "expiry",
    "file",
    "files",
    "host",
    "hostname",
    "length",
    "lifetime",
    "mode",
    "mount",
    "name",
    "names",
    "namespace",
    "path",
    "paths",
    "period",
    "policies",
    "policy",
    "port",
    "ref",
    "refs",
    "ttl",
    "type",
    "uri",
    "url",
    "user",
    "username",
    "version",
];

/// One of these is in every name that is secret by the words above.
const IN_EVERY_SECRET: [&str; 6] = ["credential", "key", "pass", "psk", "secret", "token"];

/// Whether what is called `name` is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    // What stands before it says whose annotation or label it is: `secret.reloader.stakater.com/reload`.
    let name = name_of(name);
    if !may_be_secret(name) {
        return false;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if is_about(name) || words.first() == Some(&"from") {
        return false;
    }
    words.iter().any(|word| SECRET.contains(word))
        || words.windows(2).any(|pair| pair[1] == "key" && SECRET_BEFORE_KEY.contains(&pair[0]))
}

/// Whether it is worth to look at the words of `name`: most names are no secret, and this is asked of every one.
fn may_be_secret(name: &str) -> bool {
    let bytes = name.as_bytes();
    let begins = |rest: &[u8], part: &str| {
        rest.get(..part.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(part.as_bytes()))
    };
    let is_at = |at: usize| {
        // All begin with one of these; few other letters are left to compare.
        matches!(bytes[at] | 0x20, b'c' | b'k' | b'p' | b's' | b't')
            && IN_EVERY_SECRET.iter().any(|part| begins(&bytes[at..], part))
    };
    !name.is_ascii() || (0..bytes.len()).any(is_at)
}

/// Whether what is called `name` only refers to something.
pub(super) fn is_about(name: &str) -> bool {
    words(name).last().is_some_and(|last| ABOUT.contains(&last.as_str()))
}

/// The words of `snake_case`, `kebab-case`, `dotted.names` and `camelCase`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && after_lower);
        if boundary {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_case() {
        assert_eq!(words("dbPassword_API-key.v2"), ["db", "password", "api", "key", "v2"]);
        for name in
            ["password", "DB_PASSWORD", "clientSecret", "tls.key", "secret_key", "vault-token"]
        {
            assert!(is_secret(name), "{name}");
        }
        for word in SECRET {
            assert!(may_be_secret(word), "{word}");
        }
        for name in [
            "secretName",
            "secret_key_ref",
            "tokenizer",
            "key",
            "public_key",
            "password_policy",
            "from_secret",
            "secret.reloader.stakater.com/reload",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
