"""A certificate for a server on this computer, and the contexts of a server and a client for it."""

import ssl
from pathlib import Path

import trustme


def certificate(folder: Path, *names: str) -> Path:
    """Make a certificate for names, by default this computer's, with its key and its issuer in one file."""
    path = folder / "certificate.pem"
    issuer = trustme.CA()
    issued = issuer.issue_cert(*(names or ("localhost", "127.0.0.1")))
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    issuer.cert_pem.write_to_path(path, append=True)
    return path


def server_context(path: Path) -> ssl.SSLContext:
    """Return the context of a server that has this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def client_context(path: Path) -> ssl.SSLContext:
    """Return the context of a client that trusts this certificate."""
    return ssl.create_default_context(cafile=path)
