summary  = "provider of logins signs its tokens with the client's secret, and publishes no key to verify them"
severity = "warning"

select "resource" { types = param.login_providers }

each "key" { texts = param.login_keys }

require "key" {
  path    = "{key}"
  present = true
}

case "key" {
  message = "`{address}` has no `{key}`: it signs with the client's secret and publishes no key, and a client that verifies tokens by published keys refuses every login"
  help    = "add `{key} = …`: the id of a key pair"
}
