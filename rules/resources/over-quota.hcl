summary    = "quota of a namespace has no room for its pods"
convention = "B40"
severity   = "error"
facts      = "repo"

select "object" { kinds = ["Namespace"] }

let "named" { path = "metadata.name" }

let "most" {
  in      = "quotas"
  match   = { of = "{named}" }
  column  = "most"
  default = "none"
}

# What is written fits, and a chart may ask for more.
unknown {
  because = "charts run pods in namespace `{named}`, and what those request is not added up"
  not {
    text   = "{most}"
    equals = "none"
  }
  exists {
    in    = "releases"
    match = { namespace = "{named}" }
  }
  not {
    exists {
      in    = "core_quotas"
      match = { of = "{named}" }
    }
  }
  sum {
    in      = "requested"
    match   = { of = "{named}" }
    column  = "amount"
    as      = "quantity"
    at_most = "{most}"
  }
}

require "over" {
  when {
    not {
      text   = "{most}"
      equals = "none"
    }
  }
  sum {
    in      = "requested"
    match   = { of = "{named}" }
    column  = "amount"
    as      = "quantity"
    at_most = "{most}"
  }
}

# A quota that counts them asks every pod for one.
forbid "cores" {
  when {
    exists { in = "stripping" }
  }
  exists {
    in    = "core_quotas"
    match = { of = "{named}" }
  }
}

case "over" {
  message = "the pods of namespace `{named}` request more memory together than the `{most}` of its quota: some of them are never made"
  help    = "request less, move the namespace to another tier, or give it a quota of its own"
}

case "cores" {
  message = "the quota of namespace `{named}` counts limits on cores, which admission takes off every pod: none is made"
  help    = "take `limits.cpu` out of the quota"
}
