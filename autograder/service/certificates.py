"""TLS for a cluster: one key that scheduler, workers and service share, so that nobody else can speak to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

DAYS = 400


class Certificates(NamedTuple):
    """Files that ``--dask-certificates`` takes: authority, certificate, key. The first two are one file."""

    authority: Path
    certificate: Path
    key: Path


def make(folder, *, now=None):
    """Write a key and a certificate that it signs itself.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there; readable by its owner only, as whoever has the key can run anything in the cluster.
    now : datetime.datetime, optional

    Returns
    -------
    Certificates

    Raises
    ------
    ValueError
        If there is a key already, or the package for it is missing.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ModuleNotFoundError:
        raise ValueError("Certificates need medlabs' extra: medlabs[cluster].") from None
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Certificates(folder / "cluster.pem", folder / "cluster.pem", folder / "cluster.key")
    if made.key.exists():
        raise ValueError(f"{made.key} exists: remove it first, and start the cluster again with the new one.")
    key, name = ec.generate_private_key(ec.SECP256R1()), "medlabs cluster"
    subject = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)])
    now = now or datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("medlabs-cluster")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made.key.touch(mode=0o600, exist_ok=False)
    made.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return made
