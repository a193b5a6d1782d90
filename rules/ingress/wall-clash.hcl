summary    = "two walls have one name, or keep their challenges in one database"
convention = "B03"
severity   = "error"
facts      = "repo"

select "module" {
  source = param.wall_module
}

# What no stack calls makes no wall.
where {
  text   = "{live}"
  equals = "true"
}

let "namespace" {
  path = "namespace"
}

let "server" {
  path    = "shared_store_url"
  capture = param.store_server
}

let "number" {
  path    = "shared_store_url"
  capture = param.store_number
  default = "0"
}

let "store" { text = "{server}/{number}" }

let "called" {
  path = "name"
}

forbid "name" {
  exists {
    in      = "walls"
    match   = { called = "{called}", namespace = "{namespace}" }
    earlier = true
  }
  at = "name"
}

forbid "store" {
  when {
    path    = "shared_store_url"
    present = true
  }
  any {
    exists {
      in      = "walls"
      match   = { store = "{store}" }
      earlier = true
    }
    exists {
      in    = "stores"
      match = { store = "{store}" }
    }
  }
  at = "shared_store_url"
}

case "name" {
  message = "another wall in this namespace is called `{called}` too, and both make the same objects"
  help    = "choose another `name`"
}

case "store" {
  message = "something else uses database {number} of `{server}` too, and each throws away what the other wrote"
  help    = "choose a database that nothing else uses"
}
