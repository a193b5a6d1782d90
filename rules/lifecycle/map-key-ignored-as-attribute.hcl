summary    = "entry of `ignore_changes` names the key of a map like an attribute, and has no effect"
severity   = "error"

select "text" {
  words   = ["ignore_changes"]
  files   = ["**/*.tf"]
  zones   = ["code", "string"]
  matches = "\\b(?<at>(?<path>([a-z_][a-z0-9_.\\[\\]]*\\.)?(labels|annotations|match_labels|node_selector|requests|limits|data|string_data|binary_data))\\.(?<name>[A-Za-z_][A-Za-z0-9_-]*))"
}

where {
  path   = "key"
  equals = "ignore_changes"
}

# What a manifest holds has a type of its own: there a dot is right.
unless {
  path    = "path"
  matches = "^(manifest|object)\\."
}

# Of claims, `storage/pvc-requests-not-ignored` says so.
unless {
  path    = "path"
  matches = "^spec(\\[0\\]|\\.0)\\.resources(\\[0\\]|\\.0)\\.requests$"
}

forbid "dotted" {
  path    = "path"
  matches = "."
}

case "dotted" {
  message = "Terraform accepts `{path}.{name}` and ignores nothing: the key of a map is written in brackets"
  help    = "write `{path}[\"{name}\"]`"
}
