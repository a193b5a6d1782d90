//! What is kept of a plan while it streams past: what changes, what is needed to judge it, and the secrets to hide.
//!
//! Invariant: values of instances that do not change are kept only as text and up to [`MOST_KEPT`] bytes; `variables`,
//! `planned_values` and `prior_state` are never kept, but for the secrets in them.

use std::io::Read;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::change_json::{Element, Importing, Unusable, Values};
use super::configuration::{Configuration, DEEPEST};
use super::cursor::Cursor;
use super::parsed::Parsed;
use super::secrets::Secrets;
use super::split::{Broken, Stream};
use crate::drift::address::Address;
use crate::drift::change::Action;
use crate::drift::measured::FailedCheck;
use crate::drift::shown::Json;

/// How many bytes of unchanged instances are kept, to be compared with what the code says.
const MOST_KEPT: usize = 64 * 1024 * 1024;

/// Why a plan cannot be used.
pub(super) enum Failure {
    /// It cannot be read on.
    Broken(Broken),
    /// What begins at this byte has another shape than it must have.
    Unusable(u64),
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        Failure::Broken(broken)
    }
}

/// One element with its values.
pub(super) struct Entry {
    pub(super) address: Address,
    pub(super) previous: Option<Address>,
    pub(super) deposed: Option<SmolStr>,
    pub(super) reason: Option<SmolStr>,
    pub(super) action: Action,
    pub(super) importing: Option<Importing>,
    pub(super) values: Values,
}

/// An instance to which nothing happens.
pub(super) struct Quiet {
    pub(super) address: String,
    before: Vec<u8>,
    mask: Option<Vec<u8>>,
}

impl Quiet {
    /// What runs, as text.
    pub(super) fn text(&self) -> &[u8] {
        &self.before
    }

    /// What runs, and its mask.
    pub(super) fn values(&self) -> Option<(Json, Json)> {
        let before = serde_json::from_slice(&self.before).ok()?;
        let mask = self
            .mask
            .as_ref()
            .map_or(Some(Json::Null), |mask| serde_json::from_slice(mask).ok())?;
        Some((before, mask))
    }
}

/// An output that changes.
pub(super) struct Output {
    pub(super) name: String,
    pub(super) values: Values,
}

/// What a plan says.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) format: Option<String>,
    pub(super) terraform: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) errored: Option<bool>,
    pub(super) complete: Option<bool>,
    /// Whether there is a list of planned changes: a plan with `-refresh-only` has none.
    pub(super) has_changes: bool,
    pub(super) changes: Vec<Entry>,
    pub(super) drift: Vec<Entry>,
    pub(super) quiet: Vec<Quiet>,
    kept: usize,
    /// Whether there was too much to keep.
    pub(super) is_cut: bool,
    /// Instances that exist or are planned.
    pub(super) instances: usize,
    /// Of those, the ones in the state.
    in_state: usize,
    pub(super) deferred: usize,
    pub(super) outputs: Vec<Output>,
    pub(super) checks: Vec<FailedCheck>,
    pub(super) configuration: Configuration,
    variables: Option<Json>,
    parsed: Parsed,
    pub(super) secrets: Secrets,
    /// Values that were searched for secrets by name, by their addresses in memory, with the types of their resources.
    searched: FxHashSet<(*const Json, SmolStr)>,
    /// What has an address that cannot be read.
    pub(super) strange: Vec<String>,
}

impl Collected {
    /// Reads the plan that `stream` is.
    pub(super) fn read(stream: &mut Stream<impl Read>) -> Result<Collected, Failure> {
        let mut into = Collected::default();
        if !stream.enter(b'{')? {
            return Err(Broken::Syntax(stream.offset()).into());
        }
        while let Some(key) = stream.key()? {
            into.member(&key, stream)?;
        }
        into.instances = into.instances.max(into.in_state);
        into.secrets_of_variables();
        Ok(into)
    }

    /// Whether only the state was refreshed: there is something, and nothing is planned, not even to leave it alone.
    pub(super) fn is_refresh_only(&self) -> bool {
        !self.has_changes && (self.in_state > 0 || !self.drift.is_empty())
    }

    /// Whether all is to be destroyed because somebody asked for that: what the code declares is deleted, nothing is made, and
    /// no reason is given. Before format 1, Terraform gave none for anything.
    pub(super) fn is_destroy(&self) -> bool {
        let is_new = self.format.as_deref().is_some_and(|format| format.starts_with("1."));
        let asked = |entry: &Entry| {
            entry.action == Action::Delete
                && entry.reason.is_none()
                && entry.deposed.is_none()
                && self.configuration.text(&entry.address).is_some()
        };
        let is_quiet = |entry: &Entry| {
            matches!(entry.action, Action::Delete | Action::Read | Action::NoOp | Action::Forget)
        };
        is_new && self.changes.iter().any(asked) && self.changes.iter().all(is_quiet)
    }

