"""A self-signed certificate for localhost, and the contexts of a server and a client for it."""

import ssl
import subprocess
from pathlib import Path


def certificate(folder: Path) -> Path:
    """Make one, with its key in the same file; needs the command openssl."""
    path = folder / "localhost.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
            ),
            *(
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-keyout",
                str(path),
                "-out",
                str(path),
            ),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-addext", "keyUsage=critical,keyCertSign,digitalSignature"),
        ],
        check=True,
        capture_output=True,
    )
    return path


def of_server(path: Path) -> ssl.SSLContext:
    """For a server that has this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def of_client(path: Path) -> ssl.SSLContext:
    """For a client that trusts this certificate."""
    return ssl.create_default_context(cafile=path)
