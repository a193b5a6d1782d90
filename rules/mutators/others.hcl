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
    after     = "the certificate is renewed"
  }

  signature = {
    action = "changes"
    same   = "day"
  }

  reverts = "an apply from an older checkout puts the old certificate back"

  never_ignore = {
    reason = "the code holds the certificate too: plan again on the current revision"
  }

  advice = "plan again on the current revision: the code holds the new certificate"
}

mutator "external-secrets-defaults" {
  summary = "the operator fills in defaults of an ExternalSecret"

  paths = {
    kubernetes_manifest = ["object", "manifest"]
  }

  condition = {
    kinds = ["ExternalSecret", "ClusterExternalSecret"]
    after = "something else applies the same manifest"
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

  advice = "let the server own its outposts: take what it sets out of the code, and keep Keel off with `keel.sh/policy=never`"
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

  condition = {
    after = "somebody edits it in the web interface"
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

  condition = {
    after = "a release is upgraded outside of Terraform"
  }

  signature = {
    action  = "changes"
    matches = "pending-|deployed|failed|superseded"
  }

  managers = ["helm"]
  advice   = "look at `helm history`: a release that stays pending is rolled back before anything is applied"
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

  condition = {
    after = "a volume is attached to the VM"
  }

  signature = {
    action = "adds"
  }

  reverts = "an apply detaches the disks of running pods"
}

mutator "oci-images" {
  summary = "the provider reads an image and metadata that move by themselves"

  paths = {
    oci_core_instance = [
      "source_details",
      "metadata",
    ]
  }

  condition = {
    after = "a newer image is published"
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
    calls = ["timestamp", "plantimestamp", "uuid"]
  }

  signature = {
    action = "changes"
  }

  never_ignore = {
    reason = "the plan is meant to show it"
  }

  advice = "it runs on every apply on purpose: name what it depends on instead, if that is not meant"
}

mutator "salted-hash" {
  summary = "a hash is salted anew by every plan"
  marker  = "DRIFT_WORKAROUND"

  paths = {
    kubernetes_config_map    = "data"
    kubernetes_config_map_v1 = "data"
    kubernetes_secret        = "data"
    kubernetes_secret_v1     = "data"
  }

  condition = {
    calls = ["bcrypt"]
  }

  signature = {
    action = "changes"
  }

  advice = "hash the password once and keep the hash, or ignore the field and say why"
}

mutator "self-writing-apps" {
  summary = "the app keeps its state in an object that Terraform makes"
  marker  = "DRIFT_WORKAROUND"

  paths = {
    kubernetes_config_map    = "data"
    kubernetes_config_map_v1 = "data"
    kubernetes_secret        = "data"
    kubernetes_secret_v1     = "data"
  }

  condition = {
    stacks = ["myprotein-watch", "proxy", "valia-sites"]
    after  = "the app writes its state"
  }

  signature = {
    action = "changes"
  }

  reverts = "an apply wipes the state of the app"
}

mutator "external-secrets-target" {
  summary = "the operator makes the secret that an ExternalSecret asks for, and keeps it in step"

  paths = {
    kubernetes_secret = [
      "data",
      "metadata[0].labels",
      "metadata[0].annotations",
    ]
    kubernetes_secret_v1 = [
      "data",
      "metadata[0].labels",
      "metadata[0].annotations",
    ]
  }

  condition = {
    labels = ["reconcile.external-secrets.io/created-by", "reconcile.external-secrets.io/managed"]
  }

  signature = {
    action = "changes"
  }

  managers = ["externalsecrets.external-secrets.io/*"]

  never_ignore = {
    reason = "the operator owns the whole secret: the code must not declare it"
  }

  advice = "take the secret out of the code: read it as a data source where its values are needed"
}

mutator "vault-rotation" {
  summary = "Vault changes the passwords of its static roles every week"

  paths = {
    null_resource = [
      "triggers[\"password_hash\"]",
      "triggers[\"password\"]",
    ]
    terraform_data = "triggers_replace[\"password_hash\"]"
  }

  condition = {
    after = "the password is rotated"
  }

  signature = {
    action  = "changes"
    matches = "^[0-9a-f]{32,}$"
  }

  never_ignore = {
    reason = "the trigger is there to set the new password: an apply must run it"
  }

  advice = "apply: the trigger is there to bring the new password to where it is used"
}

mutator "dns-sync" {
  summary = "a job outside of Terraform keeps DNS records in step"

  paths = {
    cloudflare_record = [
      "content",
      "value",
    ]
    cloudflare_dns_record = "content"
  }

  condition = {
    attributes = ["allow_overwrite=true"]
    after      = "the job syncs the zone"
  }

  signature = {
    action = "changes"
  }
}
