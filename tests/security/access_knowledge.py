"""Who may do what in the knowledge base; columns as in `access_table`.

`article_id` is a public, live article of the department handler's own department, whose next
version waits for the head of the department. Who reviews what they wrote themselves, or twice, is
refused by the article machine's tests.
"""

POLICIES = """
knowledge_read    401 401 401 401 403 403 403 403 403  ok  ok 401 401 403 403  ok  ok  ok  ok  ok  ok  ok
knowledge_edit    401 401 401 401 403 403 403 403 403 403 403 401 401 403 403  ok 403 403 403 403  ok 403
knowledge_upload  401 401 401 401 403 403 403 403 403 403 403 401 401 403 403  ok 403 403 403 403  ok  ok
knowledge_new     401 401 401 401 403 403 403 403 403 403 403 401 401 403 403  ok 403 403 403 403  ok 422
knowledge_answer  401 401 401 401 403 403 403 403 403 403 403 401 401 403 403  ok 403 403 403 403  ok 404
knowledge_dismiss 401 401 401 401 403 403 403 403 403 403 403 401 401 403 403  ok 403 403  ok 403  ok  ok
knowledge_review  401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403 403 403  ok 403
knowledge_correct 401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403  ok  ok  ok  ok 403 403
knowledge_renew   401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403 403 403 422 403
knowledge_withdraw 401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 403 403 403  ok 403  ok 403
knowledge_own     401 401 401 401 403 403 403 403 403 403 403 401 401 403 403 404 403 403 403 403 404 404
knowledge_nothing 401 401 401 401 403 403 403 403 403 404 404 401 401 403 403 404 404 404 404 404 404 404
"""

_ARTICLE = "/api/v1/staff/articles/<uuid:article_id>"
_MISS = "/api/v1/staff/search-misses"
ROWS = {
    # residents and visitors
    "GET /api/v1/answers": "public",
    "POST /api/v1/answers/feedback": "public",
    "GET /api/v1/answers/suggestions": "public",
    "GET /api/v1/articles/<uuid:article_id>": "public",
    "GET /api/v1/articles/<uuid:article_id>/files/<uuid:file_id>": "nobody",
    "GET /api/v1/public/frequent-questions": "public",
    # staff
    "GET /api/v1/staff/answers": "knowledge_read",
    "GET /api/v1/staff/article-options": "knowledge_read",
    "GET /api/v1/staff/articles": "knowledge_read",
    "GET /api/v1/staff/articles/export": "knowledge_read",
    "POST /api/v1/staff/articles": "knowledge_new",
    "POST /api/v1/staff/article-files": "knowledge_upload",
    "GET /api/v1/staff/article-files/<uuid:file_id>": "knowledge_own",
    "POST /api/v1/staff/article-imports": "knowledge_new",
    "POST /api/v1/staff/article-submissions": "knowledge_upload",
    f"GET {_ARTICLE}": "knowledge_read",
    f"POST {_ARTICLE}/approvals": "knowledge_review",
    f"POST {_ARTICLE}/archivals": "knowledge_read",
    f"GET {_ARTICLE}/comparison": "knowledge_read",
    f"POST {_ARTICLE}/corrections": "knowledge_correct",
    f"PUT {_ARTICLE}/draft": "knowledge_edit",
    f"DELETE {_ARTICLE}/draft": "knowledge_edit",
    f"POST {_ARTICLE}/drafts": "knowledge_edit",
    f"GET {_ARTICLE}/files/<uuid:file_id>": "knowledge_nothing",
    f"POST {_ARTICLE}/recalls": "knowledge_edit",
    f"POST {_ARTICLE}/renewals": "knowledge_renew",
    f"POST {_ARTICLE}/returns": "knowledge_review",
    f"POST {_ARTICLE}/submissions": "knowledge_edit",
    f"POST {_ARTICLE}/withdrawals": "knowledge_withdraw",
    "GET /api/v1/staff/corrections": "knowledge_read",
    "POST /api/v1/staff/corrections/<uuid:correction_id>/answer": "knowledge_answer",
    "GET /api/v1/staff/knowledge-usage": "knowledge_read",
    f"GET {_MISS}": "knowledge_read",
    f"POST {_MISS}/<uuid:miss_id>/articles": "knowledge_new",
    f"POST {_MISS}/<uuid:miss_id>/dismissals": "knowledge_dismiss",
}
