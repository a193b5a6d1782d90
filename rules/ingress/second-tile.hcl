summary    = "second ingress of a host has a tile on the dashboard too"
convention = "C03"
severity   = "warning"
facts      = "repo"

select "module" {
  source = param.factory
}

# What no stack calls makes no tile.
where {
  text   = "{live}"
  equals = "true"
}

where {
  path   = "homepage_enabled"
  equals = true
}

unless {
  path   = "extra_annotations[\"gethomepage.dev/enabled\"]"
  equals = "false"
}

let "host" {
  path = "callee.effective_host"
}

# A factory that does not say which host it makes cannot be judged.
where {
  path    = "host"
  matches = "."
}

let "root" {
  path    = "ingress_path[0]"
  capture = "^/$"
  default = "carve-out"
}

# The tile belongs to the ingress of the root; among equals, to the first one.
forbid "second" {
  when {
    path   = "root"
    equals = "carve-out"
  }
  exists {
    in    = "tiles"
    match = { host = "{host}", root = "/" }
    other = true
  }
  underline = "subject"

  fix {
    set = { "homepage_enabled" = "false" }
  }
}

forbid "second" {
  exists {
    in      = "tiles"
    match   = { host = "{host}", root = "{root}" }
    earlier = true
  }
  underline = "subject"

  fix {
    set = { "homepage_enabled" = "false" }
  }
}

case "second" {
  message = "`{name}` puts a second tile for `{host}` on the dashboard"
  help    = "set `homepage_enabled = false`: one app, one tile"
}
