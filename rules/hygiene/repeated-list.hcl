summary    = "list is written again beside a local that holds it"
convention = "D22"
severity   = "info"

check "repeated_list" {
  min_items  = 3
  min_copies = 2
}

case "repeated" {
  message = "this is `local.{local}` written out, one of {times} copies that will drift apart"
  help    = "write `local.{local}`"
}
