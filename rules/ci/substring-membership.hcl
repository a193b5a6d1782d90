summary    = "name is looked up in a list as a word, and a hyphen ends a word"
convention = "D04"
severity   = "error"

select "text" {
  files   = [param.pipelines, param.scripts]
  words   = ["grep", "rg "]
  matches = "(?:(?P<asked>-[nz] +\"?\\$\\([^\\n;&]*?|\\b(?:if|elif|while|until) [^\\n;&(#]*?))?(?P<at>(?P<grep>\\b(?:[ef]?grep|rg)(?: +--?\\w[\\w-]*)*))(?: +--)? +\"?(?P<edge>\\\\b|\\\\<)?[\\w.-]*\\$\\{?(?P<named>\\w+)(?P<rest>(?:[^\\n|;&]|&[0-9>])*)(?P<acts>(?:&&|\\|\\|)[ \\t]*(?:exit|return|continue|break)\\b)?"
  zones   = ["code", "string"]
}

# It looks for words: by an option, or by their edges.
where {
  any {
    all {
      text    = "{grep}"
      matches = " -(?:[A-Za-z]*w[A-Za-z]*|-word-regexp)(?: |$)"
    }
    all {
      text    = "{edge}"
      matches = "."
    }
  }
}

# It only asks whether the name is there.
where {
  any {
    all {
      text    = "{grep}"
      matches = " -(?:[A-Za-z]*q|-quiet|-silent)"
    }
    all {
      text    = "{rest}"
      matches = "(?:^|\\s)[1&]?> */dev/null"
    }
    # What is found is compared with nothing, or it is a condition.
    all {
      path    = ["asked", "acts"]
      present = true
    }
  }
}

# The whole line.
unless {
  text    = "{grep}"
  matches = " -(?:[A-Za-z]*x|-line-regexp)"
}

forbid "word" {
  text    = "{named}"
  matches = "."

  fix {
    safety  = "display"
    replace = "tr ' ' '\\n' | grep -qxF"
  }
}

case "word" {
  message = "`{grep}` takes a hyphen for the end of a word: where the list has `reverse-proxy`, `proxy` in `{named}` is found too"
  help    = "put each name on a line of its own and compare whole lines: `| tr ' ' '\\n' | grep -qxF \"$${named}\"`"
}
