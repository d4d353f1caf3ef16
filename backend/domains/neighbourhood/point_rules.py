"""Points (积分) without commerce: for hours served and help given; there is nothing to buy. Pure."""

REASON_TEXT = {"service": "志愿服务", "help": "邻里互助", "wish": "实现微心愿",
               "correction": "更正"}  # fmt: skip
#: Points of one neighbour helped, and of one wish fulfilled.
HELP, WISH = 2, 5
_HALF_HOUR = 30


def of_minutes(minutes: int) -> int:
    """One point for each half hour that is full."""
    return minutes // _HALF_HOUR


def hours_text(minutes: int) -> str:
    """`2小时30分钟`, `2小时`, `30分钟`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}小时" if hours else "", f"{rest}分钟" if rest or not hours else ""]
    return "".join(parts)
