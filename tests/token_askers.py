"""What processes of a test do with WeChat's token. It imports little: four start at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from backend.integrations.wechat import WeChatServer
from backend.kernel.redis import RedisLink

#: Seconds until the last of them has started, on a machine busy with other things.
START = 120
#: What the card of a booking says besides the item.
CARD = {
    "time2": "2026年11月23日 09:30", "thing3": "越和街政务服务中心",
    "character_string4": "A261123-482073-5", "thing5": "到了出示二维码取号",
}  # fmt: skip


def ask(queue: Any, barrier: Any, url: str, redis_url: str, account: tuple[str, str]) -> None:
    """Put the token into the queue."""
    client = WeChatServer(*account, redis=RedisLink(redis_url), api_base=url)
    barrier.wait(timeout=START)
    queue.put(client.access_token)


def send(
    queue: Any, barrier: Any, url: str, redis_url: str, account: tuple[str, str],
    message: tuple[str, str], count: int,
) -> None:  # fmt: skip
    """Send ``count`` messages (openid, template) as a worker of two threads would; put how many."""
    client = WeChatServer(*account, redis=RedisLink(redis_url), api_base=url)
    barrier.wait(timeout=START)

    def one(number: int) -> str | None:
        return client.send_subscribe(*message, {**CARD, "thing1": f"第{number}条"})

    with ThreadPoolExecutor(2) as pool:
        queue.put(len([found for found in pool.map(one, range(count)) if found]))
