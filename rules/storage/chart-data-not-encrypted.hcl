summary    = "chart puts sensitive data on a volume that is not encrypted"
convention = "B10"
severity   = "warning"
facts      = "repo"

select "row" { of = "kubernetes.chart_volumes" }

let "chart_name" {
  path    = "chart"
  capture = "[^/]+$"
}

where {
  any {
    all {
      path   = ["called", "within", "chart_name"]
      one_of = param.sensitive_charts
    }
    all {
      path = "image"
      like = param.sensitive_images
    }
    all {
      text = "{image}:"
      like = param.sensitive_images
    }
    exists {
      in    = "encrypted_services"
      match = { service = "{stack}" }
    }
  }
}

forbid "plain" {
  path   = "class"
  one_of = param.plain_classes
}

case "plain" {
  message = "the chart of `{name}` keeps sensitive data on a volume that is not encrypted: whoever has the disk, or a copy of it, reads it"
  help    = "make a new volume on `proxmox-lvm-encrypted`, and copy the data"
}
