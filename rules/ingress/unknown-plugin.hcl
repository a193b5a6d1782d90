summary  = "middleware is made by a plugin that Traefik does not load"
severity = "error"
facts    = "repo"

select "object" {
  kinds = ["Middleware"]
  api   = ["traefik.io/*", "traefik.containo.us/*"]
}

each "plugin" { path = "spec.plugin[*]" }

# What loads none here is set up elsewhere.
where {
  exists { in = "plugins" }
}

require "unknown" {
  exists {
    in       = "plugins"
    match    = { named = "{plugin_key}" }
    any_case = true
  }
  at        = "plugin"
  underline = "key"
}

case "unknown" {
  message = "no plugin `{plugin_key}` is loaded by Traefik: every router with `{name}` answers 404"
  help    = "write the key under which the values of the chart load it, in `experimental.plugins` or `experimental.localPlugins`"
}
