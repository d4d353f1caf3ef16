"""What the routes of votes take and give."""

from typing import Any

import marshmallow as ma

from backend.domains.deliberation import kind_rules, tally_rules, vote_rules
from backend.http.schemas import Code, Moment, Schema, ShortText

_CODE = ma.validate.Length(1, 40)


def _texts(**kwargs: Any) -> ma.fields.List[Any]:
    return ma.fields.List(ma.fields.String(), **kwargs)


class CastBallotSchema(Schema):
    """A ballot for one seat. `nonce`: 16 to 32 random bytes in hex, made and kept by the phone.

    The Idempotency-Key is not used here: the seat and the nonce make a repeat the same ballot, and
    nothing of the request is kept.
    """

    entry_id = ma.fields.UUID(required=True)
    choice = ma.fields.List(
        ma.fields.String(validate=_CODE), required=True,
        validate=ma.validate.Length(0, vote_rules.MOST_OPTIONS),
    )  # fmt: skip
    nonce = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(r"^[0-9a-f]{32,64}\Z", error="应为32到64位十六进制数"),
    )


class CastSchema(Schema):
    """The receipt. `repeated`: the seat had cast before, and that ballot stands."""

    entry_id = ma.fields.UUID()
    receipt = ma.fields.String()
    repeated = ma.fields.Boolean()
    seq = ma.fields.Integer(allow_none=True)


class VoteOptionSchema(Schema):
    """Something one may choose."""

    code = ma.fields.String()
    text = ma.fields.String()
    cost_cents = ma.fields.Integer(allow_none=True)


class VoteRuleSchema(Schema):
    """Under which rule it runs and what its result is worth.

    `proxies`: for how many heads one person may stand besides the own; 0 where nobody may.
    """

    name = ma.fields.String()
    vote_name = ma.fields.String()
    version = ma.fields.Integer()
    basis = ma.fields.String()
    worth = ma.fields.String()
    worth_text = ma.fields.String()
    electorate_text = ma.fields.String()
    weights = _texts()
    quorum = _texts()
    passing = _texts()
    silence_with_majority = ma.fields.Boolean()
    proxies = ma.fields.Integer()
    smallest = ma.fields.Integer(allow_none=True)


class VoteTurnoutSchema(Schema):
    """Who took part, of whom. Areas in hundredths of a square metre."""

    heads = ma.fields.Integer()
    heads_of = ma.fields.Integer()
    area_centi = ma.fields.Integer(allow_none=True)
    area_centi_of = ma.fields.Integer(allow_none=True)


class VoteQuestionSchema(Schema):
    """What is asked, and where it stands."""

    id = ma.fields.UUID()
    topic_id = ma.fields.UUID()
    topic_number = ma.fields.String()
    turn = ma.fields.Integer()
    title = ma.fields.String()
    words = ma.fields.String()
    kind = Code(kind_rules.KIND_TEXT)
    scope_text = ma.fields.String()
    state = Code(vote_rules.VOTE_STATES)
    state_text = ma.fields.String()
    method = Code(kind_rules.BALLOT_TEXT)
    method_text = ma.fields.String()
    options = ma.fields.List(ma.fields.Nested(VoteOptionSchema))
    least = ma.fields.Integer()
    most = ma.fields.Integer()
    budget_cents = ma.fields.Integer(allow_none=True)
    secrecy = Code(vote_rules.SECRECY_TEXT)
    secrecy_text = ma.fields.String()
    changeable = ma.fields.Boolean()
    opened_at = Moment(allow_none=True)
    closes_at = Moment(allow_none=True)
    rule = ma.fields.Nested(VoteRuleSchema)


class VoteSeatSchema(Schema):
    """A seat one may cast for, oneself or as a proxy."""

    entry_id = ma.fields.UUID()
    ordinal = ma.fields.Integer()
    rooms = _texts()
    area_centi = ma.fields.Integer()
    as_ = Code(("owner", "proxy"), data_key="as", attribute="as")
    taken_over = ma.fields.Boolean()
    cast = ma.fields.Boolean()
    cast_how = ma.fields.String(allow_none=True)
    can_cast = ma.fields.Boolean()
    changeable = ma.fields.Boolean()


class VotePageSchema(VoteQuestionSchema):
    """The page of a vote. `key`: what checkpoints are signed with (Ed25519, base64)."""

    promise = ma.fields.String()
    limits = ma.fields.String()
    turnout = ma.fields.Nested(VoteTurnoutSchema)
    seats = ma.fields.List(ma.fields.Nested(VoteSeatSchema))
    can_cast = ma.fields.Boolean()
    has_result = ma.fields.Boolean()
    key = ma.fields.String()


class VoteReceiptSchema(Schema):
    """A receipt of one's own. `sealed`: in the log; `counts`: no later ballot of the seat does."""

    entry_id = ma.fields.UUID()
    rooms = _texts()
    code = ma.fields.String()
    seq = ma.fields.Integer(allow_none=True)
    counts = ma.fields.Boolean()
    sealed = ma.fields.Boolean()
    batch = ma.fields.Integer(allow_none=True)


