summary  = "text of several lines is filled into YAML as if it were one line"
severity = "error"
facts    = "repo"

check "text_breaks_yaml" {
  files = param.yaml_templates
}

case "breaks" {
  message = "`{name}` has several lines, and only the first one stands where it belongs: what comes out is no YAML"
  help    = "begin a block in front of it, `|`, and fill it in on a line of its own with `indent(4, {name})`, where 4 is the number of blanks in front of it"
}
