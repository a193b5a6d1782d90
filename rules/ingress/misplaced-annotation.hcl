summary  = "annotation about a service stands at an ingress, where Traefik does not look for it"
severity = "warning"
facts    = "repo"

select "row" { of = "ingress_annotations" }

where {
  path    = "key"
  matches = param.service_annotations
}

forbid "service" {
  path      = "annotation"
  present   = true
  underline = "key"
}

case "service" {
  message = "Traefik reads `{key}` at services only: at an ingress it changes nothing"
  help    = "write it into the `annotations` of the service that the ingress leads to"
}
