summary    = "address is written out instead of the variable that every stack shares"
convention = "C36"
severity   = "warning"

select "text" {
  words   = param.server_words
  # Between quotes, also as the value of a setting of a chart; or in YAML, where none are needed.
  matches = "(?m)(?:(?<chart>\\bname\\s*=\\s*\"(?:[\\w.-]+[._])?server\"[\\s,]+value\\s*=\\s*)?\"|(?<yaml>(?:^|[\\s{,])(?:nfs_)?server:[ \\t]*'?))(?<at>(?<host>[0-9]{1,3}(\\.[0-9]{1,3}){3}))(?<end>[\"'\\s,}]|$)"
  files   = ["**/*.{tf,tf.json}"]
  zones   = ["string"]
}

where {
  any {
    all {
      path    = "yaml"
      present = true
    }
    all {
      path   = "end"
      equals = "\""
    }
  }
}

where {
  any {
    all {
      path   = "key"
      one_of = param.server_keys
    }
    all {
      path    = ["chart", "yaml"]
      present = true
    }
    # A local is handed on, and means the file server if its name says so.
    all {
      all {
        text   = "{address}"
        equals = "locals"
      }
      all {
        path    = "key"
        matches = param.server_variables
      }
    }
    # The default of a variable means the file server if its name says so.
    all {
      path   = "key"
      equals = "default"
      all {
        text    = "{address}"
        matches = param.server_variables
      }
    }
  }
}

each "variable" { texts = param.server_addresses }

forbid "literal" {
  path   = "host"
  equals = "{variable_value}"

  # Nothing that a default could refer to.
  fix {
    when {
      not {
        path   = "key"
        equals = "default"
      }
    }
    expression = "var.{variable}"
  }
}

case "literal" {
  when {
    path   = "key"
    equals = "default"
  }
  message = "`{host}` is the default here, and stays behind when `var.{variable}` moves for every other stack"
  help    = "leave the default out: what the stacks share has the value"
}

case "literal" {
  message = "`{host}` is written out, and stays behind when `var.{variable}` moves"
  help    = "write `var.{variable}`, and declare the variable if the module does not yet"
}
