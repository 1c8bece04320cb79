"""A local proxy that delays all data, at any rate, as a distant server would.

As a process, it prints its port: python -m benchmarks.proxy --to PORT --round-trip MILLISECONDS
"""

import asyncio
import contextlib
import socket
import statistics
import time

from benchmarks.running import argument_parser

BUFFER = 1 << 18
SAMPLES = 50


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Pass on each piece of data after a delay, without making the sender wait."""
    clock = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(BUFFER):
            if seconds:
                clock.call_later(seconds, writer.write, piece)
            else:
                writer.write(piece)
                await writer.drain()
    await asyncio.sleep(seconds)
    writer.close()


async def serve(port: int, round_trip: float) -> None:
    """Print our port, and connect clients to `port`."""

    async def connect(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        server_reader, server_writer = await asyncio.open_connection(
            "127.0.0.1", port, limit=BUFFER
        )
        await asyncio.gather(
            _pass_on(reader, server_writer, round_trip / 2),
            _pass_on(server_reader, writer, round_trip / 2),
        )

    async with await asyncio.start_server(
        connect, "127.0.0.1", 0, limit=BUFFER
    ) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def measure_round_trip(port: int) -> float:
    """Return how many milliseconds a mail server takes to answer a NOOP (median)."""
    times = []
    with (
        socket.create_connection(("127.0.0.1", port)) as link,
        link.makefile("rb") as answers,
    ):
        answers.readline()
        for _ in range(SAMPLES):
            start = time.perf_counter()
            link.sendall(b"NOOP\r\n")
            answers.readline()
            times.append(time.perf_counter() - start)
        link.sendall(b"QUIT\r\n")
    return statistics.median(times) * 1000


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument(
        "--to", type=int, required=True, help="the server's port"
    )
    parser.add_argument(
        "--round-trip",
        type=float,
        default=20,
        help="milliseconds to add",
    )
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.to, arguments.round_trip / 1000))


if __name__ == "__main__":
    main()
