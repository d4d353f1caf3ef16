"""The naive way to send messages, for comparison: one row at a time, a transaction around the call.

``python -m benchmarks.targets.sending`` empties ``bench_outbox`` and ends. It talks to the same
stand-in through the same client as Huying's worker.
"""

import os

import psycopg

from backend import config
from backend.integrations.wechat import WeChatServer
from backend.kernel.redis import RedisLink

TABLES = """
CREATE TABLE IF NOT EXISTS bench_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, openid text NOT NULL, data text NOT NULL,
  page text NOT NULL, status text NOT NULL DEFAULT 'waiting', sent_at timestamptz);
CREATE INDEX IF NOT EXISTS bench_outbox_waiting ON bench_outbox (id) WHERE status = 'waiting';
"""
_NEXT = """
SELECT id, openid, data, page FROM bench_outbox WHERE status = 'waiting'
ORDER BY id LIMIT 1 FOR UPDATE
"""
#: What a confirmation says besides the item.
_REST = {
    "time2": "2026年11月23日 09:30", "thing3": "越和街政务服务中心",
    "character_string4": "A261123-482073-5", "thing5": "到了出示二维码取号",
}  # fmt: skip
_DONE = "UPDATE bench_outbox SET status = 'sent', sent_at = clock_timestamp() WHERE id = %s"


def main() -> None:
    """Send until nothing is left."""
    settings = config.load(os.environ)
    wechat = settings.wechat
    client = WeChatServer(
        wechat.app_id, wechat.app_secret,
        redis=RedisLink(settings.redis_url), api_base=wechat.api_base,
    )  # fmt: skip
    with psycopg.connect(os.environ["BENCH_DSN"]) as connection:
        while True:
            with connection.transaction():
                row = connection.execute(_NEXT).fetchone()
                if row is None:
                    return
                number, openid, data, page = row
                client.send_subscribe(
                    openid, wechat.template_booked, {"thing1": data, **_REST}, page=page,
                    state="developer",
                )  # fmt: skip
                connection.execute(_DONE, (number,))


if __name__ == "__main__":
    main()
