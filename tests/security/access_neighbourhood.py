"""Who may do what in community life; columns as in `access_table`.

The owner lives in the community and has reported in there; the grid worker lives there too; the
stranger and the others do not.
`wish_id`, `help_id`, `resource_booking_id`, `service_certificate_id` and `party_report_id` are the
owner's. The community's own staff are tried in `tests/http/test_neighbourhood_http`.
"""

POLICIES = """
member           401 403  ok 403 401 401 401 401 401 401 401  ok 403 401 401 401 401 401 401 401 401 401
party_member     401 403  ok 403 401 401 401 401 401 401 401 403 403 401 401 401 401 401 401 401 401 401
life_nobody      401 404 404 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
life_desk        401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
"""

_ACTIVITY = "/api/v1/activities/<uuid:activity_id>"
_STAFF = "/api/v1/staff"
_ONE = f"{_STAFF}/activities/<uuid:activity_id>"
_WISH = "/api/v1/wishes/<uuid:wish_id>"
_HELP = "/api/v1/help-requests/<uuid:help_id>"
_CERTIFICATE = "/api/v1/my-hours/certificates/<uuid:service_certificate_id>"
_POST = "/api/v1/party/posts/<uuid:party_post_id>"
_PLACE = f"{_STAFF}/resources/<uuid:resource_id>"
_DESK = (
    f"GET {_STAFF}/neighbourhood/areas", f"GET {_STAFF}/activities", f"POST {_STAFF}/activities",
    f"GET {_ONE}", f"PUT {_ONE}", f"POST {_ONE}/publications", f"POST {_ONE}/cancellations",
    f"POST {_ONE}/endings", f"POST {_ONE}/settlements", f"GET {_ONE}/signups",
    f"POST {_ONE}/attendances", f"GET {_ONE}/check-in-code",
    f"POST {_STAFF}/activity-signups/<uuid:activity_signup_id>/reveals",
    f"GET {_STAFF}/party-reports",
    f"POST {_STAFF}/party-reports/<uuid:party_report_id>/decisions",
    f"POST {_STAFF}/party-reports/<uuid:party_report_id>/endings",
    f"GET {_STAFF}/party-posts", f"POST {_STAFF}/party-posts",
    f"POST {_STAFF}/party-posts/<uuid:party_post_id>/closings",
    f"GET {_STAFF}/wishes", f"POST {_STAFF}/wishes/<uuid:wish_id>/removals",
    f"GET {_STAFF}/help-requests", f"POST {_STAFF}/help-requests/<uuid:help_id>/removals",
    f"GET {_STAFF}/resources", f"POST {_STAFF}/resources", f"PUT {_PLACE}", f"PUT {_PLACE}/week",
    f"POST {_PLACE}/closures", f"GET {_PLACE}/bookings",
    f"POST {_STAFF}/resource-bookings/<uuid:resource_booking_id>/cancellations",
)  # fmt: skip
ROWS = {
    "GET /api/v1/neighbourhood": "resident",
    "GET /api/v1/activities": "public",
    f"GET {_ACTIVITY}": "public",
    f"POST {_ACTIVITY}/signups": "verified",
    f"POST {_ACTIVITY}/cancellations": "resident",
    f"POST {_ACTIVITY}/acceptances": "resident",
    f"POST {_ACTIVITY}/check-ins": "resident",
    "GET /api/v1/my-activities": "resident",
    "GET /api/v1/my-hours": "resident",
    "GET /api/v1/my-hours/certificates": "resident",
    "POST /api/v1/my-hours/certificates": "verified",
    f"POST {_CERTIFICATE}/withdrawals": "own",
    f"GET {_CERTIFICATE}/export": "own",
    "GET /api/v1/public/service-certificates/<string(maxlength=40):certificate_number>": "public",
    "GET /api/v1/public/neighbourhood-figures": "public",
    "GET /api/v1/my-points": "resident",
    "PUT /api/v1/my-points/rank": "resident",
    "GET /api/v1/point-ranks": "resident",
    "GET /api/v1/wishes": "resident",
    "POST /api/v1/wishes": "member",
    f"GET {_WISH}": "own",
    **{
        f"POST {_WISH}/{one}": "own"
        for one in ("rewrites", "appeals", "confirmations", "returns", "withdrawals")
    },
    f"POST {_WISH}/claims": "own_verified",
    f"POST {_WISH}/releases": "life_nobody",
    f"POST {_WISH}/completions": "life_nobody",
    "GET /api/v1/help-requests": "resident",
    "POST /api/v1/help-requests": "member",
    f"GET {_HELP}": "own",
    **{
        f"POST {_HELP}/{one}": "own"
        for one in ("rewrites", "appeals", "choices", "partings", "completions", "withdrawals")
    },
    f"POST {_HELP}/offers": "own_verified",
    f"POST {_HELP}/offer-withdrawals": "life_nobody",
    "GET /api/v1/party": "resident",
    "POST /api/v1/party/reports": "verified",
    "POST /api/v1/party/reports/<uuid:party_report_id>/endings": "own",
    f"POST {_POST}/claims": "party_member",
    f"POST {_POST}/releases": "party_member",
    "GET /api/v1/resources": "public",
    "GET /api/v1/resources/<uuid:resource_id>": "public",
    "GET /api/v1/resources/<uuid:resource_id>/days": "public",
    "GET /api/v1/resources/<uuid:resource_id>/slots": "public",
    "POST /api/v1/resources/<uuid:resource_id>/bookings": "member",
    "GET /api/v1/resource-bookings": "resident",
    "POST /api/v1/resource-bookings/<uuid:resource_booking_id>/cancellations": "own",
    **dict.fromkeys(_DESK, "life_desk"),
}
