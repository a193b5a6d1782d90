summary    = "parts of one app are of different releases"
severity   = "error"
facts      = "repo"

select "row" { of = "release_copies" }

where {
  exists {
    in    = "release_bases"
    match = { product = "{product}" }
  }
}

let "base" {
  in     = "release_bases"
  match  = { product = "{product}" }
  column = "release"
}

# What runs, which may be older than what is built: the new image is built before anything asks for it.
let "running" {
  in      = "running_releases"
  match   = { product = "{product}" }
  column  = "release"
  default = { path = "base" }
}

# A patch release leaves the schema alone.
let "line" {
  path    = "release"
  capture = "^\\d+\\.\\d+"
}

let "other" {
  in      = "running_releases"
  match   = { product = "{product}" }
  differs = { line = "{line}" }
  column  = "release"
  default = { path = "release" }
}

let "kind" { text = "{file}" }

require "pushed" {
  when {
    path = "kind"
    like = ".github/*"
  }
  path    = "release"
  equals  = "{base}"
  at      = "at"
  related = { base = "required here" }
}

require "said" {
  when {
    path = "kind"
    like = "*.md"
  }
  any {
    all {
      path   = "release"
      equals = "{base}"
    }
    exists {
      in    = "running_releases"
      match = { product = "{product}", release = "{release}" }
    }
  }
  at      = "at"
  related = { running = "required here" }

  # What is patched here may be another patch by now.
  fix {
    when {
      not {
        path    = "rest"
        matches = "^-"
      }
    }
    replace = "{running}"
  }
}

# Code is moved by hand: what belongs together is moved in one go.
forbid "split" {
  when {
    not {
      path = "kind"
      like = ["*.md", ".github/*"]
    }
  }
  any {
    all {
      path  = "release"
      as    = "version"
      above = "{base}"
    }
    all {
      not {
        path   = "release"
        equals = "{base}"
      }
      not {
        path   = "other"
        equals = "{release}"
      }
    }
  }
  at      = "at"
  related = { other = "the other part" }
}

case "pushed" {
  message = "the pipeline pushes `{product}` as {release}, and builds it on {base}"
  help    = "move the tag and the base together: {base}"
}

case "said" {
  severity = "warning"
  message  = "the document says {release}, and `{product}` is of {running}"
  help     = "write {running}, or no number"
}

case "split" {
  when {
    path  = "release"
    as    = "version"
    above = "{base}"
  }
  message = "this part of `{product}` is of {release}, and its image is built on {base}: there is none of {release}"
  help    = "build the image first, and then move all parts together"
}

case "split" {
  message = "this part of `{product}` is of {release}, and another of {other}: the two do not share a schema"
  help    = "move all parts together: {base}"
}
