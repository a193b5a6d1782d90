summary  = "values of a chart's own say the same key twice"
severity = "warning"
yields_to = ["objects/repeated-value"]
facts    = "repo"

select "file" {
  files  = ["**/values.yaml"]
  except = param.not_read
}

let "place" { text = "{file}" }

let "directory" {
  path    = "place"
  capture = "^(?<value>.*?)/?[^/]+$"
}

where {
  exists {
    in    = "charts"
    match = { directory = "{directory}" }
  }
}

each "entry" { twice = true }

forbid "twice" {
  path      = "entry_key"
  present   = true
  at        = "entry"
  underline = "key"
  related   = { "entry_before" = "what is said here counts for nothing" }
  derive    = false
}

case "twice" {
  message = "`{entry_key}` stands here a second time: Helm takes no notice of the first one and all that is in it"
  help    = "merge the two, or delete the first"
}
