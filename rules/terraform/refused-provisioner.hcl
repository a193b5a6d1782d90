summary    = "provisioner that Terraform does not know, or that refers to what is gone when it runs"
convention = "E11"
severity   = "error"

check "refused_provisioner" {}

case "removed" {
  message = "the provisioner `{kind}` is no part of Terraform any more: it refuses the module"
  help    = "call its program with `local-exec` or `remote-exec`"
}

case "unknown" {
  message = "Terraform knows no provisioner `{kind}`"
  help    = "write `{meant}`"
}

case "destroyed" {
  message = "`{reference}` may be gone when this is destroyed: Terraform refuses it in a provisioner that runs then"
  help    = "keep the value in the resource itself (as its `triggers`, or `input`), and refer to it by `self`; `count.index` and `each.key` are known as well"
}

case "incomplete" {
  message = "the provisioner `{kind}` has none of {argument}: Terraform refuses it"
  help    = "say what it is to do: with {argument}"
}

case "word" {
  message = "`{argument}` is no `{word}`: Terraform refuses it"
  help    = "write {known}, without quotes"
}
