//! Hosts and endpoints that no longer exist are not referred to by anything live.
//!
//! Image positions belong to the rules about images. What is left falls into two: the retired service's own remnants in
//! configuration (its *residue*), and references from elsewhere.

use std::net::IpAddr;

use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::surface::{ReferenceKind, Zone};
use crate::syntax::{Format, SourceFile};
use crate::text::{Globs, TextRange};

use super::mention::{Mention, Place, mentions};

const PLACEHOLDERS: &[&str] = &["host", "since", "replacement"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "retired_host",
    outcomes: &[
        Outcome { name: "code", placeholders: PLACEHOLDERS },
        Outcome { name: "document", placeholders: PLACEHOLDERS },
    ],
    build: build_host,
};

pub(super) const RESIDUE: CheckDef = CheckDef {
    name: "retired_residue",
    outcomes: &[
        Outcome { name: "code", placeholders: PLACEHOLDERS },
        Outcome { name: "port", placeholders: PLACEHOLDERS },
    ],
    build: build_residue,
};

#[derive(Default)]
struct RetiredHost {
    hosts: Vec<Host>,
    residue: Vec<Residue>,
    /// Object keys in HCL whose contents are residue.
    residue_keys: Vec<String>,
    /// Whether this rule is about residue, or about everything else.
    wants_residue: bool,
    ports: Vec<String>,
    port_files: Globs,
    /// Words one of which stands on the line of a port that is published or listened on.
    port_words: Vec<String>,
    /// Documents in which prose counts too.
    instructions: Globs,
    /// Keys whose values are sentences for people: a host named there is not referred to, unless by a URL.
    prose_keys: Vec<String>,
    except: Globs,
}

struct Host {
    name: String,
    since: String,
    replacement: String,
}

/// Files in which a mention is residue; all of it, or only lines with one of some texts.
struct Residue {
    files: Globs,
    lines_with: Vec<String>,
}

fn build_host(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RetiredHost {
        instructions: options.globs("instructions")?,
        prose_keys: options.strings("prose_keys")?,
        ..RetiredHost::read(options)?
    }))
}

fn build_residue(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RetiredHost {
        wants_residue: true,
        ports: options.strings("ports")?,
        port_files: options.globs("port_files")?,
        port_words: options.strings("port_words")?,
        ..RetiredHost::read(options)?
    }))
}

impl Check for RetiredHost {
    fn interests(&self) -> Vec<Interest> {
        let hosts = self.hosts.iter().map(|host| host.name.clone());
        vec![Interest::Text(hosts.chain(self.ports.iter().cloned()).collect(), None)]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        if self.except.is_match(&file.path) {
            return;
        }
        for host in &self.hosts {
            for mention in mentions(context.repo, file, &host.name) {
                self.judge_mention(&mention, host, out);
            }
        }
        if self.port_files.is_match(&file.path) {
            self.ports.iter().for_each(|port| self.judge_port(file, port, out));
        }
    }
}

impl RetiredHost {
    /// The options that both checks have.
    fn read(options: &mut Options<'_>) -> Result<RetiredHost, OptionError> {
        let hosts = options.each_object("hosts", |entry| {
            Ok(Host {
                name: entry.string("host")?,
                since: entry.string("since")?,
                replacement: entry.string("replacement")?,
            })
        })?;
        let residue = options.each_object("residue", |entry| {
            Ok(Residue { files: entry.globs("files")?, lines_with: entry.strings("lines_with")? })
        })?;
        let (residue_keys, except) = (options.strings("residue_keys")?, options.globs("except")?);
        Ok(RetiredHost { hosts, residue, residue_keys, except, ..RetiredHost::default() })
    }

    fn judge_mention(&self, mention: &Mention<'_>, host: &Host, out: &mut Findings) {
        let outcome = match mention.place {
            Place::Comment | Place::UsedImage | Place::Image(_) => return,
            _ if mention.kind == ReferenceKind::Filter => return,
            Place::Code if mention.kind != ReferenceKind::Url && self.is_told(mention) => return,
            Place::Code => "code",
            Place::Fence => "document",
            Place::Prose if self.instructions.is_match(&mention.file.path) => "document",
            Place::Prose => return,
        };
        if self.is_residue(mention) != self.wants_residue {
            return;
        }
        out.site();
        out.report(Self::finding(outcome, mention.file, mention.range, host));
    }

