summary    = "admission policy checks where containers come from, and not init containers"
convention = "D09"
severity   = "warning"

select "object" { kinds = ["ClusterPolicy"] }

where {
  path   = "metadata.name"
  one_of = param.trust_policies
}

let "policy" { path = "metadata.name" }

each "pod" { path = "spec.rules[*].validate.pattern.spec" }

require "unchecked" {
  any {
    all {
      path    = "pod.initContainers"
      present = true
    }
    all {
      path    = "pod[\"=(initContainers)\"]"
      present = true
    }
  }
  at        = "pod.containers"
  underline = "key"

  # Not a list of which `image/boundless-pattern` mends a pattern: the two would differ.
  fix {
    when {
      not {
        path    = "pod.containers[*].image"
        matches = "(?:^|[| ])[^/*| ]*[.:][^/*| ]*[^/*:| ]\\*"
      }
    }
    title = "check init containers by the same patterns"
    copy  = { "pod[\"=(initContainers)\"]" = "pod.containers" }
  }
}

case "unchecked" {
  message = "the policy `{policy}` looks at `containers` only: an init container from anywhere runs in the same pod"
  help    = "add `\"=(initContainers)\" = [{{ image = … }}]` beside it, with the same patterns"
}
