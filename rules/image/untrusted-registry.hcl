summary    = "image does not match any pattern of the admission policy"
convention = "A06"
severity   = "error"
reads      = ["**/kyverno/**/*.{tf,tf.json}"]
yields_to  = ["image/decommissioned-registry", "image/frozen-registry"]

select "image" {}

where {
  exists { in = "trust_policies" }
}

let "policy" {
  in     = "trust_policies"
  column = "policy"
}

let "list" {
  in     = "trust_policies"
  column = "list_key"
}

let "home" {
  path    = "namespace"
  default = "default"
}

each "image" { possible = "" }

let "owner" {
  path    = "image"
  capture = "^[^@]+/"
}

let "all_of_owner" { text = "{owner}*" }

# For a bare name its long form, for others a pattern.
let "suggestion" {
  path    = "all_of_owner"
  default = "docker.io/library/{image}"
}

# One that is refused for another caller is reported for that one.
unless {
  certain {
    exists {
      in     = "trust_exclusions"
      covers = { namespace = "{home}" }
    }
  }
  certain {
    exists {
      in    = "checked_images"
      match = { image = "{image}", declared_at = "{module} {address}" }
    }
  }
}

forbid "untrusted" {
  not {
    exists {
      in     = "trusted_images"
      covers = { pattern = "{image}" }
    }
  }
  # Not where it is not known whether the namespace is excluded.
  any {
    all {
      path   = "role"
      equals = "helm_values"
    }
    exists {
      in     = "trust_exclusions"
      covers = { namespace = "{home}" }
    }
    not {
      exists {
        in     = "trust_exclusions"
        covers = { namespace = "{home}" }
      }
    }
  }
  at      = "image"
  related = { "image" = "the image is named here", "list" = "required here" }

  fix {
    when {
      path    = "owner"
      present = false
    }
    replace = "docker.io/library/{image}"
  }
}

case "untrusted" {
  severity = "info"
  when {
    path   = "role"
    equals = "helm_values"
  }
  message = "chart image `{image}` matches no pattern of the policy `{policy}`"
  help    = "`{suggestion}` would admit it, if its namespace is not excluded"
}

case "untrusted" {
  severity = "info"
  when {
    certain {
      exists {
        in     = "trust_exclusions"
        covers = { namespace = "{home}" }
      }
    }
  }
  message = "`{image}` matches no pattern of the policy `{policy}`, which does not apply to namespace `{home}`"
  help    = "`{suggestion}` would admit it elsewhere"
}

case "untrusted" {
  severity = "warning"
  when {
    path   = "role"
    equals = "init_container"
  }
  message = "init container image `{image}` matches no pattern of the policy `{policy}`, which looks at containers only"
  help    = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}

case "untrusted" {
  severity = "warning"
  when {
    exists { in = "auditing_policies" }
  }
  message = "`{image}` matches no pattern of the policy `{policy}`, which does not enforce yet"
  help    = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}

case "untrusted" {
  message = "`{image}` matches no pattern of the policy `{policy}`: the pod is refused"
  help    = "use an image that does, write `{suggestion}` if that is meant, or add the pattern to the policy"
}
