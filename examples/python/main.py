"""Two fleets: mutual TLS with encrypted keys, Windows and a second stack; one-way TLS with a CA that is rotated."""

import os
from typing import Any

from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_local.provider import LocalProvider
from cdktf_cdktf_provider_tls.provider import TlsProvider
from cdktf_fleet_tls import (
    Agent,
    CertificateAuthoritySource,
    EnrollmentToken,
    KeyPassphrase,
    MutualFleetTls,
    OneWayFleetTls,
    ServiceToken,
    TargetPlatform,
)
from constructs import Construct


class FleetStack(TerraformStack):
    """A stack with the two providers, whose plan is the same on every machine."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        TlsProvider(self, "tls")
        LocalProvider(self, "local")
        # The bindings require exactly 4.1.0 and 2.6.1; later releases read the same configuration.
        self.add_override("terraform.required_providers.tls.version", "~> 4.1")
        self.add_override("terraform.required_providers.local.version", "~> 2.6")
        LocalBackend(self, path=f"../../../terraform.{id}.tfstate")


def build(app: App, generations: list[str]) -> MutualFleetTls:
    """Adds three stacks: a fleet, an agent of it in a stack of its own, and a second fleet whose CA is rotated."""
    props: dict[str, Any] = {
        "fleet_server_url": "https://fleet.example.com:8220",
        "elasticsearch_url": "https://es.example.com:9200",
        "fleet_server_policy": "fleet-server-policy",
        "service_token": ServiceToken.on_host("/etc/elastic-agent/certs/service-token"),
        "agent_enrollment_token": EnrollmentToken.from_environment("FLEET_ENROLLMENT_TOKEN"),
    }
    fleet = MutualFleetTls(FleetStack(app, "main"), "fleet", agent_key_passphrase=KeyPassphrase.generated(), **props)
    fleet.add_agent("web-1")
    fleet.add_agent("desk-1", platform=TargetPlatform.WINDOWS)
    Agent(FleetStack(app, "branch"), "branch-1", fleet=fleet)

    rotating = CertificateAuthoritySource.rotating(
        generations={number: CertificateAuthoritySource.generated() for number in generations},
        issuing="1",
    )
    lab = OneWayFleetTls(FleetStack(app, "lab"), "fleet", fleet_ca=rotating, **props)
    lab.add_agent("lab-1")
    return fleet


if __name__ == "__main__":
    app = App()
    build(app, os.environ.get("GENERATIONS", "1").split(","))
    app.synth()
