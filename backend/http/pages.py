"""The built front ends: the phone app at `/`, the staff console at `/console/`."""

from pathlib import Path

from flask import Flask, Response, send_from_directory

from backend.kernel.errors import NotFound

ROOT = Path(__file__).resolve().parents[2]
H5 = ROOT / "miniprogram" / "dist" / "build" / "h5"
CONSOLE = ROOT / "console" / "dist"


def register(app: Flask) -> None:
    """Serve both builds; unknown paths below them get the page that knows its own routes."""

    @app.get("/")
    @app.get("/<path:path>")
    def show_phone_app(path: str = "index.html") -> Response:
        return _file(H5, path, fallback=False)

    @app.get("/console/")
    @app.get("/console/<path:path>")
    def show_console(path: str = "index.html") -> Response:
        return _file(CONSOLE, path, fallback=True)


def _file(folder: Path, path: str, *, fallback: bool) -> Response:
    if not (folder / "index.html").is_file():
        raise NotFound("not_built", title="页面还没有构建", action="先运行 make run")
    if not _is_file(folder / path):
        if not fallback or "." in path.rpartition("/")[2]:
            raise NotFound
        path = "index.html"
    answer = send_from_directory(folder, path)
    hashed = "/assets/" in f"/{path}"
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if hashed else "no-cache"
    )
    return answer


def _is_file(path: Path) -> bool:
    """Whether it is there; what no file can be called (too long a name) is not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
