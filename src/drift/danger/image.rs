//! The names of container images.

use std::cmp::Ordering;
use std::fmt;

use super::version;

/// The names under which Docker's own registry is known; it is meant where none is written.
const USUAL_REGISTRIES: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// The name of an image, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::drift) struct Image<'t> {
    /// The registry; `None` for Docker's own, written or not.
    pub(in crate::drift) registry: Option<&'t str>,
    /// The name without registry and tag; official images without `library/`.
    pub(in crate::drift) name: &'t str,
    /// The tag.
    pub(in crate::drift) tag: Option<&'t str>,
    /// The digest, with its algorithm.
    pub(in crate::drift) digest: Option<&'t str>,
}

impl<'t> Image<'t> {
    /// Takes `text` apart. Every text is some name.
    pub(in crate::drift) fn parse(text: &'t str) -> Self {
        let text = text.trim();
        let (text, digest) = match text.split_once('@') {
            Some((text, digest)) => (text, Some(digest)),
            None => (text, None),
        };
        let last = text.rfind('/').map_or(0, |slash| slash + 1);
        let (text, tag) = match text[last..].split_once(':') {
            Some((name, tag)) => (&text[..last + name.len()], Some(tag)),
            None => (text, None),
        };
        let (registry, name) = match text.split_once('/') {
            Some((host, name)) if host.contains(['.', ':']) || host == "localhost" => {
                (Some(host), name)
            }
            _ => (None, text),
        };
        let registry = registry.filter(|host| !USUAL_REGISTRIES.contains(host));
        let name = match registry {
            None => name.strip_prefix("library/").unwrap_or(name),
            Some(_) => name,
        };
        Image { registry, name, tag, digest }
    }

    /// The same without tag and digest.
    pub(in crate::drift) fn repository(self) -> Self {
        Image { tag: None, digest: None, ..self }
    }

    /// How the two order, where they are versions of one thing and it is certain which is the older.
    pub(in crate::drift) fn compare(self, other: Image<'_>) -> Option<Ordering> {
        let is_one_thing = self.repository() == other.repository();
        version::compare(self.tag.filter(|_| is_one_thing)?, other.tag?)
    }
}

impl fmt::Display for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registry.iter().try_for_each(|it| write!(f, "{it}/"))?;
        f.write_str(self.name)?;
        self.tag.iter().try_for_each(|it| write!(f, ":{it}"))?;
        self.digest.iter().try_for_each(|it| write!(f, "@{it}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart() {
        let image = Image::parse("ghcr.io:443/team/app:v1@sha256:00");
        let expected = Image {
            registry: Some("ghcr.io:443"),
            name: "team/app",
            tag: Some("v1"),
            digest: Some("sha256:00"),
        };
        assert_eq!(image, expected);
        assert_eq!(image.to_string(), "ghcr.io:443/team/app:v1@sha256:00");
        assert_eq!(Image::parse("docker.io/a/b:1").repository().to_string(), "a/b");
        assert_eq!(Image::parse("localhost/app").registry, Some("localhost"));
        assert_eq!(Image::parse("team/app").registry, None);
        assert_eq!(Image::parse("host:5000/app").tag, None);
        assert_eq!(Image::parse("").name, "");
    }

    #[test]
    fn dockers_own_registry_need_not_be_written() {
        let short = Image::parse("redis:7");
        for long in ["docker.io/library/redis:7", "docker.io/redis:7", "library/redis:7"] {
            assert_eq!(Image::parse(long), short, "{long}");
        }
        assert_ne!(Image::parse("ghcr.io/library/redis:7"), short);
        assert_ne!(Image::parse("team/redis:7"), short);
    }

    #[test]
    fn only_versions_of_one_thing_are_compared() {
        let compare = |one, other| Image::parse(one).compare(Image::parse(other));
        assert_eq!(compare("docker.io/curl:8.11.0", "curl:8.11.1"), Some(Ordering::Less));
        assert_eq!(compare("a/curl:8.11.0", "b/curl:8.11.1"), None);
        assert_eq!(compare("quay.io/a/curl:1", "a/curl:2"), None);
        assert_eq!(compare("a/curl:2@sha256:aa", "a/curl:1@sha256:bb"), Some(Ordering::Greater));
        assert_eq!(compare("a/curl@sha256:aa", "a/curl@sha256:bb"), None);
        assert_eq!(compare("a/curl", "a/curl:1"), None);
    }
}
