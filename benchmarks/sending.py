"""Measure how fast an issue is sent: `briefing send` compared with Postfix's load generator and
Nodemailer's pool.

    python benchmarks/sending.py [--mails N] [--rounds R] [--recipients N] [--only smtp latency sendgrid freeze]

Each run is the public command in a process of its own, for a newsletter created for it, with the
ledger's full durability; start-up, checks, the list and the freezing count. What matters are the
ratios: absolute figures depend on the machine. `tests/sending/install-postfix .venv/postfix`
installs smtp-sink and smtp-source; Nodemailer is installed with npm if that is available. The
newsletters are in /var/tmp, which is on a disk; --folder moves them elsewhere.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks import newsletter
from benchmarks.distant_server import compare_with_latency
from benchmarks.many_recipients import freeze, send_through_sendgrid
from benchmarks.postfix import program
from benchmarks.running import argument_parser
from benchmarks.senders import ENCODINGS, Bench, install_nodemailer
from benchmarks.smtp_speed import compare_smtp

PARTS = {
    "smtp": compare_smtp,
    "latency": compare_with_latency,
    "sendgrid": send_through_sendgrid,
    "freeze": freeze,
}


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    parser.add_argument(
        "--mails", type=int, default=20_000, help="emails in each run"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--recipients",
        type=int,
        default=1_000_000,
        help="recipients for sendgrid and freeze",
    )
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108  # in a new folder
        help="where to create the newsletters",
    )
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    parts = arguments.only
    if not (program("smtp-sink") and program("smtp-source")):
        print(
            "smtp-sink or smtp-source is missing: 'tests/sending/install-postfix .venv/postfix' installs them.\n"
        )
        parts = [part for part in parts if part == "sendgrid"]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        sample = newsletter.sample(
            newsletter.create(folder / "sample", readers=1, port=25)
        )
        sample.write(folder / "mail.json")
        print(f"Each email is {sample.size:,} bytes.\n")
        compared = {"smtp", "latency"} & set(parts)
        encodings = ENCODINGS if compared and install_nodemailer() else {}
        bench = Bench(
            folder,
            arguments.mails,
            arguments.rounds,
            arguments.recipients,
            sample,
            encodings,
        )
        for part in parts:
            PARTS[part](bench)


if __name__ == "__main__":
    main()
