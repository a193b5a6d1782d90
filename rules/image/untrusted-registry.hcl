summary    = "image does not match any pattern of the admission policy"
convention = "A06"
severity   = "error"
facts      = "stack"
reads      = ["**/kyverno/**/*.tf"]
yields_to  = ["image/decommissioned-registry", "image/frozen-registry"]

check "image_allowlist" {
  patterns = [{
    kind  = "ClusterPolicy"
    name  = "require-trusted-registries"
    path  = "spec.rules[*].validate.pattern.spec.containers[*].image"
    split = "|"
  }]
  excluded_namespaces = [{
    kind = "ClusterPolicy"
    name = "require-trusted-registries"
    path = "spec.rules[*].exclude.any[*].resources.namespaces"
  }]
  action = [{
    kind = "ClusterPolicy"
    name = "require-trusted-registries"
    path = "spec.validationFailureAction"
  }]
  enforcing      = ["Enforce", "enforce"]
  bare_name_form = "docker.io/library/{name}"
}

case "untrusted" {
  message = "`{image}` matches no pattern of the policy `{policy}`: the pod is refused"
  help    = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}

case "init_container" {
  severity = "warning"
  message  = "init container image `{image}` matches no pattern of the policy `{policy}`, which looks at containers only"
  help     = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}

case "not_enforced" {
  severity = "warning"
  message  = "`{image}` matches no pattern of the policy `{policy}`, which does not enforce yet"
  help     = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}

case "excluded_namespace" {
  severity = "info"
  message  = "`{image}` matches no pattern of the policy `{policy}`, which does not apply to namespace `{namespace}`"
  help     = "`{suggestion}` would admit it elsewhere"
}

case "helm_values" {
  severity = "info"
  message  = "chart image `{image}` matches no pattern of the policy `{policy}`"
  help     = "`{suggestion}` would admit it, if its namespace is not excluded"
}
