summary    = "dump is made by a client of an older release than the server"
convention = "D18"
severity   = "info"
facts      = "repo"

select "object" { kinds = ["CronJob"] }

each "image" { path = "spec.jobTemplate.spec.template.spec.containers[*].image" }

let "repository" {
  path    = "image"
  capture = param.server_name
}

each "product" { texts = param.server_products }

where {
  path   = "repository"
  equals = "{product}"
}

let "client" { text = "{product_value}" }

let "release" {
  path    = "image"
  capture = param.server_release
}

# The server of that kind in the same stack.
let "server" {
  in     = "servers"
  match  = { product = "{client}", place = "{stack}" }
  column = "release"
}

let "server_image" {
  in     = "servers"
  match  = { product = "{client}", place = "{stack}" }
  column = "server_image"
}

where {
  path    = "server"
  present = true
}

require "older" {
  path     = "release"
  as       = "version"
  at_least = "{server}"
  at       = "image"
  related  = { server = "required here" }

  # Of two servers it is not clear which one is dumped.
  fix {
    when {
      exists {
        in      = "servers"
        match   = { product = "{client}", place = "{stack}" }
        at_most = 1
      }
    }
    replace = "{server_image}"
  }
}

case "older" {
  message = "this dumps a {client} {server} with a client of {release}: it does not know what the server has learnt since, and leaves it out"
  help    = "use the image of the server, or a tag of the same release"
}
