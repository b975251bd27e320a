"""Lints each file that is named, as `lint_pkix_cert lint` does, but all in one process: starting costs the most."""

import json
import sys

from pkilint import loader
from pkilint.pkix import certificate, extension, name

validator = certificate.create_pkix_certificate_validator_container(
    certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
    [
        certificate.create_issuer_validator_container([]),
        certificate.create_validity_validator_container(),
        certificate.create_subject_validator_container([]),
        certificate.create_extensions_validator_container([]),
        certificate.create_spki_validator_container([]),
    ],
)


def findings(path):
    with open(path, encoding="ascii") as file:
        document = loader.load_pem_certificate(file.read(), path)
    return [
        {
            "severity": description.finding.severity.name,
            "code": description.finding.code,
            "message": description.message,
            "node": result.node.path,
        }
        for result in validator.validate(document.root)
        for description in result.finding_descriptions
    ]


print(json.dumps([findings(path) for path in sys.argv[1:]]))
