from __future__ import annotations

from datetime import UTC, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.issue import Digest, DigestKind, DigestStory, Section
from feeds.model import Opinion, StoryId
from storage.rows import read_digest, write_digest
from tests.storage.samples import digest

MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=3))]))
STORIES = st.builds(
    DigestStory,
    story_id=st.integers(min_value=1, max_value=2**63 - 1).map(StoryId),
    headline=st.text(),
    summary=st.text(),
    url=st.text(),
    sources=st.lists(st.text(), max_size=3).map(tuple),
    published_at=MOMENTS,
    topics=st.lists(st.text(), max_size=3).map(tuple),
    opinion=st.none() | st.builds(Opinion, label=st.text(), text=st.text()),
    opinion_source=st.none() | st.text(),
    picture=st.none() | st.text(),
)
SECTIONS = st.builds(Section, topic=st.none() | st.text(), stories=st.lists(STORIES, max_size=3).map(tuple))
DIGESTS = st.builds(
    Digest,
    kind=st.sampled_from(DigestKind),
    made_at=MOMENTS,
    sections=st.lists(SECTIONS, max_size=3).map(tuple),
    left_over=st.integers(min_value=0),
    hours=st.integers(min_value=0),
    next_at=st.none() | MOMENTS,
)


@settings(deadline=None)
@given(DIGESTS)
def test_a_digest_comes_back_as_it_was(made: Digest) -> None:
    written = write_digest(made)
    assert "\0" not in written
    assert read_digest(written) == made


def test_half_a_surrogate_pair_spoils_one_character_and_not_the_digest() -> None:
    broken = digest(sections=(Section(topic="\ud83d?", stories=digest().stories),))
    back = read_digest(write_digest(broken))
    assert back.sections[0].topic == "\ufffd?"
    assert back.stories == broken.stories


def test_a_digest_of_an_earlier_version_is_read_with_defaults() -> None:
    text = '{"kind": "first", "made_at": "2026-03-02T09:00:00Z", "sections": [], "colour": "red"}'
    assert read_digest(text).hours == 24
