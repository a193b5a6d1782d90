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

require "split" {
  exists {
    in    = "release_bases"
    match = { product = "{product}", release = "{release}" }
  }
  at      = "at"
  related = { base = "required here" }

  # Code is moved by hand: what belongs together is moved in one go. What is patched here may be another patch by now.
  fix {
    when {
      text = "{file}"
      like = "*.md"
      not {
        path    = "rest"
        matches = "^-"
      }
    }
    replace = "{base}"
  }
}

case "split" {
  when {
    text = "{file}"
    like = "*.md"
  }
  severity = "warning"
  message  = "the document says {release}, and `{product}` is built on {base}"
  help     = "write {base}, or no number"
}

case "split" {
  message = "this part of `{product}` is of {release}, and its image is built on {base}: the two do not share a schema"
  help    = "move all parts together: {base}"
}
