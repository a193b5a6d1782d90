summary    = "document says another value of a node's setting than the script that sets it"
convention = "D23"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.documents
  except  = param.history
  words   = ["systemReserved", "kubeReserved", "evictionHard", "evictionSoft"]
  zones   = ["prose", "code"]
  matches = "\\b(?<setting>systemReserved|kubeReserved|evictionHard|evictionSoft)(?:=|: )`?(?<at>(?<amount>\\d+[KMGT]i))\\b"
}

where {
  exists {
    in    = "node_settings"
    match = { setting = "{setting}" }
  }
}

let "set" {
  in     = "node_settings"
  match  = { setting = "{setting}" }
  column = "memory"
}

require "other" {
  exists {
    in    = "node_settings"
    match = { setting = "{setting}", memory = "{amount}" }
  }
  related = { set = "required here" }

  # Of two values in the script it is not clear which one stays.
  fix {
    when {
      exists {
        in      = "node_settings"
        match   = { setting = "{setting}" }
        at_most = 1
      }
    }
    replace = "{set}"
  }
}

case "other" {
  message = "new nodes get {set} as `{setting}`, not {amount}"
  help    = "write `{set}`"
}
