summary    = "namespace of a critical tier may not talk to anything"
convention = "E30"
severity   = "warning"
facts      = "repo"

select "object" { kinds = ["NetworkPolicy"] }

# Calico's own kind of that name says it otherwise.
unless {
  path = "apiVersion"
  like = param.calico_apis
}

where {
  any {
    all {
      path     = "spec.policyTypes"
      contains = "Egress"
    }
    all {
      path    = "spec.egress"
      present = true
    }
  }
}

# For some pods only.
unless {
  any {
    all {
      path    = "spec.podSelector.matchLabels"
      present = true
    }
    all {
      path    = "spec.podSelector.matchExpressions"
      present = true
    }
  }
}

# A rule that names neither peers nor ports allows everything.
unless {
  all {
    path    = "spec.egress"
    present = true
  }
  not {
    path    = ["spec.egress[*].to", "spec.egress[*].ports"]
    present = true
  }
  not {
    path  = "spec.egress"
    empty = true
  }
}

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

unknown {
  because = "the repo does not declare namespace `{namespace}`: what tier it is of is not known"
  not {
    exists {
      in    = "kubernetes.namespaces"
      match = { named = "{namespace}" }
    }
  }
}

let "labels" {
  in     = "kubernetes.namespaces"
  match  = { named = "{namespace}" }
  column = "labels"
}

let "tier" { path = "labels.tier" }

forbid "closed" {
  path    = "tier"
  matches = "^(?:${param.open_tiers})$"
  at      = "metadata"
}

case "closed" {
  message = "`{name}` closes the egress of every pod in `{namespace}`, of tier `{tier}`: what the cluster itself needs is not known yet"
  help    = "select the pods that are meant, or wait until the tier's traffic has been observed"
}
