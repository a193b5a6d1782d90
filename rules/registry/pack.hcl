summary = "what is left of registries that no longer exist"

applies_when {
  file {
    path     = "**"
    contains = "registry.viktorbarzin.me"
  }
}

params {
  # The retired service's name in the proxy: while that leads to a registry of the repo, it is not retired yet.
  served_names = ["registry.viktorbarzin.me"]

  # The port on which the retired service was published.
  ports = ["5050"]

  # Where a mention is a remnant of the service itself.
  residue = [
    { files = ["**/docker-compose*.{yml,yaml}", "**/compose*.{yml,yaml}", "**/*nginx*.conf", "**/hosts.toml"] },
    { files = ["**"], lines_with = ["[host.", "server = "] },
    { files = [".woodpecker/**", ".github/workflows/**", ".github/actions/**"], lines_with = ["/v2/"] },
  ]
  residue_keys = ["auths"]

  # Where the port alone is a remnant too: in files about a registry. Elsewhere it may be anybody's.
  port_files = [
    "**/*registry*/*compose*.{yml,yaml}", "**/*registry*compose*.{yml,yaml}", "**/*compose*registry*.{yml,yaml}",
    "**/*registry*/*nginx*.conf", "**/*registry*nginx*.conf", "**/*nginx*registry*.conf",
  ]
  port_words = ["listen ", "server ", "proxy_pass ", "ports:", "published:"]

  # The caches in front of other registries: the proxy, their settings, and what publishes them.
  cache_files    = ["**/*nginx*.conf"]
  cache_settings = ["**/docker-registry/config*.{yml,yaml,tpl}"]
  cache_compose  = ["**/docker-registry/*compose*.{yml,yaml}"]

  # What starts a registry without such a file.
  cache_starters = ["**/*.{tf,tf.json}", "**/*.sh", "scripts/**"]

  # Their address, and who is pointed to it.
  cache_address = "10.0.20.10"
  cache_clients = [
    "scripts/**", "modules/**/*.{sh,yaml,yml,tf,tf.json,tpl}", "stacks/**/*.{tf,tf.json,tpl,yaml,yml}", "playbooks/**", "*.md", ".claude/*.md",
    "docs/{architecture,runbooks}/*.md",
  ]

  # Documents that are instructions to agents, or list what is served: prose counts as a command.
  instructions = [".claude/skills/**", "**/*INGRESS*MAPPING*.md"]

  # Keys whose values are sentences for people.
  prose_keys = ["description", "summary", "message", "error_message", "title"]
}

# The ports on which the proxy in front of the caches listens.
gather "cache_ports" {
  label    = "the proxy listens here"
  expected = true
  select "file" {
    files = param.cache_files
    reads = "nginx"
  }
  each "listens" { path = ["http.server[*].listen[*].arguments[0]", "server[*].listen[*].arguments[0]"] }
  let "port" {
    path    = "listens"
    capture = "(?:^|:)(?<value>\\d+)$"
  }
}

# The ports of the caches that something answers on: the proxy, and registries that are published without one.
gather "open_ports" {
  label    = "something answers here"
  expected = true
  from {
    select "row" { of = "cache_ports" }
    let "port" { path = "port" }
  }
  from {
    select "file" {
      files = param.cache_compose
      reads = "yaml_template"
    }
    each "service" { path = "services[*]" }
    unless {
      path    = "service.image"
      matches = "(?:^|/)nginx(?::|$)"
    }
    each "published" { path = ["service.ports[*]", "service.ports[*].published"] }
    let "port" {
      path    = "published"
      capture = "^(?:\\d+\\.[\\d.]+:)?(?<value>\\d+)(?::\\d+)?(?:/tcp)?$"
    }
  }
  from {
    select "text" {
      files   = param.cache_starters
      words   = ["docker run"]
      matches = "\\bdocker run\\b(?<options>[^\\n]*)\\b(?:docker\\.io/)?(?:library/)?registry(?:[:@ \"']|$)"
    }
    each "option" {
      path  = "options"
      split = " "
    }
    let "port" {
      path    = "option"
      capture = "^(?:-p=?|--publish=)?(?:\\d+\\.[\\d.]+:)?(?<value>\\d+):\\d+(?:/tcp)?$"
    }
  }
}

# The registries that are run from one compose file, each with its image.
gather "registries" {
  label = "this registry runs another release"
  select "file" { files = param.cache_compose }
  each "image" { path = "services.*.image" }
  where {
    path    = "image"
    matches = "^(?:docker\\.io/)?(?:library/)?registry(?:[:@]|$)"
  }
  # One image has several spellings: with its registry, and with the digest behind the tag.
  let "release" {
    path    = "image"
    capture = "^(?:docker\\.io/)?(?:library/)?registry(?<value>[:@]?[^@]*)"
  }
}

# Those of them of whose release there are several.
gather "common_releases" {
  label = "these run one release"
  select "row" { of = "registries" }
  let "image" { path = "image" }
  let "release" { path = "release" }
  where {
    exists {
      in       = "registries"
      match    = { file = "{file}", release = "{release}" }
      at_least = 2
    }
  }
}

# Those of them that say which release they run.
gather "pinned_registries" {
  label = "this registry says its release"
  select "file" { files = param.cache_compose }
  each "image" { path = "services.*.image" }
  where {
    path    = "image"
    matches = "^(?:docker\\.io/)?(?:library/)?registry(?::v?\\d+\\.\\d+\\.\\d+|.*@sha256:)"
  }
}

# The registries that are run from a compose file, by the name that others in it reach them under.
gather "running" {
  label = "this registry runs"
  select "file" { files = param.cache_compose }
  each "service" { path = "services.*" }
  where {
    path    = "service.image"
    matches = "^(?:docker\\.io/)?(?:library/)?registry(?:[:@]|$)"
  }
  let "named" { text = "{service_key}" }
}

# What the proxy calls them.
gather "upstreams" {
  label = "this leads to a registry"
  select "file" {
    files = param.cache_files
    reads = "nginx"
  }
  each "upstream" { path = ["http.upstream[*]", "upstream[*]"] }
  each "server" { path = "upstream.server[*].arguments[0]" }
  let "host" {
    path    = "server"
    capture = "^(?<value>[^:]+)"
  }
  where {
    exists {
      in    = "running"
      match = { named = "{host}" }
    }
  }
  let "named" { path = "upstream.arguments[0]" }
}

# Where the retired service is still served: the proxy has its name or its port, and hands it to a registry that runs.
gather "served" {
  label = "it is served here"
  select "file" {
    files = param.cache_files
    reads = "nginx"
  }
  each "server" { path = ["http.server[*]", "server[*]"] }
  where {
    any {
      all {
        path   = "server.server_name[*].arguments[*]"
        one_of = param.served_names
      }
      all {
        path   = "server.listen[*].arguments[0]"
        one_of = param.ports
      }
    }
  }
  each "target" { path = "server.location[*].proxy_pass[*].arguments[0]" }
  let "upstream" {
    path    = "target"
    capture = "^https?://(?<value>[^:/;]+)"
  }
  where {
    any {
      exists {
        in    = "upstreams"
        match = { named = "{upstream}" }
      }
      exists {
        in    = "running"
        match = { named = "{upstream}" }
      }
    }
  }
}