class VoteReceiptsSchema(Schema):
    """One's own receipts."""

    items = ma.fields.List(ma.fields.Nested(VoteReceiptSchema))


class VoteResultPageSchema(VoteQuestionSchema):
    """The published result."""

    outcome = Code(tally_rules.OUTCOME_TEXT)
    outcome_text = ma.fields.String()
    passed = ma.fields.Boolean(allow_none=True)
    record = ma.fields.Dict(metadata={"description": "As in the bundle; see verifier/README.zh.md"})
    counted_at = Moment(allow_none=True)
    published_at = Moment(allow_none=True)
    annulled = ma.fields.Boolean()
    key = ma.fields.String()


class VoteCheckpointSchema(Schema):
    """A signed checkpoint; keep `note` somewhere to find later rewriting."""

    seq = ma.fields.Integer()
    kind = ma.fields.String()
    at = Moment()
    note = ma.fields.String()


class VoteCheckpointsSchema(Schema):
    """All checkpoints so far, and the key they are signed with."""

    items = ma.fields.List(ma.fields.Nested(VoteCheckpointSchema))
    key = ma.fields.String()


class RollProofSchema(Schema):
    """One's seat on the roll: the published line, what is behind it, the path to the root."""

    entry_id = ma.fields.UUID()
    line = ma.fields.Dict()
    salt = ma.fields.String()
    opening = ma.fields.Dict()
    path = _texts()
    size = ma.fields.Integer()
    root = ma.fields.String()


class RollProofsSchema(Schema):
    """One's own seats on the roll."""

    items = ma.fields.List(ma.fields.Nested(RollProofSchema))


class PrepareVoteSchema(Schema):
    """A vote on the topic's noticed draft; without `days` it is open for the usual time."""

    days = ma.fields.Integer(load_default=None, allow_none=True,
                             validate=ma.validate.Range(1, 90, error="应在1到90天之间"))  # fmt: skip


class VoteReasonSchema(Schema):
    """Why; it is public."""

    reason = ShortText(200, required=True)


class VoteNothingSchema(Schema):
    """Nothing needs to be said."""


class VoteDetailSchema(VoteQuestionSchema):
    """A vote for staff, with what they may do now."""

    turnout = ma.fields.Nested(VoteTurnoutSchema)
    version = ma.fields.Integer()
    days = ma.fields.Integer()
    counted_at = Moment(allow_none=True)
    published_at = Moment(allow_none=True)
    papers_waiting = ma.fields.Integer()
    has_result = ma.fields.Boolean()
    can = _texts()


class RollSeatSchema(Schema):
    """A seat by room; no name."""

    entry_id = ma.fields.UUID()
    ordinal = ma.fields.Integer()
    rooms = _texts()
    area_centi = ma.fields.Integer()
    cast = ma.fields.Boolean()


class RollSeatsSchema(Schema):
    """All seats, in the order of the roll."""

    items = ma.fields.List(ma.fields.Nested(RollSeatSchema))


class PaperBallotSchema(Schema):
    """A sheet as the first of two people reads it."""

    sheet = ShortText(20, required=True)
    entry_id = ma.fields.UUID(required=True)
    choice = ma.fields.List(
        ma.fields.String(validate=_CODE), required=True,
        validate=ma.validate.Length(0, vote_rules.MOST_OPTIONS),
    )  # fmt: skip


class PaperSecondSchema(Schema):
    """A sheet as the second or third reads it, without having seen the first reading."""

    sheet = ShortText(20, required=True)
    choice = ma.fields.List(
        ma.fields.String(validate=_CODE), required=True,
        validate=ma.validate.Length(0, vote_rules.MOST_OPTIONS),
    )  # fmt: skip


class PaperVoidSchema(VoteReasonSchema):
    """A sheet that does not count."""

    sheet = ShortText(20, required=True)


class PaperSheetSchema(Schema):
    """Where a sheet stands; never what is on it."""

    sheet = ma.fields.String()
    entry_id = ma.fields.UUID()
    rooms = _texts()
    state = Code(vote_rules.PAPER_TEXT)
    state_text = ma.fields.String()
    entered_at = Moment()
    mine = ma.fields.Boolean()


class PaperSheetsSchema(Schema):
    """All sheets of a vote."""

    items = ma.fields.List(ma.fields.Nested(PaperSheetSchema))


class AuditBallotSchema(Schema):
    """The ballot that counts of one seat, after the end."""

    ordinal = ma.fields.Integer()
    rooms = _texts()
    area_centi = ma.fields.Integer()
    choice = _texts()
    choice_text = ma.fields.String()
    how_text = ma.fields.String()
    seq = ma.fields.Integer(allow_none=True)


class AuditBallotsSchema(Schema):
    """All of them."""

    items = ma.fields.List(ma.fields.Nested(AuditBallotSchema))


class RecountFindingSchema(Schema):
    """Something that is not as it was promised."""

    what = ma.fields.String()
    where = ma.fields.String()


class RecountSchema(Schema):
    """What the check and the recount found."""

    same = ma.fields.Boolean()
    at = Moment()
    findings = ma.fields.List(ma.fields.Nested(RecountFindingSchema))
