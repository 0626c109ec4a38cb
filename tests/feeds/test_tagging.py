from __future__ import annotations

from feeds.tagging import majority


def test_a_story_has_the_topics_of_at_least_half_of_its_tellings() -> None:
    assert majority([("ev", "china"), ("china", "market"), ("china",)]) == ("china",)
    assert majority([("ev", "china"), ("market", "china")]) == ("china", "ev", "market")
    assert majority([("ev",)]) == ("ev",)
    assert majority([(), (), ("ev",)]) == ()
    assert majority([]) == ()


def test_the_most_common_topic_comes_first_then_the_better_one() -> None:
    assert majority([("law", "import"), ("import", "law"), ("import",), ("law", "import")])[0] == "import"
    assert majority([("tech", "ev"), ("ev", "tech")]) == ("ev", "tech")
