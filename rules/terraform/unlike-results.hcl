summary  = "condition has two results that cannot be of one type"
severity = "error"
facts    = "stack"

check "unlike_results" {
  files = param.code
}

case "kinds" {
  message = "both results of a condition have one type, and of these one is {one}, and the other {other}: Terraform refuses it"
  help    = "let both be of one kind, or write `null` for nothing"
}

case "members" {
  message = "where the two results have not the same keys or lengths, what is in them has to be of one type, and {one}, {other}: Terraform refuses it"
  help    = "give both the same keys, or write `null` for nothing; in `merge`, `{{ for k, v in {{ … }} : k => v if … }}` leaves it out"
}
