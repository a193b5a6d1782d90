summary    = "policy of Calico closes the egress of a critical tier"
convention = "E30"
severity   = "warning"
facts      = "repo"

select "object" {
  kinds = ["NetworkPolicy", "GlobalNetworkPolicy"]
  api   = param.calico_apis
}

where {
  any {
    all {
      path     = "spec.types"
      contains = "Egress"
    }
    all {
      all {
        path  = "spec.egress"
        empty = false
      }
      not {
        path    = "spec.types"
        present = true
      }
    }
  }
}

# For some pods only.
unless {
  path    = "spec.selector"
  matches = "\\S"
  not {
    path    = "spec.selector"
    matches = "^\\s*all\\(\\)\\s*$"
  }
}

let "policy" { path = "metadata.name" }

unless {
  exists {
    in    = "open_calico_policies"
    match = { declared_at = "{module} {address}", policy = "{policy}" }
  }
}

let "namespaces" {
  path    = "spec.namespaceSelector"
  default = "all()"
}

let "with" {
  path    = "namespaces"
  capture = param.with_tiers
}

let "without" {
  path    = "namespaces"
  capture = param.without_tiers
}

let "chosen" {
  path    = "namespaces"
  capture = param.by_name
}

let "namespace" {
  path    = ["chosen", "metadata.namespace"]
  default = "default"
}

let "labels" {
  in     = "kubernetes.namespaces"
  match  = { named = "{namespace}" }
  column = "labels"
}

let "tier" { path = "labels.tier" }

unknown {
  because = "which namespaces `{namespaces}` selects is not told apart"
  all {
    text   = "{kind}"
    equals = "GlobalNetworkPolicy"
  }
  not {
    any {
      all {
        path    = "namespaces"
        matches = param.every_tier
      }
      all {
        path    = ["with", "without", "chosen"]
        present = true
      }
    }
  }
}

unknown {
  because = "the repo does not declare namespace `{namespace}`: what tier it is of is not known"
  any {
    all {
      path    = "chosen"
      present = true
    }
    all {
      text   = "{kind}"
      equals = "NetworkPolicy"
    }
  }
  not {
    exists {
      in    = "kubernetes.namespaces"
      match = { named = "{namespace}" }
    }
  }
}

forbid "all" {
  when {
    text   = "{kind}"
    equals = "GlobalNetworkPolicy"
  }
  any {
    all {
      path    = "namespaces"
      matches = param.every_tier
    }
    all {
      path    = "with"
      matches = "[\"'](?:${param.open_tiers})[\"']"
    }
    # Those of no tier at all, too.
    all {
      all {
        path    = "without"
        present = true
      }
      not {
        path    = "without"
        matches = "[\"'](?:${param.open_tiers})[\"']"
      }
    }
  }
  at = ["spec.namespaceSelector", "spec"]
}

forbid "one" {
  when {
    any {
      all {
        path    = "chosen"
        present = true
      }
      all {
        text   = "{kind}"
        equals = "NetworkPolicy"
      }
    }
  }
  path    = "tier"
  matches = "^(?:${param.open_tiers})$"
  at      = "metadata"
}

case "all" {
  message = "`{policy}` closes the egress of every pod in namespaces of critical tiers: what the cluster itself needs is not known yet"
  help    = "leave these tiers out of `namespaceSelector`, select the pods that are meant, or end with a rule `action: Allow` until the traffic has been observed"
}

case "one" {
  message = "`{policy}` closes the egress of every pod in `{namespace}`, of tier `{tier}`: what the cluster itself needs is not known yet"
  help    = "select the pods that are meant, or end with a rule `action: Allow` until the tier's traffic has been observed"
}
