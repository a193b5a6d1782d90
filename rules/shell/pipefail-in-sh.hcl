summary  = "provisioner asks a shell for `pipefail` that may not know it"
severity = "warning"

select "resource" {}

each "provisioner" { path = "provisioner" }

# First of all: further down it may be another shell that is asked, which the command starts. Nothing behind it saves the shell.
let "asked" {
  path    = "provisioner.command"
  capture = "\\A(?:[ \\t]*(?:#[^\\n]*)?\\n)*[ \\t]*(?<value>set[ \\t]+(?:-[a-zA-Z]+[ \\t]+)*-[a-zA-Z]*o[ \\t]+pipefail)\\b"
}

where {
  path    = "asked"
  present = true
}

require "shell" {
  path    = "provisioner.interpreter[0]"
  present = true
  at      = "asked"
}

forbid "shell" {
  path    = "provisioner.interpreter[0]"
  matches = "(?:^|/)(?:da)?sh$"
}

case "shell" {
  message = "Terraform runs this with `sh`: where that is dash, as on Debian and Ubuntu, `{asked}` is refused, and nothing behind it runs"
  help    = "write `interpreter = [\"/bin/bash\", \"-c\"]`, or do without `pipefail`"
}
