"""What is told about homes, transfers and proxies: to residents, and to the community's workers."""

from datetime import timedelta

from backend.domains.messages.samples import HOME
from notifications.kinds import SERVICE, SMS, Fields, Kind
from notifications.rules import Priority

_HOMES, _PROXIES = "/homes", "/proxies"
_HOMES_PAGE, _PROXIES_PAGE = "packages/council/homes", "packages/council/proxies"


def _service(state: str, hint: str) -> Fields:
    """The service account's one template: matter, time, place, state, hint."""
    return (
        ("thing1", "{title}"),
        ("time2", "{at:wechat}"),
        ("thing3", "{place}"),
        ("phrase4", state),
        ("thing5", hint),
    )


def _resident(key: str, name: str, text: tuple[str, str], mark: tuple[str, str], *,
              sms: str = "", link: str = _HOMES, page: str = _HOMES_PAGE) -> Kind:  # fmt: skip
    ladder = (SERVICE, SMS) if sms else (SERVICE,)
    return Kind(
        key=key, name=name, topic="homes", title=text[0], body=text[1],
        priority=Priority.CHANGE,
        life=timedelta(days=7), ladder=ladder, link=link, page=page, service=_service(*mark),
        sms=sms, may_repeat=True, values=HOME.of(*text, *mark, sms),
    )  # fmt: skip


def _worker(key: str, name: str, text: tuple[str, str], mark: tuple[str, str]) -> Kind:
    return Kind(
        key=key, name=name, topic="work", title=text[0], body=text[1],
        priority=Priority.REMINDER,
        life=timedelta(days=3), ladder=(SERVICE,), service=_service(*mark), may_repeat=True,
        values=HOME.of(*text, *mark),
    )  # fmt: skip


CLAIMED = _worker(
    "home_claimed", "住处待确认",
    ("请确认住处：{label}",
     "{place}{label}有人提交了住处（{relation_text}），请在工作台核对。"),
    ("待确认", "请在工作台核对"),
)  # fmt: skip
CONFIRMED = _resident(
    "home_confirmed", "住处确认",
    ("住处已确认：{label}",
     "社区已确认您住在{place}{label}，可以参加小区的议事和投票了。"),
    ("已确认", "可以议事和投票了"),
    sms="社区已确认您在{place}{label}的住处，可以参加小区的议事和投票了。",
)  # fmt: skip
NOT_CONFIRMED = _resident(
    "home_refused", "住处没有通过",
    ("住处{result}：{label}",
     "{place}{label}{result}：{reason}。有疑问请问社区工作人员。"),
    ("{result}", "点开看原因"),
    sms="您在{place}{label}的住处{result}：{reason}。有疑问请问社区工作人员。",
)  # fmt: skip
TRANSFER_ASKED = _worker(
    "transfer_requested", "过户待核对",
    ("请核对过户：{label}",
     "{place}{label}提交了过户材料，请在工作台核对。"),
    ("待核对", "请在工作台核对"),
)  # fmt: skip
TRANSFERRED = _resident(
    "transfer_confirmed", "过户完成",
    ("已过户：{label}",
     "{place}{label}的产权人已更新。之前投出的票仍然有效。"),
    ("已过户", "产权人已更新"),
    sms="{place}{label}的产权人登记已更新。",
)  # fmt: skip
TRANSFERRED_AWAY = _resident(
    "transfer_away", "房屋已过户",
    ("房屋已过户：{label}",
     "{place}{label}登记到了新的产权人名下。不是您办的，请马上联系社区。之前投出的票仍然有效。"),
    ("已过户", "有疑问请联系社区"),
    sms="{place}{label}已登记到新的产权人名下。不是您办的，请马上联系社区。",
)  # fmt: skip
NOT_TRANSFERRED = _resident(
    "transfer_refused", "过户没有通过",
    ("过户没有通过：{label}",
     "{place}{label}：{reason}。请补好材料再提交。"),
    ("未通过", "点开看原因"),
    sms="{place}{label}的过户没有通过：{reason}。请补好材料再提交。",
)  # fmt: skip
PROXY_GIVEN = _resident(
    "proxy_given", "受托投票",
    ("有人委托您投票：{label}",
     "{place}{label}委托您代为投票，{until_text}。不愿意可以退回。"),
    ("已受托", "不愿意可以退回"),
    sms="{place}{label}委托您代为投票，{until_text}。不愿意可以在小程序里退回。",
    link=_PROXIES, page=_PROXIES_PAGE,
)  # fmt: skip
PROXY_TAKEN = _resident(
    "proxy_taken", "已委托他人投票",
    ("已委托他人投票：{label}",
     "{place}{label}已委托他人代为投票，{until_text}。不是您的意思，请马上撤销；您自己投的票优先。"),
    ("已委托", "不是您的意思请撤销"),
    sms="{place}{label}已委托他人代为投票，{until_text}。不是您的意思，请在小程序里撤销。",
    link=_PROXIES, page=_PROXIES_PAGE,
)  # fmt: skip
PROXY_ENDED = _resident(
    "proxy_ended", "委托结束",
    ("投票委托{result}：{label}",
     "{place}{label}的投票委托{result}。{reason}"),
    ("{result}", "需要时可重新委托"),
    link=_PROXIES, page=_PROXIES_PAGE,
)  # fmt: skip

KINDS = (
    CLAIMED, CONFIRMED, NOT_CONFIRMED, TRANSFER_ASKED, TRANSFERRED, TRANSFERRED_AWAY,
    NOT_TRANSFERRED, PROXY_GIVEN, PROXY_TAKEN, PROXY_ENDED,
)  # fmt: skip
