summary  = "label or annotation that a patch puts on an object is taken off by the resource that declares it"
severity = "error"
facts    = "repo"

select "resource" { types = ["kubernetes_*"] }

let "called" { path = "metadata.name" }

let "namespace" {
  path    = "metadata.namespace"
  default = "default"
}

# Most objects have no patch, which is soon told.
where {
  certain {
    exists {
      in    = "patches"
      match = { named = "{called}", namespace = "{namespace}" }
    }
  }
}

each "type" { texts = param.typed_kinds }

where {
  text   = "{kind}"
  equals = "{type}"
}

let "patched" { text = "{type_value}" }

# Only what the provider sees as the resource's own.
unless {
  exists {
    in    = "overlooking"
    match = { at_stack = "{stack}" }
  }
}

each "key" {
  in     = "patches"
  match  = { kind_of = "{patched}", named = "{called}", namespace = "{namespace}" }
  column = "key"
}

let "list" {
  in     = "patches"
  match  = { kind_of = "{patched}", named = "{called}", namespace = "{namespace}", key = "{key}" }
  column = "list"
}

let "put_on" {
  in     = "patches"
  match  = { kind_of = "{patched}", named = "{called}", namespace = "{namespace}", key = "{key}" }
  column = "entry"
}

require "taken_off" {
  any {
    all {
      path    = "metadata.{list}[\"{key}\"]"
      present = true
    }
    ignored { field = "metadata[0].{list}[\"{key}\"]" }
  }
  related   = { put_on = "it is put on here" }
  underline = "subject"
}

case "taken_off" {
  message = "`{key}`, which a patch puts on `{name}`, is not among the {list} that are written here: each apply takes it off, and the next one puts it on"
  help    = "write it here, and take the patch out; or add `metadata[0].{list}[\"{key}\"]` to `ignore_changes`"
}
