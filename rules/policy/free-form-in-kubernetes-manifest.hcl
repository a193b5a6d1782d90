summary    = "`kubernetes_manifest` carries an object whose fields it cannot type"
convention = "C25"
severity   = "warning"

select "resource" { types = ["kubernetes_manifest"] }

let "object" {
  path    = "manifest.kind"
  default = "object"
}

each "free" { texts = param.free_form_fields }

where {
  path   = "manifest.kind"
  equals = "{free}"
}

forbid "field" {
  derive = false
  path      = "manifest.spec[\"{free_value}\"]"
  present   = true
  underline = "subject"
  related   = { "manifest.spec[\"{free_value}\"]" = "the CRD says nothing about what stands in here" }
}

case "field" {
  message = "`{address}` carries a `{object}` with `{free_value}`, whose content has no schema: the provider cannot plan changes of it"
  help    = "use `kubectl_manifest` with `yaml_body = yamlencode(…)`, and move the state"
}
