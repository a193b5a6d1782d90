summary    = "policy clones the pull secret into namespaces that nobody has named"
convention = "B17"
severity   = "error"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.pull_secret_policies
}

each "namespace" { path = "spec.rules[*].match.any[*].resources.names[*]" }

let "secret" { text = param.pull_secret }

forbid "wildcard" {
  path    = "namespace"
  matches = "[*?]"
}

case "wildcard" {
  message = "`{namespace}` lets every pod in whatever namespace it covers read `{secret}`, which opens all private packages"
  help    = "name the namespaces that pull private images, one by one"
}
