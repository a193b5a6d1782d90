summary  = "apostrophe in a program between quotes ends the program"
severity = "error"

select "text" {
  words   = param.quoted_words
  matches = param.quoted_program
  zones   = ["code", "string"]
}

forbid "ends" {
  text    = "{word}"
  matches = "."
}

case "ends" {
  message = "the apostrophe of `{word}` ends the quotes that the program for `{runs}` stands in: what follows is read by the shell"
  help    = "write it without an apostrophe, also in comments, or give the program in a here-document"
}
