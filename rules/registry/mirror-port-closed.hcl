summary    = "node or document is told to use a port of the registry cache on which nothing listens"
convention = "D05"
severity   = "error"
facts      = "repo"

# In the line of an address, several ports with slashes between; or the first cell of a row about a registry.
select "text" {
  files   = param.cache_clients
  words   = [param.cache_address]
  matches = "(?m)(?:(?<host>10\\.0\\.20\\.10(?::|`? ports ))|^\\|[ \\t]*`?:?)(?<at>(?<ports>50[0-4]0(?:/50[0-4]0)*))(?:(?<about>`?[ \\t]*\\|[^|\\n]*(?:\\b(?:docker|ghcr|quay|gcr|k8s|kyverno)\\.io\\b|[Rr]egistry))|\\b)"
  zones   = ["code", "string", "prose"]
}

where {
  path    = ["host", "about"]
  present = true
}

each "port" {
  path  = "ports"
  split = "/"
}

where {
  exists { in = "open_ports" }
}

require "closed" {
  exists {
    in    = "open_ports"
    match = { port = "{port}" }
  }
}

case "closed" {
  when {
    text = "{file}"
    like = "*.md"
  }
  severity = "warning"
  message  = "nothing listens on port {port} of the cache: the document promises what is not there"
  help     = "name the ports on which the proxy listens"
}

case "closed" {
  message = "nothing listens on port {port} of the cache: every pull waits for a refused connection first"
  help    = "use a port on which the proxy listens, or take the mirror out"
}
