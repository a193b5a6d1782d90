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
