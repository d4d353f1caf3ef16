"""The demo's environment: settings that nobody set, and servers that nobody started."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from backend import config
from backend.demo.standin_settings import standin_environment
from backend.embedded.postgres import Postgres
from backend.embedded.valkey import Valkey
from backend.migrations import state


def fill(environ: dict[str, str]) -> Path:
    """Complete `environ` for the demo in place; the data folder it uses."""
    environ.setdefault("ENVIRONMENT", "demo")
    data_dir = Path(environ.get("DATA_DIR", "var")).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    environ["DATA_DIR"] = str(data_dir)
    environ.setdefault("HOST", "127.0.0.1")
    environ.setdefault("PORT", "8000")
    environ.setdefault("PUBLIC_URL", f"http://{environ['HOST']}:{environ['PORT']}")
    environ.setdefault("STANDIN_PORT", str(int(environ["PORT"]) + 1))
    for name, value in standin_environment(int(environ["STANDIN_PORT"])).items():
        environ.setdefault(name, value)
    return data_dir


@contextlib.contextmanager
def servers(
    environ: dict[str, str], data_dir: Path, say: Callable[[str], None], *, own: bool
) -> Iterator[None]:
    """PostgreSQL and Valkey where no address is set, for the length of the block.

    The owner stops them at the end in any case; a guest (`own=False`) stops only what it
    started itself, so that a command does not end the servers of a running demo.
    """
    with contextlib.ExitStack() as stack:
        if not environ.get("DATABASE_URL"):
            say("starting PostgreSQL (embedded)")
            postgres = Postgres(data_dir)
            if own:
                stack.callback(postgres.stop)
            if postgres.start() and not own:
                stack.callback(postgres.stop)
            environ["DATABASE_URL"] = postgres.url
        if not environ.get("REDIS_URL"):
            say("starting Valkey (embedded)")
            valkey = Valkey(data_dir)
            if own:
                stack.callback(valkey.stop)
            if valkey.start() and not own:
                stack.callback(valkey.stop)
            environ["REDIS_URL"] = valkey.url
        yield


@contextlib.contextmanager
def borrowed() -> Iterator[dict[str, str]]:
    """A complete environment for a command on the demo's data, running or not."""
    filled = {**os.environ}
    data_dir = fill(filled)
    with servers(filled, data_dir, lambda text: None, own=False):
        state.upgrade(config.load(filled).database_url)
        yield filled
