"""Certificates of a private authority, made when a test wants them."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("cryptography", reason="the library that makes certificates is installed on Linux only")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A company's own authority: the file with its certificate, and what signs with it."""

    file: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    with_key_ids: bool

    def server(self, *names: str, valid_from: datetime | None = None, days: int = 30) -> ssl.SSLContext:
        """Return what a server of these names speaks TLS with."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = [
            x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
        ]
        builder = _begun(names[0], self.certificate.subject, key, valid_from, days)
        builder = builder.add_extension(x509.SubjectAlternativeName(named), critical=False)
        if self.with_key_ids:
            known = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
            builder = builder.add_extension(known, critical=False)
        file = self.file.with_name(f"{names[0]}.pem")
        signed = builder.sign(self.key, hashes.SHA256())
        file.write_bytes(
            signed.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def authority(folder: Path, *, with_key_ids: bool = True) -> Authority:
    """Make an authority; one without key identifiers is what some companies' inspecting proxies still have."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Company Inspection")])
    builder = _begun("Company Inspection", name, key, None, 3650)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(_SIGNS, critical=True)
    if with_key_ids:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    file = folder / "company.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(file, certificate, key, with_key_ids)


_SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _begun(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid_from: datetime | None, days: int
) -> x509.CertificateBuilder:
    begins = valid_from or datetime.now(UTC) - DAY
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + days * DAY)
    )
