summary    = "pipeline fetches another release of a tool than the image of the pipelines has"
severity   = "warning"
facts      = "repo"

select "text" {
  files   = param.pipelines
  words   = param.tool_words
  zones   = ["code", "string"]
  matches = param.tool_download
}

where {
  exists {
    in    = "tools"
    match = { tool = "{tool}" }
  }
}

let "ours" {
  in     = "tools"
  match  = { tool = "{tool}" }
  column = "release"
}

require "other" {
  exists {
    in    = "tools"
    match = { tool = "{tool}", release = "{release}" }
  }
  related = { ours = "required here" }

  # A checksum beside it is that of this release.
  fix {
    safety = "display"
    when {
      exists {
        in    = "checksums"
        match = { checked = "{file}" }
      }
    }
    replace = "{ours}"
  }

  fix { replace = "{ours}" }
}

case "other" {
  message = "this fetches `{tool}` {release}, and the image of the pipelines has {ours}: the two steps do not speak the same language"
  help    = "write {ours}, or use the image of the pipelines"
}
