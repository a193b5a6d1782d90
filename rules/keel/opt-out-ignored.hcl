summary    = "opt-out of Keel is declared, and Terraform is told to ignore it"
convention = "C11"
severity   = "warning"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

where {
  path   = "metadata.annotations[\"keel.sh/policy\"]"
  equals = "never"
}

# Somebody knows that it counts only for what is made anew.
unless {
  comment {
    path    = "metadata.annotations[\"keel.sh/policy\"]"
    matches = "ignore_changes"
  }
}

forbid "ignored" {
  ignored { field = "metadata[0].annotations[\"keel.sh/policy\"]" }
}

case "ignored" {
  message = "`keel.sh/policy` of `{name}` is declared and ignored: the opt-out is written when the workload is made, and never on one that exists"
  help    = "take the entry out of `ignore_changes`: what the code declares is Terraform's"
}
