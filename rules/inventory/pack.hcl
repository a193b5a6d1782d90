summary = "what live objects, and files on hosts, are held against"

params {
  # Live objects that something else makes, besides what Kubernetes and Helm make: by what marks them.
  made_elsewhere = [
    { labels = ["generate.kyverno.io/policy-name", "generate.kyverno.io/rule-name"], by = "a Kyverno policy that generates it" },
    { kinds = ["Secret"], labels = ["reconcile.external-secrets.io/managed", "reconcile.external-secrets.io/created-by"], by = "the ExternalSecret of its name" },
    { kinds = ["Secret"], annotations = ["cert-manager.io/certificate-name"], by = "a certificate" },
    { labels = ["app.kubernetes.io/managed-by=goauthentik.io"], by = "the Authentik server" },
    { labels = ["cnpg.io/cluster"], by = "the database operator" },
    { kinds = ["PolicyReport", "ClusterPolicyReport", "EphemeralReport", "ClusterEphemeralReport"], by = "Kyverno, as its reports" },
    { kinds = ["Namespace", "Deployment", "DaemonSet", "ConfigMap", "Secret", "Service", "ServiceAccount"], namespaces = ["calico-system", "calico-apiserver"], by = "the Tigera operator" },
  ]

  # Live objects that are in no code on purpose: `kinds`, `namespaces`, `names`, `labels` or `annotations`, each a list of
  # which one must fit (`*` is any text), and the `reason`. A release of a chart has the kind `HelmRelease`.
  unmanaged = []

  # Files of the repo that belong on hosts, besides those that say so themselves: `{file}` is the name of the file, `{stem}`
  # the same without its last ending.
  host_files = [
    { host = "pve", files = ["scripts/{apply-mbps-caps,daily-backup,devvm-home-backup,fan-control,lvm-pvc-snapshot,nfs-change-tracker,nfs-mirror,offsite-sync-backup,vzdump-vms}.{service,timer}"], path = "/etc/systemd/system/{file}" },
    { host = "pve", files = ["scripts/apply-mbps-caps.sh"], path = "/usr/local/bin/{file}" },
    { host = "pve", files = ["scripts/fan-control.sh"], path = "/usr/local/bin/{stem}" },
    { host = "devvm", files = ["scripts/t3-*.{service,timer}", "scripts/claude-auth-sync@.{service,timer}", "scripts/tmux-persist-*.{service,timer}", "scripts/workstation/playwright/*.{service,timer}"], path = "/etc/systemd/system/{file}" },
    { host = "devvm", files = ["scripts/devvm-promtail.service"], path = "/etc/systemd/system/promtail.service" },
  ]

  # Files that say in their header where they go, and scripts that install others.
  host_headers    = ["scripts/*", "scripts/**/*"]
  host_installers = ["scripts/workstation/setup-devvm.sh"]
}

# The patterns of images that may run.
gather "trusted_images" {
  label = "admitted here"
  select "row" { of = "image.trusted_images" }
  let "pattern" { text = "{pattern}" }
}

# Patterns of the namespaces in which others may run too.
gather "untrusting_namespaces" {
  label = "the namespace is left out here"
  select "row" { of = "image.trust_exclusions" }
  let "namespace" { text = "{namespace}" }
}

# Files that belong on hosts, as they say themselves or as an installer says.
gather "host_files" {
  label = "it goes there"
  from {
    select "text" {
      files   = param.host_headers
      words   = ["Deploy to PVE host at"]
      matches = "Deploy to PVE host at (?<target>/[\\w./-]*\\w)"
      zones   = ["comment", "code", "prose"]
    }
    let "host" { text = "pve" }
    let "source" { text = "{file}" }
  }
  from {
    select "text" {
      files   = param.host_headers
      words   = ["root@192.168.1.127:"]
      matches = "scp +(?<source>scripts/\\S+) +root@192\\.168\\.1\\.127:(?<target>/\\S*\\w)"
      zones   = ["comment", "code", "prose"]
    }
    let "host" { text = "pve" }
  }
  from {
    select "text" {
      files   = param.host_headers
      words   = ["root@10.0.20.1:"]
      matches = "scp +(?<source>scripts/\\S+) +root@10\\.0\\.20\\.1:(?<target>/\\S*\\w)"
      zones   = ["comment", "code", "prose"]
    }
    let "host" { text = "pfsense" }
  }
  from {
    select "text" {
      files   = param.host_installers
      words   = ["install -m"]
      matches = "install -m \\d+ \"\\$SCRIPTS/(?<script>[\\w.@-]+)\" +(?<target>/\\S*\\w)"
      zones   = ["code"]
    }
    let "host" { text = "devvm" }
    let "source" { text = "scripts/{script}" }
  }
  from {
    select "text" {
      files   = param.host_installers
      words   = ["install -m"]
      matches = "install -m \\d+ \"\\$HERE/(?<script>[\\w./@-]+)\" +(?<target>/\\S*\\w)"
      zones   = ["code"]
    }
    let "host" { text = "devvm" }
    let "source" { text = "scripts/workstation/{script}" }
  }
}
