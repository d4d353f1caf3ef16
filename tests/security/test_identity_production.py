"""Production knows nothing of the demo: no routes, no code, no real-name register."""

import base64
import os
import subprocess
import sys

CHECK = """
import sys
from backend import config
from backend.app import create_app
app = create_app(config.load())
rules = sorted(rule.rule for rule in app.url_map.iter_rules())
assert not [rule for rule in rules if "demo" in rule], rules
assert "/api/v1/sessions/wechat" in rules
assert "real_name" not in app.extensions["huying"].extensions
print(sorted(name for name in sys.modules if name.startswith("backend.demo")))
"""


def test_production_has_no_demo():
    key = base64.b64encode(b"k" * 32).decode()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "ENVIRONMENT": "production",
        "DATABASE_URL": "postgresql://127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PRIVACY_KEYS": f"1:{key}",
        "BALLOT_KEY": base64.b64encode(b"b" * 32).decode(),
        "BALLOT_SIGNING_KEY": base64.b64encode(b"s" * 32).decode(),
    }
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "[]"
