summary    = "mirror deletes copies that another job has put beside its own"
convention = "C35"
severity   = "error"

select "file" {
  files = param.mirror_scripts
  reads = "shell"
}

each "command" { path = "commands[*]" }

# By itself, or by what only starts it.
where {
  any {
    all {
      path    = "command.name"
      matches = "(?:^|/)rsync$"
    }
    all {
      all {
        path    = "command.name"
        matches = "(?:^|/)(?:${param.starters})$"
      }
      all {
        path    = "command.words[*]"
        matches = "(?:^|/)rsync$"
      }
    }
  }
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

# Each word on a line of its own, so that an option and what belongs to it may be one word or two.
let "line" {
  path   = "command.words"
  joined = "\n"
}

let "lists" {
  path   = "assignments[*].values"
  joined = "\n"
}

# What a variable adds when it runs is not asked: the exclusion must be written, in the command or, where one of the words may be such
# a list, in a list of options.
require "reaped" {
  any {
    certain {
      path = "line"
      like = [
        "*--exclude?{bare}\n*", "*--exclude?{bare}",
        "*--exclude?{bare}/\n*", "*--exclude?{bare}/",
      ]
    }
    all {
      certain {
        path = "line"
        like = ["*--exclude?{bare}/???\n*", "*--exclude?{bare}/???"]
      }
      certain {
        path    = "command.words[*]"
        matches = "^(?:--exclude=)?{bare}/\\*\\*\\*$"
      }
    }
    # As a rule of `--filter`, which excludes or protects.
    certain {
      path    = "command.words[*]"
      matches = "^(?:--filter=|-f)?(?:(?:-|P|exclude|protect) ){bare}(?:/|/\\*\\*\\*)?$"
    }
    all {
      not {
        certain {
          path    = "command.words[*]"
          every   = true
          matches = "^(?s:.)"
        }
      }
      any {
        certain {
          path = "lists"
          like = [
            "*--exclude?{bare}\n*", "*--exclude?{bare}",
            "*--exclude?{bare}/\n*", "*--exclude?{bare}/",
          ]
        }
        all {
          certain {
            path = "lists"
            like = ["*--exclude?{bare}/???\n*", "*--exclude?{bare}/???"]
          }
          certain {
            path    = "assignments[*].values[*]"
            matches = "^(?:--exclude=)?{bare}/\\*\\*\\*$"
          }
        }
        certain {
          path    = "assignments[*].values[*]"
          matches = "^(?:--filter=|-f)?(?:(?:-|P|exclude|protect) ){bare}(?:/|/\\*\\*\\*)?$"
        }
      }
    }
  }
  at = "command.name"

  fix {
    # That deletes in the target what is excluded, too.
    when {
      all {
        path   = "command.name"
        equals = "rsync"
      }
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
  any {
    certain {
      path = ["line", "lists"]
      like = [
        "*--include?{bare}\n*--exclude?{bare}*", "*--include?{bare}\n*- {bare}*",
        "*--include?{bare}/\n*--exclude?{bare}*", "*--include?{bare}/\n*- {bare}*",
        # As rules of `--filter`.
        "*+ {bare}\n*- {bare}*", "*+ {bare}\n*--exclude?{bare}*",
        "*+ {bare}/\n*- {bare}*", "*+ {bare}/\n*--exclude?{bare}*",
      ]
    }
    # With stars, for which any letter may stand here.
    all {
      certain {
        path = ["line", "lists"]
        like = [
          "*--include?{bare}/???\n*--exclude?{bare}*", "*--include?{bare}/???\n*- {bare}*",
          "*--include??/\n*--exclude?{bare}*", "*--include??/\n*- {bare}*",
          "*--include??\n*--exclude?{bare}*", "*--include??\n*- {bare}*",
          "*+ {bare}/???\n*- {bare}*", "*+ {bare}/???\n*--exclude?{bare}*",
          "*+ ?/\n*- {bare}*", "*+ ?/\n*--exclude?{bare}*",
          "*+ ?\n*- {bare}*", "*+ ?\n*--exclude?{bare}*",
        ]
      }
      certain {
        path    = ["command.words[*]", "assignments[*].values[*]"]
        matches = "^(?:--include=|(?:--filter=|-f)?\\+ )?(?:\\*/?|{bare}/\\*\\*\\*)$"
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
