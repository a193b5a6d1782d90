//! One stack: Terraform files with the blocks that a homelab's stacks consist of.

use std::io;

use super::fill::Filler;
use super::tree::Tree;

/// Stacks in one copy.
pub(super) const STACKS: usize = 155;

/// One in so many of a kind of block breaks the rule about it.
const LAPSE: usize = 40;

/// A stack to write.
pub(super) struct Stack {
    /// Its position in its copy.
    pub(super) number: usize,
    /// Its directory's name.
    pub(super) name: String,
}

/// A kind of block: its template, and how many of it one copy has.
struct Kind {
    word: &'static str,
    template: &'static str,
    count: usize,
}

const fn kind(word: &'static str, template: &'static str, count: usize) -> Kind {
    Kind { word, template, count }
}

const KINDS: [Kind; 13] = [
    kind("namespace", include_str!("templates/namespace.tf"), 148),
    kind("tls", include_str!("templates/tls_secret.tf"), 97),
    kind("nfs", include_str!("templates/nfs_volume.tf"), 110),
    kind("claim", include_str!("templates/claim.tf"), 61),
    kind("secret", include_str!("templates/manifest.tf"), 189),
    kind("config", include_str!("templates/config_map.tf"), 97),
    kind("app", include_str!("templates/deployment.tf"), 176),
    kind("web", include_str!("templates/service.tf"), 212),
    kind("job", include_str!("templates/cron_job.tf"), 106),
    kind("chart", include_str!("templates/helm_release.tf"), 28),
    kind("agent", include_str!("templates/account.tf"), 90),
    kind("guard", include_str!("templates/anubis.tf"), 20),
    kind("ingress", include_str!("templates/ingress.tf"), 160),
];

/// Kinds of which a stack's second file has all it has.
const APART: [&str; 3] = ["agent", "job", "config"];

/// How many of `count` things fall to the stack `number`, so that all stacks together have `count`.
pub(super) fn share(count: usize, number: usize) -> usize {
    (number + 1) * count / STACKS - number * count / STACKS
}

impl Stack {
    /// Writes the stack's files.
    pub(super) fn write(&self, tree: &mut Tree) -> io::Result<()> {
        let own = format!("stacks/{}", self.name);
        let mut filler = Filler::new(self.number as u64);
        tree.add(
            format!("{own}/terragrunt.hcl"),
            filler.fill(include_str!("templates/terragrunt.hcl"), &[]),
        )?;
        if share(70, self.number) > 0 {
            tree.add(format!("{own}/providers.tf"), include_str!("templates/providers.tf"))?;
        }
        // Some stacks keep their code in a module of their own.
        let (directory, up) = if share(47, self.number) > 0 {
            let name = &self.name;
            let call = [("id", "app"), ("name", name)];
            let call = filler.fill(include_str!("templates/module_call.tf"), &call);
            let variables = self.variables(&mut filler);
            tree.add(format!("{own}/main.tf"), format!("{variables}{call}"))?;
            (format!("{own}/modules/{name}"), "../../../../")
        } else {
            (own, "../../")
        };
        let mut main = self.variables(&mut filler);
        let mut apart = String::new();
        let has_second = share(92, self.number) > 0;
        for kind in &KINDS {
            let target =
                if has_second && APART.contains(&kind.word) { &mut apart } else { &mut main };
            let before = self.number * kind.count / STACKS;
            for n in 0..share(kind.count, self.number) {
                target.push_str(&self.block(kind, n, before + n, up, &mut filler));
            }
        }
        if self.number == LAPSE {
            main.push_str(include_str!("templates/stale.tf"));
        }
        tree.add(format!("{directory}/main.tf"), main)?;
        if has_second {
            tree.add(format!("{directory}/jobs.tf"), apart)?;
        }
        Ok(())
    }

    fn variables(&self, filler: &mut Filler) -> String {
        let stack = self.name.replace('-', "_");
        filler.fill(
            include_str!("templates/variables.tf"),
            &[("stack", &stack), ("name", &self.name)],
        )
    }

    /// The `n`th block of a kind in this stack, which is the `overall`th of its copy.
    fn block(
        &self,
        kind: &Kind,
        n: usize,
        overall: usize,
        up: &str,
        filler: &mut Filler,
    ) -> String {
        let stack = self.name.replace('-', "_");
        let id = if n == 0 { kind.word.to_owned() } else { format!("{}_{n}", kind.word) };
        let name = if n == 0 { self.name.clone() } else { format!("{}-{n}", self.name) };
        let lapses = overall % LAPSE == LAPSE - 1;
        let script = match kind.word {
            "config" => filler.repeat(SCRIPT, &[("name", &name)], 75, "      "),
            "job" => filler.repeat(
                &SCRIPT.replace("${", "$${"),
                &[("name", &name)],
                48,
                "                ",
            ),
            _ => String::new(),
        };
        let namespace = if share(148, self.number) > 0 {
            "kubernetes_namespace.namespace.metadata[0].name"
        } else {
            "\"shared\""
        };
        let image = match overall % 4 {
            0 => format!("local.image_{stack}"),
            1 if lapses || overall % 23 == 1 => format!("\"somewhere.example.com/{name}:2\""),
            1 => format!("\"ghcr.io/viktorbarzin/{name}:2\""),
            2 => "\"docker.io/library/postgres:16-alpine\"".to_owned(),
            _ => format!("\"docker.io/library/{name}:${{var.image_tag}}\""),
        };
        // The shared id of a stack's locals, except where a template names the block itself.
        filler.fill(
            &kind.template.replace("name_@id@", "name_@stack@"),
            &[
                ("id", &id),
                ("stack", &stack),
                ("name", &name),
                ("namespace", namespace),
                ("image", &image),
                ("port", "8080"),
                ("up", up),
                ("script", script.trim_end()),
                ("dns_entry", dns_entry(lapses, overall)),
                ("annotations", if lapses { "" } else { ANNOTATIONS }),
                ("auth", auth(overall)),
                ("requests_entry", requests_entry(overall)),
            ],
        )
    }
}

const SCRIPT: &str = include_str!("templates/script.sh");

const ANNOTATIONS: &str = "    annotations = {
      \"resize.topolvm.io/threshold\"     = \"10%\"
      \"resize.topolvm.io/increase\"      = \"100%\"
      \"resize.topolvm.io/storage_limit\" = \"5Gi\"
    }";

/// The ignored path with its marker; without one of them where the block is to break a rule.
fn dns_entry(lapses: bool, overall: usize) -> &'static str {
    match (lapses, overall % 80 < LAPSE) {
        (false, _) => "      spec[0].template[0].spec[0].dns_config, # KYVERNO_LIFECYCLE_V1",
        (true, true) => "      spec[0].template[0].spec[0].dns_config,",
        (true, false) => "",
    }
}

fn requests_entry(overall: usize) -> &'static str {
    if overall % LAPSE == LAPSE / 2 {
        "metadata[0].annotations"
    } else {
        "spec[0].resources[0].requests"
    }
}

fn auth(overall: usize) -> &'static str {
    match overall % 8 {
        1 => "  # auth = \"none\": a machine's API with tokens of its own\n  auth = \"none\"",
        3 if overall % LAPSE == 3 => "  auth = \"app\"",
        3 => "  # auth = \"app\": the app has accounts\n  auth = \"app\"",
        _ => "  auth = \"required\"",
    }
}
