"""Queries in tantivy: what is asked for, inside of who may read it and when it is valid.

The clauses stand in the same query as the words, so nothing out of scope is ever counted,
ranked, suggested or cut into a snippet.
"""

from collections.abc import Iterable
from uuid import UUID

import tantivy
from tantivy import Occur, Query

from backend.domains.retrieval.index import Clause, Wanted

EVERYWHERE = "*"
NONE = "-"
FIRST_DAY, LAST_DAY = 0, 9_999_999
LONGEST_NAME = 60
TITLE_PAIRS = 0.1
BODY_PAIRS = 1.0
BODY_SINGLES = 0.5
KEYWORDS = 0.5
INNER = 0.8


def version(key: UUID, revision: int) -> str:
    """The term that names one revision of one document."""
    return f"{key.hex}:{revision}"


def prefixes(code: str) -> list[str]:
    """A category and those it lies in: codes with dots have a level at each."""
    parts = code.split(".") if code else []
    return [".".join(parts[: count + 1]) for count in range(len(parts))] or [NONE]


def term(schema: tantivy.Schema, field: str, value: str) -> Query:
    """A term without positions."""
    return Query.term_query(schema, field, value, index_option="basic")


def _any(schema: tantivy.Schema, field: str, values: Iterable[str]) -> Query:
    return Query.term_set_query(schema, field, list(values))


def scoped(schema: tantivy.Schema, asked: Query, clause: Clause) -> Query:
    """`asked`, of what the clause lets through."""
    today = clause.today.toordinal()
    whole = tantivy.FieldType.Integer
    must: list[Query] = []
    if not clause.internal:
        must.append(term(schema, "audience", "public"))
    # What is not in force is little: leaving it out costs less than asking for all the rest.
    never = [
        Query.range_query(schema, "effective", whole, today + 1, LAST_DAY),
        Query.range_query(schema, "expires", whole, FIRST_DAY, today - 1),
    ]
    if clause.kinds is not None:
        must.append(_any(schema, "kind", clause.kinds))
    if clause.department_ids is not None:
        must.append(_any(schema, "department", [key.hex for key in clause.department_ids]))
    if clause.region is not None:
        must.append(_any(schema, "region", [clause.region, EVERYWHERE]))
    if clause.material_kind is not None:
        must.append(term(schema, "material", clause.material_kind))
    if clause.category is not None:
        must.append(term(schema, "category", clause.category))
    parts = [(Occur.Must, asked)]
    parts += [(Occur.Must, Query.const_score_query(one, 0.0)) for one in must]
    if clause.changed:
        never.append(_outdated(schema, clause))
    parts += [(Occur.MustNot, one) for one in never]
    return Query.boolean_query(parts)


def _outdated(schema: tantivy.Schema, clause: Clause) -> Query:
    """Documents that have changed and are not here in their present revision."""
    current = [version(key, revision) for key, revision in clause.changed.items()]
    return Query.boolean_query(
        [
            (Occur.Must, _any(schema, "key", [key.hex for key in clause.changed])),
            (Occur.MustNot, _any(schema, "version", current)),
        ]
    )


def _weighted(
    schema: tantivy.Schema, field: str, term_text: str, weight: float
) -> tuple[Occur, Query]:
    asked = Query.term_query(schema, field, term_text, index_option="freq")
    return Occur.Should, Query.boost_query(asked, weight)


def words(schema: tantivy.Schema, wanted: Wanted, clause: Clause) -> Query:
    """Documents with enough of the words, or with all of an official name for them."""
    gate = _either(_gates(schema, wanted, clause, wanted.at_least))
    parts = [(Occur.Must, Query.const_score_query(gate, 0.0)), *_scores(schema, wanted, clause)]
    return Query.boolean_query(parts)


def about(schema: tantivy.Schema, wanted: Wanted, clause: Clause) -> Query:
    """Documents that are counted: with a good part of the words, or an official name."""
    return _either(_gates(schema, wanted, clause, wanted.counts_from))


def these(
    schema: tantivy.Schema, revisions: Iterable[int], wanted: Wanted, clause: Clause
) -> Query:
    """Documents in one of these revisions, scored by the words."""
    only = Query.term_set_query(schema, "revision", list(revisions))
    parts = [(Occur.Must, Query.const_score_query(only, 0.0)), *_scores(schema, wanted, clause)]
    return Query.boolean_query(parts)


def _gates(schema: tantivy.Schema, wanted: Wanted, clause: Clause, at_least: int) -> list[Query]:
    fields = ("body2", "inner2") if clause.internal else ("body2",)
    enough = [
        (Occur.Should, _either([term(schema, field, pair) for field in fields]))
        for pair in wanted.pairs
    ]
    gates = [Query.boolean_query(enough, minimum_number_should_match=at_least)]
    gates += [
        Query.boolean_query([(Occur.Must, term(schema, "body2", pair)) for pair in official])
        for official, _ in wanted.official
    ]
    if wanted.sounds:
        gates.append(_heard(schema, wanted))
    return gates


def _either(queries: list[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, one) for one in queries])


def _heard(schema: tantivy.Schema, wanted: Wanted) -> Query:
    """Names that sound like the whole of what was typed."""
    heard = [_weighted(schema, "sound2", one, weight) for one, weight in wanted.sounds.items()]
    return Query.boolean_query(heard, minimum_number_should_match=len(heard))


def _scores(schema: tantivy.Schema, wanted: Wanted, clause: Clause) -> list[tuple[Occur, Query]]:
    scores: list[tuple[Occur, Query]] = []
    for pair, weight in wanted.pairs.items():
        scores += _fields(schema, pair, weight, clause)
    for single, weight in wanted.singles.items():
        scores.append(_weighted(schema, "body1", single, weight * BODY_SINGLES))
    for official, weight in wanted.official:
        for pair in official:
            if pair not in wanted.pairs:
                scores += _fields(schema, pair, weight, clause)
    if wanted.sounds:
        scores.append((Occur.Should, _heard(schema, wanted)))
    return scores


def _fields(
    schema: tantivy.Schema, pair: str, weight: float, clause: Clause
) -> list[tuple[Occur, Query]]:
    found = [
        _weighted(schema, "title2", pair, weight * TITLE_PAIRS),
        _weighted(schema, "body2", pair, weight * BODY_PAIRS),
        _weighted(schema, "keyword2", pair, weight * KEYWORDS),
    ]
    if clause.internal:
        found.append(_weighted(schema, "inner2", pair, weight * INNER))
    return found


def names(schema: tantivy.Schema, prefix: str, wanted: Wanted) -> Query:
    """Titles and other names that begin with `prefix`, or have enough of its pairs."""
    parts: list[tuple[Occur, Query]] = []
    if prefix:
        begins = Query.regex_query(schema, "name", f"{prefix}.*")
        parts.append((Occur.Should, Query.boost_query(begins, 20.0)))
    pairs = [_weighted(schema, "title2", pair, weight) for pair, weight in wanted.pairs.items()]
    if pairs:
        parts.append(
            (
                Occur.Should,
                Query.boolean_query(pairs, minimum_number_should_match=wanted.at_least),
            )
        )
    if wanted.sounds:
        parts.append((Occur.Should, _heard(schema, wanted)))
    for official, weight in wanted.official:
        parts.append(
            (
                Occur.Should,
                Query.boost_query(
                    Query.boolean_query(
                        [(Occur.Must, term(schema, "title2", pair)) for pair in official]
                    ),
                    weight,
                ),
            )
        )
    return Query.boolean_query(parts) if parts else Query.empty_query()
