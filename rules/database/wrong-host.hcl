summary    = "service is reached by a name that does not lead to the right server"
convention = "C37"
severity   = "error"
facts      = "repo"

select "text" {
  words   = param.wrong_words
  matches = "(^|[^a-z0-9.-])(?<at>(?<host>[a-z0-9-]+\\.[a-z0-9-]+)(?<suffix>\\.svc(\\.cluster\\.local)?)?)([^a-z0-9.-]|$)"
  files   = ["**/*.{tf,tf.json,tpl,tftpl,ini,conf,cfg,env,toml,properties,yaml,yml}", "docs/architecture/**/*.md", "docs/runbooks/**/*.md"]
  zones   = ["string", "code"]
}

let "full_suffix" {
  path    = "suffix"
  default = ""
}

each "wrong" { texts = param.wrong_hosts }

where {
  path   = "host"
  equals = "{wrong}"
}

# Before there was a right one, the name was the only one.
where {
  exists {
    in    = "services"
    match = { host = "{wrong_value}" }
  }
}

# The variable of this module that holds the right one.
let "variable" {
  in      = "host_variables"
  match   = { host = "{wrong_value}{full_suffix}", declared_in = "{module}" }
  column  = "variable"
  default = ""
}

forbid "used" {
  path    = "host"
  matches = "."

  fix {
    when {
      path    = "variable"
      matches = "."
      all {
        text = "{file}"
        like = "*.tf"
      }
    }
    expression = "var.{variable}"
  }

  fix { replace = "{wrong_value}{full_suffix}" }
}

case "used" {
  severity = "warning"
  when {
    text    = "{file}"
    matches = "\\.md$"
  }
  message = "`{host}` is the name the old chart gave its service: whoever copies this example gets errors now and then"
  help    = "write `{wrong_value}{full_suffix}`"
}

case "used" {
  message = "`{host}` is the name the old chart gave its service: writes through it can reach a read-only copy, or nothing"
  help    = "write `{wrong_value}{full_suffix}`, or `var.redis_host`"
}
