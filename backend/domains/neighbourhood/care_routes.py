"""Wishes, neighbours' help and party members' report-in over HTTP, for residents."""

from typing import Any
from uuid import UUID

from backend.domains.neighbourhood import care_view, helping, party, party_view, wishes
from backend.domains.neighbourhood import schemas_care as s
from backend.domains.neighbourhood.care_model import HelpRequest, Wish
from backend.domains.neighbourhood.routes import person_id
from backend.domains.neighbourhood.schemas import EmptySchema
from backend.http import guards
from backend.http.blueprint import blueprint
from backend.http.context import session, uow
from backend.http.mutation import mutation
from backend.http.schemas import paginate

bp = blueprint("neighbours", "越秀人家：微心愿、邻里互助、党员报到")
_WISH = "/wishes/<uuid:wish_id>"
_HELP = "/help-requests/<uuid:help_id>"
_POST = "/party/posts/<uuid:party_post_id>"


def _wish(row: Wish) -> dict[str, Any]:
    return care_view.wishes(uow(), [row], person_id())[0]


def _help(row: HelpRequest) -> dict[str, Any]:
    return care_view.helps(uow(), [row], person_id())[0]


@bp.route("/wishes", methods=["GET"])
@guards.resident
@bp.arguments(s.CareQuerySchema, location="query")
@bp.response(200, s.WishPageSchema)
def list_wishes(query: dict[str, Any]) -> dict[str, Any]:
    """Wishes of one's communities, or one's own, the latest first."""
    rows, following = paginate(
        session(), care_view.wishes_query(uow(), person_id(), mine=query["mine"]),
        [Wish.created_at, Wish.id], limit=query["limit"], cursor=query["cursor"],
    )  # fmt: skip
    return {"items": care_view.wishes(uow(), rows, person_id()), "next_cursor": following}


@bp.route("/wishes", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.NewWishSchema)
@bp.response(201, s.WishSchema)
def tell_wish(body: dict[str, Any]) -> dict[str, Any]:
    """A wish to one's own community; others see it once its words have passed the check."""
    return _wish(wishes.tell(uow(), person_id(), body))


@bp.route(_WISH, methods=["GET"])
@guards.resident
@bp.response(200, s.WishSchema)
def show_wish(wish_id: UUID) -> dict[str, Any]:
    """One wish."""
    return _wish(wishes.seen(uow(), person_id(), wish_id))


@bp.route(f"{_WISH}/rewrites", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.RewriteSchema)
@bp.response(201, s.WishSchema)
def rewrite_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """New words where the old ones were refused."""
    return _wish(wishes.rewrite(uow(), person_id(), wish_id, body["title"], body["words"]))


