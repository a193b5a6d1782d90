summary    = "image of a registry that is frozen and empty is handed on under its name"
convention = "A08"
severity   = "error"
facts      = "repo"
reads      = [".github/workflows/*", ".github/actions/**", ".woodpecker/*"]
yields_to  = ["image/frozen-registry"]

select "text" {
  files   = param.passing_files
  except  = param.passing_except
  words   = param.frozen_words
  matches = param.frozen_image
  zones   = ["string", "code"]
}

# As long as our builds go there and nowhere else, it is in use.
unless {
  all {
    exists { in = "frozen_builds" }
    not {
      exists { in = "own_builds" }
    }
  }
}

# What names it to pass it over.
unless {
  text    = "{key}"
  matches = "(?i)skip|ignore|exclude"
}

forbid "image" {
  text    = "{image}"
  matches = "."

  fix { replace = "ghcr.io/viktorbarzin/{image}" }
}

case "image" {
  message = "`{registry}` is frozen and empty: whoever is given this name cannot pull it"
  help    = "use `ghcr.io/viktorbarzin/{image}`"
}
