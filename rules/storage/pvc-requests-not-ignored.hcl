summary    = "claim that the autoresizer grows does not ignore its requested size"
convention = "A05"
severity   = "error"

check "ignored_path" {
  mutator = "pvc-autoresizer"
  where   = [{ path = "spec[0].storage_class_name", one_of = param.autoresized_classes }]
}

case "missing" {
  message = "the autoresizer grows claim `{name}`, and `ignore_changes` does not cover its requested size"
  help    = "add `lifecycle {{ ignore_changes = [spec[0].resources[0].requests] }}`: without it the next apply tries to shrink the volume"
}

case "ineffective" {
  message = "the `ignore_changes` entry for the requested size of claim `{name}` has no effect"
  help    = "write `spec[0].resources[0].requests`"
}
