# What other controllers and services write into what Terraform declares.

mutator "renew-tls" {
  summary = "the renewal job replaces the certificate, in every stack on the same day"

  paths = {
    kubernetes_secret = [
      "data[\"tls.crt\"]",
      "data[\"tls.key\"]",
    ]
    kubernetes_secret_v1 = [
      "data[\"tls.crt\"]",
      "data[\"tls.key\"]",
    ]
  }

  condition = {
    addresses = ["module.tls_secret.kubernetes_secret.tls_secret"]
  }

  signature = {
    action = "changes"
    same   = "day"
  }

  never_ignore = {
    reason = "the code holds the certificate too: plan again on the current revision"
  }
}

mutator "external-secrets-defaults" {
  summary = "the operator fills in defaults of an ExternalSecret"

  paths = {
    kubernetes_manifest = "object"
  }

  condition = {
    kinds = ["ExternalSecret"]
  }

  signature = {
    action  = "adds"
    matches = "conversionStrategy|decodingStrategy|metadataPolicy|deletionPolicy"
  }

  instead = "field_manager { force_conflicts = true }"
}

mutator "tigera-operator" {
  summary = "the operator labels its namespaces for pod security"
  marker  = "KYVERNO_LIFECYCLE_V1"

  paths = {
    kubernetes_namespace = [
      "metadata[0].labels[\"pod-security.kubernetes.io/enforce\"]",
      "metadata[0].labels[\"pod-security.kubernetes.io/enforce-version\"]",
    ]
    kubernetes_namespace_v1 = [
      "metadata[0].labels[\"pod-security.kubernetes.io/enforce\"]",
      "metadata[0].labels[\"pod-security.kubernetes.io/enforce-version\"]",
    ]
  }

  condition = {
    names = ["calico-system", "calico-apiserver"]
  }

  signature = {
    action  = "adds"
    matches = "^(privileged|latest)$"
  }
}

mutator "authentik-outposts" {
  summary = "the Authentik server reconciles its own outposts"

  paths = {
    kubernetes_deployment = [
      "spec[0].template[0].spec[0].container[*].image",
      "metadata[0].labels",
    ]
    kubernetes_deployment_v1 = [
      "spec[0].template[0].spec[0].container[*].image",
      "metadata[0].labels",
    ]
  }

  condition = {
    labels = ["app.kubernetes.io/managed-by=goauthentik.io"]
  }

  signature = {
    action = "changes"
  }
}

mutator "authentik-ui" {
  summary = "people manage members and the looks of applications in the web interface"

  paths = {
    authentik_group = ["users"]
    authentik_user = [
      "attributes",
      "email",
    ]
    authentik_application = [
      "meta_description",
      "meta_launch_url",
      "meta_icon",
      "group",
      "open_in_new_tab",
    ]
  }

  signature = {
    action = "changes"
  }
}

mutator "helm-release" {
  summary = "Helm records revisions, and a broken upgrade stays pending"

  paths = {
    helm_release = [
      "metadata",
      "status",
    ]
  }

  signature = {
    action  = "changes"
    matches = "pending-upgrade|deployed"
  }
}

mutator "proxmox-hotplug" {
  summary = "the CSI driver plugs disks into worker VMs"

  paths = {
    proxmox_vm_qemu = [
      "disks[0].scsi[0].scsi1",
      "disks[0].scsi[0].scsi2",
      "disks[0].scsi[0].scsi3",
      "disks[0].scsi[0].scsi4",
      "disks[0].scsi[0].scsi5",
      "disks[0].scsi[0].scsi6",
      "disks[0].scsi[0].scsi7",
      "disks[0].scsi[0].scsi8",
      "disks[0].scsi[0].scsi9",
      "disks[0].scsi[0].scsi10",
      "disks[0].scsi[0].scsi11",
      "disks[0].scsi[0].scsi12",
      "disks[0].scsi[0].scsi13",
      "disks[0].scsi[0].scsi14",
      "disks[0].scsi[0].scsi15",
      "disks[0].scsi[0].scsi16",
      "disks[0].scsi[0].scsi17",
      "disks[0].scsi[0].scsi18",
      "disks[0].scsi[0].scsi19",
      "disks[0].scsi[0].scsi20",
      "disks[0].scsi[0].scsi21",
      "disks[0].scsi[0].scsi22",
      "disks[0].scsi[0].scsi23",
      "disks[0].scsi[0].scsi24",
      "disks[0].scsi[0].scsi25",
      "disks[0].scsi[0].scsi26",
      "disks[0].scsi[0].scsi27",
      "disks[0].scsi[0].scsi28",
      "disks[0].scsi[0].scsi29",
    ]
  }

  signature = {
    action = "adds"
  }
}

mutator "oci-images" {
  summary = "the provider reads an image and metadata that move by themselves"

  paths = {
    oci_core_instance = [
      "source_details",
      "metadata",
    ]
  }

  signature = {
    action = "changes"
  }
}

mutator "perpetual-triggers" {
  summary = "a trigger that is never twice the same plans a replacement each time"

  paths = {
    null_resource  = "triggers"
    terraform_data = "triggers_replace"
  }

  condition = {
    calls = ["timestamp", "uuid"]
  }

  signature = {
    action = "changes"
  }

  never_ignore = {
    reason = "the plan is meant to show it"
  }
}

mutator "self-writing-apps" {
  summary = "the app keeps state in its own object, or its hash is salted anew"
  marker  = "DRIFT_WORKAROUND"

  paths = {
    kubernetes_config_map    = "data"
    kubernetes_config_map_v1 = "data"
    kubernetes_secret        = "data"
    kubernetes_secret_v1     = "data"
  }

  signature = {
    action = "changes"
  }
}
