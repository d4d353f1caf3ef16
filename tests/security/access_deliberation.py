"""Who may do what with topics; columns as in `access_table`.

`topic_id` is the owner's own topic under discussion, `comment_id` and `statement_id` the owner's
words there. The community's own staff are tried in `tests/http` and `tests/domains`; dispatcher
and street leader decide on objections and appeals, the supervisor only looks.
"""

POLICIES = """
neighbour        401 404  ok 404 401 401 401 401 401 401 401  ok 404 401 401 401 401 401 401 401 401 401
proposer         401 404  ok 404 401 401 401 401 401 401 401 403 404 401 401 401 401 401 401 401 401 401
topics_list      401 401 401 401 403 403 403 403 403  ok 403 401 401  ok  ok 403 403 403 403 403 403 403
topic_seen       401 401 401 401 403 403 403 403 403  ok 403 401 401  ok  ok 403 403 403 403 403 403 403
topic_desk       401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
topic_street     401 401 401 401 403 403 403 403 403 403 403 401 401  ok  ok 403 403 403 403 403 403 403
topic_checked    401 401 401 401 403 403 403 403 403 404 403 401 401  ok  ok 403 403 403 403 403 403 403
no_such_link     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
"""

_TOPIC = "/api/v1/topics/<uuid:topic_id>"
_STAFF = "/api/v1/staff/topics/<uuid:topic_id>"
_COMMENT = "/api/v1/comments/<uuid:comment_id>"
_STATEMENT = "/api/v1/statements/<uuid:statement_id>"
_CHECK = "/api/v1/staff/content-checks/<uuid:content_check_id>"
_CASE = "/api/v1/staff/moderation-cases/<uuid:case_id>"

OWN = (
    "POST /api/v1/topics", f"GET {_TOPIC}", f"PUT {_TOPIC}", f"POST {_TOPIC}/appeals",
    f"POST {_TOPIC}/withdrawals", f"POST {_TOPIC}/seconds", f"POST {_TOPIC}/follow",
    f"DELETE {_TOPIC}/follow", f"POST {_TOPIC}/objections", f"GET {_TOPIC}/progress",
    f"GET {_TOPIC}/files/<uuid:picture_id>", f"GET {_TOPIC}/comments", f"POST {_TOPIC}/comments",
    f"GET {_TOPIC}/statements", f"POST {_TOPIC}/statements", f"GET {_TOPIC}/opinion-map",
    f"PUT {_COMMENT}", f"DELETE {_COMMENT}", f"POST {_COMMENT}/likes",
    f"POST {_COMMENT}/reports", f"POST {_COMMENT}/appeals", f"PUT {_STATEMENT}/vote",
    f"DELETE {_STATEMENT}", f"POST {_STATEMENT}/reports", f"POST {_STATEMENT}/appeals",
)  # fmt: skip
AUTHORS = (
    f"PUT {_COMMENT}", f"DELETE {_COMMENT}", f"POST {_COMMENT}/appeals", f"DELETE {_STATEMENT}",
    f"POST {_STATEMENT}/appeals",
)  # fmt: skip
SEEN = (
    f"GET {_STAFF}", f"GET {_STAFF}/draft", f"GET {_STAFF}/comments", f"GET {_STAFF}/notice",
    f"GET {_STAFF}/files/<uuid:picture_id>", f"GET {_STAFF}/opinion-map",
)  # fmt: skip
DESK = (
    "POST /api/v1/staff/topics", f"PUT {_STAFF}", f"POST {_STAFF}/acceptances",
    f"POST {_STAFF}/declines", f"POST {_STAFF}/stages", f"PUT {_STAFF}/draft",
    f"POST {_STAFF}/notices", f"POST {_STAFF}/statements", f"POST {_STAFF}/requirements",
    f"POST {_STAFF}/progress", f"POST {_STAFF}/closings",
    "POST /api/v1/staff/comments/<uuid:comment_id>/hidings",
    "POST /api/v1/staff/statements/<uuid:statement_id>/hidings",
)  # fmt: skip
STREET = (
    "POST /api/v1/staff/topic-objections/<uuid:objection_id>/decisions",
    f"POST {_CASE}/decisions", f"POST {_STAFF}/official-answers",
)  # fmt: skip
ROWS = {
    "GET /api/v1/communities/mine": "resident",
    "GET /api/v1/topics": "resident",
    "POST /api/v1/topic-files": "resident",
    **dict.fromkeys(OWN, "neighbour"),
    # The grid worker of the first column lives in the same estate.
    f"POST {_TOPIC}/withdrawals": "proposer",
    **dict.fromkeys(AUTHORS, "own"),
    "GET /api/v1/staff/topics": "topics_list",
    "GET /api/v1/staff/moderation": "topics_list",
    "GET /api/v1/staff/content-checks": "topics_list",
    "POST /api/v1/staff/topic-files": "topics_list",
    **dict.fromkeys(SEEN, "topic_seen"),
    **dict.fromkeys(DESK, "topic_desk"),
    **dict.fromkeys(STREET, "topic_street"),
    f"POST {_CHECK}/decisions": "topic_checked",
    f"GET {_CHECK}/files/<uuid:checked_file_id>": "topic_checked",
    "GET /api/v1/content-files/<uuid:checked_file_id>/<int:until>/"
    "<string(maxlength=64):signature>": "no_such_link",
}
