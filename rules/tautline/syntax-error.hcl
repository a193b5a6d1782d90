summary  = "a file is not valid HCL"
severity = "error"
