summary = "who may reach an app, and how a reader can tell"

applies_when {
  file {
    path     = "**/ingress_factory/*.tf"
    contains = "variable \"auth\""
  }
}

params {
  # Where nginx is configured, and what of it asks who somebody is before a request is answered.
  nginx_files   = ["**/*.conf", "**/*nginx*.{conf,tpl,tftpl,tmpl}", "**/nginx/**/*.{conf,tpl,tftpl,tmpl}"]
  nginx_keys    = "(?i)nginx|\\.conf(?:\\.template)?$"
  access_checks = "auth_basic|auth_request|auth_jwt|deny"

  # Templates that people copy, and what the comments in them must name: the values that the factory takes, by input.
  templates = ["**/_template/*.tf.example"]
  template_values = {
    "proxied"     = "dns_type"
    "non-proxied" = "dns_type"
    "internal"    = "dns_type"
    "required"    = "auth"
    "app"         = "auth"
    "public"      = "auth"
  }

  # The module that every ingress goes through: globs on the `source` of its calls.
  factory = ["**/ingress_factory", "**/ingress_factory/", "**/ingress_factory?ref=*"]

  # The other module that makes ingresses, for hosts outside the cluster. Its source says little (`./factory`), so only
  # calls count whose module has an input `skip_global_rate_limit`.
  proxy_factory = ["**/factory"]

  # The directories of both: what they make is judged at their calls.
  factory_dirs = ["*/ingress_factory", "*/reverse_proxy/factory"]

  # The files in which the two declare who may come in.
  factory_files = ["**/ingress_factory/*.{tf,tf.json}", "**/reverse_proxy/factory/*.{tf,tf.json}"]

  # What `auth` may be.
  tiers = ["required", "app", "public", "none"]

  # The same, as the factory's validation lists them: all, or some.
  tier_list = "^\\s*(\\\\?\"(required|app|public|none)\\\\?\"\\s*,?\\s*)+$"

  # The values of `auth` that take the login in front of the app away.
  explained_tiers = ["app", "none"]

  # How a reason begins that is still to be written.
  unfinished = ["TODO", "FIXME", "TBD", "XXX", "xxx", "<", "...", "…", "?"]

  # What a comment says that explains an open route.
  explanation = "(auth\\s*=\\s*\"(app|none)\"|protected\\s*=\\s*false)\\s*:\\s*\\S"

  # The same where the reason is still to be written.
  unfinished_explanation = "(auth\\s*=\\s*\"(app|none)\"|protected\\s*=\\s*false)\\s*:\\s*(?:TODO|FIXME|TBD|XXX|xxx|<|\\.\\.\\.|…|\\?)"

  # The class of the controller that serves.
  ingress_class = "traefik"

  # The routes of a gateway, and the ports behind which a page is where nobody looks into the connection.
  gateway_routes = ["HTTPRoute", "GRPCRoute"]
  page_ports     = [443, 8443]

  # Part of the name of every middleware that asks for a login.
  gate = "authentik-forward-auth"

  # What hosts that the internet can resolve end with, and those that the certificate at the edge does not cover.
  public_hosts = ["viktorbarzin.me", "*.viktorbarzin.me"]
  nested_hosts = ["*.*.viktorbarzin.me"]

  # The host that a call of the proxy factory serves.
  proxied_host = "{called}.viktorbarzin.me"

  # The names of the record that serves every host without one.
  wildcard_records = ["*", "*.viktorbarzin.me"]

  # The resources that make records.
  record_types = ["cloudflare_record", "cloudflare_dns_record"]

  # The middlewares that let only home networks in.
  lan_gates = ["traefik-home-lans-only@kubernetescrd", "traefik-local-only@kubernetescrd"]

  # The one of them that a fix writes.
  lan_gate = "traefik-home-lans-only@kubernetescrd"

  # The script that lists the groups which only the user interface of the login knows, and more of them.
  groups_script     = ["scripts/check-allowed-groups.py"]
  ui_managed_groups = []

  # The middleware that replaces what a client claims about its address.
  real_ip = "traefik-real-ip@kubernetescrd"

  # The limit that both factories put before everything, unless a call turns it off.
  default_limit = "traefik-rate-limit@kubernetescrd"

  # The annotation that turns the monitor from outside on and off.
  monitor_annotation = "uptime.viktorbarzin.me/external-monitor"

  # The middleware that drops identity headers that a client made up.
  strip_headers = "traefik-strip-auth-headers@kubernetescrd"

  # Where names of middlewares are written out, and how.
  middleware_files = ["**/*.{tf,tf.json}", "**/*.tpl", "**/*.yaml", "**/*.yml"]
  middleware_name  = "[\\n \"',=\\[](?<at>(?<ref>[A-Za-z0-9][A-Za-z0-9.-]*)@kubernetescrd)"

  # The same of a provider whose name is nearly that.
  misspelt_provider = "[\\n \"',=\\[](?<at>(?<ref>[a-z0-9][a-z0-9.-]*-[a-z0-9.-]*@kubernetes[a-z]{2,4}))(?:[\"',\\] \\n]|$)"

  # What Traefik reads at services only.
  service_annotations = "^traefik\\.ingress\\.kubernetes\\.io/service\\."

  # How ports are called behind which nobody speaks TLS.
  plain_port_names = "^(?:http|web|h2c)(?:-.*)?$"

  # The services that a wall of proof-of-work puts before an app, and the module that makes them.
  wall_services = ["anubis-*"]
  wall_module   = ["**/anubis_instance"]

  # The server in the address of a database, of whose names the first two words tell one from another; and the database.
  store_server = "^rediss?://(?:[^@/]*@)?(?<value>[^.:/]+(?:\\.[^.:/]+)?)"
  store_number = "/(?<value>\\d+)(?:\\?.*)?$"

  # Apps whose only login is the one in front of them.
  no_login_apps = ["prowlarr", "qbittorrent", "netbox", "phpipam", "kubernetes-dashboard"]

  # Services that ask for a login themselves before they hand a request on.
  login_proxies = ["oauth2-proxy", "*-oauth2-proxy", "oauth2-proxy-*", "*authelia*", "*pomerium*", "ak-outpost-*"]

  # Hosts and paths that programs ask for, which cannot follow a redirect to a login.
  machine_hosts = "^([^.]+-)?(api|git|(web|cal|card)?dav|webhooks?|hooks|registry|forgejo|gitea|gitlab|nextcloud|owncloud|radicale|baikal|harbor)\\."
  machine_paths = "^/(v2|api|(\\.well-known/)?(web|cal|card)?dav|remote\\.php|git|webhooks?|hooks?|oauth2?)(/|$)|/(api|graphql|webhooks?|callback)(/|$)|\\.git(/|$)"
}

