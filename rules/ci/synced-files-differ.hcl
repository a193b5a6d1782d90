summary    = "pipeline that copies files names others in one place than in another"
convention = "D24"
severity   = "warning"
facts      = "repo"

select "row" { of = "synced" }

# Only a pipeline that has all three is about the same files.
where {
  exists {
    in    = "synced"
    match = { file = "{file}", place = "trigger" }
  }
}

where {
  exists {
    in    = "synced"
    match = { file = "{file}", place = "copy" }
  }
}

# A loop over something else.
where {
  text    = "{file_name}"
  matches = "\\."
}

require "trigger" {
  exists {
    in    = "synced"
    match = { file = "{file}", place = "trigger", file_name = "{file_name}" }
  }
  at = "file_name"
}

require "loop" {
  when {
    exists {
      in    = "synced"
      match = { file = "{file}", place = "loop" }
    }
  }
  exists {
    in    = "synced"
    match = { file = "{file}", place = "loop", file_name = "{file_name}" }
  }
  at = "file_name"
}

require "copy" {
  exists {
    in    = "synced"
    match = { file = "{file}", place = "copy", file_name = "{file_name}" }
  }
  at = "file_name"
}

case "trigger" {
  message = "a change of `{file_name}` does not start this pipeline, which copies it: the old one stays where it is"
  help    = "add it to `when.path.include`"
}

case "loop" {
  message = "the loop of this pipeline does not go through `{file_name}`: a change of it is not noticed"
  help    = "add it to the words of the loop"
}

case "copy" {
  message = "a change of `{file_name}` starts this pipeline, and nothing copies it"
  help    = "add it to what is copied"
}
