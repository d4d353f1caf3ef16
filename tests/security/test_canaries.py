"""Planted words that must not get out: internal, expired, withdrawn and draft articles.

Every route that may be read is asked by everybody who is not entitled, with the words themselves,
with the ids, and with what leads there; bodies, snippets, suggestions, counts, exports, headers
and logs are looked through.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import true
from werkzeug.routing import Rule

from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import access, editing, living, misses, reviewing
from backend.kernel.ids import stable_id
from tests.knowledge_world import RSJ, ZJJ, make
from tests.security.sweeping import texts, worth_asking

CLEAN = "失业保险金怎么申领"
# Each stands in one place only, so that a leak says where it came from.
SECRETS = {
    "internal_article": "朱雀暗语", "internal_text": "玄武暗语", "draft": "青龙暗语",
    "draft_over_live": "白虎暗语", "withdrawn": "麒麟暗语", "waiting": "凤凰暗语",
    "superseded": "貔貅暗语", "file": "饕餮暗语", "turned_internal": "穷奇暗语",
    "correction": "梼杌暗语", "expired": "混沌暗语",
}  # fmt: skip


@pytest.fixture
def planted(services, client, sign_in_staff, sign_in_person, monkeypatch):
    """The world of articles with a canary in every place that somebody may not see."""
    # What the sweep itself asks for would be listed as asked in vain.
    monkeypatch.setattr(misses, "noticed", lambda *args: None)
    base, words = make(services), SECRETS
    ids = {
        "clean": base.publish(title=CLEAN, internal_text=words["internal_text"]),
        "internal_article": base.publish(
            title=f"内部{words['internal_article']}", audience="internal",
            public_text=words["internal_article"], keywords=[words["internal_article"]],
        ),
        "draft": base.write(title=f"草稿{words['draft']}", public_text=words["draft"]),
        "withdrawn": base.publish(title=f"下架{words['withdrawn']}"),
        "waiting": base.publish(
            title=f"待生效{words['waiting']}", effective_on=date(2027, 1, 1)
        ),
        "turned_internal": base.publish(title=f"转内部{words['turned_internal']}"),
        "expired": base.publish(title=f"过期{words['expired']}", expires_on=date(2026, 11, 24)),
        "old": base.publish(title="改过的文章", public_text=words["superseded"]),
    }  # fmt: skip
    base.act("centre", living.withdraw, ids["withdrawn"], "有误")
    base.save(ids["turned_internal"], audience="internal")
    base.publish(ids["turned_internal"])
    base.save(ids["old"], public_text="新的内容")
    base.publish(ids["old"])
    base.save(ids["old"], title=f"草稿{words['draft_over_live']}", change_note=words["correction"])
    base.act("author", reviewing.submit, ids["old"])
    # The one public article points at everything there is.
    related = tuple(("article", one) for name, one in ids.items() if name != "clean")
    tag = editing.etag(base.article(ids["clean"]))
    base.act("author", editing.save, ids["clean"], editing.Draft({}, related), tag)
    base.publish(ids["clean"])
    services.clock.advance(timedelta(days=3))
    people = {
        "visitor": {},
        "resident": sign_in_person(),
        "clerk": sign_in_staff(("dispatcher", "district", None)),
        "elsewhere": sign_in_staff(("department_handler", "department", ZJJ)),
        "head_elsewhere": sign_in_staff(("department_head", "department", ZJJ)),
        "operator": sign_in_staff(("operator", "district", None)),
        "author": sign_in_staff(("department_handler", "department", RSJ)),
        **{name: sign_in_staff((name, _widest(name), _SCOPES[_widest(name)])) for name in EVERY},
    }
    return base, ids, people, client


# Everybody else there is, at the widest place where the role can be held (departments: another's).
EVERY = tuple(sorted(ROLES.keys() - {"dispatcher", "operator", "department_handler",
                                     "department_head"}))  # fmt: skip
_SCOPES = {"hall": stable_id("hall", "yuehe"), "street": stable_id("street", "yuehe"),
           "community": stable_id("area", "yuehe-01"), "department": ZJJ, "district": None}  # fmt: skip


def _widest(name: str) -> str:
    return ROLES[name].scopes[-1]


# What an operator may not see either; the rest is what they are there for.
FOR_NOBODY = ("draft", "draft_over_live", "withdrawn", "waiting", "superseded", "correction")


def hidden_from(name: str) -> tuple[str, ...]:
    """What somebody with this role at the district may not see."""
    permissions = ROLES[name].permissions
    if access.MANAGE in permissions:
        return ()
    if access.PUBLISH in permissions:
        # The centre sees what has reached it, whatever has become of it since.
        return ("draft", "draft_over_live", "correction")
    return FOR_NOBODY if access.READ in permissions else tuple(SECRETS)


def readable(app, ids, who):
    """Every route that this one can read, with every id and every word where it takes one."""
    # Unanswered questions first: later they hold the words that the asker typed here.
    rules = sorted(app.url_map.iter_rules(), key=lambda one: "search-misses" not in one.rule)
    for rule in rules:
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith("/api/v1/"):
            continue
        if rule.rule.endswith("/stream") or not worth_asking(app, rule, who):
            continue
        yield from _filled(rule, ids)


def _filled(rule: Rule, ids):
    if not rule.arguments:
        yield rule.rule, rule.rule
        return
    if not rule.arguments <= {"article_id", "item_id", "file_id"}:
        return
    for one in ids.values():
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<uuid:{argument}>", str(one))
        yield path, rule.rule


def queries(template, ids):
    """The words themselves wherever a route takes words."""
    if template.endswith("/comparison"):
        return [f"?from={a}&to={b}" for a in (1, 2, 3) for b in (1, 2, 3)]
    if template.endswith("/export"):
        return [f"?format={kind}" for kind in ("jsonl", "md", "xlsx")]
    found = [""]
    if any(part in template for part in ("/answers", "/articles", "/items", "/misses")):
        found += [f"?q={word}" for word in SECRETS.values()]
    if template.endswith("/staff/answers"):
        found += [f"?q={word}&deep=true&kinds=article" for word in SECRETS.values()]
    if template.endswith("/staff/articles"):
        states = ("draft", "department_review", "waiting", "withdrawn", "expired", "unpublished")
        found += [f"?state={state}" for state in states]
    return found


@pytest.mark.parametrize(
    ("who", "hidden"),
    [
        ("visitor", SECRETS), ("resident", SECRETS), ("clerk", SECRETS),
        ("elsewhere", SECRETS), ("head_elsewhere", SECRETS), ("operator", FOR_NOBODY),
    ],
)  # fmt: skip
def test_no_planted_word_gets_out(planted, capsys, who, hidden):
    leaked, tried = leaks(planted, who, hidden)
    assert tried > 60
    assert not leaked, "\n".join(leaked)
    logged = "".join(capsys.readouterr())
    assert not [name for name, word in SECRETS.items() if word in logged]


def test_no_other_role_gets_a_planted_word(planted, capsys):
    """Every role of the house, each held against what its permissions let it see."""
    found = [leaks(planted, who, hidden_from(who)) for who in EVERY]
    assert sum(tried for _, tried in found) > 500
    assert not [one for leaked, _ in found for one in leaked]
    logged = "".join(capsys.readouterr())
    assert not [name for name, word in SECRETS.items() if word in logged]


def test_the_sweep_finds_them_once_a_guard_is_gone(planted, monkeypatch):
    """The negative control: nothing but the conditions in the queries keeps the words in."""
    assert not leaks(planted, "visitor", ("internal_article",))[0]
    assert not leaks(planted, "elsewhere", ("draft", "withdrawn"))[0]
    monkeypatch.setattr(access, "public", true)
    monkeypatch.setattr(access, "visible", lambda seen: true())
    assert leaks(planted, "visitor", ("internal_article",))[0]
    assert leaks(planted, "elsewhere", ("draft", "withdrawn"))[0]


def leaks(planted, who, hidden):
    """Where one of the hidden words is shown, and how many addresses were asked."""
    base, ids, people, client = planted
    wrong, tried = [], 0
    words = {name: SECRETS[name] for name in hidden}
    for path, template in readable(client.application, ids, who):
        for query in queries(template, ids):
            base.services.redis.client.flushall()
            answer = client.get(f"{path}{query}", headers=people[who])
            tried += 1
            shown = texts(answer)
            for name, word in words.items():
                # What was public keeps its old link, with a banner, and its detail for staff.
                if name == "expired" and str(ids["expired"]) in path:
                    continue
                staff = ("/api/v1/staff/articles", "/api/v1/staff/knowledge-usage")
                if name == "expired" and template.startswith(staff):
                    continue
                if word in shown:
                    wrong.append(f"{who} {path}{query}: {name}")
    return wrong, tried


@pytest.mark.parametrize("who", ["visitor", "elsewhere"])
def test_neither_counts_nor_ids_tell_of_them(planted, who):
    base, ids, people, client = planted
    hidden = {str(one) for name, one in ids.items() if name not in ("clean", "old", "expired")}
    address = "/api/v1/answers" if who == "visitor" else "/api/v1/staff/answers"
    for name, word in SECRETS.items():
        base.services.redis.client.flushall()
        found = client.get(f"{address}?q={word}", headers=people[who]).json
        ids_found = {one["id"] for one in found["items"]}
        assert not ids_found & hidden, name
        assert found["total"] == len(found["items"]), name
    for one in hidden:
        base.services.redis.client.flushall()
        root = "/api/v1/articles" if who == "visitor" else "/api/v1/staff/articles"
        refused = client.get(f"{root}/{one}", headers=people[who])
        nobody = client.get(f"{root}/{RSJ}", headers=people[who])
        assert (refused.status_code, nobody.status_code) == (404, 404)
        assert refused.json["code"] == nobody.json["code"], "nothing tells that it exists"


def test_the_author_sees_what_the_others_do_not(planted):
    """The words are really there: the fuzz above would find them if it were allowed to."""
    _, ids, people, client = planted
    shown = client.get(f"/api/v1/staff/articles/{ids['draft']}", headers=people["author"])
    assert SECRETS["draft"] in texts(shown)
    found = client.get(
        f"/api/v1/staff/answers?q={SECRETS['internal_article']}", headers=people["operator"]
    ).json
    assert str(ids["internal_article"]) in {one["id"] for one in found["items"]}


def test_a_resident_is_led_from_a_public_article_to_public_ones_only(planted):
    _, ids, _, client = planted
    shown = client.get(f"/api/v1/articles/{ids['clean']}").json
    assert [one["title"] for one in shown["related"]] == ["改过的文章"]
    old = client.get(f"/api/v1/articles/{ids['expired']}").json
    assert old["expired"]
