"""Who may do what with votes; columns as in `access_table`.

No vote of these ids exists: what nobody in these columns reaches looks like nothing. What those
get who do reach a vote is tried in `test_vote_unreadable` and `tests/http/test_votes_http`.
"""

POLICIES = """
vote_own         401 404 404 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
vote_cast        401 403 404 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
vote_staff       401 401 401 401 403 403 403 403 403 404 403 401 401 404 404 403 403 403 403 403 403 403
vote_decide      401 401 401 401 403 403 403 403 403 403 403 401 401 404 404 403 403 403 403 403 403 403
vote_audit       401 401 401 401 403 403 403 403 403 404 403 401 401 403 403 403 403 403 403 403 403 403
"""

_VOTE = "/api/v1/votes/<uuid:vote_id>"
_STAFF = "/api/v1/staff/votes/<uuid:vote_id>"
ROWS = {
    f"GET {_VOTE}": "nobody",
    f"POST {_VOTE}/ballots": "vote_cast",
    f"GET {_VOTE}/my-receipts": "vote_own",
    f"GET {_VOTE}/roll-proof": "vote_own",
    f"GET {_VOTE}/result": "nobody",
    f"GET {_VOTE}/checkpoints": "nobody",
    f"GET {_VOTE}/bundle": "nobody",
    "GET /api/v1/verifier": "public",
    f"GET {_STAFF}": "vote_staff",
    f"GET {_STAFF}/certificate": "vote_staff",
    f"GET {_STAFF}/hand-over": "vote_staff",
    f"POST {_STAFF}/annulments": "vote_decide",
    f"GET {_STAFF}/ballots": "vote_audit",
    f"POST {_STAFF}/recounts": "vote_audit",
    **dict.fromkeys(
        (
            "POST /api/v1/staff/topics/<uuid:topic_id>/votes",
            f"PUT {_STAFF}",
            f"POST {_STAFF}/openings",
            f"POST {_STAFF}/cancellations",
            f"GET {_STAFF}/roll",
            f"GET {_STAFF}/paper-ballots",
            f"POST {_STAFF}/paper-ballots",
            f"POST {_STAFF}/second-entries",
            f"POST {_STAFF}/paper-voids",
        ),
        "community_desk",
    ),
}
_SHEET = {"sheet": "A1", "choice": ["agree"]}
_WHY = {"reason": "测试原因"}
_SEAT = "00000000-0000-4000-8000-000000000001"
BODIES = {
    f"POST {_VOTE}/ballots": {"entry_id": _SEAT, "choice": ["agree"], "nonce": "0" * 32},
    "POST /api/v1/staff/topics/<uuid:topic_id>/votes": {},
    f"PUT {_STAFF}": {},
    f"POST {_STAFF}/openings": {},
    f"POST {_STAFF}/recounts": {},
    f"POST {_STAFF}/cancellations": _WHY,
    f"POST {_STAFF}/annulments": _WHY,
    f"POST {_STAFF}/paper-ballots": {**_SHEET, "entry_id": _SEAT},
    f"POST {_STAFF}/second-entries": _SHEET,
    f"POST {_STAFF}/paper-voids": {**_WHY, "sheet": "A1"},
}
