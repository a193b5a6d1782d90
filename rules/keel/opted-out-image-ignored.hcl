summary    = "image of a workload that Keel leaves alone is ignored by Terraform too"
convention = "B06"
severity   = "info"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

where {
  path   = "metadata.annotations[\"keel.sh/policy\"]"
  equals = "never"
}

# Something else may set the image, and say so.
unless {
  marker { word = "DRIFT_WORKAROUND" }
}

each "field" { mutator = "keel-image" }

let "list" {
  path    = "field"
  capture = "^(?<value>.*)\\[\\*\\]\\.image$"
}

let "blocks" {
  path    = "list"
  capture = "(?<value>[a-z_]+)$"
}

each "container" { path = "spec.template.spec[\"{blocks}\"]" }

forbid "unowned" {
  ignored { field = "{list}[{container_index}].image" }
}

case "unowned" {
  message = "nobody owns `{blocks}[{container_index}].image` of `{name}`: Keel is told to leave it alone, and Terraform ignores it"
  help    = "take the entry out of `ignore_changes`, or say with `# DRIFT_WORKAROUND: <who sets it>` who does"
}
