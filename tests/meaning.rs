//! What fixes of the built-in rules must not do to what the code means: where the same edit would say something else, or
//! Terraform would refuse it, there is none.

#![expect(clippy::unwrap_used, reason = "a pack that does not load is a failed test")]

use tautline::analysis::{self, History, Input, Reach, Request, Wish};
use tautline::checks;
use tautline::config::Settings;
use tautline::rule::{self, PackFile};
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile, Past};

/// The text of the first of `files` with all fixes of `rule`, safe or not, whatever the repo shows.
fn fixed(rule: &str, files: &[(&str, &str)]) -> String {
    fixed_by(&[rule], files)
}

fn fixed_by(ids: &[&str], files: &[(&str, &str)]) -> String {
    let packs = ids.iter().map(|id| format!("  {} = \"always\"\n", id.split_once('/').unwrap().0));
    let on = ids.iter().map(|id| format!("rule \"{id}\" {{\n  severity = \"warning\"\n}}\n"));
    let settings = format!(
        "packs {{\n{}  terraform = \"always\"\n}}\n{}",
        packs.collect::<String>(),
        on.collect::<String>()
    );
    let settings = Settings::parse("tautline.hcl", &settings).unwrap();
    let rules = rule::load_files(&PackFile::builtin(), checks::ALL, &settings).unwrap();
    let loaded = files
        .iter()
        .map(|&(path, text)| LoadedFile { path: path.into(), content: Content::Text(text.into()) });
    let file_set = FileSet { files: loaded.collect(), ..FileSet::default() };
    let today = Date::new(2026, 1, 1).unwrap();
    let input = Input { files: file_set, settings, rules, today };
    let history = History { past: &Past::default, base: None, plans: None };
    let wish = Wish {
        is_unsafe: true,
        only: ids.iter().map(|&id| id.to_owned()).collect(),
        reach: Reach::Repo,
    };
    let fixed = analysis::fix(input, &history, &Request::default(), &wish).unwrap();
    let first = fixed.files.iter().find(|file| *file.path == *files[0].0);
    first.map_or_else(|| files[0].1.to_owned(), |file| file.after.to_string())
}

/// Asserts that the fixes of `rule` leave `text` as it is.
fn is_left(rule: &str, text: &str) {
    assert_eq!(fixed(rule, &[("stacks/app/main.tf", text)]), text);
}

#[test]
fn a_list_in_another_order_or_where_nothing_may_be_referred_to_stays() {
    const RULE: &str = "hygiene/repeated-list";
    let held = "locals {\n  held = [\"a\", \"b\", \"c\"]\n}\n";
    let used = "output \"o\" {\n  value = [f([\"a\", \"b\", \"c\"]), [\"c\", \"b\", \"a\"], f([\"a\", \"b\", \"c\"])]\n}\n";
    assert_eq!(
        fixed(RULE, &[("stacks/app/main.tf", &format!("{held}{used}"))]),
        format!("{held}{}", used.replace("[\"a\", \"b\", \"c\"]", "local.held")),
    );
    for other in [
        "variable \"v\" {\n  default = [\"a\", \"b\", \"c\"]\n  validation {\n    condition     = contains([\"a\", \"b\", \"c\"], var.v)\n    error_message = \"x\"\n  }\n}\n",
        "terraform {\n  backend \"pg\" {\n    a = [\"a\", \"b\", \"c\"]\n    b = [\"a\", \"b\", \"c\"]\n  }\n}\n",
        "resource \"x\" \"y\" {\n  a = [\"c\", \"b\", \"a\"]\n  b = [\"a\", \"b\", \"c\", \"a\"]\n}\n",
        // Each would become the other one.
        "locals {\n  other = [\"a\", \"b\", \"c\"]\n  third = [\"a\", \"b\", \"c\"]\n}\n",
    ] {
        is_left(RULE, &format!("{held}{other}"));
    }
}

