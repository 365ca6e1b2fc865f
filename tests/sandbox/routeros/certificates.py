# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that routers have: good ones, and each way in which one is refused."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """What is unlike a good certificate: of a CA with all extensions that RFC 5280 asks for, for 127.0.0.1."""

    days: int = 1  # until it ends
    alternatives: bool = (
        True  # else a common name alone, as /certificate add common-name=... makes (manual, "Certificates")
    )
    #: Without it, and without the CA's key usage, Python takes it up to 3.12 and refuses it from 3.13 on
    #: (python/cpython issue 138193).
    identifiers: bool = True


def make_certificate(folder: Path, name: str = "router") -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key, as PEM files: what a router that signs its own has."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, name, key, 1).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return _write(folder, name, builder.add_extension(_alternatives(), critical=False).sign(key, hashes.SHA256()), key)


def make_signed(folder: Path, kind: Kind, name: str = "signed") -> tuple[Path, Path, Path]:
    """A CA's certificate, and one of that CA with its key."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
    own = _builder("api-ca", "api-ca", authority, 1)
    own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    leaf = _builder(name, "api-ca", key, kind.days)
    if kind.identifiers:
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
        )
        signs = x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
        own = own.add_extension(identifier, critical=False).add_extension(signs, critical=True)
        leaf = leaf.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
    if kind.alternatives:
        leaf = leaf.add_extension(_alternatives(), critical=False)
    ca, _key = _write(folder, f"{name}-ca", own.sign(authority, hashes.SHA256()), authority)
    return ca, *_write(folder, name, leaf.sign(authority, hashes.SHA256()), key)


def _alternatives() -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])


def _builder(name: str, issuer: str, key: Key, days: int) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + (days - 9) * DAY)
        .not_valid_after(now + days * DAY)
    )


def _write(folder: Path, name: str, certificate: x509.Certificate, key: Key) -> tuple[Path, Path]:
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