# Groups that were made by hand.
gather "ui_groups" {
  label = "groups that are made by hand are listed here"
  from {
    select "text" {
      files   = param.groups_script
      words   = ["UI_MANAGED_GROUPS"]
      matches = "(?m)^ {4}\"(?<group>[^\"\\n]+)\",? *(#.*)?$"
    }
    let "named" { text = "{group}" }
  }
  from {
    select "repo" {}
    each "named" { texts = param.ui_managed_groups }
  }
}

# Every group that there is.
gather "groups" {
  label = "groups are declared like this"
  from {
    select "resource" { types = ["authentik_group"] }
    let "named" { path = "name" }
  }
  from {
    select "row" { of = "ui_groups" }
    let "named" { path = "named" }
  }
}

# The reasons for open routes that stand in comments of YAML.
gather "reasons_in_yaml" {
  label = "the reason is here"
  select "text" {
    files   = ["**/*.tf"]
    words   = ["# auth"]
    matches = "(?m)^[ \\t]*# auth\\s*=\\s*\"(?:app|none)\"\\s*:\\s*(?<reason>[^\\s.…?<][^\\n]*)"
    zones   = ["string"]
  }
  unless {
    text    = "{reason}"
    matches = "^(?:TODO|FIXME|TBD|XXX|xxx)"
  }
  let "at_address" { text = "{module} {address}" }
}

# Every host that a router serves.
gather "hosts" {
  label = "the host is served here"
  from {
    select "module" { source = param.factory }
    let "host" { path = "callee.effective_host" }
  }
  from {
    select "module" { source = param.proxy_factory }
    where {
      path   = "skip_global_rate_limit"
      one_of = [true, false]
    }
    let "called" { path = "name" }
    let "host" { text = param.proxied_host }
  }
  from {
    select "object" { kinds = ["Ingress"] }
    unless {
      text = "{module}"
      like = param.factory_dirs
    }
    each "host" { path = "spec.rules[*].host" }
  }
  # A route names any number of hosts, each between back ticks.
  from {
    select "object" { kinds = ["IngressRoute"] }
    each "host" {
      path  = "spec.routes[*].match"
      split = "`"
    }
    where {
      path    = "host"
      matches = "^[A-Za-z0-9][A-Za-z0-9.-]*\\.[A-Za-z]+$"
    }
  }
  from {
    select "object" { kinds = [param.gateway_routes, "TLSRoute"] }
    each "host" { path = "spec.hostnames[*]" }
  }
}

