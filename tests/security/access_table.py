"""Who may do what: one row a route, one column a role. A new route needs a row here.

`ok` is an answer of the 200s, or a 409 where things stand otherwise; numbers are refusals.
What is out of reach looks as if it were not there (404); only where somebody lacks the
permission everywhere does the answer say so (403).
"""

from tests.security import (
    access_campaigns,
    access_community,
    access_deliberation,
    access_demand,
    access_dispatch,
    access_hall,
    access_hotline,
    access_knowledge,
    access_messages,
    access_neighbourhood,
    access_supply,
    access_votes,
)

ROLES = (
    "anonymous", "unverified", "owner", "stranger", "clerk", "clerk_elsewhere", "manager",
    "editor", "editor_elsewhere", "supervisor", "administrator",
    # the two grid workers by their phones, the others at the console
    "grid_worker", "grid_worker_elsewhere", "dispatcher", "street_leader", "department_handler",
    # the hotline's
    "operator", "hotline_dispatcher", "hotline_reviewer", "callback_agent", "department_head",
    "department_head_elsewhere",
)  # fmt: skip

# Columns in the order of ROLES.
_POLICIES = """
                 anon unv own str clkclk2 man  ed ed2 sup admgridgri2displeaddeptoperhdis revcallheadhea2
public             ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
refused           422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422
unsigned          403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403 403
resident          401  ok  ok  ok 401 401 401 401 401 401 401  ok  ok 401 401 401 401 401 401 401 401 401
verified          401 403  ok  ok 401 401 401 401 401 401 401  ok  ok 401 401 401 401 401 401 401 401 401
own               401 404  ok 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
own_code          401 422 422 422 401 401 401 401 401 401 401 422 422 401 401 401 401 401 401 401 401 401
staff             401 401 401 401  ok  ok  ok  ok  ok  ok  ok 401 401  ok  ok  ok  ok  ok  ok  ok  ok  ok
staff_code        401 401 401 401 409 409 409 409 409 409 409 401 401 409 409 409  ok  ok  ok  ok  ok  ok
queue             401 401 401 401  ok 404  ok 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
hall_view         401 401 401 401  ok 404  ok 403 403  ok 403 401 401 403 403 403 403 403 403 403 403 403
reveal            401 401 401 401  ok 404  ok 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
schedule          401 401 401 401 403 403  ok 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
colleagues        401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
accounts          401 401 401 401 403 403 403 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
items_list        401 401 401 401 403 403 403  ok  ok  ok  ok 401 401 403 403 403 403 403 403 403 403 403
item_view         401 401 401 401 403 403 403  ok 404  ok  ok 401 401 403 403 403 403 403 403 403 403 403
item_new          401 401 401 401 403 403 403  ok 422 403 403 401 401 403 403 403 403 403 403 403 403 403
item_edit         401 401 401 401 403 403 403  ok 404 403 403 401 401 403 403 403 403 403 403 403 403 403
audit             401 401 401 401 403 403 403 403 403  ok  ok 401 401 403 403 403 403 403 403 403 403 403
refused_resident  401 422 422 422 401 401 401 401 401 401 401 422 422 401 401 401 401 401 401 401 401 401
fairness          401 401 401 401 403 403  ok 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
not_bound         401 404 404 404 401 401 401 401 401 401 401  ok  ok 401 401 401 401 401 401 401 401 401
"""

