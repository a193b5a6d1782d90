summary    = "chart of a database comes from a publisher that stopped serving it"
convention = "B21"
severity   = "warning"

select "resource" { types = ["helm_release"] }

forbid "retired" {
  path = ["repository", "chart"]
  like = [param.retired_charts]
}

case "retired" {
  message = "`{value}` is frozen, and its images are gone from the registry: a new node cannot pull them"
  help    = "use the operator of the database, or the plain image in a stateful set"
}
