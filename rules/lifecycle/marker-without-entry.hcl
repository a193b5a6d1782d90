summary    = "marker stands in a `lifecycle` block that ignores nothing of the kind"
convention = "A03"
severity   = "warning"
facts      = "repo"

select "resource" { types = ["kubernetes_*"] }

where {
  path    = "lifecycle"
  present = true
}

# What nobody calls is not gathered.
where {
  text   = "{live}"
  equals = "true"
}

each "word" { texts = param.markers }

where {
  marker { word = "{word}" }
}

# Of pods, `kyverno/dns-config-not-ignored` says what is missing.
unless {
  all {
    path   = "word"
    equals = "KYVERNO_LIFECYCLE_V1"
  }
  all {
    path    = ["spec.template", "spec.job_template", "spec.container"]
    present = true
  }
}

unless {
  exists {
    in    = "entries"
    match = { stack = "{stack}", address = "{address}", field_marker = "{word}" }
  }
}

# A note that the entry was taken out is no marker.
unless {
  comment {
    path    = "lifecycle"
    on      = ["inside"]
    matches = "{word}\\b.*\\b(removed|dropped|gone|not needed|no longer)\\b"
  }
}

forbid "orphan" {
  marker { word = "{word}" }
}

case "orphan" {
  when {
    path    = "lifecycle.ignore_changes[0]"
    present = true
  }
  message = "`# {word}` marks an entry that is not there: this `ignore_changes` lists other fields than it names, or some that nothing else changes on this kind of resource"
  help    = "add the entry, or take the marker away"
}

case "orphan" {
  message = "`# {word}` marks an entry that is not there: nothing in this `ignore_changes` makes room for what it names"
  help    = "add the entry, or take the marker away"
}
