summary    = "stack does not link to the directory where the certificates are kept"
convention = "C34"
severity   = "error"

check "unlinked_directory" {
  modules = param.certificate_modules
  inputs  = param.certificate_inputs
  link    = param.certificate_link
  target  = param.certificate_target
}

case "missing" {
  message = "the module reads certificates in `{stack}/{link}`, which is not there: every plan of the stack fails"
  help    = "in `{stack}`, type `ln -s {target} {link}`"
}

case "elsewhere" {
  message = "the module reads certificates in `{stack}/{link}`, which leads to `{found}`"
  help    = "in `{stack}`, type `ln -sfn {target} {link}`"
}

case "copied" {
  severity = "warning"
  message  = "`{stack}/{link}` is a copy: what is renewed in the one place where certificates are kept does not get there"
  help     = "remove the directory; if a module reads it, type `ln -s {target} {link}` in `{stack}`"
}
