summary  = "two sides of different types are compared, and are never equal"
severity = "warning"
facts    = "stack"

check "never_equal" {
  files = param.code
}

case "never" {
  message = "{one} is never equal to {other}: this is always `{result}`"
  help    = "compare what is of one type; whether a list or a map is empty says its `length`"
}
