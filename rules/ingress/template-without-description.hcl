summary    = "template has an ingress without a description for the start page"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.templates
  words   = ["ingress_factory"]
  matches = "(?s)(?P<at>module +\"[\\w-]+\") *\\{(?P<body>[^{}]*/ingress_factory\".*)"
  zones   = ["code", "string", "prose"]
}

require "description" {
  text     = "{body}"
  contains = "gethomepage.dev/description"
}

case "description" {
  message = "whoever copies this template publishes an app that the start page shows without a word: `ingress/missing-description` stops it"
  help    = "add `extra_annotations = {{ \"gethomepage.dev/description\" = \"<what it is for>\" }}`"
}
