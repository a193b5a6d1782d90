summary    = "version or address in what a module requires that Terraform cannot read"
convention = "E11"
severity   = "error"

check "version_constraint" {
  constraint = param.version_constraint
}

case "version" {
  message = "`{written}` is no constraint of a version: Terraform refuses it"
  help    = "write `=`, `!=`, `>`, `>=`, `<`, `<=` or `~>` and a version, more of them with a comma between them: `\">= 1.9, < 2.0\"`"
}

case "prefix" {
  message = "`{written}`: of a provider, Terraform reads no version with a `v`"
  help    = "write `\"{plain}\"`"
}

case "source" {
  message = "`{written}` is no address of a provider: Terraform refuses it"
  help    = "write `\"NAMESPACE/NAME\"`, or `\"HOST/NAMESPACE/NAME\"`, of letters, digits and single dashes"
}

case "redundant" {
  message = "`{written}`: the name of a provider is what follows `terraform-provider-`, and Terraform refuses it otherwise"
  help    = "write `\"{plain}\"`"
}

case "key" {
  message = "a provider is required with no `{name}`: Terraform refuses it"
  help    = "write `source`, `version` or `configuration_aliases`; what a provider is configured with goes into a `provider` block"
}

case "alias" {
  message = "`{written}` is no configuration of `{provider}`: Terraform refuses it"
  help    = "write `{provider}.NAME`, or move it to the provider that it is of"
}

case "unversioned" {
  message = "the module is from `{source}`, which is no registry: Terraform refuses a `version` of it"
  help    = "delete it; of a repository, `?ref=` says which version"
}

case "module" {
  message = "`{source}` is no address of a module: Terraform refuses it"
  help    = "a directory begins with `./` or `../`: write `\"./{source}\"`; of a registry it has three parts or four"
}
