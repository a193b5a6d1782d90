//! Which language a file is written in, judged by its name and place alone.

use super::language::commit::COMMITS;
use crate::text::name_of;

/// A language tautline knows how to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// HCL, in one of its uses.
    Hcl(HclUse),
    /// YAML: pipelines, compose files, manifests, Helm values.
    Yaml,
    /// JSON.
    Json,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A shell script.
    Shell,
    /// nginx configuration.
    Nginx,
    /// Markdown.
    Markdown,
    /// A template (`.tpl`, `.tftpl`, `.tmpl`, `.j2`): text with holes, `#` comments.
    Template,
    /// Source code or configuration with `#` comments (Python, TOML, INI, systemd, make, …).
    HashCommented,
    /// Source code with `//` and `/* */` comments (Go, JavaScript, TypeScript, …).
    SlashCommented,
    /// Source code with `--` and `/* */` comments: SQL, Lua, Haskell, …
    DashCommented,
    /// XML and HTML: `<!-- -->` comments.
    Markup,
    /// A commit that a comparison shows: no file of the tree.
    Commit,
    /// Anything else.
    Plain,
}

/// The uses of HCL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HclUse {
    /// `.tf`, `.tofu`: part of a module.
    Terraform,
    /// `.tf.json`, `.tofu.json`: part of a module, in Terraform's JSON syntax.
    TerraformJson,
    /// `.tf.example`: what somebody copies to begin a module. In its strings `<name>` stands for what they fill in.
    Example,
    /// `.tfvars`: values only.
    Variables,
    /// `.tfvars.json`: values only, in JSON.
    VariablesJson,
    /// `terragrunt.hcl`.
    Terragrunt,
    /// `terragrunt.hcl.json`.
    TerragruntJson,
    /// `terragrunt.stack.hcl`: which units Terragrunt makes, and of what.
    Stack,
    /// Any other `.hcl` (lock files, packs, `tautline.hcl`).
    Other,
    /// Any other `.hcl.json`, as units include them.
    OtherJson,
}

const HASH_EXTENSIONS: [&str; 26] = [
    "py",
    "rb",
    "pl",
    "toml",
    "ini",
    "cfg",
    "cron",
    "crontab",
    "env",
    "properties",
    "service",
    "timer",
    "mount",
    "socket",
    "path",
    "network",
    "gitignore",
    "exports",
    "mk",
    "just",
    "nix",
    "rego",
    "ps1",
    "r",
    "jl",
    "tcl",
];
const SLASH_EXTENSIONS: [&str; 31] = [
    "jsonc", "json5", "scss", "less", "go", "js", "mjs", "cjs", "ts", "tsx", "jsx", "rs", "java",
    "c", "h", "cc", "cpp", "hpp", "cs", "php", "svelte", "groovy", "gradle", "kt", "kts", "scala",
    "swift", "dart", "proto", "jsonnet", "cue",
];
const DASH_EXTENSIONS: [&str; 5] = ["sql", "psql", "lua", "hs", "elm"];
const MARKUP_EXTENSIONS: [&str; 9] =
    ["xml", "html", "htm", "xhtml", "svg", "xsd", "xsl", "xslt", "plist"];
