"""Who may do what with tickets and calls; columns as in `access_table`.

`ticket_id` is a ticket of the owner's that waits for the signature of cgj, whose handler and head
are among the columns; request and order belong to another one, at work there. For the head of
another department none of them is there. What a step needs besides (the state, another person) is
tried by the ticket machine.
"""

POLICIES = """
ticket            401 401 401 401 404 404 404 404 404  ok  ok 401 401 404 404  ok  ok  ok  ok  ok  ok 404
ticket_lead       401 401 401 401 404 404 404 404 404 403 403 401 401 404 404  ok 403 403 403 403  ok 404
ticket_edit       401 401 401 401 404 404 404 404 404 403 403 401 401 404 404 403 403  ok 403 403 403 404
ticket_tell       401 401 401 401 404 404 404 404 404 403 403 401 401 404 404 403  ok  ok 403 403 403 404
ticket_tie        401 401 401 401 404 404 404 404 404 403 403 401 401 404 404  ok  ok  ok  ok 403  ok 404
ticket_untie      401 401 401 401 404 404 404 404 404 403 403 401 401 404 404 404 404 404 404 403 404 404
ticket_units      401 401 401 401 404 404 404 404 404  ok 403 401 401 404 404  ok 403  ok 403 403  ok 404
ticket_order      401 401 401 401 404 404 404 404 404  ok 403 401 401 404 404 403 403 403 403 403 403 404
ticket_desk       401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403  ok 403 403 403 403 403
ticket_call       401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 404 403 403 403 403 403
ticket_settings   401 401 401 401 403 403 403 403 403  ok  ok 401 401 403 403 403 403 403 403 403 403 403
ticket_help       401 401 401 401 403 403 403 403 403  ok  ok 401 401 403 403 403  ok  ok  ok  ok 403 403
"""

_TICKET = "/api/v1/staff/tickets/<uuid:ticket_id>"
_POLICY_OF = {
    **dict.fromkeys(("sign", "returns"), "ticket_lead"),
    **dict.fromkeys(("urges", "events"), "ticket_tell"),
    "reveals": "ticket_edit",
    **dict.fromkeys(("unlinks", "pins", "unpins"), "ticket_untie"),
    "supervisions": "ticket_order",
    "links": "ticket_tie",
    "units": "ticket_units",
}
_STEPS = (
    "accept", "reject", "answer", "dispatch", "merge", "separate", "sign", "returns", "contact",
    "units", "extensions", "holds", "end-hold", "reply", "co-reply", "unit-approval",
    "centre-approval", "send-back", "callbacks", "judgements", "reopen", "urges", "notes",
    "supervisions", "links", "unlinks", "events", "pins", "unpins", "reveals",
)  # fmt: skip
ROWS = {
    # residents
    "GET /api/v1/tickets": "resident",
    "POST /api/v1/tickets": "resident",
    "GET /api/v1/tickets/<uuid:ticket_id>": "own",
    "GET /api/v1/tickets/<uuid:ticket_id>/files/<uuid:file_id>": "own",
    "POST /api/v1/tickets/<uuid:ticket_id>/urges": "own",
    "POST /api/v1/tickets/<uuid:ticket_id>/ratings": "own",
    "POST /api/v1/tickets/<uuid:ticket_id>/notes": "own",
    "POST /api/v1/tickets/<uuid:ticket_id>/cancellations": "own",
    "POST /api/v1/questions": "resident",
    "GET /api/v1/questions/<uuid:question_id>": "own",
    "GET /api/v1/public/hotline": "public",
    # the telephone
    "POST /cti/v1/events": "unsigned",
    "GET /api/v1/staff/answer-scripts": "knowledge_read",
    "GET /api/v1/staff/ticket-limits": "ticket_settings",
    "PUT /api/v1/staff/ticket-limits": "ticket_settings",
    "GET /api/v1/staff/cti-keys": "event_settings",
    "POST /api/v1/staff/cti-keys": "event_settings",
    "POST /api/v1/staff/cti-keys/<uuid:cti_key_id>/revocations": "event_settings",
    "GET /api/v1/staff/calls/current": "ticket_desk",
    "PUT /api/v1/staff/calls/agent": "ticket_desk",
    "POST /api/v1/staff/calls/<uuid:call_id>/answer": "ticket_call",
    "POST /api/v1/staff/calls/<uuid:call_id>/end": "ticket_call",
    # the figures
    "GET /api/v1/staff/hotline-board": "ticket_help",
    "GET /api/v1/staff/hotline-reports": "reports",
    "GET /api/v1/staff/hotline-reports/busy-hour": "reports",
    "GET /api/v1/staff/hotline-reports/export": "reports",
    # the desks
    "GET /api/v1/staff/tickets": "staff",
    "POST /api/v1/staff/tickets": "ticket_desk",
    "POST /api/v1/staff/ticket-suggestions": "ticket_help",
    "GET /api/v1/staff/ticket-drafts": "ticket_help",
    "GET /api/v1/staff/ticket-drafts/<string(maxlength=80):draft_key>": "staff",
    "PUT /api/v1/staff/ticket-drafts/<string(maxlength=80):draft_key>": "staff",
    "DELETE /api/v1/staff/ticket-drafts/<string(maxlength=80):draft_key>": "staff",
    f"GET {_TICKET}": "ticket",
    f"GET {_TICKET}/files/<uuid:file_id>": "ticket",
    f"PUT {_TICKET}": "ticket_edit",
    **{f"POST {_TICKET}/{name}": _POLICY_OF.get(name, "ticket") for name in _STEPS},
    "POST /api/v1/staff/ticket-requests/<uuid:ticket_request_id>/decision": "ticket_order",
    "POST /api/v1/staff/ticket-orders/<uuid:ticket_order_id>/reply": "ticket_lead",
    "POST /api/v1/staff/ticket-orders/<uuid:ticket_order_id>/close": "ticket_order",
}