#[test]
fn a_variable_takes_the_place_of_a_text_only_where_it_says_the_same() {
    for (rule, key, text, name) in [
        ("storage/hardcoded-server-address", "server", "192.168.1.127", "nfs_server"),
        ("database/hardcoded-shared-host", "host", "mysql.dbaas.svc.cluster.local", "mysql_host"),
    ] {
        let code = |variable: &str, used: &str| {
            format!(
                "variable \"{name}\" {{{variable}}}\n\nresource \"x\" \"y\" {{\n  {key} = {used}\n}}\n"
            )
        };
        let literal = format!("\"{text}\"");
        let own = format!("default = {literal}");
        let mended =
            |variable: &str| fixed(rule, &[("stacks/app/main.tf", &code(variable, &literal))]);
        let expected = |variable: &str| code(variable, &format!("var.{name}"));
        assert_eq!(mended(""), expected(""));
        assert_eq!(mended(" type = string "), expected(" type = string "));
        let other = " default = \"10.9.9.9\" ";
        assert_eq!(mended(other), code(other, &literal), "{rule}");
        // Terraform would refuse a reference there.
        let value = format!("{key} = {literal}");
        for place in [
            format!("terraform {{\n  backend \"pg\" {{\n    {value}\n  }}\n}}\n"),
            format!("variable \"{key}\" {{\n  {own}\n}}\n"),
            format!("variable \"map\" {{\n  default = {{ {value} }}\n}}\n"),
            format!(
                "moved {{\n  from = x.y[{literal}]\n  to   = x.z\n}}\n\nresource \"x\" \"z\" {{}}\n"
            ),
            format!("locals {{\n  {key} = {{ {literal} = 1 }}\n}}\n"),
        ] {
            is_left(rule, &format!("variable \"{name}\" {{}}\n{place}"));
        }
    }
    // One call gives the module another value.
    let module =
        "variable \"nfs_server\" {}\n\nresource \"x\" \"y\" {\n  server = \"192.168.1.127\"\n}\n";
    let call = |name: &str, server: &str| {
        format!(
            "module \"{name}\" {{\n  source     = \"../../modules/m\"\n  nfs_server = \"{server}\"\n}}\n"
        )
    };
    let rule = "storage/hardcoded-server-address";
    let same = call("a", "192.168.1.127");
    let both = format!("{same}\n{}", call("b", "10.1.1.1"));
    let mended =
        |calls: &str| fixed(rule, &[("modules/m/main.tf", module), ("stacks/app/main.tf", calls)]);
    assert_eq!(mended(&same), module.replace("\"192.168.1.127\"", "var.nfs_server"));
    assert_eq!(mended(&both), module);
}

#[test]
fn what_an_output_shows_is_not_made_sensitive() {
    let rule = "hygiene/sensitive-variable";
    let variable = "variable \"db_password\" {\n  type = string\n}\n";
    let mended =
        variable.replace("  type = string\n", "  type      = string\n  sensitive = true\n");
    let main = "stacks/app/main.tf";
    assert_eq!(fixed(rule, &[(main, variable)]), mended);
    let secret = "output \"p\" {\n  value     = var.db_password\n  sensitive = true\n}\n";
    let all = format!("{variable}{secret}");
    assert_eq!(fixed(rule, &[(main, &all)]), format!("{mended}{secret}"));
    is_left(rule, &format!("{variable}output \"p\" {{\n  value = length(var.db_password)\n}}\n"));
    // A module hands it on to whoever calls it, who shows it.
    let shown = "module \"m\" {\n  source      = \"../../modules/m\"\n  db_password = \"x\"\n}\n\noutput \"p\" {\n  value = module.m.p\n}\n";
    let module = format!("{variable}output \"p\" {{\n  value = var.db_password\n}}\n");
    assert_eq!(fixed(rule, &[("modules/m/main.tf", &module), (main, shown)]), module);
    // Nor what something is repeated over, though it is empty today.
    let variable = variable.replace("type = string", "default = \"\"");
    is_left(
        rule,
        &format!(
            "{variable}resource \"x\" \"y\" {{\n  for_each = var.db_password == \"\" ? {{}} : {{ a = 1 }}\n}}\n"
        ),
    );
}

#[test]
fn a_variable_that_another_fix_uses_is_not_taken_out() {
    let variables = "variable \"nfs_server\" {}\n\nvariable \"unused\" {}\n\n";
    let code = |server: &str| format!("resource \"x\" \"y\" {{\n  server = {server}\n}}\n");
    let before = format!("{variables}{}", code("\"192.168.1.127\""));
    let after = format!("variable \"nfs_server\" {{}}\n\n{}", code("var.nfs_server"));
    let rules = ["hygiene/unused-variable", "storage/hardcoded-server-address"];
    assert_eq!(fixed_by(&rules, &[("stacks/app/main.tf", &before)]), after);
}

#[test]
fn what_is_written_anew_or_explained_right_above_is_left() {
    let rule = "provider/below-floor";
    let providers = "terraform {\n  required_providers {\n    kubernetes = {\n      source  = \"hashicorp/kubernetes\"\n      version = \">= 3.0.0\"\n    }\n  }\n}\n";
    let main = "stacks/app/main.tf";
    assert_eq!(fixed(rule, &[(main, providers)]), providers.replace("3.0.0", "3.2.1"));
    is_left(rule, &format!("# Generated by Terragrunt. Sig: nIlQXj57tbuaRZEa\n{providers}"));
    // What is said above a thing would be said about the next one.
    let rule = "provider/hand-written-generated-local";
    let locals = |said: &str| format!("locals {{\n{said}  tiers = {{}}\n  a     = 1\n}}\n");
    assert_eq!(fixed(rule, &[(main, &locals(""))]), "locals {\n  a = 1\n}\n");
    is_left(rule, &locals("  # as the cluster has them\n"));
}

