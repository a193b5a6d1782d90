summary = "what a change must bring along"

applies_when {
  file {
    path = "modules/kubernetes/ingress_factory/*.{tf,tf.json}"
  }
}

params {
  # How many fewer stacks there may be after a change.
  most_removed = 10

  # If lines of `files` change (those with one of `words`, where there are any), so must lines of `other_files`.
  links = [
    {
      what        = "the memory of a virtual machine"
      files       = ["stacks/**/*.{tf,tf.json}", "modules/create-vm/*.{tf,tf.json}"]
      words       = ["vm_mem_mb"]
      other       = "what its kubelet reserves"
      other_files = ["modules/create-template-vm/k8s-node-post-join-tune.sh", "scripts/check-node-kubelet-tune"]
      other_words = []
      reason      = "the reservations are a share of it"
    },
    {
      what        = "the registries of the node template"
      files       = ["modules/create-template-vm/k8s-node-containerd-setup.sh"]
      # The script sets much else on a node.
      words       = ["/certs.d", "[host.", "server = \"", "capabilities = ", "skip_verify", "override_path"]
      other       = "the script that sets them on running nodes"
      other_files = ["scripts/setup_containerd_mirrors.sh", "scripts/setup-containerd-pullthrough.sh", "scripts/setup-forgejo-containerd-mirror.sh"]
      other_words = []
      reason      = "new nodes and old ones would differ"
    },
    {
      what        = "the script that sets registries on running nodes"
      files       = ["scripts/setup_containerd_mirrors.sh"]
      words       = []
      other       = "the node template"
      other_files = ["modules/create-template-vm/k8s-node-containerd-setup.sh"]
      other_words = []
      reason      = "the next new node would not have it"
    },
    {
      what        = "an input of the ingress factory"
      files       = ["modules/kubernetes/ingress_factory/*.{tf,tf.json}"]
      words       = ["variable \""]
      other       = "the inputs of the reverse proxy's factory"
      other_files = ["stacks/reverse-proxy/modules/reverse_proxy/factory/*.{tf,tf.json}"]
      other_words = ["variable \""]
      reason      = "the two take the same inputs"
    },
    {
      what        = "an input of the reverse proxy's factory"
      files       = ["stacks/reverse-proxy/modules/reverse_proxy/factory/*.{tf,tf.json}"]
      words       = ["variable \""]
      other       = "the inputs of the ingress factory"
      other_files = ["modules/kubernetes/ingress_factory/*.{tf,tf.json}"]
      other_words = ["variable \""]
      reason      = "the two take the same inputs"
    },
    {
      what        = "what the backup leaves out"
      files       = ["scripts/nfs-mirror.sh"]
      words       = ["--exclude="]
      other       = "the page about backups"
      other_files = ["docs/architecture/backup-dr.md"]
      other_words = []
      reason      = "it says what is backed up"
    },
  ]

  # What documents speak of: types of resources, and modules.
  documented_types = [
    "kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1", "kubernetes_persistent_volume",
    "kubernetes_cron_job", "kubernetes_cron_job_v1", "kubernetes_stateful_set", "kubernetes_stateful_set_v1",
    "kubernetes_storage_class", "kubernetes_storage_class_v1", "helm_release",
  ]
  documented_modules = ["modules/kubernetes/ingress_factory", "modules/kubernetes/nfs_volume"]

  # The documents, and those about the past, or about the day in their name.
  documents = ["docs/**/*.md", "README.md", "AGENTS.md"]
  history = [
    "docs/plans/**", "docs/post-mortems/**", "docs/adr/**", "docs/research/**", "docs/superpowers/**", "docs/benchmarks/**", "**/archived/**",
    "**/*20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]*",
  ]
}