    fn finding(outcome: &'static str, file: &SourceFile, range: TextRange, host: &Host) -> Finding {
        Finding::new(outcome, file.span(range))
            .arg("host", file.slice(range))
            .arg("since", host.since.clone())
            // The list says where an image of some name went; here there is no image.
            .arg("replacement", host.replacement.trim_end_matches("/{name}"))
    }

    /// Whether the mention is part of a sentence for people.
    fn is_told(&self, mention: &Mention<'_>) -> bool {
        let file = mention.file;
        if let Some(document) = &file.hcl {
            let around = document.body.surroundings(mention.range.start);
            return around
                .keys
                .last()
                .is_some_and(|key| self.prose_keys.iter().any(|known| known == key));
        }
        let line = line_of(file, mention.range).trim_start_matches(['-', ' ', '\t', '"']);
        let key = line.split_once(':').map(|(key, _)| key.trim_end_matches('"'));
        key.is_some_and(|key| self.prose_keys.iter().any(|known| known == key))
    }

    fn is_residue(&self, mention: &Mention<'_>) -> bool {
        let file = mention.file;
        if mention.place != Place::Code {
            return false;
        }
        if let Some(document) = &file.hcl {
            let around = document.body.surroundings(mention.range.start);
            if around.keys.iter().any(|key| self.residue_keys.iter().any(|known| known == key)) {
                return true;
            }
        }
        let line = line_of(file, mention.range);
        self.residue.iter().any(|residue| {
            let on_line = residue.lines_with.is_empty()
                || residue.lines_with.iter().any(|text| line.contains(text));
            residue.files.is_match(&file.path) && on_line
        })
    }

    /// A bare port that is published or listened on.
    fn judge_port(&self, file: &SourceFile, port: &str, out: &mut Findings) {
        let Some(host) = self.hosts.first() else { return };
        let mut last_line = None;
        for start in memchr::memmem::find_iter(file.text.as_bytes(), port) {
            let range = TextRange::new(start, start + port.len());
            let line_number = file.lines().line_of(range.start);
            if last_line == Some(line_number)
                || !is_bare_port(&file.text, range)
                || !self.is_open(file, range)
            {
                continue;
            }
            last_line = Some(line_number);
            out.site();
            out.report(Self::finding("port", file, range, host));
        }
    }

    fn is_open(&self, file: &SourceFile, range: TextRange) -> bool {
        let line = line_of(file, range).trim_start();
        let start = address_before(&file.text, range).unwrap_or(range).start;
        let mapping = TextRange { start, end: range.end };
        let published =
            line.trim_start_matches(['-', ' ', '"', '\'']).starts_with(file.slice(mapping));
        let says_so = self.port_words.iter().any(|word| line.contains(word.as_str()));
        (published || says_so)
            && file.surface().zone(range) != Zone::Comment
            && file.format != Format::Markdown
    }
}

/// The line on which `range` starts.
fn line_of(file: &SourceFile, range: TextRange) -> &str {
    let line = file.lines().line_of(range.start);
    file.slice(file.lines().range_of(&file.text, line))
}

/// The address in `ADDRESS:PORT:PORT`, of which `range` is the first port: a port may be published on one address alone.
fn address_before(text: &str, range: TextRange) -> Option<TextRange> {
    let before = text[..range.start as usize].strip_suffix(':')?;
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '[' | ']');
    let start = before.trim_end_matches(is_part).len();
    let address = before[start..].trim_matches(['[', ']']);
    let is_mapping = text[range.end as usize..].starts_with(':');
    (is_mapping && address.parse::<IpAddr>().is_ok()).then(|| TextRange::new(start, before.len()))
}

/// Whether the number stands alone or on the outer side of a mapping, and is no part of an address.
fn is_bare_port(text: &str, range: TextRange) -> bool {
    let before = text[..range.start as usize].chars().next_back();
    let after = text[range.end as usize..].chars().next();
    let outside = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | '-' | ',');
    (before.is_none_or(outside) || address_before(text, range).is_some())
        && !after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
}
