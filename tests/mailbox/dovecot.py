"""Run Dovecot, an IMAP server, on this computer.

`tests/mailbox/install-dovecot .venv/dovecot` unpacks it where this module finds it.
"""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import tls

TREE = Path(sys.prefix) / "dovecot" / "tree"
USER = "leave@example.org"
PASSWORD = 'a "quoted" password'  # noqa: S105  # of this server only
USER_ABROAD = "отписка@example.org"
PASSWORD_ABROAD = "пароль"  # noqa: S105
SECONDS_TO_START = 120.0
NOBODY = "nobody"
"""As root, the server runs as this user: it refuses to run as root."""

CONFIGURATION = """\
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = {folder}/run
state_dir = {folder}/run
libexec_dir = {tree}/usr/lib/dovecot
mail_plugin_dir = {tree}/usr/lib/dovecot/modules
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_driver = maildir
mail_path = {folder}/mail
ssl = required
ssl_server_cert_file = {certificate}
ssl_server_key_file = {certificate}
auth_failure_delay = 0 secs
auth_username_chars =
import_environment {{
  LD_LIBRARY_PATH = {libraries}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb passwd-file {{
  passwd_file_path = {folder}/passwords
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/mail
  }}
}}
"""


def is_here() -> bool:
    """Whether the server was unpacked."""
    return (TREE / "usr/sbin/dovecot").exists()


def _is_open_to_others(path: Path) -> bool:
    if os.geteuid() != 0:
        return True
    return all(
        folder.stat().st_mode & 0o001 for folder in (path, *path.parents)
    )


class Dovecot:
    """A server with one account and an empty mailbox."""

    def __init__(self, tree: Path, folder: Path, port: int) -> None:
        self.tree = tree
        """Where its programs are."""
        self.folder = folder
        self.port = port
        self.certificate = folder / "certificate.pem"

    def url(self, folder: str = "INBOX") -> str:
        """Return the address of a folder, as settings name it."""
        user = USER.replace("@", "%40")
        return f"imaps://{user}@localhost:{self.port}/{folder}"

    @property
    def maildir(self) -> Path:
        """The Maildir in which the server keeps the folder INBOX."""
        return self.folder / "mail"


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """Run a server, in a folder of its own that is removed at the end."""
    # Not in pytest's own folder, which other users can't enter.
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        tree = TREE
        if not _is_open_to_others(TREE):
            # This checkout is in a private folder, which the server's user can't enter.
            tree = shutil.copytree(TREE, folder / "tree", symlinks=True)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        server = Dovecot(tree, folder, port)
        process = _start(server)
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(SECONDS_TO_START)


def _start(server: Dovecot) -> "subprocess.Popen[bytes]":
    is_root = os.geteuid() == 0
    account = pwd.getpwnam(NOBODY) if is_root else pwd.getpwuid(os.geteuid())
    tree = server.tree
    libraries = [tree / "usr/lib/dovecot", *tree.glob("usr/lib/*-linux-*")]
    search = ":".join(map(str, libraries))
    configuration = _fill(server, account, search)
    if is_root:
        for path in (server.folder, *server.folder.rglob("*")):
            if not path.is_symlink():
                os.chown(path, account.pw_uid, account.pw_gid)
    # The server itself would look for doveconf where the package installs it.
    return subprocess.Popen(
        [
            tree / "usr/bin/doveconf",
            *("-c", configuration, "-F"),
            *(tree / "usr/sbin/dovecot", "-F", "-c", configuration),
        ],
        env={"LD_LIBRARY_PATH": search},
        cwd=server.folder,
        user=account.pw_uid if is_root else None,
        group=account.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _fill(server: Dovecot, account: pwd.struct_passwd, libraries: str) -> Path:
    """Write the files of a new server; return its configuration."""
    folder = server.folder
    tls.certificate(folder)
    # A program that was unpacked looks for its modules in the folder in which it runs.
    for place in ("run", "run/login"):
        (folder / place).mkdir()
        modules = folder / place / "modules"
        modules.symlink_to(server.tree / "usr/lib/dovecot/modules")
    for place in ("new", "cur", "tmp"):
        (server.maildir / place).mkdir(parents=True)
    accounts = {USER: PASSWORD, USER_ABROAD: PASSWORD_ABROAD}
    lines = [f"{name}:{{PLAIN}}{own}\n" for name, own in accounts.items()]
    (folder / "passwords").write_text("".join(lines), "utf-8")
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            tree=server.tree,
            user=account.pw_name,
            group=grp.getgrgid(account.pw_gid).gr_name,
            uid=account.pw_uid,
            gid=account.pw_gid,
            certificate=server.certificate,
            libraries=libraries,
            port=server.port,
        )
    )
    return configuration


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server greets."""
    context = tls.client_context(server.certificate)
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, "Dovecot doesn't start"
        with (
            contextlib.suppress(OSError),
            socket.create_connection(
                ("localhost", server.port), SECONDS_TO_START
            ) as plain,
            context.wrap_socket(
                plain, server_hostname="localhost"
            ) as connection,
        ):
            if connection.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    raise AssertionError("Dovecot doesn't greet")
