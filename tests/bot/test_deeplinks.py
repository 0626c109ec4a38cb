from __future__ import annotations

import pytest

from bot.deeplinks import (
    DeepLink,
    DigestLink,
    MixLink,
    StoryLink,
    TopicsLink,
    chat_payload,
    linked_topics,
    read_payload,
)
from feeds.issue import ChatId
from feeds.model import StoryId
from feeds.topics import Catalogue


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("t_ev-cn", TopicsLink(("ev-cn",))),
        ("t_ev_china", TopicsLink(("ev", "china"))),
        ("s_4F", StoryLink(StoryId(4 * 62 + 15))),
        ("s_4F_1a_0", StoryLink(StoryId(4 * 62 + 15))),
        ("c_4F", MixLink(ChatId(4 * 62 + 15))),
        ("c_12_7_0", MixLink(ChatId(12))),
        ("digest", DigestLink()),
        *(
            (broken, None)
            for broken in ("", "t_", "s_", "s_!", "c_", "c_x_7_0", "c_1_2", "cfg_1", "start", "a" * 65, "т_ev")
        ),
    ],
)
def test_a_payload_is_what_it_asks_for_or_nothing(payload: str, link: DeepLink | None) -> None:
    assert read_payload(payload) == link


def test_a_channels_payload_is_read_again_whatever_its_key() -> None:
    for key in (1, 61, 62, 2**63 - 1):
        assert read_payload(chat_payload(ChatId(key))) == MixLink(ChatId(key))


@pytest.mark.parametrize(
    ("names", "topics"),
    [
        (("ev-cn",), ["ev", "china"]),
        (("new-models", "kr"), ["new-models", "korea"]),
        (("haval", "haval"), ["haval"]),
        (("no-such", "<b>"), []),
    ],
)
def test_topics_are_meant_by_their_ids_and_countries(
    catalogue: Catalogue, names: tuple[str, ...], topics: list[str]
) -> None:
    assert [topic.id for topic in linked_topics(TopicsLink(names), catalogue)] == topics


def test_every_topic_can_be_linked_to(catalogue: Catalogue) -> None:
    for topic in (*catalogue.themes, *catalogue.makes):
        link = read_payload(f"t_{topic.id}")
        assert isinstance(link, TopicsLink)
        assert linked_topics(link, catalogue) == (topic,)
