summary    = "sealed secret lies where nothing applies it"
convention = "B32"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = ["stacks/**/*.yaml", "stacks/**/*.yml"]
  words   = ["SealedSecret"]
  matches = "(?m)^kind: *[\"']?(?<at>SealedSecret)"
  zones   = ["code", "string"]
}

require "name" {
  text = "{file}"
  like = param.sealed_files
}

let "source" { text = "{file}" }

let "directory" {
  path    = "source"
  capture = "^(?<value>.*)/[^/]+$"
}

require "stack" {
  any {
    exists {
      in    = "sealed_stacks"
      match = { directory = "{directory}" }
    }
    exists {
      in    = "sealed_stacks"
      match = { place = "{stack}", elsewhere = "/" }
    }
  }
}

case "name" {
  message = "this sealed secret is not in a file named `sealed-NAME.yaml`, so the stack does not find it: the secret never comes into being"
  help    = "rename the file"
}

case "stack" {
  when {
    exists {
      in    = "sealed_stacks"
      match = { place = "{stack}" }
    }
  }
  message = "stack `{stack}` applies the sealed secrets that lie beside its code, and not this one: it never comes into being"
  help    = "move the file there"
}

case "stack" {
  message = "stack `{stack}` does not apply sealed secrets: this one never comes into being"
  help    = "add `resource \"kubernetes_manifest\" \"sealed_secrets\"` with `for_each = fileset(path.module, \"sealed-*.yaml\")`"
}
