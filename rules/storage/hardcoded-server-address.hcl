summary    = "address is written out instead of the variable that every stack shares"
convention = "C36"
severity   = "warning"

select "text" {
  words   = param.server_words
  matches = "\"(?<at>(?<host>[0-9]{1,3}(\\.[0-9]{1,3}){3}))\""
  files   = ["**/*.{tf,tf.json}"]
  zones   = ["string"]
}

where {
  any {
    all {
      path   = "key"
      one_of = param.server_keys
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
