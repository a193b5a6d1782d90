summary    = "file that holds credentials by its nature is tracked in the clear"
convention = "B34"
severity   = "error"

select "text" {
  files   = ["**/*.tfstate", "**/*.tfstate.backup", "**/.env", "**/.env.*", "**/*.env"]
  # Samples, to be filled in.
  except  = ["**/*.{example,sample,template,dist}", "**/*.{example,sample,template}.*"]
  words   = ["\"terraform_version\"", "="]
  matches = "(?m)(?<at>^ *\"terraform_version\"|^(?:export )?[A-Za-z_]*(?:PASS|PASSWORD|PASSWD|TOKEN|SECRET|KEY|PAT)=(?:(?<sample>[\"']?-----BEGIN [A-Z ]+-----(?:\\\\n|\\s)*(?:\\.{3}|…|[<\\[]))|[^\\s$<]{6,}))"
  zones   = ["string", "code", "prose"]
}

# A key of which only the header is there.
unless {
  path    = "sample"
  present = true
}

forbid "tracked" {
  text    = "{file}"
  matches = "."
}

case "tracked" {
  message = "`{file}` is readable by everybody who has the repo, and holds credentials by its nature"
  help    = "change what is in it; then encrypt the file, or take it out of git and list it in `.gitignore`"
}
