summary    = "claim in a template lacks what the autoresizer and the apply need"
convention = "C67"
severity   = "warning"

select "text" {
  files   = param.ingress.templates
  words   = ["persistent_volume_claim"]
  matches = "(?ms)^(?P<at>resource +\"kubernetes_persistent_volume_claim(?:_v1)?\" +\"[^\"\\n]+\") *\\{(?P<body>.*?)^\\}"
  zones   = ["comment", "code", "string", "prose"]
}

let "class" {
  path    = "body"
  capture = "\\bstorage_class_name\\s*=\\s*\"(?P<value>[^\"]+)\""
}

where {
  path   = "class"
  one_of = param.autoresized_classes
}

require "annotations" {
  all {
    text     = "{body}"
    contains = "resize.topolvm.io/threshold"
  }
  all {
    text     = "{body}"
    contains = "resize.topolvm.io/increase"
  }
  all {
    text     = "{body}"
    contains = "resize.topolvm.io/storage_limit"
  }
}

require "size" {
  text    = "{body}"
  matches = "\\bignore_changes\\s*=\\s*(?:all\\b|\\[(?s:.*?)\\bresources\\b(?s:.*?)\\brequests\\b)"
}

require "waits" {
  text    = "{body}"
  matches = "\\bwait_until_bound\\s*=\\s*false\\b"
}

case "annotations" {
  message = "whoever copies this template has a claim on `{class}` without the annotations by which it grows: `storage/missing-autoresizer-annotations` stops it"
  help    = "add `threshold`, `increase` and `storage_limit`, each with the prefix `resize.topolvm.io/`, to `metadata.annotations`"
}

case "size" {
  message = "whoever copies this template has a claim that grows, and the next apply tries to shrink it: `storage/pvc-requests-not-ignored` stops it"
  help    = "add `lifecycle {{ ignore_changes = [spec[0].resources[0].requests] }}`"
}

case "waits" {
  message = "whoever copies this template has an apply that waits for a volume which is bound only when a pod uses it: `storage/claim-waits-for-consumer` stops it"
  help    = "write `wait_until_bound = false` in the resource, beside `spec`"
}
