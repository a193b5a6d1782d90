summary    = "object of Kyverno is carried by `kubernetes_manifest`"
convention = "C25"
severity   = "error"

select "resource" { types = ["kubernetes_manifest"] }

let "object" {
  path    = "manifest.kind"
  default = "object"
}

forbid "policy" {
  path      = "manifest.apiVersion"
  like      = ["kyverno.io/*", "*.kyverno.io/*"]
  underline = "subject"
}

case "policy" {
  message = "`{address}` carries a `{object}` of Kyverno: the provider crashes on the schema of Kyverno's CRDs, and nothing in the stack can be planned"
  help    = "use `kubectl_manifest` with `yaml_body = yamlencode(…)`, and move the state"
}
