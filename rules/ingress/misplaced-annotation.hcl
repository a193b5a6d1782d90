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
  message = "`{key}` changes nothing at an ingress: Traefik reads it at services only"
  help    = "write it into the `annotations` of the service that the ingress leads to"
}
