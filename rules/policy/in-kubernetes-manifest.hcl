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
  message = "`{address}` carries a `{object}` of Kyverno: the provider fails on fields that the webhook writes, and every apply differs"
  help    = "use `kubectl_manifest` with `yaml_body = yamlencode(…)`, and move the state"
}
