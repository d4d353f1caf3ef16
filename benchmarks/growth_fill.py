"""A district grown up: ten times the halls, and years of appointments that are over.

Each past appointment lies in a slot of its own hall and day, three years back at most, and has its
receipt; 80 in 100 were finished, the others cancelled or missed.
"""

from sqlalchemy import text

from backend.kernel.services import Services

_HALLS = """
INSERT INTO hall (id, code, name, address, floor, phone, opening_hours, latitude, longitude, active,
  lead_minutes, days_ahead, cancel_minutes, early_check_in_minutes, late_minutes, grace_minutes,
  every_day)
SELECT gen_random_uuid(), 'bench-' || n || '-' || left(h.code, 20), h.name || n, h.address, h.floor,
  h.phone, h.opening_hours, h.latitude, h.longitude, true, h.lead_minutes, h.days_ahead,
  h.cancel_minutes, h.early_check_in_minutes, h.late_minutes, h.grace_minutes, h.every_day
FROM hall h, generate_series(1, :times - 1) n WHERE h.code NOT LIKE 'share.%'
"""
_WINDOWS = """
WITH made AS (
  INSERT INTO hall_window (id, hall_id, number, name, status, version)
  SELECT gen_random_uuid(), id, 1, '1号', 'closed', 1 FROM hall WHERE code LIKE 'bench-%'
  RETURNING id)
INSERT INTO hall_window_group (window_id, group_code) SELECT id, 'shebao' FROM made
"""
# What can be booked now, in the new halls too: as in the hall that the readers look at.
_COMING = """
INSERT INTO slot (id, hall_id, group_code, day, start_at, end_at, channel, capacity, booked,
  release_at, closed)
SELECT gen_random_uuid(), h.id, s.group_code, s.day, s.start_at, s.end_at, s.channel, s.capacity, 0,
  s.release_at, s.closed
FROM slot s, hall h WHERE s.hall_id = :hall AND h.code LIKE 'bench-%' AND s.day >= current_date
"""
_PAST = """
INSERT INTO slot (id, hall_id, group_code, day, start_at, end_at, channel, capacity, booked,
  release_at, closed)
SELECT gen_random_uuid(), h.id, 'shebao', d.day, d.day + interval '9 hours', d.day
  + interval '10 hours', 'online', 1000, 0, d.day - interval '7 days', false
FROM hall h, (SELECT (current_date - n)::timestamptz AS day FROM generate_series(2, :days) n) d
WHERE EXISTS (SELECT FROM hall_window w WHERE w.hall_id = h.id)
"""
_APPOINTMENTS = """
WITH past AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY s.id) - 1 AS n, s.id, s.hall_id, s.day, s.start_at, s.end_at,
    (SELECT w.id FROM hall_window w WHERE w.hall_id = s.hall_id LIMIT 1) AS window_id
  FROM slot s WHERE s.day < current_date - 1 AND s.capacity = 1000),
drawn AS MATERIALIZED (
  SELECT number, gen_random_uuid() AS id, mod(number, (SELECT count(*) FROM past)) AS n,
    CASE WHEN mod(number, 10) < 8 THEN 'finished' WHEN mod(number, 10) = 8 THEN 'cancelled'
      ELSE 'no_show' END AS state
  FROM generate_series(1, :count) number),
made AS (
  INSERT INTO appointment (id, hall_id, slot_id, group_code, person_key, item_key, day, start_at,
    end_at, channel, state, version, priority, check_in_code, qr_nonce, details, booked_at,
    queue_day, queue_at, ticket_no, checked_in_at, window_id, called_at, call_count, serving_at,
    finished_at, ended_at)
  SELECT d.id, p.hall_id, p.id, 'shebao', md5(mod(d.number, 200000)::text)::uuid, :item, p.day,
    p.start_at, p.end_at, 'online', d.state, 3, 0, lpad(mod(d.number, 1000000)::text, 6, '0'),
    decode('0102030405060708', 'hex'), '{"item_name": "x", "materials": []}', p.start_at
    - interval '3 days', p.day, p.start_at, to_char(d.number, 'FM9999999'), p.start_at,
    p.window_id, p.start_at, 1, p.start_at, p.start_at + interval '10 minutes', p.end_at
  FROM drawn d JOIN past p USING (n) RETURNING id, person_key, slot_id, booked_at, ticket_no)
INSERT INTO receipt (number, kind, subject_id, person_id, title, issued_at)
SELECT 'B' || ticket_no, 'appointment', id, NULL, 'x', booked_at FROM made
"""
_COUNTERS = """
UPDATE slot SET booked = t.n FROM (SELECT slot_id, count(*) n FROM appointment
  WHERE state NOT IN ('cancelled', 'no_show') GROUP BY slot_id) t
WHERE slot.id = t.slot_id AND slot.capacity = 1000
"""


def grow(
    services: Services, *, hall: object, item: object, halls: int, past: int
) -> dict[str, int]:
    """So many times the halls, so many appointments that are over; what there is then."""
    days = 1000 if past > 50_000 else 30
    steps = (
        (_HALLS, {"times": halls}), (_WINDOWS, {}), (_COMING, {"hall": hall}),
        (_PAST, {"days": days}), (_APPOINTMENTS, {"count": past, "item": item}),
        # Planned with what the tables held before, counting a million rows never ends.
        ("ANALYZE slot, appointment", {}), (_COUNTERS, {}),
    )  # fmt: skip
    with services.db.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        for statement, values in steps:
            session.execute(text(statement), values)
    with services.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        line.execute(text("SET statement_timeout = 0"))
        for table in ("hall", "slot", "appointment", "receipt"):
            line.execute(text(f"VACUUM ANALYZE {table}"))
        line.invalidate()
    with services.db.transaction() as session:
        counted = session.execute(
            text(
                "SELECT (SELECT count(*) FROM hall), (SELECT count(*) FROM slot),"
                " (SELECT count(*) FROM appointment)"
            )
        ).one()
    return dict(zip(("halls", "slots", "appointments"), counted, strict=True))
