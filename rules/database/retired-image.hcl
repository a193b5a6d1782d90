summary    = "image of a database comes from a publisher that stopped serving it"
convention = "B21"
severity   = "warning"

select "image" { roles = ["container", "init_container", "helm_values"] }

each "image" { possible = "" }

let "repository" {
  path    = "image"
  capture = "^[^:@]+"
}

forbid "retired" {
  path = "repository"
  like = [param.retired_images]
}

case "retired" {
  message = "`{repository}` gets no more updates, and can vanish from the registry: a new node could not pull it"
  help    = "use the image of the database's own publisher, or its operator"
}
