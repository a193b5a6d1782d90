summary  = "value needs itself, by way of others or at once"
severity = "error"
facts    = "stack"

check "cycle" {}

case "itself" {
  message = "`{address}` needs itself here: Terraform refuses it"
  help    = "write what it is, without it; in a resource's own checks it is `self`"
}

case "module" {
  message = "the module in `{address}` calls itself: it would never be loaded to the end"
  help    = "call another module; a relative `source` is seen from the directory of the file that it stands in"
}

case "modules" {
  message = "the module in `{address}` calls itself: `{path}`"
  help    = "take one of these calls away: what two modules need of each other belongs into a third"
}

case "circle" {
  message = "`{address}` needs itself: `{path}`"
  help    = "take one of these references away: Terraform refuses a circle"
}
