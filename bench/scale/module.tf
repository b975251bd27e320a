# The same resources for each agent as the library's, as a person writes them by hand.
variable "agents" {
  type = number
}

variable "validity_hours" {
  type = number
}

locals {
  ids = toset([for index in range(1, var.agents + 1) : "web-${index}"])
}

resource "tls_private_key" "ca" {
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}

resource "tls_self_signed_cert" "ca" {
  private_key_pem       = tls_private_key.ca.private_key_pem
  is_ca_certificate     = true
  allowed_uses          = ["cert_signing", "crl_signing"]
  validity_period_hours = 87600
  subject {
    common_name = "agent CA"
  }
}

resource "tls_private_key" "agent" {
  for_each    = local.ids
  algorithm   = "ECDSA"
  ecdsa_curve = "P256"
}

resource "tls_cert_request" "agent" {
  for_each        = local.ids
  private_key_pem = tls_private_key.agent[each.key].private_key_pem
  subject {
    common_name = each.key
  }
}

resource "tls_locally_signed_cert" "agent" {
  for_each              = local.ids
  cert_request_pem      = tls_cert_request.agent[each.key].cert_request_pem
  ca_cert_pem           = tls_self_signed_cert.ca.cert_pem
  ca_private_key_pem    = tls_private_key.ca.private_key_pem
  allowed_uses          = ["digital_signature", "client_auth"]
  set_subject_key_id    = true
  validity_period_hours = var.validity_hours
}

resource "local_file" "fleet_ca" {
  for_each        = local.ids
  filename        = "${path.module}/agents/${each.key}/fleet-ca.pem"
  content         = tls_self_signed_cert.ca.cert_pem
  file_permission = "0644"
}

resource "local_file" "es_ca" {
  for_each        = local.ids
  filename        = "${path.module}/agents/${each.key}/es-ca.pem"
  content         = tls_self_signed_cert.ca.cert_pem
  file_permission = "0644"
}

resource "local_file" "certificate" {
  for_each        = local.ids
  filename        = "${path.module}/agents/${each.key}/agent-cert.pem"
  content         = tls_locally_signed_cert.agent[each.key].cert_pem
  file_permission = "0644"
}

resource "local_sensitive_file" "key" {
  for_each        = local.ids
  filename        = "${path.module}/agents/${each.key}/agent-cert-key.pem"
  content         = tls_private_key.agent[each.key].private_key_pem_pkcs8
  file_permission = "0600"
}

resource "local_file" "command" {
  for_each        = local.ids
  filename        = "${path.module}/agents/${each.key}/install-command.sh"
  content         = "elastic-agent install --url=https://fleet.example.com:8220 --elastic-agent-cert=/etc/${each.key}.pem\n"
  file_permission = "0755"
}
