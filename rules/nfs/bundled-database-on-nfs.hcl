summary    = "database that a chart brings along asks for a volume on NFS"
convention = "B14"
severity   = "error"
facts      = "stack"

select "row" { of = "kubernetes.chart_volumes" }

# Of a chart that is one as a whole, `nfs/critical-chart-on-nfs` tells.
unless {
  path = "chart"
  like = param.critical_charts
}

where {
  any {
    all {
      path   = ["called", "within"]
      one_of = param.bundled_databases
    }
    all {
      path = "image"
      like = param.critical_images
    }
    all {
      text = "{image}:"
      like = param.critical_images
    }
  }
}

forbid "class" {
  path   = "class"
  one_of = param.nfs_classes
}

case "class" {
  message = "a database in release `{name}` keeps its data on NFS (class `{value}`): a lost connection tears its files, and it is away whenever the server is"
  help    = "write a block storage class"
}