ROWS = {
    **access_campaigns.ROWS,
    **access_community.ROWS,
    **access_demand.ROWS,
    **access_dispatch.ROWS,
    **access_hall.ROWS,
    **access_supply.ROWS,
    **access_hotline.ROWS,
    **access_knowledge.ROWS,
    **access_messages.ROWS,
    **access_neighbourhood.ROWS,
    **access_deliberation.ROWS,
    **access_votes.ROWS,
    # pages and probes
    "GET /": "page",
    "GET /<path:path>": "page",
    "GET /console/": "page",
    "GET /console/<path:path>": "page",
    "GET /api/": "public",
    "GET /api/openapi.json": "public",
    "GET /healthz": "public",
    "GET /readyz": "probe",
    "GET /metrics": "public",
    "GET /wechat/push": "unsigned",
    "POST /wechat/push": "unsigned",
    "POST /sms/reports/<string(maxlength=20):sms_provider>": "unsigned",
    # signing in
    "GET /api/v1/config": "public",
    "GET /api/v1/privacy-policy": "public",
    "GET /api/v1/session": "public",
    "DELETE /api/v1/session": "public",
    "POST /api/v1/sessions/demo": "public",
    "POST /api/v1/sessions/sms": "refused",
    "POST /api/v1/sessions/wechat": "refused",
    "POST /api/v1/sms-codes": "public",
    "GET /api/v1/demo/persons": "public",
    "GET /api/v1/demo/register": "public",
    "GET /api/v1/demo/sms": "public",
    "GET /api/v1/demo/staff": "public",
    "GET /api/v1/demo/wechat-code": "public",
    "POST /api/v1/demo/topics/<uuid:topic_id>/stage-ends": "public",
    "POST /api/v1/demo/topics/<uuid:topic_id>/short-votes": "public",
    # the own account
    "GET /api/v1/me": "resident",
    "PATCH /api/v1/me": "resident",
    "POST /api/v1/me/close": "resident",
    "POST /api/v1/me/consents": "resident",
    "GET /api/v1/me/export": "resident",
    "GET /api/v1/me/notification-grants": "resident",
    "POST /api/v1/me/notification-grants": "resident",
    "GET /api/v1/me/notification-history": "resident",
    "POST /api/v1/me/notification-withdrawals": "resident",
    "GET /api/v1/me/message-settings": "resident",
    "PATCH /api/v1/me/message-settings": "resident",
    "POST /api/v1/me/phone": "own_code",
    "POST /api/v1/me/worker-binding": "refused_resident",
    "DELETE /api/v1/me/worker-binding": "not_bound",
    "POST /api/v1/me/real-name": "own_code",
    "GET /api/v1/messages": "resident",
    "POST /api/v1/messages/<uuid:message_id>/read": "own",
    "POST /api/v1/messages/read-all": "resident",
    # the catalogue and the halls
    "GET /api/v1/departments": "public",
    "GET /api/v1/halls": "public",
    "GET /api/v1/halls/<uuid:hall_id>": "public",
    "GET /api/v1/halls/<uuid:hall_id>/days": "public",
    "GET /api/v1/halls/<uuid:hall_id>/screen": "public",
    "GET /api/v1/halls/<uuid:hall_id>/slots": "public",
    "GET /api/v1/items": "public",
    "GET /api/v1/items/<uuid:item_id>": "public",
    "GET /api/v1/items/suggest": "public",
    "GET /api/v1/life-events": "public",
    "GET /api/v1/life-events/<string(maxlength=40):code>": "public",
    "GET /api/v1/themes": "public",
    # appointments and progress
    "POST /api/v1/appointments": "verified",
    "GET /api/v1/appointments": "resident",
    "GET /api/v1/appointments/<uuid:appointment_id>": "own",
    "POST /api/v1/appointments/<uuid:appointment_id>/cancel": "own",
    "POST /api/v1/appointments/<uuid:appointment_id>/rating": "own",
    "POST /api/v1/appointments/<uuid:appointment_id>/reschedule": "own",
    "POST /api/v1/waitlist": "verified",
    "GET /api/v1/waitlist": "resident",
    "GET /api/v1/waitlist/<uuid:entry_id>": "own",
    "POST /api/v1/waitlist/<uuid:entry_id>/leave": "own",
    "GET /api/v1/slot-offers": "resident",
    "GET /api/v1/slot-offers/<uuid:offer_id>": "own",
    "POST /api/v1/slot-offers/<uuid:offer_id>/accept": "own_verified",
    "POST /api/v1/slot-offers/<uuid:offer_id>/decline": "own",
    "GET /api/v1/staff/halls/<uuid:hall_id>/waitlist": "hall_view",
    "GET /api/v1/appointments/<uuid:appointment_id>/calendar.ics": "own",
    "GET /api/v1/calendar-feed": "resident",
    "POST /api/v1/calendar-feed": "resident",
    "DELETE /api/v1/calendar-feed": "resident",
    "GET /api/v1/calendar-feeds/<string(maxlength=64):feed_token>.ics": "public",
    "GET /api/v1/halls/<uuid:hall_id>/suggestions": "public",
    "GET /api/v1/booking-standing": "resident",
    "POST /api/v1/missed-appointments/<uuid:appointment_id>/appeal": "own",
    "GET /api/v1/staff/missed-appointments": "fairness",
    "POST /api/v1/staff/missed-appointments/<uuid:appointment_id>/decision": "fairness",
    "POST /api/v1/staff/halls/<uuid:hall_id>/forgiveness": "fairness",
    "GET /api/v1/matters": "resident",
    "GET /api/v1/matters/<string(maxlength=40):receipt_number>": "own",
    "POST /api/v1/matter-lookups": "public",
    # staff: the own session
    "GET /api/v1/staff/session": "public",
    "DELETE /api/v1/staff/session": "public",
    "POST /api/v1/staff/sessions": "public",
    "POST /api/v1/staff/sessions/demo": "public",
    "POST /api/v1/staff/session/password": "staff",
    "POST /api/v1/staff/session/totp": "staff",
    "POST /api/v1/staff/session/totp/confirmation": "staff_code",
    # staff: the hall
    "GET /api/v1/staff/appointments/<uuid:appointment_id>": "hall_view",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/finish": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/no-show": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/recall": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/requeue": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/skip": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/start": "queue",
    "POST /api/v1/staff/appointments/<uuid:appointment_id>/reveals": "reveal",
    "GET /api/v1/staff/halls/<uuid:hall_id>/board": "hall_view",
    "POST /api/v1/staff/halls/<uuid:hall_id>/check-ins": "queue",
    "PATCH /api/v1/staff/windows/<uuid:window_id>": "queue",
    "POST /api/v1/staff/windows/<uuid:window_id>/calls": "queue",
    "GET /api/v1/staff/halls/<uuid:hall_id>/schedules": "hall_view",
    "PUT /api/v1/staff/halls/<uuid:hall_id>/schedules": "schedule",
    "GET /api/v1/staff/halls/<uuid:hall_id>/slots": "hall_view",
    "PATCH /api/v1/staff/slots/<uuid:slot_id>": "schedule",
    "PUT /api/v1/staff/halls/<uuid:hall_id>/day-overrides/<string(maxlength=10):day>": "schedule",
    # staff: items
    "GET /api/v1/staff/items": "items_list",
    "POST /api/v1/staff/items": "item_new",
    "GET /api/v1/staff/items/<uuid:item_id>": "item_view",
    "PUT /api/v1/staff/items/<uuid:item_id>/draft": "item_edit",
    "POST /api/v1/staff/items/<uuid:item_id>/publications": "item_edit",
    "GET /api/v1/staff/items/<uuid:item_id>/versions": "item_view",
    "GET /api/v1/staff/items/<uuid:item_id>/versions/<int:number>": "item_view",
    # staff: accounts and logs
    "GET /api/v1/staff/accounts": "colleagues",
    "POST /api/v1/staff/accounts": "accounts",
    "PATCH /api/v1/staff/accounts/<uuid:account_id>": "accounts",
    "POST /api/v1/staff/accounts/<uuid:account_id>/password-resets": "accounts",
    "POST /api/v1/staff/accounts/<uuid:account_id>/totp-resets": "accounts",
    "GET /api/v1/staff/roles": "accounts",
    "GET /api/v1/staff/reveals": "audit",
}
# What the front ends' builds and the worker's heartbeat decide, not who asks.
ANY = {"page": {200, 404}, "probe": {200, 503}, "geo_report": {200, 400, 403, 404}}


def _policies() -> dict[str, dict[str, str]]:
    text = (
        _POLICIES
        + access_community.POLICIES
        + access_demand.POLICIES
        + access_hall.POLICIES
        + access_supply.POLICIES
        + access_dispatch.POLICIES
        + access_hotline.POLICIES
        + access_knowledge.POLICIES
        + access_neighbourhood.POLICIES
        + access_deliberation.POLICIES
        + access_votes.POLICIES
    )
    lines = [line.split() for line in text.strip().splitlines()[1:] if line]
    return {name: dict(zip(ROLES, cells, strict=True)) for name, *cells in lines}


POLICIES = _policies()
