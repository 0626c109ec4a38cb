from __future__ import annotations

from dataclasses import replace

from feeds.gist import packaged
from feeds.model import Item, ItemId, SourceId, StoredItem, Story, StoryId
from feeds.tagging import Tags, majority, tag_item, tag_story
from tests.samples import NOW


def telling(number: int, title: str) -> StoredItem:
    item = Item(
        source_id=SourceId(number),
        key="1",
        url=f"https://{number}.example/1",
        title=title,
        published_at=NOW,
        text_hash=title,
    )
    return StoredItem(id=ItemId(number), item=item, source_name="", source_topics=("law",))


async def test_topics_that_are_remembered_are_those_that_would_be_found() -> None:
    tags = Tags(packaged())
    told = [telling(1, "Электромобиль Haval вышел в продажу"), telling(2, "Haval начал продажи электромобиля")]
    for tellings in (told, told, [*told, telling(3, "Утильсбор вырос для машин Haval")]):
        story = Story(id=StoryId(1), topics=(), items=tuple(tellings))
        assert await tags.of_story(story) == tag_story(packaged(), story) != ()


def test_an_article_that_says_something_else_now_is_read_again() -> None:
    tags, before = Tags(packaged()), telling(1, "Электромобиль Haval вышел в продажу")
    after = replace(before.item, title="Geely показала седан", text_hash="other")
    assert "haval" in tags.of(before.item, ())
    assert tags.of(after, ()) == tag_item(packaged(), after, ())
    assert "geely" in tags.of(after, ())
    assert tags.of(before.item, ("law",)) == tag_item(packaged(), before.item, ("law",))


def test_a_story_has_the_topics_of_at_least_half_of_its_tellings() -> None:
    assert majority([("ev", "china"), ("china", "market"), ("china",)]) == ("china",)
    assert majority([("ev", "china"), ("market", "china")]) == ("china", "ev", "market")
    assert majority([("ev",)]) == ("ev",)
    assert majority([(), (), ("ev",)]) == ()
    assert majority([]) == ()


def test_the_most_common_topic_comes_first_then_the_better_one() -> None:
    assert majority([("law", "import"), ("import", "law"), ("import",), ("law", "import")])[0] == "import"
    assert majority([("tech", "ev"), ("ev", "tech")]) == ("ev", "tech")
