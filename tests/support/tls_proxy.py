"""An https site on loopback, by itself or behind a proxy that lets one name through."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.lying_server import Behaviour


def certificate(host: str, folder: Path) -> Path:
    """A file with a certificate of its own making for that host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / f"{host}.pem"
    path.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return path


def lets_through(site: Behaviour, certificate_file: Path) -> Behaviour:
    """After CONNECT, the site itself."""
    secured = behind_tls(site, certificate_file)

    def serve(connection: socket, stopped: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        secured(connection, stopped)

    return serve


def behind_tls(site: Behaviour, certificate_file: Path) -> Behaviour:
    """The site over TLS, with that certificate; it reads its requests itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file)

    def serve(connection: socket, stopped: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65_536)
            site(secure, stopped)

    return serve