#[test]
fn what_is_taken_out_leaves_one_empty_line() {
    let rule = "hygiene/unused-variable";
    let main = "stacks/app/main.tf";
    let (out, kept) = ("variable \"out\" {}\n", "output \"o\" {\n  value = 1\n}\n");
    for (before, after) in [
        (format!("{out}\n{kept}"), kept.to_owned()),
        (format!("# said\n\n{out}\n{kept}"), format!("# said\n\n{kept}")),
        (format!("{kept}\n{out}\n{kept}"), format!("{kept}\n{kept}")),
        (format!("{kept}\n{out}"), kept.to_owned()),
        (format!("{kept}{out}{kept}"), format!("{kept}{kept}")),
        (format!("{kept}\n\n{out}\n{kept}"), format!("{kept}\n\n{kept}")),
    ] {
        assert_eq!(fixed(rule, &[(main, &before)]), after);
        let crlf = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(fixed(rule, &[(main, &crlf(&before))]), crlf(&after));
    }
    let rule = "provider/hand-written-generated-local";
    for (before, after) in [
        ("locals {\n  a = 1\n\n  tiers = {}\n}\n", "locals {\n  a = 1\n}\n"),
        ("locals {\n  tiers = {}\n\n  a = 1\n}\n", "locals {\n  a = 1\n}\n"),
        ("locals {\n  a = 1\n\n  tiers = {}\n\n  b = 1\n}\n", "locals {\n  a = 1\n\n  b = 1\n}\n"),
    ] {
        assert_eq!(fixed(rule, &[(main, before)]), after);
    }
}

#[test]
fn one_thing_that_is_wrong_is_no_cure_for_another() {
    // The limit that is written is one for the first of the claims only.
    let rule = "storage/missing-autoresizer-annotations";
    let claim = |sizes: &str| {
        format!(
            "resource \"kubernetes_persistent_volume_claim\" \"data\" {{\n  for_each = {{ {sizes} }}\n  metadata {{\n    name = each.key\n  }}\n  spec {{\n    access_modes       = [\"ReadWriteOnce\"]\n    storage_class_name = \"proxmox-lvm\"\n    resources {{\n      requests = {{ storage = each.value }}\n    }}\n  }}\n}}\n"
        )
    };
    is_left(rule, &claim("a = \"1Gi\", b = \"50Gi\""));
    let same = claim("a = \"1Gi\", b = \"1Gi\"");
    assert_ne!(fixed(rule, &[("stacks/app/main.tf", &same)]), same);
}

#[test]
fn a_comment_for_a_program_stays_where_it_counts() {
    let rule = "ingress/missing-auth-comment";
    let call = |comment: &str| {
        format!(
            "module \"a\" {{\n  source = \"../../modules/kubernetes/ingress_factory\"\n  auth   = \"none\" # {comment}\n}}\n"
        )
    };
    for directive in [
        "tflint-ignore: terraform_module_version",
        "checkov:skip=CKV_1: public",
        "tfsec:ignore:aws-vpc-1",
        "tautline: ignore[ingress/unprotected-proxy] -- it is public",
    ] {
        is_left(rule, &call(directive));
    }
    let public = call("skips the login, as a public page does");
    assert_ne!(fixed(rule, &[("stacks/app/main.tf", &public)]), public);
}

#[test]
fn a_tier_is_one_that_the_local_has() {
    let rule = "provider/literal-tier";
    let code = |tiers: &str, tier: &str| {
        format!(
            "locals {{\n  tiers = {{ {tiers} }}\n}}\n\nresource \"kubernetes_namespace\" \"a\" {{\n  metadata {{\n    name   = \"a\"\n    labels = {{ tier = {tier} }}\n  }}\n}}\n"
        )
    };
    let right = "core = \"0-core\", aux = \"4-aux\"";
    let mended = fixed(rule, &[("stacks/app/main.tf", &code(right, "\"4-aux\""))]);
    assert_eq!(mended, code(right, "local.tiers.aux"));
    is_left(rule, &code(right, "\"3-edge\""));
    is_left(rule, &code("core = \"0-core\", aux = \"5-aux\"", "\"4-aux\""));
}
