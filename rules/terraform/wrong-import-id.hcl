summary  = "`import` names an object in a way that its provider does not know"
severity = "error"
facts    = "stack"

select "block" { type = "import" }

require "two" {
  when {
    path      = "to"
    refers_to = param.imported_by_two
  }
  path    = "id"
  matches = "^[^/]+/[^/]+$"
}

require "name" {
  when {
    path      = "to"
    refers_to = param.imported_by_name
  }
  path    = "id"
  matches = "^[^/]+$"
}

require "api" {
  when {
    path      = "to"
    refers_to = param.imported_by_api
  }
  path    = "id"
  matches = "^(?:\\w+=[^,=]+,)+\\w+=[^,=]+$"
}

require "kind" {
  when {
    path      = "to"
    refers_to = param.imported_by_kind
  }
  path    = "id"
  matches = "^(?:zone|account)s?/[^/]+/[^/]+$"
}

case "two" {
  message = "`{value}` is no id of what is imported, which has two parts: every plan fails"
  help    = "write the namespace, zone or account first: `NAMESPACE/NAME`"
}

case "name" {
  message = "`{value}` is no id of what is imported, which is in no namespace: every plan fails"
  help    = "write the name alone"
}

case "api" {
  message = "`{value}` does not say what the object is to the API: every plan fails"
  help    = "write `apiVersion=VERSION,kind=KIND,namespace=NAMESPACE,name=NAME`"
}

case "kind" {
  message = "`{value}` does not say whose the ruleset is: every plan fails"
  help    = "write `zone/ZONE/RULESET` or `account/ACCOUNT/RULESET`; from the provider's version 5 on `zones/` or `accounts/`"
}
