"""Who may do what in dispatch, the grid, patrols and Open311; columns as in `access_table`.

`event_id` is a call in yuehe that the owner made and the grid worker was asked for; subtask,
whistle, request and order belong to another event at work there. Refusals by part (403) are for
those who see it; out of reach it is not there (404).
"""

POLICIES = """
worker            401 403 403 403 401 401 401 401 401 401 401  ok  ok 401 401 401 401 401 401 401 401 401
worker_event      401 403 403 403 401 401 401 401 401 401 401  ok 404 401 401 401 401 401 401 401 401 401
worker_step       401 403 403 403 401 401 401 401 401 401 401 403 404 401 401 401 401 401 401 401 401 401
worker_whistle    401 403 403 403 401 401 401 401 401 401 401 403 403 401 401 401 401 401 401 401 401 401
worker_own        401 403 403 403 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
patrol_fault      401 403 403 403 401 401 401 401 401 401 401 422 404 401 401 401 401 401 401 401 401 401
event             401 401 401 401 404 404 404 404 404  ok  ok 401 401  ok  ok 404 404 404 404 404 404 404
event_dispatch    401 401 401 401 404 404 404 404 404 403 403 401 401  ok 403 404 404 404 404 404 404 404
event_claim       401 401 401 401 404 404 404 404 404 403 403 401 401 403 403 404 404 404 404 404 404 404
event_request     401 401 401 401 404 404 404 404 404 403 403 401 401  ok  ok 404 404 404 404 404 404 404
event_split       401 401 401 401 404 404 404 404 404 403 403 401 401 422 403 404 404 404 404 404 404 404
event_order       401 401 401 401 404 404 404 404 404  ok 403 401 401 403 403 404 404 404 404 404 404 404
staff_own         401 401 401 401 404 404 404 404 404 404 404 401 401 404 404 404 404 404 404 404 404 404
nobody            404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404
work              401 401 401 401 404 404 404 404 404  ok  ok 401 401  ok  ok  ok 404 404 404 404 404 404
work_holder       401 401 401 401 404 404 404 404 404 403 403 401 401 403 403 403 404 404 404 404 404 404
work_dispatch     401 401 401 401 404 404 404 404 404 403 403 401 401  ok 403 403 404 404 404 404 404 404
work_department   401 401 401 401 404 404 404 404 404 403 403 401 401 403 403  ok 404 404 404 404 404 404
work_approve      401 401 401 401 404 404 404 404 404 403 403 401 401  ok  ok 403 404 404 404 404 404 404
work_supervise    401 401 401 401 404 404 404 404 404  ok 403 401 401 403 403 403 404 404 404 404 404 404
reports           401 401 401 401 403 403 403 403 403  ok 403 401 401  ok  ok 403 403  ok  ok 403  ok  ok
desk              401 401 401 401 403 403 403 403 403 403 403 401 401  ok 403 403 403 403 403 403 403 403
event_settings    401 401 401 401 403 403 403 403 403 403  ok 401 401 403 403 403 403 403 403 403 403 403
grid              401 401 401 401 403 403 403 403 403  ok  ok 401 401  ok  ok 403 403 403 403 403 403 403
departments       401 401 401 401 403 403 403 403 403  ok  ok 401 401  ok  ok  ok 403 403 403 403 403 403
roster            401 401 401 401 403 403 403 403 403 403  ok 401 401  ok  ok 403 403 403 403 403 403 403
roster_district   401 401 401 401 403 403 403 403 403 403  ok 401 401  ok 404 403 403 403 403 403 403 403
stream            401 401 401 401 503 503 503 503 503 503 503 401 401 503 503 503 503 503 503 503 503 503
patrol_file       401 401 401 401 403 403 403 403 403 404 404 401 401 404 404 403 403 403 403 403 403 403
"""

