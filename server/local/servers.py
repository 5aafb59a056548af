"""Both embedded servers together, for `jiedui up` and for tests."""

from pathlib import Path

from server.local import passwords
from server.local.messages import StartProblem
from server.local.postgres import Postgres
from server.local.valkey import Valkey


class Servers:
    """A running PostgreSQL and Valkey, and the addresses to reach them."""

    def __init__(self, postgres: Postgres, valkey: Valkey) -> None:
        self.postgres = postgres
        self.valkey = valkey
        self.owner_url = postgres.owner_url
        self.app_url = postgres.app_url
        self.public_url = postgres.public_url
        self.administrator_url = postgres.administrator_url
        self.redis_url = valkey.url

    def stop(self) -> None:
        """Stop both."""
        self.valkey.stop()
        self.postgres.stop()


def new_postgres(data: Path, *, durable: bool) -> Postgres:
    """A PostgreSQL for this data folder, not yet started."""
    return Postgres(data, _passwords(data), durable=durable)


def new_valkey(data: Path, *, durable: bool) -> Valkey:
    """A Valkey for this data folder, not yet started."""
    return Valkey(data, _passwords(data), durable=durable)


def start_servers(data: Path, *, durable: bool) -> Servers:
    """Start both servers in a folder, with the database `jiedui` and its three roles, ready to be used.

    Call it from the main thread; the servers end when this process ends, however it ends. It makes no schema.

    :param durable: False turns fsync and the like off: for tests, where a crash may lose everything.
    :raises StartProblem: one of them cannot start; nothing is left running.
    """
    data = prepare_folder(data)
    postgres, valkey = new_postgres(data, durable=durable), new_valkey(data, durable=durable)
    try:
        postgres.start()
        postgres.make_roles()
        valkey.start()
    except BaseException:
        valkey.stop()
        postgres.stop()
        raise
    return Servers(postgres, valkey)


def prepare_folder(data: Path) -> Path:
    """Make the data folder, for its owner alone; its absolute path.

    :raises StartProblem: it cannot be made or written to.
    """
    data = data.absolute()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartProblem(
            f"cannot write to {data} ({error.strerror}): make it writable, or set JIEDUI_DATA to another folder."
        ) from None
    return data


def _passwords(data: Path) -> passwords.Passwords:
    file = data / "passwords.json"
    if (data / "postgres").exists() and not file.exists():
        raise StartProblem(
            f"{file} is missing, and the database beside it cannot be opened without: put the file back."
        )
    return passwords.load_or_make(file)
