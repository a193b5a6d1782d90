summary    = "node or document is told to use a port of the registry cache on which nothing listens"
convention = "D05"
severity   = "error"
reads      = ["**/*nginx*.conf"]

select "text" {
  files   = param.cache_clients
  words   = [param.cache_address]
  matches = "10\\.0\\.20\\.10(?::|`? ports )(?:50\\d0/)*(?<at>(?<port>50[0-4]0))\\b"
  zones   = ["code", "string", "prose"]
}

where {
  exists { in = "cache_ports" }
}

require "closed" {
  exists {
    in    = "cache_ports"
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
