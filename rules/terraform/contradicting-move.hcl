summary    = "moved, import or removed block that contradicts what is declared"
convention = "E11"
severity   = "error"
facts      = "repo"

check "moved_address" {}

case "address" {
  message = "`{written}` is no address of a resource or a module: Terraform refuses the block"
  help    = "write it as in `random_pet.one[\"key\"]` or `module.name`, without quotes around it"
}

case "same" {
  message = "`{address}` is moved to where it is: Terraform refuses it"
  help    = "delete the block"
}

case "kinds" {
  message = "`{from}` and `{to}` are not both a module or both a resource: Terraform moves none to the other"
  help    = "write the address of the resource, with the modules around it"
}

case "declared" {
  message = "`{address}` is still declared: Terraform does not move what is there"
  help    = "delete the declaration, or the block"
}

case "ambiguous" {
  message = "another block moves `{address}` otherwise: Terraform cannot tell which one is meant"
  help    = "delete one of them"
}

case "removed" {
  message = "`{address}` is still declared: Terraform does not let go of what is there"
  help    = "delete the declaration, or the block"
}

case "instance" {
  message = "`{address}` is one of several: Terraform lets go of all of them or of none"
  help    = "write the address without a key; of one instance, `terraform state rm` lets go"
}

case "undeclared" {
  message = "`{address}` is imported and not declared: Terraform refuses it, unless it is to write the declaration"
  help    = "declare it, or run `terraform plan -generate-config-out=FILE` once"
}
