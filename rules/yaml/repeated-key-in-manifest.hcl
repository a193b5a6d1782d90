summary  = "manifest in a file of its own says the same key twice"
severity = "warning"
yields_to = ["objects/repeated-key"]

select "file" {
  files  = param.documents
  except = param.not_read
  words  = ["apiVersion:"]
}

where {
  path    = "apiVersion"
  present = true
}

where {
  path    = "kind"
  present = true
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
  message = "`{entry_key}` stands here a second time: kustomize refuses the manifest, and `kubectl` takes no notice of the first one and all that is in it"
  help    = "merge the two, or delete the first"
}
