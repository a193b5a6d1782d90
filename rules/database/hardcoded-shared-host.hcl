summary    = "host is written out instead of the variable that every stack shares"
convention = "C36"
severity   = "warning"
facts      = "repo"

select "text" {
  words   = param.shared_words
  matches = "(?<host>[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9-]+)*\\.svc\\.cluster\\.local)"
  files   = ["**/*.{tf,tf.json,tpl,tftpl,yaml,yml,conf,ini,cfg,env,toml,properties}"]
  zones   = ["string", "code"]
}

# Other files only where Terraform can hand the variable to them.
where {
  any {
    all {
      text    = "{file}"
      matches = "\\.tf(?:\\.json)?$"
    }
    exists {
      in    = "filled_in"
      match = { filled = "{file}" }
    }
  }
}

unless {
  path   = "key"
  one_of = param.prose_keys
}

let "service" {
  path    = "host"
  capture = "^([^.]+)"
}

# The stack that declares the service knows best what it is called.
unless {
  exists {
    in    = "services"
    match = { named = "{service}", declared_in = "{stack}" }
  }
}

each "variable" { texts = param.shared_hosts }

# Where no module has the variable, there is nothing to share.
where {
  exists {
    in    = "host_variables"
    match = { variable = "{variable}" }
  }
}

forbid "literal" {
  path   = "host"
  equals = "{variable_value}"

  fix {
    when {
      text    = "{file}"
      matches = "\\.tf(?:\\.json)?$"
    }
    expression = "var.{variable}"
  }
}

case "literal" {
  when {
    not {
      text    = "{file}"
      matches = "\\.tf(?:\\.json)?$"
    }
  }
  message = "`{host}` is written out, and stays behind when `var.{variable}` moves"
  help    = "write `$${{{variable}}}`, and hand `{variable} = var.{variable}` to `templatefile`"
}

case "literal" {
  message = "`{host}` is written out, and stays behind when `var.{variable}` moves"
  help    = "write `var.{variable}` (in a text `$${{var.{variable}}}`), and declare the variable if the module does not yet"
}