# Hosts that have a record of their own.
gather "records" {
  label = "the host has its record here"
  from {
    select "module" { source = param.factory }
    where {
      path   = "dns_type"
      one_of = ["proxied", "non-proxied", "internal"]
    }
    let "host" { path = "callee.effective_host" }
  }
  from {
    select "module" { source = param.proxy_factory }
    where {
      path   = "skip_global_rate_limit"
      one_of = [true, false]
    }
    where {
      path   = "dns_type"
      one_of = ["proxied", "non-proxied", "internal"]
    }
    let "called" { path = "name" }
    let "host" { text = param.proxied_host }
  }
  # What is written out, by its whole name or by what stands before the zone.
  from {
    select "selector" { of = "record" }
    where {
      certain {
        path    = "name"
        matches = "."
      }
    }
    let "host" { path = "name" }
  }
  from {
    select "selector" { of = "record" }
    where {
      certain {
        path    = "name"
        matches = "."
      }
    }
    let "called" { path = "name" }
    let "host" { text = param.proxied_host }
  }
}

# The records that are written out, which lead to an address.
selector "record" {
  select "resource" { types = param.record_types }
  where {
    path   = "type"
    one_of = ["A", "AAAA", "CNAME"]
  }
}

# The record that serves every other host, and those whose names cannot be read, as in a list that is encrypted.
gather "wildcards" {
  label = "every other host is served here"
  select "selector" { of = "record" }
  where {
    certain {
      path   = "name"
      one_of = param.wildcard_records
    }
  }
}

gather "unread_records" {
  label = "records are made here"
  select "selector" { of = "record" }
  unless {
    certain {
      path    = "name"
      matches = "."
    }
  }
}

gather "written_records" {
  label = "records are made here"
  select "selector" { of = "record" }
}

# Hosts to which every visitor comes from the tunnel.
gather "proxied_hosts" {
  label = "the host is proxied here"
  select "module" { source = param.factory }
  where {
    path   = "dns_type"
    equals = "proxied"
  }
  let "host" { path = "callee.effective_host" }
}

# Hosts with a login in front of everything that no other ingress takes out.
gather "gated_hosts" {
  label = "the host asks for a login here"
  select "module" { source = param.factory }
  where {
    path   = "auth"
    equals = "required"
  }
  let "host" { path = "callee.effective_host" }
}

# Ingresses that have a tile on the dashboard.
gather "tiles" {
  label = "the host has its tile here"
  select "module" { source = param.factory }
  where {
    path   = "homepage_enabled"
    equals = true
  }
  unless {
    path   = "extra_annotations[\"gethomepage.dev/enabled\"]"
    equals = "false"
  }
  let "host" { path = "callee.effective_host" }
  let "root" {
    path    = "ingress_path[0]"
    capture = "^/$"
    default = "carve-out"
  }
}

# Every host and path that a router serves.
gather "routes" {
  label = "the route is taken here"
  from {
    select "module" { source = param.factory }
    let "host" { path = "callee.effective_host" }
    each "path" { path = "ingress_path[*]" }
  }
  from {
    select "module" { source = param.proxy_factory }
    where {
      path   = "skip_global_rate_limit"
      one_of = [true, false]
    }
    let "called" { path = "name" }
    let "host" { text = param.proxied_host }
    each "path" { path = "ingress_path[*]" }
  }
  from {
    select "object" { kinds = ["Ingress"] }
    unless {
      text = "{module}"
      like = param.factory_dirs
    }
    each "rule" { path = "spec.rules[*]" }
    let "host" { path = "rule.host" }
    each "path" { path = "rule.http.paths[*].path" }
  }
}

# Every service that the factory sends requests to.
gather "called_backends" {
  label = "requests go there from here"
  select "module" { source = param.factory }
  # The factory makes a service of its own for a name elsewhere.
  unless {
    path    = "external_name"
    present = true
  }
  let "namespace" { path = "namespace" }
  let "service" {
    path    = "service_name"
    default = { path = "name" }
  }
  let "port" { path = "port" }
}