ROWS = {
    # residents and visitors
    "GET /api/v1/event-categories": "public",
    "POST /api/v1/event-suggestions": "public",
    "GET /api/v1/events": "resident",
    "POST /api/v1/events": "resident",
    "GET /api/v1/events/<uuid:event_id>": "own",
    "POST /api/v1/events/<uuid:event_id>/callers": "resident",
    "POST /api/v1/events/<uuid:event_id>/cancellations": "own",
    "POST /api/v1/events/<uuid:event_id>/confirmations": "own",
    "GET /api/v1/events/<uuid:event_id>/files/<uuid:file_id>": "own",
    "POST /api/v1/events/<uuid:event_id>/notes": "own",
    "POST /api/v1/events/<uuid:event_id>/ratings": "own",
    "POST /api/v1/events/<uuid:event_id>/reopenings": "own",
    "POST /api/v1/files": "resident",
    "GET /api/v1/files/<uuid:file_id>": "own",
    "GET /api/v1/public/areas": "public",
    "GET /api/v1/public/events": "public",
    "GET /api/v1/public/events/<uuid:event_id>": "public",
    "GET /api/v1/public/events/<uuid:event_id>/files/<uuid:file_id>": "nobody",
    # the phone of a grid worker
    "GET /api/v1/worker/check-lists": "worker",
    "GET /api/v1/worker/events": "worker",
    "POST /api/v1/worker/events": "worker",
    "GET /api/v1/worker/events/<uuid:event_id>": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/accept": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/callers/<uuid:caller_id>/reveals": "worker_step",
    "POST /api/v1/worker/events/<uuid:event_id>/claim": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/contact": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/decline": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/dispose": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/end-hold": "worker_event",
    "GET /api/v1/worker/events/<uuid:event_id>/files/<uuid:file_id>": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/notes": "worker_event",
    "GET /api/v1/worker/events/<uuid:event_id>/parties": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/release": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/requests": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/schedule": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/start": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/subtasks": "worker_step",
    "POST /api/v1/worker/events/<uuid:event_id>/transfers": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/verify": "worker_event",
    "POST /api/v1/worker/events/<uuid:event_id>/whistles": "worker_event",
    "POST /api/v1/worker/files": "worker",
    "GET /api/v1/worker/files/<uuid:file_id>": "worker_own",
    "GET /api/v1/worker/patrols": "worker",
    "POST /api/v1/worker/patrols": "worker",
    "POST /api/v1/worker/patrols/<uuid:patrol_id>/checks": "worker_event",
    "POST /api/v1/worker/patrols/<uuid:patrol_id>/checks/<uuid:check_id>/events": "patrol_fault",
    "POST /api/v1/worker/patrols/<uuid:patrol_id>/finish": "worker_event",
    "POST /api/v1/worker/patrols/<uuid:patrol_id>/points": "worker_event",
    "GET /api/v1/worker/shift": "worker",
    "POST /api/v1/worker/subtasks/<uuid:subtask_id>/accept": "worker_step",
    "POST /api/v1/worker/subtasks/<uuid:subtask_id>/finish": "worker_event",
    "POST /api/v1/worker/subtasks/<uuid:subtask_id>/return": "worker_step",
    "POST /api/v1/worker/subtasks/<uuid:subtask_id>/withdraw": "worker_event",
    "POST /api/v1/worker/supervisions/<uuid:order_id>/reply": "worker_event",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/arrive": "worker_whistle",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/contact": "worker_whistle",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/finish": "worker_whistle",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/return": "worker_whistle",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/sign": "worker_whistle",
    "POST /api/v1/worker/whistles/<uuid:whistle_id>/withdraw": "worker_whistle",
    # the desk: events
    "GET /api/v1/staff/events": "staff",
    "POST /api/v1/staff/events": "desk",
    "GET /api/v1/staff/events/<uuid:event_id>": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/accept": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/assign": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/callers/<uuid:caller_id>/reveals": "event_dispatch",
    "GET /api/v1/staff/events/<uuid:event_id>/candidates": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/category": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/claim": "event_claim",
    "POST /api/v1/staff/events/<uuid:event_id>/contact": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/decline": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/dispose": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/end-hold": "event",
    "GET /api/v1/staff/events/<uuid:event_id>/files/<uuid:file_id>": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/merge": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/notes": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/place": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/release": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/reopen": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/requests": "event_request",
    "POST /api/v1/staff/events/<uuid:event_id>/schedule": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/separate": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/split": "event_split",
    "POST /api/v1/staff/events/<uuid:event_id>/start": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/subtasks": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/supervisions": "event_order",
    "POST /api/v1/staff/events/<uuid:event_id>/ticket": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/transfers": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/urgency": "event_dispatch",
    "POST /api/v1/staff/events/<uuid:event_id>/verify": "event",
    "POST /api/v1/staff/events/<uuid:event_id>/whistles": "event",
    "GET /api/v1/staff/events/changes": "staff",
    "GET /api/v1/staff/events/map": "staff",
    "GET /api/v1/staff/events/stream": "stream",
    "POST /api/v1/staff/files": "staff",
    "GET /api/v1/staff/files/<uuid:file_id>": "staff_own",
    # the desk: parts of the work
    "POST /api/v1/staff/event-requests/<uuid:request_id>/decision": "work_approve",
    "POST /api/v1/staff/event-requests/<uuid:request_id>/withdraw": "work_holder",
    "POST /api/v1/staff/subtasks/<uuid:subtask_id>/accept": "work_holder",
    "POST /api/v1/staff/subtasks/<uuid:subtask_id>/finish": "work",
    "POST /api/v1/staff/subtasks/<uuid:subtask_id>/return": "work_holder",
    "POST /api/v1/staff/subtasks/<uuid:subtask_id>/withdraw": "work_dispatch",
    "POST /api/v1/staff/supervisions/<uuid:order_id>/close": "work_supervise",
    "POST /api/v1/staff/supervisions/<uuid:order_id>/reply": "work_dispatch",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/arrive": "work",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/contact": "work",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/finish": "work",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/return": "work_department",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/sign": "work_department",
    "POST /api/v1/staff/whistles/<uuid:whistle_id>/withdraw": "work_approve",
    # the desk: what came otherwise, reports
    "GET /api/v1/staff/hot-issues": "reports",
    "POST /api/v1/staff/hot-issues/runs": "desk",
    "GET /api/v1/staff/intakes": "desk",
    "POST /api/v1/staff/intakes": "desk",
    "POST /api/v1/staff/intakes/<uuid:intake_id>/dismissals": "desk",
    "POST /api/v1/staff/intakes/<uuid:intake_id>/event": "desk",
    "GET /api/v1/staff/patrols": "grid",
    "GET /api/v1/staff/patrols/<uuid:patrol_id>": "grid",
    "GET /api/v1/staff/patrols/<uuid:patrol_id>/files/<uuid:file_id>": "patrol_file",
    "GET /api/v1/staff/reports/daily": "reports",
    "GET /api/v1/staff/reports/heat": "reports",
    # settings, grid and rosters
    "GET /api/v1/staff/api-keys": "event_settings",
    "POST /api/v1/staff/api-keys": "event_settings",
    "POST /api/v1/staff/api-keys/<uuid:key_id>/revocations": "event_settings",
    "GET /api/v1/staff/areas": "grid",
    "GET /api/v1/staff/areas/<uuid:area_id>": "grid",
    "PUT /api/v1/staff/areas/<uuid:area_id>": "event_settings",
    "GET /api/v1/staff/cells/<uuid:area_id>/duties": "grid",
    "PUT /api/v1/staff/cells/<uuid:area_id>/duties": "roster",
    "GET /api/v1/staff/check-lists": "event_settings",
    "PUT /api/v1/staff/check-lists/<string(maxlength=40):place_type>": "event_settings",
    "GET /api/v1/staff/clock-rules": "staff",
    "PUT /api/v1/staff/clock-rules": "event_settings",
    "GET /api/v1/staff/departments-on-duty": "departments",
    "GET /api/v1/staff/departments/<uuid:department_id>/duties": "roster_district",
    "PUT /api/v1/staff/departments/<uuid:department_id>/duties": "roster_district",
    "GET /api/v1/staff/duties": "grid",
    "GET /api/v1/staff/duties/now": "grid",
    "GET /api/v1/staff/duties/week": "grid",
    "GET /api/v1/staff/duty-absences": "grid",
    "POST /api/v1/staff/duty-absences": "roster",
    "DELETE /api/v1/staff/duty-absences/<uuid:absence_id>": "roster_district",
    "PUT /api/v1/staff/duty-absences/<uuid:absence_id>": "roster_district",
    "GET /api/v1/staff/duty-people": "roster",
    "GET /api/v1/staff/duty-shifts": "grid",
    "POST /api/v1/staff/duty-shifts": "roster_district",
    "DELETE /api/v1/staff/duty-shifts/<uuid:shift_id>": "roster_district",
    "PUT /api/v1/staff/duty-shifts/<uuid:shift_id>": "roster_district",
    "GET /api/v1/staff/escalation-chains": "grid",
    "PUT /api/v1/staff/escalation-chains": "roster",
    "GET /api/v1/staff/event-categories": "staff",
    "PUT /api/v1/staff/event-categories/<string(maxlength=40):code>": "event_settings",
    # Open311, which has its own keys and its own errors
    "GET /open311/v2/discovery.<form>": "geo_report",
    "GET /open311/v2/openapi.json": "public",
    "GET /open311/v2/requests.<form>": "geo_report",
    "POST /open311/v2/requests.<form>": "geo_report",
    "GET /open311/v2/requests/<number>.<form>": "geo_report",
    "GET /open311/v2/services.<form>": "geo_report",
    "GET /open311/v2/services/<code>.<form>": "geo_report",
    "GET /open311/v2/tokens/<value>.<form>": "geo_report",
}
