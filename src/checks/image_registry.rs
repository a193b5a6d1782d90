//! Images do not come from registries that are gone.
//!
//! A registry may be dead as a registry and alive as a host of something else, so only image positions count: pods and
//! manifests through the model, every other file through what its language says is an image.

use crate::diagnostic::{Applicability, Edit};
use crate::model::{Data, ImageRole, ImageSite, Reason, Repo, Text, Value};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::{Format, SourceFile};
use crate::text::{Globs, Span, TextRange, name_of};

use super::mention::{Mention, Place, mentions};

const PLACEHOLDERS: &[&str] = &["registry", "image", "since", "replacement"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "image_registry",
    outcomes: &[
        Outcome { name: "image", placeholders: PLACEHOLDERS },
        Outcome { name: "document", placeholders: PLACEHOLDERS },
    ],
    build,
};

const NAMED_AGAIN: &str = "the same image names it here too";

struct ImageRegistry {
    registries: Vec<Registry>,
    /// Whether the underlined text includes the owner: the registry's own name is still in use.
    with_owner: bool,
    except: Globs,
}

struct Registry {
    host: String,
    since: String,
    replacement: String,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let registries = options.each_object("registries", |entry| {
        Ok(Registry {
            host: entry.string("host")?,
            since: entry.string("since")?,
            replacement: entry.string("replacement")?,
        })
    })?;
    let with_owner = options.flag_or("with_owner", false)?;
    Ok(Box::new(ImageRegistry { registries, with_owner, except: options.globs("except")? }))
}

impl Check for ImageRegistry {
    fn interests(&self) -> Vec<Interest> {
        let words = self.registries.iter().map(|registry| registry.host.clone()).collect();
        vec![Interest::Images, Interest::Text(words, None)]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::Image(site) => self.judge_site(site, out),
            Subject::File(file) if !self.except.is_match(&file.path) => {
                self.judge_file(context.repo, file, out);
            }
            _ => {}
        }
    }
}

impl ImageRegistry {
    fn judge_site(&self, site: ImageSite<'_>, out: &mut Findings) {
        out.site();
        let mut unknown = None;
        let mut reported = false;
        for image in site.uses.iter().flat_map(|it| it.image.possibilities()) {
            match self.registry_of(image) {
                Ok(None) => {}
                Ok(Some((registry, length))) => {
                    if !std::mem::replace(&mut reported, true) {
                        out.report(self.finding_at_use(site, image, registry, length));
                    }
                }
                Err(reason) => unknown = Some(reason),
            }
        }
        if let (Some(reason), false) = (unknown, reported) {
            out.unknown(site.site, reason.to_string());
        }
    }

    /// The listed registry that `image` comes from, and how many bytes of the image name it.
    fn registry_of(&self, image: &Value) -> Result<Option<(&Registry, usize)>, Reason> {
        let known = match &image.data {
            Data::Text(text) => text.known_prefix(),
            _ => match image.as_str() {
                Some(text) => text.into_owned(),
                None => return image.first_unknown().map_or(Ok(None), Err),
            },
        };
        for registry in &self.registries {
            if let Some(length) = self.named_part(&known, &registry.host) {
                return Ok(Some((registry, length)));
            }
        }
        // The known beginning may still become a listed registry with what follows it.
        let undecided =
            self.registries.iter().any(|registry| registry.host.starts_with(known.as_str()));
        match image.first_unknown() {
            Some(reason) if undecided => Err(reason),
            _ => Ok(None),
        }
    }

    /// How much of `image` names the registry `host`: the host with its port, and the owner where asked for.
    fn named_part(&self, image: &str, host: &str) -> Option<usize> {
        let rest = image.strip_prefix(host)?;
        if !rest.starts_with('/') && !rest.starts_with(':') {
            return None;
        }
        let registry = host.len() + rest.find('/')?;
        if !self.with_owner {
            return Some(registry);
        }
        // An owner that is not written out, or not known, leaves the registry alone to point at.
        let owner = image[registry + 1..].find('/');
        Some(owner.map_or(registry, |owner| registry + 1 + owner))
    }

