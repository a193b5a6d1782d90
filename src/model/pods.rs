//! Which objects of Kubernetes make pods, and where they describe them.

/// The way to the template of the pods that an object of this kind makes; a pod is its own. `None` where it makes none.
pub fn pod_template(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "Pod" => Some(&[]),
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template"]),
        "DaemonSet"
        | "Deployment"
        | "Job"
        | "ReplicaSet"
        | "ReplicationController"
        | "StatefulSet" => Some(&["spec", "template"]),
        _ => None,
    }
}
