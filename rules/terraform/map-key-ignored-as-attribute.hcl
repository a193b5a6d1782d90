summary    = "entry of `ignore_changes` names the key of a map like an attribute, and has no effect"
severity   = "error"

select "text" {
  words   = ["ignore_changes"]
  files   = ["**/*.{tf,tf.json}"]
  zones   = ["code", "string"]
  matches = "(^|[^A-Za-z0-9_.\\]])(?<at>(?<path>((metadata|spec)[a-z0-9_.\\[\\]]*\\.)?(labels|annotations|match_labels|node_selector|requests|limits|data|string_data|binary_data|tags|tags_all|triggers|keepers))\\.(?<name>[A-Za-z_][A-Za-z0-9_-]*))"
}

where {
  path   = "key"
  equals = "ignore_changes"
}

# Of claims, `storage/pvc-requests-not-ignored` says so.
unless {
  path    = "path"
  matches = "^spec(\\[0\\]|\\.0)\\.resources(\\[0\\]|\\.0)\\.requests$"
}

forbid "dotted" {
  path    = "path"
  matches = "."

  fix { replace = "{path}[\"{name}\"]" }
}

case "dotted" {
  message = "Terraform accepts `{path}.{name}` and ignores nothing: the key of a map is written in brackets"
  help    = "write `{path}[\"{name}\"]`"
}
