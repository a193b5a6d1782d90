summary    = "old name of a database is used"
convention = "B42"
severity   = "info"
facts      = "repo"

select "text" {
  words   = param.legacy_words
  matches = "(^|[^a-z0-9.-])(?<at>(?<host>[a-z0-9-]+\\.[a-z0-9-]+)(?<suffix>\\.svc(\\.cluster\\.local\\.?)?)?)([^a-z0-9.-]|$)"
  files   = ["**/*.{tf,tf.json,tpl,tftpl,ini,conf,cfg,env,toml,properties,yaml,yml,json,py}", "{stacks,modules}/**/*.sh"]
  zones   = ["string", "code"]
}

let "full_suffix" {
  path    = "suffix"
  default = ""
}

each "legacy" { texts = param.legacy_hosts }

where {
  path   = "host"
  equals = "{legacy}"
}

# The variable of this module that holds the right one.
let "variable" {
  in      = "host_variables"
  match   = { host = "{legacy_value}{full_suffix}", declared_in = "{module}" }
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

  fix { replace = "{legacy_value}{full_suffix}" }
}

case "used" {
  message = "`{host}` is an alias kept for old consumers: what still uses it keeps it alive"
  help    = "write `{legacy_value}{full_suffix}`, or the variable that holds it"
}
