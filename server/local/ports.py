"""Ports on the loopback interface."""

import errno
import socket

from server.local.messages import StartProblem

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A loopback port that nobody listens on now; the kernel does not hand it out again soon."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def require_free(port: int) -> None:
    """Refuse to go on where another program listens on the port that people will be told to open.

    :raises StartProblem: the port is busy, or needs rights that this user does not have.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OverflowError:
            raise StartProblem(f"PORT={port} is not a port: choose one from 1024 to 65535.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartProblem(
                    f"port {port} is used by another program: "
                    f"stop it, or choose another port, for instance `make run PORT={port + 1}`."
                ) from None
            raise StartProblem(
                f"cannot listen on port {port} ({error.strerror}): choose another, like `make run PORT=8000`."
            ) from None
