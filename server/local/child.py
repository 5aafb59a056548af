"""Child processes that end with their parent, and that are not root where they refuse to be.

Spawn from the main thread only: Linux tells a child of the death of the *thread* that made it.
"""

import ctypes
import enum
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 10 * 1024 * 1024
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Identity(enum.Enum):
    """As whom a child runs."""

    SAME = "the user who started it"
    NAMESPACED = "the same user, seen as nobody inside a user namespace"
    NOBODY = "the user nobody"


def identity_for_postgres() -> Identity:
    """PostgreSQL refuses to run as root, and `initdb` refuses a user id that has no name."""
    if os.geteuid() != 0 and _has_a_name(os.geteuid()):
        return Identity.SAME
    if _namespaces_work():
        return Identity.NAMESPACED
    return Identity.NOBODY if os.geteuid() == 0 else Identity.SAME


def spawn(
    command: Sequence[str | Path],
    *,
    identity: Identity = Identity.SAME,
    farewell: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    folder: str | Path | None = None,
    given: bytes | None = None,
    log: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only the supervisor.

    :param farewell: the signal that the child gets when its parent dies.
    :param given: what the child reads from standard input; short enough for a pipe.
    :param log: takes the child's output; without it the child writes where the parent writes.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are spawned from the main thread, else they end with the thread")
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
        stdout=log,
        stderr=log,
        preexec_fn=_prepare(identity, farewell),  # noqa: PLW1509  # makes system calls only, from the main thread
        start_new_session=True,
    )
    if given is not None and process.stdin is not None:
        with process.stdin as pipe:
            pipe.write(given)
    return process


def stop(process: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]) -> None:
    """Ask a child to stop, firmer with each step (signal, seconds to wait); at last kill it."""
    for sign, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait()


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one that has grown large is put aside as `….1` first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def _prepare(identity: Identity, farewell: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def in_the_child() -> None:
        if identity is Identity.NAMESPACED:
            _enter_namespace()
        elif identity is Identity.NOBODY:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        if _libc is not None:
            # Only now: a change of user makes Linux forget the wish.
            _libc.prctl(_PR_SET_PDEATHSIG, int(farewell))
            if os.getppid() != parent:
                os._exit(127)

    return in_the_child


def _enter_namespace() -> None:
    user, group = os.geteuid(), os.getegid()
    if _libc is None or _libc.unshare(_CLONE_NEWUSER) != 0:
        os._exit(126)
    for name, content in (
        ("setgroups", "deny"),
        ("gid_map", f"{NOBODY} {group} 1"),
        ("uid_map", f"{NOBODY} {user} 1"),
    ):
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(handle, content.encode())
        os.close(handle)


def _namespaces_work() -> bool:
    if _libc is None:
        return False
    try:
        trial = spawn(["/bin/sh", "-c", f'test "$(id -u)" = {NOBODY}'], identity=Identity.NAMESPACED)
    except (OSError, subprocess.SubprocessError):
        return False
    return trial.wait() == 0


def _has_a_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True