    fn member(&mut self, key: &str, stream: &mut Stream<impl Read>) -> Result<(), Failure> {
        match key {
            "format_version" => self.format = whole(stream)?,
            "terraform_version" => self.terraform = whole(stream)?,
            "timestamp" => self.timestamp = whole(stream)?,
            "errored" => self.errored = whole(stream)?,
            "complete" => self.complete = whole(stream)?,
            "variables" => self.variables = whole(stream)?,
            "resource_changes" => {
                let has_changes = list(stream, |bytes| self.change(bytes))?;
                self.has_changes |= has_changes;
            }
            "resource_drift" => {
                list(stream, |bytes| self.drift(bytes))?;
            }
            "deferred_changes" => {
                list(stream, |_| {
                    self.deferred += 1;
                    Ok(())
                })?;
            }
            "output_changes" => self.outputs(stream)?,
            "prior_state" => self.prior_state(stream)?,
            "configuration" => {
                stream.peek()?;
                let at = stream.offset();
                self.configuration = Configuration::parse(stream.value()?, &mut self.secrets)
                    .map_err(|_| Failure::Unusable(at))?;
            }
            "checks" => {
                let checks: Option<Json> = whole(stream)?;
                self.checks.extend(super::checks::failed(checks.as_ref()));
            }
            "condition_results" => {
                let results: Option<Json> = whole(stream)?;
                self.checks.extend(super::checks::failed_conditions(results.as_ref()));
            }
            _ => stream.skip()?,
        }
        Ok(())
    }

    fn change(&mut self, bytes: &[u8]) -> Result<(), Unusable> {
        let element = Element::parse(bytes)?;
        if element.is_ephemeral {
            return Ok(());
        }
        self.instances += usize::from(!element.is_data && element.deposed.is_none());
        if element.is_quiet() {
            return self.quiet(element);
        }
        let entry = self.entry(element)?;
        self.changes.extend(entry);
        Ok(())
    }

    fn drift(&mut self, bytes: &[u8]) -> Result<(), Unusable> {
        let element = Element::parse(bytes)?;
        let entry = self.entry(element)?;
        self.drift.extend(entry);
        Ok(())
    }

    fn quiet(&mut self, element: Element<'_>) -> Result<(), Unusable> {
        let (before, mask) = element.raw_before();
        let is_masked = |mask: &&[u8]| memchr::memmem::find(mask, b"true").is_some();
        let mask = mask.filter(is_masked);
        if let Some(mask) = mask {
            self.secrets.add_masked_text(before, &serde_json::from_slice(mask)?)?;
        }
        if element.is_data || element.deposed.is_some() || self.is_cut {
            return Ok(());
        }
        self.kept += before.len() + mask.map_or(0, <[u8]>::len);
        if self.kept > MOST_KEPT {
            self.is_cut = true;
            self.quiet = Vec::new();
            return Ok(());
        }
        let (before, mask) = (before.to_vec(), mask.map(<[u8]>::to_vec));
        self.quiet.push(Quiet { address: element.address, before, mask });
        Ok(())
    }

    fn entry(&mut self, element: Element<'_>) -> Result<Option<Entry>, Unusable> {
        let values = element.values(&mut self.parsed)?;
        let Some(address) = Address::parse(&element.address) else {
            self.strange.push(element.address);
            return Ok(None);
        };
        self.masked(&values);
        for value in [&values.before, &values.after] {
            // All values live as long as what is collected.
            if self.searched.insert((Rc::as_ptr(value), address.kind.clone())) {
                self.secrets.add_named(&address.kind, value);
            }
        }
        Ok(Some(Entry {
            previous: element.previous.as_deref().and_then(Address::parse),
            deposed: element.deposed,
            reason: element.reason,
            action: element.actions.action(),
            importing: element.importing,
            address,
            values,
        }))
    }

    /// What one side marks is secret on the other too.
    fn masked(&mut self, values: &Values) {
        for mask in [&values.before_sensitive, &values.after_sensitive] {
            self.secrets.add_masked(&values.before, mask);
            self.secrets.add_masked(&values.after, mask);
        }
    }

    fn outputs(&mut self, stream: &mut Stream<impl Read>) -> Result<(), Failure> {
        each_member(stream, |name, stream| {
            stream.peek()?;
            let at = stream.offset();
            let mut element = Element::default();
            let unusable = |_| Failure::Unusable(at);
            element.change(&mut Cursor::new(stream.value()?)).map_err(unusable)?;
            let values = element.values(&mut self.parsed).map_err(unusable)?;
            self.masked(&values);
            if crate::syntax::names_a_secret(&name) {
                self.secrets.add(&values.before);
                self.secrets.add(&values.after);
            }
            if element.actions.action() != Action::NoOp {
                self.outputs.push(Output { name, values });
            }
            Ok(())
        })
    }

