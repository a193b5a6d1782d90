//! The kinds that Kubernetes itself has, as far as people write them: what is nearly one of them is a slip of the hand.
//!
//! Invariant: nothing here knows which other kinds there are. A kind of somebody else's is never taken for a slip, unless it is but
//! one letter away; and of a rule that says which `api` it means, nothing is said.

/// Kinds of Kubernetes. Left out is what resembles kinds of others (`Endpoints`, `IPAddress`, `Binding`), and what hardly anybody
/// declares.
const KINDS: [&str; 38] = [
    "APIService",
    "CSIDriver",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "ControllerRevision",
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "EndpointSlice",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "LimitRange",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NetworkPolicy",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PriorityClass",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "RuntimeClass",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingWebhookConfiguration",
];

/// Of shorter words, another letter makes another word: `Pool` is no `Pod`.
const LONG_ENOUGH: usize = 6;

/// The kind of Kubernetes that was meant by `kind`, which is none: in other capitals, in the plural, or with one letter wrong, missing,
/// doubled or swapped with the next.
pub(super) fn meant(kind: &str) -> Option<&'static str> {
    if KINDS.contains(&kind) {
        return None;
    }
    let written = kind.to_lowercase();
    let is_meant = |known: &&str| {
        written.eq_ignore_ascii_case(known)
            || written.strip_suffix('s').is_some_and(|one| one.eq_ignore_ascii_case(known))
            || known.len() >= LONG_ENOUGH
                && known.len().abs_diff(written.len()) <= 1
                && strsim::osa_distance(&written, &known.to_lowercase()) == 1
    };
    KINDS.into_iter().find(is_meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_a_kind_of_somebody_else() {
        for (kind, known) in [
            ("Deploymnet", "Deployment"),
            ("Daemonset", "DaemonSet"),
            ("StatefullSet", "StatefulSet"),
            ("PersistentVolumesClaim", "PersistentVolumeClaim"),
            ("Pods", "Pod"),
            ("cronjob", "CronJob"),
        ] {
            assert_eq!(meant(kind), Some(known), "{kind}");
        }
        let others = "AlertmanagerConfig Certificate ClusterExternalSecret ClusterIssuer ClusterPolicy ClusterSecretStore Egress \
                      Endpoint Endpoints ExternalSecret Gateway HTTPRoute HelmChart IPAddressPool IngressRoute IngressRouteTCP \
                      IpAddress Kustomization L2Advertisement Lease Middleware Node PodMonitor Policy PolicyReport Pool \
                      PrometheusRule Release Rollout Rule Runtime SealedSecret SecretStore ServersTransport ServiceEntry \
                      ServiceMonitor StorageClaim TLSOption VirtualService VolumeSnapshotClass";
        for kind in others.split_whitespace().chain(KINDS) {
            assert_eq!(meant(kind), None, "{kind}");
        }
    }
}
