"""Names of people in a ticket's words, by dictionary."""

from backend.domains.hotline.scrub import people_in


def test_ordinary_words_stay_and_names_go() -> None:
    assert people_in("井盖响，王丽华说红绿灯也坏了，谢谢") == {"王丽华"}