const HASH_NAMES: [&str; 7] =
    ["crontab", "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "CODEOWNERS"];

/// What a unit of Terragrunt's is called: of two in one directory, the first counts.
pub const UNIT_FILES: [&str; 2] = ["terragrunt.hcl", "terragrunt.hcl.json"];

impl HclUse {
    /// Whether it is written in JSON.
    fn is_json(self) -> bool {
        use HclUse::{OtherJson, TerraformJson, TerragruntJson, VariablesJson};
        matches!(self, OtherJson | TerraformJson | TerragruntJson | VariablesJson)
    }
}

impl Format {
    /// Whether it is HCL that says something about modules and is none: units, variable files, settings.
    pub fn is_configuration(self) -> bool {
        matches!(self, Format::Hcl(_)) && !self.is_module_code()
    }

    /// Whether it is part of a module.
    pub fn is_terraform(self) -> bool {
        matches!(self, Format::Hcl(HclUse::Terraform | HclUse::TerraformJson))
    }

    /// Whether it is code that Terraform or Terragrunt runs: part of a module, a unit, or a stack of them.
    pub fn is_terraform_or_unit(self) -> bool {
        self.is_terraform() || self.is_unit() || self == Format::Hcl(HclUse::Stack)
    }

    /// Whether it is a unit of Terragrunt's.
    pub fn is_unit(self) -> bool {
        matches!(self, Format::Hcl(HclUse::Terragrunt | HclUse::TerragruntJson))
    }

    /// Whether it is HCL of which its name does not say what it is for: units may include it.
    pub fn is_other_hcl(self) -> bool {
        matches!(self, Format::Hcl(HclUse::Other | HclUse::OtherJson))
    }

    /// Whether it is the code of a module, or would be if somebody filled it in.
    pub fn is_module_code(self) -> bool {
        self.is_terraform() || self == Format::Hcl(HclUse::Example)
    }

    /// Whether it is read as HCL and written in JSON.
    pub fn is_hcl_in_json(self) -> bool {
        match self {
            Format::Hcl(usage) => usage.is_json(),
            _ => false,
        }
    }

    /// Whether it is HCL as it is written by hand: not in JSON.
    pub fn is_native_hcl(self) -> bool {
        matches!(self, Format::Hcl(_)) && !self.is_hcl_in_json()
    }

    /// The language of the file at `path` (relative, with `/`).
    pub fn of(path: &str) -> Format {
        let name = name_of(path);
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        if path.starts_with(COMMITS) {
            return Format::Commit;
        }
        if is_dockerfile(name) {
            return Format::Dockerfile;
        }
        if HASH_NAMES.contains(&name) {
            return Format::HashCommented;
        }
        if name == "Jenkinsfile" {
            return Format::SlashCommented;
        }
        let Some(extension) = extension.as_deref() else {
            return Format::Plain;
        };
        if is_example(name) {
            return Format::Hcl(HclUse::Example);
        }
        match extension {
            // Of what is hidden Terraform reads only values.
            "tf" | "tofu" if name.starts_with('.') => Format::HashCommented,
            "tf" | "tofu" => Format::Hcl(HclUse::Terraform),
            "tfvars" => Format::Hcl(HclUse::Variables),
            "hcl" if name == UNIT_FILES[0] => Format::Hcl(HclUse::Terragrunt),
            "hcl" if name == "terragrunt.stack.hcl" => Format::Hcl(HclUse::Stack),
            "hcl" => Format::Hcl(HclUse::Other),
            "yaml" | "yml" => Format::Yaml,
            "json" if is_terraform_json(name) => Format::Hcl(HclUse::TerraformJson),
            "json" if name.ends_with(".tfvars.json") => Format::Hcl(HclUse::VariablesJson),
            "json" if name == UNIT_FILES[1] => Format::Hcl(HclUse::TerragruntJson),
            "json" if name.ends_with(".hcl.json") => Format::Hcl(HclUse::OtherJson),
            "json" => Format::Json,
            "dockerfile" => Format::Dockerfile,
            "sh" | "bash" | "zsh" => Format::Shell,
            "md" | "markdown" => Format::Markdown,
            "tpl" | "tftpl" | "tmpl" | "j2" => Format::Template,
            "conf" if name.contains("nginx") || path.contains("nginx") => Format::Nginx,
            "conf" => Format::HashCommented,
            _ if HASH_EXTENSIONS.contains(&extension) => Format::HashCommented,
            _ if SLASH_EXTENSIONS.contains(&extension) => Format::SlashCommented,
            _ if DASH_EXTENSIONS.contains(&extension) => Format::DashCommented,
            _ if MARKUP_EXTENSIONS.contains(&extension) => Format::Markup,
            _ => Format::Plain,
        }
    }
}

/// A name such as `main.tf.example`.
fn is_example(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    matches!(parts.next(), Some("example" | "sample"))
        && matches!(parts.next(), Some("tf" | "tofu"))
}

/// A name such as `main.tf.json`.
fn is_terraform_json(name: &str) -> bool {
    !name.starts_with('.') && (name.ends_with(".tf.json") || name.ends_with(".tofu.json"))
}

/// `Dockerfile`, and names that set it off: `Dockerfile.cuda`, `postgres_Dockerfile`.
fn is_dockerfile(name: &str) -> bool {
    ["Dockerfile", "Containerfile"].into_iter().any(|word| {
        let sets_off = |rest: &str, next: Option<char>| {
            rest.is_empty() || next.is_some_and(|c| matches!(c, '.' | '-' | '_'))
        };
        name.strip_prefix(word).is_some_and(|rest| sets_off(rest, rest.chars().next()))
            || name.strip_suffix(word).is_some_and(|rest| sets_off(rest, rest.chars().next_back()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide() {
        assert_eq!(Format::of("stacks/a/main.tf"), Format::Hcl(HclUse::Terraform));
        assert_eq!(Format::of("stacks/a/main.tf.example"), Format::Hcl(HclUse::Example));
        assert_eq!(Format::of("stacks/a/main.tf.json"), Format::Hcl(HclUse::TerraformJson));
        assert_eq!(Format::of("stacks/.a/main.tf"), Format::Hcl(HclUse::Terraform));
        assert_eq!(Format::of("stacks/a/.main.tf"), Format::HashCommented);
        assert_eq!(Format::of("stacks/a/.main.tf.json"), Format::Json);
        assert_eq!(Format::of(".auto.tfvars"), Format::Hcl(HclUse::Variables));
        assert_eq!(Format::of("main.tofu.json"), Format::Hcl(HclUse::TerraformJson));
        assert_eq!(Format::of("dev.tfvars.json"), Format::Hcl(HclUse::VariablesJson));
        assert_eq!(Format::of("stacks/a/terragrunt.hcl"), Format::Hcl(HclUse::Terragrunt));
        assert_eq!(Format::of("a/terragrunt.hcl.json"), Format::Hcl(HclUse::TerragruntJson));
        assert_eq!(Format::of("root.hcl.json"), Format::Hcl(HclUse::OtherJson));
        assert_eq!(Format::of("live/terragrunt.stack.hcl"), Format::Hcl(HclUse::Stack));
        assert_eq!(Format::of(".terraform.lock.hcl"), Format::Hcl(HclUse::Other));
        assert_eq!(Format::of("tools/Makefile"), Format::HashCommented);
        assert_eq!(Format::of("host/crontab"), Format::HashCommented);
        assert_eq!(Format::of("host/backup.cron"), Format::HashCommented);
        assert_eq!(Format::of("Jenkinsfile"), Format::SlashCommented);
        assert_eq!(Format::of("roles/web/site.conf.j2"), Format::Template);
        assert_eq!(Format::of("modules/registry/nginx_registry.conf"), Format::Nginx);
        assert_eq!(Format::of("a/Dockerfile.alpine"), Format::Dockerfile);
        assert_eq!(Format::of("a/postgres_Dockerfile"), Format::Dockerfile);
        assert_eq!(Format::of("a/Dockerfile-gpu"), Format::Dockerfile);
        assert_eq!(Format::of("a/MyDockerfile"), Format::Plain);
        assert_eq!(Format::of("LICENSE"), Format::Plain);
        assert_eq!(Format::of("db/init.sql"), Format::DashCommented);
        assert_eq!(Format::of("site/Index.HTML"), Format::Markup);
        assert_eq!(Format::of("renovate.jsonc"), Format::SlashCommented);
    }
}
