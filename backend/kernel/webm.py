"""Just enough of WebM (EBML, RFC 8794 and RFC 9559) to know a recording when we see one.

Browsers record into WebM and leave the duration out, so it is read from the blocks.
"""

from collections.abc import Iterator

SIGNATURE = b"\x1a\x45\xdf\xa3"
_EBML, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _CLUSTER, _INFO, _TRACKS = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B
_TAGS, _ATTACHMENTS = 0x1254C367, 0x1941A469
_TRACK, _TRACK_TYPE, _SCALE, _TIME = 0xAE, 0x83, 0x2AD7B1, 0xE7
_SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0xA3, 0xA0, 0xA1
_AUDIO = 2
_MOST_ELEMENTS = 50_000

Element = tuple[int, int, int, int]  # id, start of the element, start and end of its body


def clean(raw: bytes) -> tuple[bytes, float]:
    """The recording with tags and attachments blanked, and its seconds.

    Raises ValueError for what is no WebM, or holds anything but sound.
    """
    top = list(_elements(raw, 0, len(raw)))
    head = next((one for one in top if one[0] == _EBML), None)
    segment = next((one for one in top if one[0] == _SEGMENT), None)
    if head is None or segment is None or _text(raw, head, _DOC_TYPE) != b"webm":
        raise ValueError("not WebM")
    body = bytearray(raw)
    kinds: list[int] = []
    scale, last = 1_000_000, 0
    for element in _elements(raw, segment[2], segment[3], of_clusters=True):
        name = element[0]
        if name == _INFO:
            scale = _number(raw, element, _SCALE) or scale
        elif name == _TRACKS:
            kinds += [_number(raw, one, _TRACK_TYPE) for one in _inside(raw, element, _TRACK)]
        elif name == _CLUSTER:
            last = max(last, _end_of(raw, element))
        elif name in (_TAGS, _ATTACHMENTS):
            _blank(body, element)
    if kinds != [_AUDIO]:
        raise ValueError("not one track of sound")
    return bytes(body), last * scale / 1e9


def _elements(raw: bytes, start: int, end: int, *, of_clusters: bool = False) -> Iterator[Element]:
    """The elements side by side from `start` to `end`; an unknown size lasts to the next one."""
    place, count = start, 0
    while place < end:
        count += 1
        if count > _MOST_ELEMENTS:
            raise ValueError("too many elements")
        name, body = _variable(raw, place, keep_marker=True)
        size, body = _variable(raw, body)
        stop = body + size
        if size < 0:
            stop = _next_cluster(raw, body, end) if of_clusters else end
        # A recording that was cut off ends inside an element.
        yield name, place, body, min(stop, end)
        place = stop


def _next_cluster(raw: bytes, start: int, end: int) -> int:
    found = raw.find(_CLUSTER.to_bytes(4), start, end)
    return end if found < 0 else found


def _variable(raw: bytes, place: int, *, keep_marker: bool = False) -> tuple[int, int]:
    """A number of variable length and what follows it; -1 where all its bits are set."""
    if place >= len(raw) or raw[place] == 0:
        raise ValueError("broken number")
    length = 9 - raw[place].bit_length()
    if place + length > len(raw):
        raise ValueError("cut off")
    value = int.from_bytes(raw[place : place + length])
    if not keep_marker:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            value = -1
    return value, place + length


def _inside(raw: bytes, outer: Element, wanted: int) -> list[Element]:
    return [one for one in _elements(raw, outer[2], outer[3]) if one[0] == wanted]


def _text(raw: bytes, outer: Element, wanted: int) -> bytes:
    found = _inside(raw, outer, wanted)
    return raw[found[0][2] : found[0][3]] if found else b""


def _number(raw: bytes, outer: Element, wanted: int) -> int:
    return int.from_bytes(_text(raw, outer, wanted)[:8])


def _end_of(raw: bytes, cluster: Element) -> int:
    """The time of the cluster's last block, in the file's own unit."""
    base, last = 0, 0
    for name, _, body, end in _elements(raw, cluster[2], cluster[3]):
        if name == _TIME:
            base = int.from_bytes(raw[body:end][:8])
        elif name == _SIMPLE_BLOCK:
            last = max(last, _offset(raw, body))
        elif name == _BLOCK_GROUP:
            for block in _inside(raw, (name, body, body, end), _BLOCK):
                last = max(last, _offset(raw, block[2]))
    return base + last


def _offset(raw: bytes, body: int) -> int:
    _, place = _variable(raw, body)
    return int.from_bytes(raw[place : place + 2], signed=True)


def _blank(body: bytearray, element: Element) -> None:
    """Make it a Void element (0xEC) of zeros, exactly as long."""
    _, start, inner, end = element
    width = min(8, inner - start - 1)
    size = end - start - 1 - width
    body[start:end] = b"\xec" + ((1 << 7 * width) | size).to_bytes(width) + bytes(size)
