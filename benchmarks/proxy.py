"""A long way to a server of this machine: what goes through arrives later, however much it is.

As a process, with the port as its first line: python -m benchmarks.proxy --to PORT --round-trip MILLISECONDS
"""

import argparse
import asyncio
import contextlib
import socket
import time

AT_ONCE = 1 << 18


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Bring each piece to the other side so many seconds later; the sender never waits for that."""
    clock = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(AT_ONCE):
            if seconds:
                clock.call_later(seconds, writer.write, piece)
            else:
                writer.write(piece)
                await writer.drain()
    await asyncio.sleep(seconds)
    writer.close()


async def serve(port: int, round_trip: float) -> None:
    """Print our port, and connect whoever comes there with `port`."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port, limit=AT_ONCE)
        await asyncio.gather(_carry(reader, back, round_trip / 2), _carry(there, writer, round_trip / 2))

    async with await asyncio.start_server(connect, "127.0.0.1", 0, limit=AT_ONCE) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def measured_round_trip(port: int) -> float:
    """Milliseconds that a mail server at a port takes to answer a NOOP: the median of 50."""
    times = []
    with socket.create_connection(("127.0.0.1", port)) as link, link.makefile("rb") as answers:
        answers.readline()
        for _ in range(50):
            began = time.perf_counter()
            link.sendall(b"NOOP\r\n")
            answers.readline()
            times.append(time.perf_counter() - began)
        link.sendall(b"QUIT\r\n")
    return sorted(times)[25] * 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--to", type=int, required=True, help="the server's port")
    arguments.add_argument("--round-trip", type=float, default=20, help="milliseconds that it adds")
    given = arguments.parse_args()
    asyncio.run(serve(given.to, given.round_trip / 1000))


if __name__ == "__main__":
    main()
