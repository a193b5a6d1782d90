summary  = "image is named as nothing on Docker Hub can be"
severity = "error"
facts    = "stack"

select "image" { roles = ["container", "init_container"] }

each "image" { possible = "" }

let "repository" {
  path    = "image"
  capture = "docker\\.io/library/(?<value>[^/]+/[^/]+)$"
  default = ""
}

unless {
  path    = "image"
  matches = "^localhost/"
}

# Docker Hub has `NAME` and `OWNER/NAME`, the first of which is `library/NAME` in full. Without a dot, a port or `localhost`, the first
# part is no registry.
forbid "deep" {
  path    = "image"
  matches = "^(?:(?:index\\.|registry-1\\.)?docker\\.io/)(?:[^/:@.$]+/){2,}[^/:@$]+(?:[:@]|$)|^[a-z0-9_-]+/(?:[^/:@$]+/)+[^/:@$]+(?:[:@]|$)"
  fix {
    when {
      path    = "image"
      matches = "docker\\.io/library/[^/:@]+/[^/]+$"
    }
    replace = "docker.io/{repository}"
  }
}

case "deep" {
  message = "`{value}` has more parts than a name on Docker Hub can have: it cannot be pulled, and the pod does not start"
  help    = "write `docker.io/OWNER/NAME`; `library` stands before names without an owner only"
}
