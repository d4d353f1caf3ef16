"""gunicorn's settings: `gunicorn -c python:backend.gunicorn_conf backend.wsgi:app`."""

import os
import shutil
import tempfile
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "backend.http.worker.Worker"
workers = int(os.environ.get("WEB_WORKERS") or "2")
# One thread for each request at work; a live stream brings its own (`backend.http.worker`).
threads = int(os.environ.get("WEB_THREADS") or "8")
# At nine o'clock thousands press at once: they are taken in and wait, instead of knocking again.
worker_connections = 5_000
backlog = 4_096
# A stopping worker finishes what it has begun; a hung one is replaced.
graceful_timeout = 20
timeout = 60
keepalive = 65
max_requests = 50_000
max_requests_jitter = 5_000
accesslog = None  # the application writes its own JSON line for every request
control_socket_disable = True

_metrics_dir = tempfile.mkdtemp(prefix="huying-metrics-")
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _metrics_dir)


def child_exit(server: Any, worker: Any) -> None:
    """Fold a gone worker's live gauges away; its connections are nobody's."""
    from prometheus_client import multiprocess

    from backend.http.worker import shares

    shares.end(worker.age)
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # untyped upstream


def on_exit(server: Any) -> None:
    """Remove the metrics folder."""
    shutil.rmtree(_metrics_dir, ignore_errors=True)