# What a router can name with `@kubernetescrd`.
gather "middlewares" {
  label = "middlewares are declared like this"
  from {
    select "object" {
      kinds = ["Middleware", "ServersTransport"]
      api   = ["traefik.io/*", "traefik.containo.us/*"]
    }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  let "ref" { text = "{namespace}-{named}" }
  let "full" { text = "{namespace}-{named}@kubernetescrd" }
}

# Places of nginx that ask who it is.
gather "asking_locations" {
  label = "it is asked here"
  from {
    select "object" { kinds = ["ConfigMap", "Secret"] }
    each "text" { path = ["data[*]", "stringData[*]"] }
    where {
      text    = "{text_key}"
      matches = param.nginx_keys
    }
    where {
      path    = "text"
      matches = "\\b(?:${param.access_checks})[ \\t]"
    }
    let "config" {
      path  = "text"
      reads = "nginx"
    }
    each "place" { path = "config.**.location[*]" }
  }
  from {
    select "file" {
      files = param.nginx_files
      words = ["auth_basic", "auth_request", "auth_jwt", "deny"]
      reads = "nginx"
    }
    each "place" { path = "**.location[*]" }
  }
  let "check" { path = ["place.auth_basic[*]", "place.auth_request[*]", "place.auth_jwt[*]", "place.deny[*]"] }
  where {
    path    = "check"
    present = true
  }
  unless {
    path   = "check.value"
    equals = "off"
  }
  let "check_name" { path = "check.name" }
  let "location" { path = "place.value" }
  let "answer" { path = "place.return[*]" }
}

# The plugins that Traefik loads when it starts.
gather "plugins" {
  label = "a plugin is loaded here"
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path    = "chart"
      matches = "(?:^|/)traefik$"
    }
    each "plugin" { path = ["values[*].experimental.plugins[*]", "values[*].experimental.localPlugins[*]"] }
    let "named" { text = "{plugin_key}" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path    = "chart"
      matches = "(?:^|/)traefik$"
    }
    each "argument" { path = ["values[*].additionalArguments[*]", "values[*].globalArguments[*]"] }
    let "named" {
      path    = "argument"
      capture = "(?i)^--experimental\\.(?:local)?plugins\\.(?<value>[^.=]+)\\."
    }
    where {
      path    = "named"
      present = true
    }
  }
}

# Every middleware that an ingress names.
gather "named_middlewares" {
  label = "the middleware is named here"
  from {
    select "module" { source = [param.factory, param.proxy_factory] }
    each "middleware" { path = "extra_middlewares[*]" }
  }
  from {
    select "object" { kinds = ["Ingress"] }
    unless {
      text = "{module}"
      like = param.factory_dirs
    }
    each "middleware" {
      path  = "metadata.annotations[\"traefik.ingress.kubernetes.io/router.middlewares\"]"
      split = ","
    }
  }
}

# The names of middlewares that are written out somewhere.
gather "written_middlewares" {
  label = "the name is written here"
  from {
    select "text" {
      files   = param.middleware_files
      words   = ["@kubernetescrd"]
      matches = param.middleware_name
    }
    let "ref" { text = "{ref}" }
    let "full" { text = "{ref}@kubernetescrd" }
  }
  # Of a provider that there is not.
  from {
    select "text" {
      files   = param.middleware_files
      words   = ["@kubernetes"]
      matches = param.misspelt_provider
    }
    unless {
      text    = "{ref}"
      matches = "(?i)@kubernetes(?:crd|ingress|gateway)$"
    }
    let "ref" { text = "{ref}" }
    let "full" { text = "{ref}" }
  }
  # A text for people.
  unless {
    text   = "{key}"
    one_of = ["description", "error_message"]
  }
}

# Middlewares that are made of others, one of which lets only home networks in.
gather "lan_chains" {
  label = "the middleware lets home networks in"
  select "object" {
    kinds = ["Middleware"]
    api   = ["traefik.io/*", "traefik.containo.us/*"]
  }
  let "home" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "named" { path = "metadata.name" }
  each "part" { path = "spec.chain.middlewares[*]" }
  let "part_namespace" {
    path    = "part.namespace"
    default = "{home}"
  }
  let "part_named" { path = "part.name" }
  let "part_full" { text = "{part_namespace}-{part_named}@kubernetescrd" }
  where {
    path   = "part_full"
    one_of = param.lan_gates
  }
  let "full" { text = "{home}-{named}@kubernetescrd" }
}

# Middlewares that limit how often a client may ask.
gather "limiters" {
  label = "the limit is declared here"
  select "object" {
    kinds = ["Middleware"]
    api   = ["traefik.io/*", "traefik.containo.us/*"]
  }
  where {
    path    = "spec.rateLimit"
    present = true
  }
  let "average" { path = "spec.rateLimit.average" }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "full" { text = "{namespace}-{named}@kubernetescrd" }
}

# Stacks with an app that believes a header about its client's address.
gather "header_readers" {
  label = "an app reads the client's address from a header here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["onnecting"]
    matches = "cf_connecting_ip|C[Ff]-Connecting-I[Pp]|cf-connecting-ip"
  }
}

