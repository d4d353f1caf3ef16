"""Reports of text messages, called back by their providers. Not below /api/v1."""

from flask import Blueprint, Response, request

from backend.domains.messages import pushes, rules, sms_reports
from backend.http.context import services, uow
from backend.http.guards import public
from backend.http.mutation import mutation
from backend.http.problems import problem
from backend.integrations.sms_reports import ReportRejected, Signed

bp = Blueprint("sms_reports", __name__)
_MOST_BYTES = 256 * 1024


@bp.post("/sms/reports/<string(maxlength=20):sms_provider>")
@public
@mutation(replay=False)
def receive(sms_provider: str) -> Response:
    """Check, store, answer; the worker acts on it. Signature and body in the provider's dialect."""
    provider = sms_reports.provider(services(), sms_provider)
    if provider is None:
        return _refused()
    raw = request.get_data()
    if len(raw) > _MOST_BYTES:
        return problem(413, "too_large", "内容太大")
    try:
        batch = provider.open_reports(Signed(request.path, request.headers, raw))
    except ReportRejected as error:
        return _malformed() if error.reason == "malformed" else _refused()
    if not rules.fresh(batch.timestamp, uow().now):
        return _refused()
    message = sms_reports.written(batch)
    if not pushes.store(uow(), provider.name, message, batch.timestamp, batch.nonce):
        return _refused()
    body, media_type = provider.answer()
    return Response(body, mimetype=media_type)


def _refused() -> Response:
    return problem(403, "report_refused", "来源无法确认", action="请检查短信平台的设置")


def _malformed() -> Response:
    return problem(400, "report_malformed", "内容无法识别", action="请检查短信平台的设置")
