"""Who may do what with the register; columns as in `access_table`.

`home_id` and `transfer_id` are the owner's claims of two flats, `proxy_id` a proxy the owner gave.
The community's own staff are tried in `test_community_matrix`.
"""

POLICIES = """
own_verified     401 403  ok 404 401 401 401 401 401 401 401 404 404 401 401 401 401 401 401 401 401 401
community_desk   401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403 403 403 403 403
"""

_COMMUNITY = "/api/v1/staff/communities/<uuid:community_id>"
_ROOM = "/api/v1/staff/rooms/<uuid:room_id>"
_CLAIM = "/api/v1/staff/home-claims/<uuid:residence_id>"
_TRANSFER = "/api/v1/staff/home-transfers/<uuid:transfer_id>"
_PROXY = "/api/v1/staff/proxies/<uuid:proxy_id>"

#: Routes of the community's staff: lists answer what is in reach, the others 404 out of it.
LISTS = (
    "GET /api/v1/staff/communities", "GET /api/v1/staff/home-claims",
    "GET /api/v1/staff/home-transfers", "GET /api/v1/staff/proxies",
    "POST /api/v1/staff/home-files",
)  # fmt: skip
SINGLE = (
    f"GET {_COMMUNITY}", f"PUT {_COMMUNITY}", f"GET {_COMMUNITY}/rooms",
    f"POST {_COMMUNITY}/imports", "PUT /api/v1/staff/buildings/<uuid:building_id>",
    f"GET {_ROOM}", f"PUT {_ROOM}", f"POST {_ROOM}/transfers",
    "POST /api/v1/staff/owners/<uuid:owner_id>/reveals",
    f"POST {_CLAIM}/confirmations", f"POST {_CLAIM}/refusals", f"POST {_CLAIM}/endings",
    f"POST {_CLAIM}/reveals", f"POST {_TRANSFER}/confirmations", f"POST {_TRANSFER}/refusals",
    "POST /api/v1/staff/proxies", f"POST {_PROXY}/confirmations", f"POST {_PROXY}/refusals",
    "GET /api/v1/staff/home-files/<uuid:paper_id>",
)  # fmt: skip
ROWS = {
    "GET /api/v1/communities": "resident",
    "GET /api/v1/communities/<uuid:community_id>": "resident",
    "GET /api/v1/communities/<uuid:community_id>/rooms": "verified",
    "GET /api/v1/homes": "resident",
    "POST /api/v1/homes": "verified",
    "GET /api/v1/homes/<uuid:home_id>": "own",
    "DELETE /api/v1/homes/<uuid:home_id>": "own",
    "POST /api/v1/homes/<uuid:home_id>/transfers": "own_verified",
    "DELETE /api/v1/home-transfers/<uuid:transfer_id>": "own",
    "GET /api/v1/proxies": "resident",
    "POST /api/v1/proxies": "own_verified",
    "DELETE /api/v1/proxies/<uuid:proxy_id>": "own",
    "POST /api/v1/home-files": "verified",
    "GET /api/v1/home-files/<uuid:paper_id>": "own",
    "POST /api/v1/staff/communities": "community_desk",
    **dict.fromkeys((*LISTS, *SINGLE), "community_desk"),
}
