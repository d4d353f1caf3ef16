"""WeChat's message push: GET to check the address, POST for each event. Not below /api/v1."""

from flask import Blueprint, Response, request

from backend.domains.messages import pushes
from backend.http.context import services, uow
from backend.http.guards import public
from backend.http.mutation import mutation
from backend.http.problems import problem
from backend.integrations.wechat import PushRejected
from backend.integrations.wechat_push import read

bp = Blueprint("wechat_push", __name__)
_MOST_BYTES = 64 * 1024


@bp.get("/wechat/push")
@public
def check_address() -> Response:
    """Echo what WeChat sent when its signature is right."""
    args = request.args
    given = (args.get("signature", ""), args.get("timestamp", ""), args.get("nonce", ""))
    if not any(codec.verify(*given) for codec in pushes.codecs(services()).values()):
        return _refused()
    return Response(args.get("echostr", "")[:200], mimetype="text/plain")


@bp.post("/wechat/push")
@public
@mutation(replay=False)
def receive() -> Response:
    """Check, store, answer; the worker acts on it. WeChat repeats what is not answered in 5 s."""
    args = request.args
    if args.get("encrypt_type") != "aes" or not pushes.codecs(services()):
        return _refused()
    raw = request.get_data()
    if len(raw) > _MOST_BYTES:
        return problem(413, "too_large", "内容太大")
    timestamp, nonce = args.get("timestamp", ""), args.get("nonce", "")
    try:
        account, message = pushes.open_push(
            services(), read(raw), args.get("msg_signature", ""), timestamp, nonce
        )
    except PushRejected as error:
        return _malformed() if error.reason == "malformed" else _refused()
    if not pushes.store(uow(), account, message, timestamp, nonce):
        return _refused()
    return Response("success", mimetype="text/plain")


def _refused() -> Response:
    return problem(403, "push_refused", "来源无法确认", action="请检查消息推送的设置")


def _malformed() -> Response:
    return problem(400, "push_malformed", "内容无法识别", action="请检查消息推送的设置")
