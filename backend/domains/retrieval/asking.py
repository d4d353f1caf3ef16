"""From the words somebody typed to the terms an index is asked for."""

from backend.domains.retrieval import query_rules
from backend.domains.retrieval.index import SearchIndex, Wanted
from backend.domains.retrieval.ports import everyday_words
from backend.domains.retrieval.query_rules import Reading
from backend.domains.retrieval.sounds import sound_pairs
from backend.domains.retrieval.term_rules import pairs
from backend.domains.retrieval.text import fold
from backend.kernel.services import Services


def reading_of(services: Services, text: str) -> Reading:
    """What `text` asks for, with the district's everyday words."""
    return query_rules.read(fold(text[: 4 * query_rules.MOST_CHARACTERS]), everyday_words(services))


def wanted_of(index: SearchIndex, reading: Reading) -> Wanted:
    """The terms of a reading; its sound where the index has not all of its characters."""
    asked = query_rules.weights(reading.plain)
    official = [
        (tuple(dict.fromkeys(pairs(word))), query_rules.OFFICIAL) for word in reading.official
    ]
    known = all(index.rarity(pair) < index.rarity("") for pair in asked)
    sounds = {} if known else dict.fromkeys(sound_pairs(reading.plain), query_rules.SOUND)
    return Wanted(
        pairs=asked,
        singles=query_rules.single_weights(reading.plain),
        official=official,
        sounds=sounds,
        at_least=query_rules.at_least(len(asked)),
        counts_from=query_rules.counts_from(len(asked)),
    )
