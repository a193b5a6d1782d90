summary    = "value that is worked out where Terraform reads it before anything is known"
convention = "E11"
severity   = "error"
facts      = "repo"

check "read_too_early" {}

# OpenTofu works out what it can.
unless {
  exists { in = "opentofu" }
}

case "early" {
  message = "`{reference}` in `{argument}`: Terraform reads this before anything is worked out, and refuses it"
  help    = "write out what it is; of a backend, `-backend-config` can say the rest"
}
