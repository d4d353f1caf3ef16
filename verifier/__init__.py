"""A small program that checks a published vote. It needs Python and nothing else.

Nothing here is shared with the platform that ran the vote: it was written a second time, from the
description in README.zh.md, so that one mistake is not made twice.
"""
