//! Images come from registries on a list that the repo itself enforces.
//!
//! The list is that of an admission policy; its patterns are matched against the image as it is written, because that is
//! what the policy does: `*` crosses `/`, and a bare name is not its `docker.io/library/` form.

use crate::model::{Data, ImageRole, ImageSite, ImageUse, Reason, Repo, Value};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};

use super::source::{ObjectList, matches_any};
use crate::rule::Match;

/// The outcome for a namespace that the policy leaves alone.
const EXCLUDED: &str = "excluded_namespace";

const PLACEHOLDERS: &[&str] = &["image", "suggestion", "namespace", "policy"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "image_allowlist",
    summary: "images match a pattern of the repo's own admission policy",
    outcomes: &[
        Outcome { name: "untrusted", placeholders: PLACEHOLDERS },
        Outcome { name: "init_container", placeholders: PLACEHOLDERS },
        Outcome { name: "not_enforced", placeholders: PLACEHOLDERS },
        Outcome { name: EXCLUDED, placeholders: PLACEHOLDERS },
        Outcome { name: "helm_values", placeholders: PLACEHOLDERS },
    ],
    build,
};

struct ImageAllowlist {
    patterns: ObjectList,
    excluded_namespaces: Option<ObjectList>,
    action: Option<ObjectList>,
    enforcing: Vec<String>,
    /// Forms in which a bare name is admitted, e.g. `docker.io/library/{name}`.
    bare_name_form: Option<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let range = options.place();
    let patterns = ObjectList::read(options, "patterns")?
        .ok_or_else(|| OptionError { message: "option `patterns` is missing".to_owned(), range })?;
    Ok(Box::new(ImageAllowlist {
        patterns,
        excluded_namespaces: ObjectList::read(options, "excluded_namespaces")?,
        action: ObjectList::read(options, "action")?,
        enforcing: options.strings("enforcing")?,
        bare_name_form: options.optional_string("bare_name_form")?,
    }))
}

impl Check for ImageAllowlist {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Images]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Image(site) = subject else { return };
        if self.patterns.object(context.repo).is_none() {
            return;
        }
        out.site();
        match &*self.patterns.strings(context.repo) {
            Ok(patterns) => self.judge_site(context.repo, site, patterns, out),
            Err(reason) => out.unknown(site.site, reason.0.to_string()),
        }
    }
}

impl ImageAllowlist {
    fn judge_site(
        &self,
        repo: &Repo<'_>,
        site: &ImageSite<'_>,
        patterns: &[String],
        out: &mut Findings,
    ) {
        let mut unknown = None;
        let mut refused = Vec::new();
        for it in &site.uses {
            for image in it.image.possibilities() {
                let judged = match matches_any(patterns, image) {
                    Match::Always => continue,
                    Match::Maybe(reason) => Err(reason),
                    Match::Never => self.outcome(repo, site, it),
                };
                match judged {
                    Ok(outcome) => refused.push((outcome, it, image, shown(image))),
                    Err(reason) => unknown = Some(reason),
                }
            }
        }
        if let (Some(reason), true) = (unknown, refused.is_empty()) {
            out.unknown(site.site, reason.0.to_string());
        }
        // An image is reported once, for a namespace in which it is refused if there is one.
        refused.sort_by_key(|(outcome, ..)| *outcome == EXCLUDED);
        let mut reported: Vec<String> = Vec::new();
        for (outcome, it, image, name) in refused {
            if !reported.contains(&name) {
                out.report(self.finding(repo, site, (outcome, it, image), &name));
                reported.push(name);
            }
        }
    }

    fn finding(
        &self,
        repo: &Repo<'_>,
        site: &ImageSite<'_>,
        (outcome, it, image): (&'static str, &ImageUse, &Value),
        name: &str,
    ) -> Finding {
        let namespace = it.namespace.as_ref().and_then(Value::as_str);
        let mut finding = Finding::new(outcome, site.site)
            .arg("image", name)
            .arg("suggestion", self.suggestion(name))
            .arg("namespace", namespace.as_deref().unwrap_or("default"))
            .arg("policy", self.patterns_name())
            .address(site.block.address());
        if !site.site.contains(image.span) {
            finding = finding.related(image.span, "the image is named here");
        }
        match self.patterns.place(repo) {
            Some(place) => finding.related(place, "required here"),
            None => finding,
        }
    }

    /// What it means that an image is on no list; or why that cannot be said.
    fn outcome(
        &self,
        repo: &Repo<'_>,
        site: &ImageSite<'_>,
        it: &ImageUse,
    ) -> Result<&'static str, Reason> {
        Ok(match site.role {
            ImageRole::HelmValues => "helm_values",
            _ if self.is_excluded(repo, it)? => EXCLUDED,
            ImageRole::InitContainer => "init_container",
            ImageRole::Container if self.is_enforced(repo) => "untrusted",
            ImageRole::Container => "not_enforced",
        })
    }

    /// Whether the policy leaves every namespace alone that the pod may run in.
    fn is_excluded(&self, repo: &Repo<'_>, it: &ImageUse) -> Result<bool, Reason> {
        let Some(list) = &self.excluded_namespaces else { return Ok(false) };
        let list = list.strings(repo);
        let excluded = list.as_ref().as_ref().map_err(Clone::clone)?;
        let Some(namespace) = &it.namespace else {
            return Ok(excluded.iter().any(|name| name == "default"));
        };
        let mut unknown = None;
        for option in namespace.possibilities() {
            match matches_any(excluded, option) {
                Match::Always => {}
                Match::Never => return Ok(false),
                Match::Maybe(reason) => unknown = Some(reason),
            }
        }
        unknown.map_or(Ok(true), Err)
    }

    fn is_enforced(&self, repo: &Repo<'_>) -> bool {
        let actions = self.action.as_ref().map(|action| action.strings(repo));
        match actions.as_deref() {
            Some(Ok(actions)) if !actions.is_empty() => {
                actions.iter().any(|action| self.enforcing.contains(action))
            }
            _ => true,
        }
    }

    fn patterns_name(&self) -> String {
        self.patterns.name().to_owned()
    }

    /// What to write instead, or which pattern would admit the image.
    fn suggestion(&self, name: &str) -> String {
        let (path, _) = split_tag(name);
        match (path.rsplit_once('/'), &self.bare_name_form) {
            (None, Some(form)) => form.replace("{name}", name),
            (None, None) => format!("{path}*"),
            (Some((owner, _)), _) => format!("{owner}/*"),
        }
    }
}

/// The image without its tag or digest, and the rest.
fn split_tag(image: &str) -> (&str, &str) {
    let at = image.find('@').or_else(|| {
        let colon = image.rfind(':')?;
        (!image[colon..].contains('/')).then_some(colon)
    });
    at.map_or((image, ""), |at| image.split_at(at))
}

/// The image for a message: holes are shown as `…`.
fn shown(image: &Value) -> String {
    match &image.data {
        Data::Text(text) => {
            text.pieces.iter().map(|piece| piece.text.as_deref().unwrap_or("…")).collect()
        }
        _ => image.as_str().map(std::borrow::Cow::into_owned).unwrap_or_default(),
    }
}
