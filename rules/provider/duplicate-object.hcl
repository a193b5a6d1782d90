summary    = "object is declared twice"
convention = "D16"
severity   = "error"
facts      = "repo"

select "row" { of = "objects.named" }

forbid "duplicate" {
  # In one module, or in two.
  when {
    exists {
      in      = "objects.named"
      match   = { what = "{what}", group = "{group}", namespace = "{namespace}", named = "{named}", cluster = "{cluster}" }
      earlier = true
    }
  }
  any {
    exists {
      in      = "objects.named"
      match   = { what = "{what}", group = "{group}", namespace = "{namespace}", named = "{named}", cluster = "{cluster}", module = "{module}", provider = "{provider}" }
      earlier = true
    }
    exists {
      in      = "objects.named"
      match   = { what = "{what}", group = "{group}", namespace = "{namespace}", named = "{named}", cluster = "{cluster}" }
      differs = { module = "{module}" }
      earlier = true
    }
  }
}

case "duplicate" {
  when {
    path    = "said"
    present = true
  }
  message = "the {what} `{named}` in namespace `{namespace}` is declared twice: the second apply takes it from the first, and each plan differs"
  help    = "delete one, or give it another name"
}

# Kinds of the whole cluster are in no namespace.
case "duplicate" {
  message = "the {what} `{named}` is declared twice: the second apply takes it from the first, and each plan differs"
  help    = "delete one, or give it another name"
}
