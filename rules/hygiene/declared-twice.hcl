summary    = "variable is declared beside what Terragrunt declares"
convention = "E11"
severity   = "error"
facts      = "repo"

select "block" { type = "variable" }

let "what" { text = "var.{name}" }

where {
  exists {
    in    = "generated_variables"
    match = { what = "{what}" }
  }
}

where {
  exists {
    in    = "units"
    match = { directory = "{module}" }
  }
}

# What Terragrunt writes takes the place of what it has written before.
unless {
  exists {
    in    = "generated_copies"
    match = { copy = "{file}" }
  }
}

forbid "generated" {
  exists {
    in    = "generated_variables"
    match = { what = "{what}" }
  }
  underline = "subject"
}

case "generated" {
  message = "`{what}` is declared by Terragrunt beside every stack: with this one it is there twice, and no plan of the stack comes about"
  help    = "delete this one"
}
