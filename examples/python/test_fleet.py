"""What the hosts of this fleet get, as plain text: no Terraform runs here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cdktf import App

from main import build


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, Any]:
    """The resources of the stack `main`, by type and name."""
    app = App(outdir=str(tmp_path))
    build(app, ["1"])
    app.synth()
    return json.loads((tmp_path / "stacks" / "main" / "cdk.tf.json").read_text())["resource"]


def content(resources: dict[str, Any], suffix: str) -> str:
    """The content of the one file whose path on the host ends so."""
    found = [file["content"] for file in resources["local_file"].values() if file["filename"].endswith(suffix)]
    assert len(found) == 1
    return found[0]


def test_agent_presents_its_certificate(resources: dict[str, Any]) -> None:
    command = content(resources, "agents/web-1/install-command.sh")
    assert "--elastic-agent-cert=/etc/elastic-agent/certs/agent-cert.pem" in command
    assert "--insecure" not in command


def test_windows_agent_has_a_powershell_script(resources: dict[str, Any]) -> None:
    assert "elastic-agent" in content(resources, "agents/desk-1/install-command.ps1")


def test_no_host_gets_the_key_of_a_ca(resources: dict[str, Any]) -> None:
    files = [*resources["local_file"].values(), *resources["local_sensitive_file"].values()]
    assert not [file for file in files if re.search(r"tls_private_key\.\S*-ca_generation", str(file["content"]))]
