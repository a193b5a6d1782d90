//! The checks and conditions of a plan that do not hold.

use crate::drift::measured::FailedCheck;
use crate::drift::shown::Json;

/// Of the list `checks`.
pub(super) fn failed(checks: Option<&Json>) -> Vec<FailedCheck> {
    let checks = checks.and_then(Json::as_array).into_iter().flatten();
    let failed = checks.filter(|check| is_failed(check));
    failed
        .map(|check| {
            let instances = check["instances"].as_array().into_iter().flatten();
            let problems = instances
                .filter(|instance| is_failed(instance))
                .flat_map(|instance| instance["problems"].as_array().into_iter().flatten());
            let messages = problems.filter_map(|problem| problem["message"].as_str());
            FailedCheck {
                address: text(&check["address"]["to_display"]),
                messages: messages.map(str::to_owned).collect(),
            }
        })
        .collect()
}

/// Of the list `condition_results`, which Terraform 1.2 and 1.3 wrote.
pub(super) fn failed_conditions(results: Option<&Json>) -> Vec<FailedCheck> {
    let results = results.and_then(Json::as_array).into_iter().flatten();
    let failed = results.filter(|result| {
        result["result"] == Json::Bool(false) && result["unknown"] != Json::Bool(true)
    });
    failed
        .map(|result| FailedCheck {
            address: text(&result["address"]),
            messages: result["error_message"].as_str().map(str::to_owned).into_iter().collect(),
        })
        .collect()
}

fn is_failed(check: &Json) -> bool {
    matches!(check["status"].as_str(), Some("fail" | "error"))
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
