summary  = "value needs itself, by way of others or at once"
severity = "error"
facts    = "stack"

check "cycle" {}

case "itself" {
  message = "`{address}` needs itself here: Terraform refuses it"
  help    = "write what it is, without it; in a resource's own checks it is `self`"
}

case "circle" {
  message = "`{address}` needs itself: `{path}`"
  help    = "take one of these references away: Terraform refuses a circle"
}
