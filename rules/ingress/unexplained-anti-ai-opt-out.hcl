summary    = "call turns the protection against scrapers off and does not say why"
convention = "E05"
severity   = "warning"

select "module" {
  source = param.factory
}

where {
  path    = "anti_ai_scraping"
  present = true
}

require "unexplained" {
  when {
    all {
      all {
        path   = "anti_ai_scraping"
        equals = false
      }
      all {
        path   = "auth"
        one_of = param.explained_tiers
      }
      not {
        all {
          path = "service_name"
          like = param.wall_services
        }
      }
    }
  }
  comment {
    path = "anti_ai_scraping"
    on   = ["above", "trailing"]
  }
  at = "anti_ai_scraping"

  fix {
    safety = "display"
    above  = { "anti_ai_scraping" = "TODO why the protection is off" }
  }
}

forbid "redundant" {
  when {
    path   = "auth"
    one_of = ["required", "public"]
  }
  path   = "anti_ai_scraping"
  equals = false

  fix { delete = "anti_ai_scraping" }
}

case "unexplained" {
  message = "`{name}` is open and turns the protection against scrapers off, and no comment says why"
  help    = "write the reason behind the line or above it, or drop the line"
}

case "redundant" {
  severity = "info"
  message  = "`anti_ai_scraping` changes nothing here: a login is in front of `{name}` already"
  help     = "drop the line"
}
