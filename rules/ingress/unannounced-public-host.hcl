summary    = "public host lacks the annotation that asks for a monitor"
convention = "E02"
severity   = "info"

select "module" {
  source = [param.factory, param.proxy_factory]
}

where {
  path   = "dns_type"
  one_of = ["proxied", "non-proxied"]
}

unless {
  path   = "external_monitor"
  one_of = [true, false]
}

forbid "unannounced" {
  path   = "callee.effective_external_monitor"
  equals = false
  at     = "dns_type"

  fix { set = { external_monitor = "true" } }
}

case "unannounced" {
  message = "`{name}` is public, and the factory that makes it asks for no monitor where the other factory would"
  help    = "let both factories decide by the same condition, or set `external_monitor`"
}
