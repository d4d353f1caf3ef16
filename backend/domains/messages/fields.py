"""The fields of WeChat's templates that more than one kind of message fills."""

from notifications.kinds import Fields


def progress(state: str, hint: str) -> Fields:
    """The subscribe template for whoever called: number, matter, state, hint."""
    return (
        ("character_string1", "{number}"),
        ("thing2", "{title}"),
        ("phrase3", state),
        ("thing4", hint),
    )


def service(state: str, hint: str, when: str = "at") -> Fields:
    """The service account's one template: matter, time, place, state, hint.

    ``when`` is the moment that counts: ``at`` when it happened, ``due`` until when to act.
    """
    return (
        ("thing1", "{title}"),
        ("time2", f"{{{when}:wechat}}"),
        ("thing3", "{place}"),
        ("phrase4", state),
        ("thing5", hint),
    )


def task(hint: str) -> Fields:
    """The subscribe template for members of staff: matter, place, until when, hint."""
    return (
        ("thing1", "{title}"),
        ("thing2", "{place}"),
        ("time3", "{due:wechat}"),
        ("thing4", hint),
    )