    /// The secrets of `prior_state`: of its outputs, and of what data sources read. What other resources hold is masked in
    /// the changes too.
    fn prior_state(&mut self, stream: &mut Stream<impl Read>) -> Result<(), Failure> {
        each_member(stream, |key, stream| match key.as_str() {
            "values" => each_member(stream, |key, stream| match key.as_str() {
                "outputs" => {
                    let outputs: Json = whole(stream)?.unwrap_or_default();
                    for (name, output) in outputs.as_object().into_iter().flatten() {
                        let value = output.get("value").unwrap_or(&Json::Null);
                        let is_marked = super::tree::is_true(output.get("sensitive"));
                        if is_marked || crate::syntax::names_a_secret(name) {
                            self.secrets.add(value);
                        }
                    }
                    Ok(())
                }
                "root_module" => self.module(stream, 0),
                _ => Ok(stream.skip()?),
            }),
            _ => Ok(stream.skip()?),
        })
    }

    fn module(&mut self, stream: &mut Stream<impl Read>, depth: usize) -> Result<(), Failure> {
        if depth > DEEPEST {
            return Ok(stream.skip()?);
        }
        each_member(stream, |key, stream| match key.as_str() {
            "resources" => {
                stream.each(|bytes, at| self.in_state(bytes).map_err(|_| Failure::Unusable(at)))
            }
            "child_modules" => {
                if !stream.enter(b'[')? {
                    return Ok(stream.skip()?);
                }
                while stream.has_element()? {
                    self.module(stream, depth + 1)?;
                }
                Ok(())
            }
            _ => Ok(stream.skip()?),
        })
    }

    fn in_state(&mut self, bytes: &[u8]) -> Result<(), Unusable> {
        let mut is_data = false;
        let (mut kind, mut values, mut mask) = (String::new(), &b"null"[..], &b"null"[..]);
        let mut cursor = Cursor::new(bytes);
        cursor.enter(b'{')?;
        while let Some(key) = cursor.key()? {
            let value = cursor.value()?;
            match key {
                b"mode" if value == b"\"data\"" => is_data = true,
                b"mode" => break,
                b"type" => kind = serde_json::from_slice(value)?,
                b"values" => values = value,
                b"sensitive_values" => mask = value,
                _ => {}
            }
        }
        if is_data {
            let (values, mask) = (serde_json::from_slice(values)?, serde_json::from_slice(mask)?);
            self.secrets.add_masked(&values, &mask);
            // What other stacks put out is not marked, even where they say that it is sensitive.
            self.secrets.add_named(&kind, &values);
        } else {
            let is_deposed = memchr::memmem::find(bytes, b"\"deposed_key\":").is_some();
            self.in_state += usize::from(!is_deposed);
        }
        Ok(())
    }

    /// Which variables are secret is said in the configuration, which may come later; without one, all of them may be.
    fn secrets_of_variables(&mut self) {
        let Some(Json::Object(variables)) = self.variables.take() else { return };
        for (name, variable) in &variables {
            let is_secret = self.configuration.is_sensitive(name)
                || crate::syntax::names_a_secret(name)
                || !self.configuration.is_known;
            let value = variable.get("value").unwrap_or(&Json::Null);
            if is_secret {
                self.secrets.add(value);
            } else {
                self.secrets.add_named("", value);
            }
        }
    }
}

/// Calls `f` with each element of the list that stands here; whether it is one. In its place there may be null, and nothing
/// else.
fn list(
    stream: &mut Stream<impl Read>,
    mut f: impl FnMut(&[u8]) -> Result<(), Unusable>,
) -> Result<bool, Failure> {
    let open = stream.peek()?;
    if !matches!(open, b'[' | b'n') {
        return Err(Failure::Unusable(stream.offset()));
    }
    stream.each(|bytes, at| f(bytes).map_err(|_| Failure::Unusable(at)))?;
    Ok(open == b'[')
}

/// The next value, of the type that it must have; nothing where it is null.
fn whole<T: serde::de::DeserializeOwned>(
    stream: &mut Stream<impl Read>,
) -> Result<Option<T>, Failure> {
    stream.peek()?;
    let at = stream.offset();
    serde_json::from_slice(stream.value()?).map_err(|_| Failure::Unusable(at))
}

/// Calls `f` with each key of the object that stands here; passes over anything else.
fn each_member<R: Read>(
    stream: &mut Stream<R>,
    mut f: impl FnMut(String, &mut Stream<R>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    if !stream.enter(b'{')? {
        return Ok(stream.skip()?);
    }
    while let Some(key) = stream.key()? {
        f(key, stream)?;
    }
    Ok(())
}