@bp.route(f"{_WISH}/appeals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.CareAppealSchema)
@bp.response(201, s.WishSchema)
def appeal_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """The refusal of one's words was wrong: a person looks."""
    return _wish(wishes.appeal(uow(), person_id(), wish_id, body["words"]))


@bp.route(f"{_WISH}/claims", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.WishSchema)
def claim_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """A reported-in member takes it on."""
    return _wish(wishes.claim(uow(), person_id(), wish_id))


@bp.route(f"{_WISH}/releases", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.WishSchema)
def release_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """Others may claim it again."""
    return _wish(wishes.release(uow(), person_id(), wish_id))


@bp.route(f"{_WISH}/completions", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.WishSchema)
def grant_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """Fulfilled; the wisher confirms."""
    return _wish(wishes.grant(uow(), person_id(), wish_id))


@bp.route(f"{_WISH}/confirmations", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.ThanksSchema)
@bp.response(201, s.WishSchema)
def confirm_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """The wisher confirms, with thanks."""
    return _wish(wishes.confirm(uow(), person_id(), wish_id, body["thanks"]))


@bp.route(f"{_WISH}/returns", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.WishSchema)
def return_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """The wisher says that it is not fulfilled yet."""
    return _wish(wishes.not_yet(uow(), person_id(), wish_id))


@bp.route(f"{_WISH}/withdrawals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.WishSchema)
def withdraw_wish(body: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
    """Not wished any more."""
    return _wish(wishes.withdraw(uow(), person_id(), wish_id))


@bp.route("/help-requests", methods=["GET"])
@guards.resident
@bp.arguments(s.CareQuerySchema, location="query")
@bp.response(200, s.HelpPageSchema)
def list_helps(query: dict[str, Any]) -> dict[str, Any]:
    """What neighbours ask, or one's own requests and offers, the latest first."""
    rows, following = paginate(
        session(), care_view.helps_query(uow(), person_id(), mine=query["mine"]),
        [HelpRequest.created_at, HelpRequest.id], limit=query["limit"], cursor=query["cursor"],
    )  # fmt: skip
    return {"items": care_view.helps(uow(), rows, person_id()), "next_cursor": following}


@bp.route("/help-requests", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.NewHelpSchema)
@bp.response(201, s.HelpSchema)
def ask_help(body: dict[str, Any]) -> dict[str, Any]:
    """Ask one's own community; others see it once its words have passed the check."""
    return _help(helping.ask(uow(), person_id(), body))


@bp.route(_HELP, methods=["GET"])
@guards.resident
@bp.response(200, s.HelpSchema)
def show_help(help_id: UUID) -> dict[str, Any]:
    """One request."""
    return _help(helping.seen(uow(), person_id(), help_id))


@bp.route(f"{_HELP}/rewrites", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.RewriteSchema)
@bp.response(201, s.HelpSchema)
def rewrite_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """New words where the old ones were refused."""
    return _help(helping.rewrite(uow(), person_id(), help_id, body["title"], body["words"]))


@bp.route(f"{_HELP}/appeals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.CareAppealSchema)
@bp.response(201, s.HelpSchema)
def appeal_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """The refusal of one's words was wrong: a person looks."""
    return _help(helping.appeal(uow(), person_id(), help_id, body["words"]))


@bp.route(f"{_HELP}/offers", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.OfferHelpSchema)
@bp.response(201, s.HelpSchema)
def offer_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """One would help; the asker chooses."""
    row = helping.offer(uow(), person_id(), help_id, share_phone=body["share_phone"])
    return _help(row)


@bp.route(f"{_HELP}/offer-withdrawals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.HelpSchema)
def take_offer_back(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """One cannot help after all."""
    return _help(helping.take_back(uow(), person_id(), help_id))


@bp.route(f"{_HELP}/choices", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.HelpChoiceSchema)
@bp.response(201, s.HelpSchema)
def choose_helper(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """The asker takes one of the offers."""
    return _help(helping.choose(uow(), person_id(), help_id, body["offer_id"]))


@bp.route(f"{_HELP}/partings", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.HelpSchema)
def part(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """The asker asks others instead."""
    return _help(helping.part(uow(), person_id(), help_id))


@bp.route(f"{_HELP}/completions", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(s.ThanksSchema)
@bp.response(201, s.HelpSchema)
def finish_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """Done; the helper gets thanks and points."""
    return _help(helping.finish(uow(), person_id(), help_id, body["thanks"]))


@bp.route(f"{_HELP}/withdrawals", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.HelpSchema)
def withdraw_help(body: dict[str, Any], help_id: UUID) -> dict[str, Any]:
    """No help is needed any more."""
    return _help(helping.withdraw(uow(), person_id(), help_id))


@bp.route("/party", methods=["GET"])
@guards.resident
@bp.response(200, s.PartyWorkSchema)
def show_party() -> dict[str, Any]:
    """One's report-ins, and the posts and wishes there."""
    return party_view.show(uow(), person_id())


@bp.route("/party/reports", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(s.NewPartyReportSchema)
@bp.response(201, s.PartyWorkSchema)
def report_in(body: dict[str, Any]) -> dict[str, Any]:
    """Report in at a community; its staff confirm."""
    party.report(uow(), person_id(), **body)
    return party_view.show(uow(), person_id())


@bp.route("/party/reports/<uuid:party_report_id>/endings", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.PartyWorkSchema)
def end_report(body: dict[str, Any], party_report_id: UUID) -> dict[str, Any]:
    """End one's report-in; posts there are given up with it."""
    party.end_own(uow(), person_id(), party_report_id)
    return party_view.show(uow(), person_id())


@bp.route(f"{_POST}/claims", methods=["POST"])
@guards.resident(verified=True)
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.PartyWorkSchema)
def claim_post(body: dict[str, Any], party_post_id: UUID) -> dict[str, Any]:
    """Take a post."""
    party.claim(uow(), person_id(), party_post_id)
    return party_view.show(uow(), person_id())


@bp.route(f"{_POST}/releases", methods=["POST"])
@guards.resident
@mutation
@bp.arguments(EmptySchema)
@bp.response(201, s.PartyWorkSchema)
def release_post(body: dict[str, Any], party_post_id: UUID) -> dict[str, Any]:
    """Give the post up."""
    party.release(uow(), person_id(), party_post_id)
    return party_view.show(uow(), person_id())
