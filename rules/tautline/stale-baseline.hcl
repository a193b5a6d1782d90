summary  = "an entry of the baseline has nothing left to answer for"
severity = "warning"