# The walls, and the databases in which they keep their challenges.
gather "walls" {
  label = "another wall is declared here"
  select "module" { source = param.wall_module }
  let "namespace" { path = "namespace" }
  let "server" {
    path    = "shared_store_url"
    capture = param.store_server
  }
  let "number" {
    path    = "shared_store_url"
    capture = param.store_number
    default = "0"
  }
  let "store" { text = "{server}/{number}" }
  let "called" { path = "name" }
}

# The databases that anything else keeps something in.
gather "stores" {
  label = "the database is used here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["redis://"]
    matches = "\"(?<at>(?<url>rediss?://[^\" ]+/[0-9]+(?:\\?[^\" ]*)?))\""
  }
  unless {
    text   = "{key}"
    equals = "shared_store_url"
  }
  let "address" { text = "{url}" }
  let "server" {
    path    = "address"
    capture = param.store_server
  }
  let "number" {
    path    = "address"
    capture = param.store_number
  }
  let "store" { text = "{server}/{number}" }
}

# What probes ask for to see whether a route past the login still is one.
gather "probes" {
  label = "the probe asks for it here"
  select "block" { type = "locals" }
  let "targets" { path = "authentik_walloff_targets" }
  each "url" { path = "authentik_walloff_targets[*]" }
}

# Routes past the login.
gather "carve_outs" {
  label = "the route is taken out here"
  from {
    select "module" { source = param.factory }
    where {
      path   = "auth"
      one_of = param.explained_tiers
    }
    let "host" { path = "callee.effective_host" }
    let "called" { path = "name" }
    each "path" { path = "ingress_path[*]" }
  }
  from {
    select "object" { kinds = ["IngressRoute"] }
    let "called" { path = "metadata.name" }
    each "route" { path = "spec.routes[*].match" }
    let "host" {
      path    = "route"
      capture = "Host\\(`(?<value>[^`]+)`\\)"
    }
    let "path" {
      path    = "route"
      capture = "Path(Prefix)?\\(`(?<value>[^`]+)`\\)"
      default = "/"
    }
  }
  let "covers" { text = "{path}*" }
}

# Routes past the login that a probe watches.
gather "probed" {
  label = "a probe watches it"
  select "row" { of = "carve_outs" }
  let "h" { path = "host" }
  let "p" { path = "path" }
  let "c" { path = "called" }
  let "of" { text = "{module} {address}" }
  where {
    exists {
      in          = "probes"
      starts_with = { url = "https://{h}{p}" }
    }
  }
}

# What the factory checks about `auth`.
gather "tier_checks" {
  label = "checked here"
  select "text" {
    files   = param.factory_files
    words   = ["var.auth"]
    # A condition that is met in another way as well checks nothing.
    matches = "condition\"?\\s*[=:]\\s*(?:\"\\$\\{)?(?:[^\\n|?]*&&)?\\s*\\(?contains\\([ \\n]*(?:toset\\()?[ \\n]*\\[(?<tiers>[^\\]]*)\\][ \\n]*\\)?,[ \\n]*var\\.auth[ \\n]*\\)[^\\n|?]*(?:\\n\\s*[^|?\\s]|$)"
    # In JSON an expression stands in a string, and its quotes are escaped.
    zones   = ["code", "string"]
  }
  let "list" { text = "{tiers}" }
  where {
    path    = "list"
    matches = param.tier_list
  }
}

# The annotations of every ingress: of those that a factory makes, what its calls add and what it writes itself.
gather "ingress_annotations" {
  label = "the annotation stands here"
  from {
    select "object" { kinds = ["Ingress"] }
    unless {
      text = "{module}"
      like = param.factory_dirs
    }
    each "annotation" { path = "metadata.annotations[*]" }
    let "key" { text = "{annotation_key}" }
    let "ingress" { path = "metadata.name" }
  }
  from {
    select "module" { source = [param.factory, param.proxy_factory] }
    each "annotation" { path = "extra_annotations[*]" }
    let "key" { text = "{annotation_key}" }
    let "ingress" { path = "name" }
  }
  from {
    select "text" {
      files   = param.factory_files
      words   = ["traefik.ingress.kubernetes.io/"]
      matches = "(?m)^[ \\t]*\"(?P<at>(?P<key>traefik\\.ingress\\.kubernetes\\.io/[\\w.-]+))\"\\s*="
      zones   = ["string"]
    }
    where {
      text    = "{address}"
      matches = "^kubernetes_ingress"
    }
    let "annotation" { path = "key" }
    let "ingress" { text = "{name}" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "annotation" { path = ["values[*].ingress.annotations[*]", "values[*].*.ingress.annotations[*]"] }
    let "key" { text = "{annotation_key}" }
    let "ingress" { path = "name" }
  }
}
