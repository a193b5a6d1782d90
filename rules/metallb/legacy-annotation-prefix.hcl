summary    = "annotation has the prefix that MetalLB used before"
convention = "C39"
severity   = "info"

select "object" { kinds = ["Service"] }

each "annotation" { path = "metadata.annotations[*]" }

let "rest" {
  path    = "annotation_key"
  capture = "/(?<value>.*)$"
  default = ""
}

forbid "legacy" {
  path      = "annotation_key"
  matches   = "^metallb\\.universe\\.tf/"
  at        = "annotation"
  underline = "key"

  # Beside the new one it says the same once more.
  fix {
    when {
      path   = "metadata.annotations[\"metallb.io/{rest}\"]"
      equals = "{annotation}"
    }
    delete = "annotation"
  }

  # Where they differ, which one is meant is for people to say.
  fix {
    safety = "display"
    when {
      path    = "metadata.annotations[\"metallb.io/{rest}\"]"
      present = true
    }
    delete = "annotation"
  }

  fix { replace = "metallb.io/{rest}" }
}

case "legacy" {
  message = "`{annotation_key}` has the old prefix, which MetalLB reads only for now"
  help    = "write `metallb.io/` instead of `metallb.universe.tf/`"
}
