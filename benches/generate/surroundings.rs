//! What is in such a repo besides stacks: shared modules, documents, scripts, programs, dashboards, sealed files.

use std::io;

use super::fill::Filler;
use super::tree::Tree;

/// A kind of text file: a pattern of its path, what it is made of, how many there are and how many bytes each has.
struct Kind {
    directory: &'static str,
    ending: &'static str,
    head: &'static str,
    template: &'static str,
    tail: &'static str,
    count: usize,
    bytes: usize,
}

const PANEL: &str = include_str!("templates/panel.json");
const VALUES: &str = include_str!("templates/values.yaml");
const DASHBOARD: (&str, &str) =
    ("{\n  \"panels\": [\n", "    null\n  ],\n  \"schemaVersion\": 39\n}\n");

const fn kind(
    (directory, ending): (&'static str, &'static str),
    template: &'static str,
    count: usize,
    bytes: usize,
) -> Kind {
    Kind { directory, ending, head: "", template, tail: "", count, bytes }
}

const fn dashboards(directory: &'static str, count: usize, bytes: usize) -> Kind {
    let (head, tail) = DASHBOARD;
    Kind { directory, ending: ".json", head, template: PANEL, tail, count, bytes }
}

const KINDS: [Kind; 12] = [
    kind(("docs", ".md"), include_str!("templates/page.md"), 330, 12_400),
    kind(("scripts", ".sh"), include_str!("templates/script.sh"), 102, 8_200),
    kind((".woodpecker", ".yml"), include_str!("templates/pipeline.yaml"), 36, 4_500),
    kind(("compose", "/docker-compose.yml"), include_str!("templates/compose.yaml"), 16, 400),
    kind(("values", ".yaml"), VALUES, 8, 28_000),
    kind(("charts", ".yaml"), VALUES, 1, 2_390_000),
    kind(("charts", ".tpl"), VALUES, 6, 46_000),
    dashboards("dashboards", 51, 36_000),
    dashboards("dashboards-large", 2, 870_000),
    kind(("tools", ".py"), include_str!("templates/module.py"), 87, 9_200),
    kind(("services", ".go"), include_str!("templates/package.go"), 97, 6_300),
    kind(
        ("units", ".service"),
        "# @note@\n[Unit]\nDescription=@words@\n\n[Service]\nExecStart=/usr/local/bin/@name@\n",
        50,
        500,
    ),
];

/// Pages that tell of the past, and those among them that still give its commands.
const HISTORIES: usize = 28;
const STALE: usize = 5;

/// Writes the files that every copy has of its own, into directories of the copy's.
pub(super) fn copy(tree: &mut Tree, copy: usize) -> io::Result<()> {
    for kind in &KINDS {
        for number in 0..kind.count {
            let Kind { directory, ending, head, template, tail, bytes, .. } = kind;
            let mut filler = Filler::new(number as u64);
            let name = format!("part-{number}");
            let mut text = (*head).to_owned();
            while text.len() < *bytes {
                text.push_str(&filler.fill(template, &[("name", &name)]));
            }
            text.push_str(tail);
            tree.add(format!("{directory}/copy-{copy}/{name}{ending}"), text)?;
        }
    }
    for number in 0..HISTORIES {
        let mut filler = Filler::new(number as u64);
        let name = format!("service-{number}");
        let given = [("name", name.as_str())];
        let mut text = format!("# History of {name}\n\n");
        for _ in 0..5 {
            text.push_str(&filler.fill(include_str!("templates/page.md"), &given));
            text.push_str(&filler.fill(include_str!("templates/history.md"), &given));
        }
        if number < STALE {
            text.push_str(&filler.fill(include_str!("templates/stale.md"), &given));
        }
        tree.add(format!("docs/copy-{copy}/history/{name}.md"), text)?;
    }
    tree.add(
        format!("compose/copy-{copy}/stale/docker-compose.yml"),
        include_str!("templates/stale_compose.yaml"),
    )?;
    sealed(tree, copy)
}

/// What is no text: encrypted variables and state, pictures.
fn sealed(tree: &mut Tree, copy: usize) -> io::Result<()> {
    tree.add(format!("secrets/copy-{copy}/terraform.tfvars"), b"\0GITCRYPT\0\x01\x02\x03")?;
    for number in 0..6 {
        let line =
            "    \"value\": \"ENC[AES256_GCM,data:c2VhbGVk,iv:bm9uZQ==,tag:bm9uZQ==,type:str]\",\n";
        let text = format!("{{\n{}    \"sops\": {{}}\n}}\n", line.repeat(390_000 / line.len()));
        tree.add(format!("state/copy-{copy}/part-{number}/terraform.tfstate.enc"), text)?;
    }
    for number in 0..2 {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0".to_vec();
        bytes.resize(1_190_000, 0xa5);
        tree.add(format!("diagram/copy-{copy}/{number}.png"), bytes)?;
    }
    Ok(())
}

/// Writes the files that there are once, however many copies.
pub(super) fn shared(tree: &mut Tree) -> io::Result<()> {
    let mut filler = Filler::new(0);
    let modules = [
        ("ingress_factory", include_str!("templates/ingress_factory.tf")),
        ("nfs_volume", include_str!("templates/nfs_volume_module.tf")),
        ("setup_tls_secret", include_str!("templates/setup_tls_secret_module.tf")),
        ("anubis_instance", include_str!("templates/anubis_instance_module.tf")),
    ];
    for (name, template) in modules {
        tree.add(format!("modules/kubernetes/{name}/main.tf"), filler.fill(template, &[]))?;
    }
    tree.add("terragrunt.hcl".to_owned(), filler.fill(include_str!("templates/root.hcl"), &[]))?;
    tree.add(
        "config.tfvars".to_owned(),
        "nfs_server      = \"192.0.2.10\"\ntls_secret_name = \"tls\"\n",
    )?;
    tree.add(
        "stacks/kyverno/main.tf".to_owned(),
        filler.fill(include_str!("templates/policies.tf"), &[]),
    )
}
