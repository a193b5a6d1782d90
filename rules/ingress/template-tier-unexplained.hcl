summary    = "template opens an ingress and does not show how that is explained"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.templates
  words   = ["auth"]
  matches = "(?m)(?P<above>(?:^[ \\t]*#[^\\n]*\\n)*)^[ \\t]*auth *= *(?P<at>\"(?P<tier>\\w+)\")"
  zones   = ["comment", "code", "string", "prose"]
}

where {
  text   = "{tier}"
  one_of = param.explained_tiers
}

require "unexplained" {
  text    = "{above}"
  matches = "#\\s*auth *= *\"{tier}\"\\s*:[ \\t]*\\S"
}

case "unexplained" {
  message = "whoever copies this template opens an app and does not say why: `ingress/missing-auth-comment` stops it"
  help    = "add the line `# auth = \"{tier}\": <why>` above it"
}
