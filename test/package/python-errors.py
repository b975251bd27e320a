"""Prints, as JSON, the error of a fleet with wrong properties and the names of the properties in Python."""

import inspect
import json
import sys

from cdktf import App
from cdktf_fleet_tls import EnrollmentToken, FleetServerOptions, FleetTlsProps, MutualFleetTls, MutualFleetTlsProps, ServiceToken

from main import FleetStack


def refused() -> str:
    try:
        MutualFleetTls(
            FleetStack(App(outdir=sys.argv[1]), "stack"),
            "fleet",
            fleet_server_url="http://fleet.example.com",
            elasticsearch_url="es",
            fleet_server_policy="fleet-server-policy",
            service_token=ServiceToken.on_host("/etc/token"),
            agent_enrollment_token=EnrollmentToken.from_environment("TOKEN"),
        )
    except RuntimeError as error:
        return str(error)
    raise SystemExit("it was not refused")


def names() -> list[str]:
    classes = [FleetTlsProps, MutualFleetTlsProps, FleetServerOptions]
    return sorted({name for each in classes for name in inspect.signature(each.__init__).parameters if name != "self"})


json.dump({"error": refused(), "names": names()}, sys.stdout)