    fn finding_at_use(
        &self,
        site: ImageSite<'_>,
        image: &Value,
        registry: &Registry,
        length: usize,
    ) -> Finding {
        let written = match &image.data {
            Data::Text(text) => source_of(text, length),
            _ => None,
        };
        let written = written.unwrap_or(image.span);
        // The registry of a chart's image stands beside the repository.
        let is_beside = site.role == ImageRole::HelmValues
            && if site.site.file == site.block.file.id {
                site.block.file.span(site.block.block.range).contains(written)
            } else {
                // In a file that the values are read from.
                site.site.file == written.file
            };
        let is_here = site.site.contains(written) || is_beside;
        let (span, related) = if is_here { (written, None) } else { (site.site, Some(written)) };
        let name = match &image.data {
            Data::Text(text) => {
                text.as_str().map_or_else(|| text.known_prefix(), std::borrow::Cow::into_owned)
            }
            _ => String::new(),
        };
        let mut finding =
            self.finding("image", span, registry, &name).address(site.block.address());
        if let (Data::Text(text), None) = (&image.data, &related) {
            // As far as it is written here: a tag may come from a variable.
            let first = text.pieces.first().filter(|piece| piece.is_verbatim());
            let whole = text.source_of(0, name.len()).map(|span| (span, &*name));
            let part = first.and_then(|piece| Some((piece.span, piece.text.as_deref().ok()?)));
            if let Some((span, said)) = whole.or(part).filter(|it| site.site.contains(it.0)) {
                finding = renamed(finding, registry, said, span, Applicability::Unsafe);
            }
        }
        if let Data::Text(text) = &image.data
            && let Some(again) = named_again(text, length, &registry.host)
        {
            finding = finding.related(again, NAMED_AGAIN);
        }
        match related {
            Some(place) => finding.related(place, "the image is named here"),
            None => finding,
        }
    }

    fn finding(
        &self,
        outcome: &'static str,
        span: Span,
        registry: &Registry,
        image: &str,
    ) -> Finding {
        let name = name_of(image);
        let replacement =
            registry.replacement.replace("{name}", if name.is_empty() { "<name>" } else { name });
        let named = self
            .named_part(image, &registry.host)
            .map_or(registry.host.as_str(), |length| &image[..length]);
        Finding::new(outcome, span)
            .arg("registry", named)
            .arg("image", image)
            .arg("since", registry.since.clone())
            .arg("replacement", replacement)
    }

    fn judge_file(&self, repo: &Repo<'_>, file: &SourceFile, out: &mut Findings) {
        for registry in &self.registries {
            let mut images: Vec<(TextRange, Vec<Mention<'_>>)> = Vec::new();
            for mention in mentions(repo, file, &registry.host) {
                let Place::Image(reference) = mention.place else { continue };
                match images.last_mut() {
                    Some((last, mentions)) if *last == reference => mentions.push(mention),
                    _ => images.push((reference, vec![mention])),
                }
            }
            for (reference, mentions) in &images {
                out.site();
                self.judge_image(mentions, *reference, registry, out);
            }
        }
    }

    /// An image is judged once, wherever else in it the registry is named.
    fn judge_image(
        &self,
        mentions: &[Mention<'_>],
        reference: TextRange,
        registry: &Registry,
        out: &mut Findings,
    ) {
        let [mention, again @ ..] = mentions else { return };
        let file = mention.file;
        let image = &file.text[mention.range.start as usize
            ..(reference.end as usize).max(mention.range.end as usize)];
        let length = match self.named_part(image, &registry.host) {
            Some(length) => length,
            None if self.with_owner => return,
            None => mention.range.len(),
        };
        let outcome = if file.format == Format::Markdown { "document" } else { "image" };
        let start = mention.range.start as usize;
        let span = file.span(TextRange::new(start, start + length));
        let whole = file.span(TextRange::new(start, start + image.len()));
        let mut finding = self.finding(outcome, span, registry, image);
        for again in again {
            finding = finding.related(file.span(again.range), NAMED_AGAIN);
        }
        // What a document tells may be about the old place.
        let applicability = match outcome {
            "document" => Applicability::DisplayOnly,
            _ => Applicability::Unsafe,
        };
        out.report(renamed(finding, registry, image, whole, applicability));
    }
}

/// `finding`, with the edit that has `image` at `span` come from where it is now, if that is known.
fn renamed(
    finding: Finding,
    registry: &Registry,
    image: &str,
    span: Span,
    applicability: Applicability,
) -> Finding {
    let name = name_of(image);
    // The registry may stand on a line of its own.
    let is_known = !image.contains(char::is_whitespace)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && registry.replacement.contains("{name}")
        && !registry.replacement.contains(' ');
    let text = registry.replacement.replace("{name}", name);
    let title = format!("write `{text}`");
    let edit = is_known.then(|| vec![Edit { span, text }]);
    finding.fix(applicability, &title, edit)
}

/// Where the repository of a chart's image begins with the registry that stands beside it already.
fn named_again(image: &Text, registry: usize, host: &str) -> Option<Span> {
    let start = registry + 1;
    let whole = image.as_str()?;
    let is_again = whole.get(start..)?.strip_prefix(host)?.starts_with(['/', ':']);
    image.source_of(start, start + host.len()).filter(|_| is_again)
}

fn source_of(text: &Text, length: usize) -> Option<Span> {
    if let Some(span) = text.source_of(0, length) {
        return Some(span);
    }
    let first = text.pieces.first()?;
    first.is_verbatim().then(|| Span {
        file: first.span.file,
        range: first.span.range.slice(0, length.min(first.span.range.len())),
    })
}
