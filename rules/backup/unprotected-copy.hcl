summary    = "mirror deletes copies that another job has put beside its own"
convention = "C35"
severity   = "error"

select "file" {
  files = param.mirror_scripts
  reads = "shell"
}

each "command" { path = "commands[*]" }

where {
  path   = "command.name"
  equals = "rsync"
}

where {
  any {
    all {
      path    = "command.words[*]"
      matches = "^--del"
    }
    # By a list of options that the script assigns, where a variable is among the words.
    all {
      all {
        path    = "assignments[*].values[*]"
        matches = "^--del"
      }
      not {
        certain {
          path    = "command.words[*]"
          every   = true
          matches = "^(?:[^-]|-$|-[^-]|--$|--[^d]|--d$|--d[^e]|--de[^l])"
        }
      }
    }
  }
}

each "directory" { texts = param.beside_mirror }

let "bare" {
  path    = "directory"
  capture = "^(?<value>.+)/$"
}

# What a variable adds when it runs is not asked: the exclusion must be written.
require "reaped" {
  any {
    certain {
      path = ["command.words[*]", "assignments[*].values[*]"]
      one_of = [
        "--exclude={directory}", "--exclude={bare}", "--exclude={directory}***",
        # As the word behind `--exclude`.
        "{directory}", "{bare}", "{directory}***",
      ]
    }
    # As a rule of `--filter`, which excludes or protects.
    certain {
      path    = ["command.words[*]", "assignments[*].values[*]"]
      matches = "^(?:--filter=|-f)?(?:(?:-|P|exclude|protect) ){bare}(?:/|/\\*\\*\\*)?$"
    }
  }
  at = "command.name"

  fix {
    # That deletes in the target what is excluded, too.
    when {
      not {
        certain {
          path   = "command.words[*]"
          equals = "--delete-excluded"
        }
      }
    }
    replace = "rsync --exclude='{directory}'"
  }
}

# Of the patterns, the first that fits holds: this one, one for all directories, or for everything.
forbid "included" {
  certain {
    not {
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["--exclude={bare}*", "--include={bare}*"]
      }
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["--exclude={bare}*", "--include=?/"]
      }
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["--exclude={bare}*", "--include=?"]
      }
      # As rules of `--filter`, in one word or in two.
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["*- {bare}*", "*+ {bare}*"]
      }
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["*- {bare}*", "*+ ?/"]
      }
      all {
        path    = ["command.words", "assignments[*].values"]
        every   = true
        ordered = ["*- {bare}*", "*+ ?"]
      }
      # Behind `--include`, as a word of its own.
      any {
        all {
          path    = ["command.words", "assignments[*].values"]
          every   = true
          ordered = ["*{bare}*", "?/"]
        }
        not {
          all {
            all {
              path   = ["command.words[*]", "assignments[*].values[*]"]
              equals = "--include"
            }
            all {
              path   = ["command.words[*]", "assignments[*].values[*]"]
              equals = "*/"
            }
          }
        }
      }
    }
  }
  at = "command.name"
}

# What is excluded is deleted then as well.
forbid "excluded" {
  when {
    certain {
      path = ["command.words[*]", "assignments[*].values[*]"]
      one_of = [
        "--exclude={directory}", "--exclude={bare}", "--exclude={directory}***", "{directory}", "{bare}", "{directory}***",
        "--filter=- {directory}", "--filter=- {bare}", "- {directory}", "- {bare}",
      ]
    }
  }
  certain {
    path   = ["command.words[*]", "assignments[*].values[*]"]
    equals = "--delete-excluded"
  }
  at = "command.name"
}

case "excluded" {
  message = "with `--delete-excluded` this deletes `{directory}` in its target although it is excluded: {directory_value}"
  help    = "take `--delete-excluded` out"
}

case "included" {
  message = "`{directory}` is excluded behind an `--include` that it fits, and the first of the two holds: this deletes it in its target, which it has no source for: {directory_value}"
  help    = "put `--exclude='{directory}'` in front of all inclusions"
}

case "reaped" {
  message = "this deletes `{directory}` in its target, which it has no source for: {directory_value}"
  help    = "add `--exclude='{directory}'`"
}
