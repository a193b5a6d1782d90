summary    = "document shows a log query for a stream that no shipper sends"
convention = "E18"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = ["**/*.md"]
  words   = ["```logql"]
  matches = "```logql\\s+(?:[^`{]*)\\{[^}]*\\bjob *= *\"(?<at>[^\"]+)\""
  zones   = ["code", "prose"]
}

# Where nothing ships, the documents speak of somebody else's streams.
where {
  any {
    exists { in = "streams" }
    exists { in = "streams_by_namespace" }
  }
}

let "stream" { path = "" }

# What a dashboard fills in.
unless {
  path     = "stream"
  contains = "$"
}

# Where a shipper makes the label of the namespace, every namespace is one, alone or with the container behind it.
unless {
  exists {
    in = "streams_by_namespace"
  }
  any {
    all {
      path     = "stream"
      contains = "/"
    }
    certain {
      path = "stream"
      in   = "known_namespaces.namespace"
    }
  }
}

require "unknown" {
  path = "stream"
  in   = "streams.value"
}

case "unknown" {
  when {
    path    = "near"
    present = true
  }
  message = "no shipper sends a stream `{stream}`: whoever runs this in an incident finds nothing, and takes that for an answer"
  help    = "write `{near}` if that is meant, or the label that a shipper sets"
}

case "unknown" {
  message = "no shipper sends a stream `{stream}`: whoever runs this in an incident finds nothing, and takes that for an answer"
  help    = "write the label that a shipper sets"
}
