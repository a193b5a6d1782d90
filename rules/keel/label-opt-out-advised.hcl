summary    = "text tells the reader to opt out of Keel with a label"
convention = "C13"
severity   = "warning"
facts      = "repo"

select "text" {
  words   = ["keel.sh/policy"]
  zones   = ["prose", "string", "code"]
  matches = "(?<at>(?<advice>(?<verb>(?:[Aa]dd|[Ss]et|[Ww]ith) the) label(?<key> `?keel\\.sh/policy)|(?<setting>keel\\.sh/policy[=:] ?never \\(annotation) (?i:and) label\\)))"
}

unless {
  exists {
    in    = "labels_read"
    match = { key = "keel.sh/policy" }
  }
}

forbid "advised" {
  path    = "advice"
  matches = "(?i)label"

  fix {
    when {
      path    = "verb"
      present = true
    }
    replace = "{verb} annotation{key}"
  }

  fix {
    replace = "{setting})"
  }
}

case "advised" {
  message = "this tells the reader to opt out of Keel with a label: the policy reads the annotation, and a label is drift"
  help    = "name the annotation `keel.sh/policy: never` alone"
}
