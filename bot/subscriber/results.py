"""How what a search found looks; the query stands in the first line, where the next tap reads it again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.callbacks import SearchTap, StoryTap, TopicTap
from bot.i18n import LANGUAGES, Words, words_for
from bot.markup import Block, Bold, Button, Italic, Keyboard, Link, Message, Moment, Paragraph, rows, say
from bot.render import HEADLINE, cut
from bot.screens import Screens
from bot.subscriber.choosing import toggle
from feeds.issue import Chat, DigestStory
from feeds.topics import Topic

PAGE = 5
MOST_PAGES = 10
LONGEST = 100
"""Characters of a query that are looked for; nobody types more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of what was found. ``read_as`` is the shorter query that found something where the whole did not."""

    query: str
    stories: Sequence[DigestStory] = ()
    page: int = 0
    more: bool = False
    read_as: str | None = None
    topics: Sequence[Topic] = ()


def draw(brush: Screens, chat: Chat, results: Results, *, followed: bool) -> Message:
    """Show a page: topics that the words may name, then stories by number, then what can be done with the query."""
    words = brush.words
    blocks: list[Block] = [Paragraph((Bold((heading(words, results.query),)),))]
    if not results.stories:
        blocks += say(words("search-only-topics" if results.topics else "search-nothing"))
    elif results.read_as is not None:
        blocks += say(words("search-partly", query=results.read_as))
    blocks += [
        _line(story, number, words, chat.zone) for number, story in enumerate(results.stories, results.page * PAGE + 1)
    ]
    if results.topics and results.stories:
        blocks += say(words("search-topics"))
    return Message(document=tuple(blocks), keyboard=_keyboard(brush, chat, results, followed=followed))


def heading(words: Words, query: str) -> str:
    """Write the line that holds the query."""
    return words("search-title", query=query)


def read_query(text: str | None) -> str | None:
    """Read the query from a message that ``draw`` made, in whatever language; None when it is none of these."""
    first = (text or "").partition("\n")[0]
    for lang in LANGUAGES:
        before = heading(words_for(lang), "").strip()
        if first.startswith(f"{before} "):
            return first.removeprefix(before).strip() or None
    return None


def tidy(text: str) -> str:
    """Make of what somebody typed a query of one line."""
    return " ".join(text.split())[:LONGEST].strip()


def _line(story: DigestStory, number: int, words: Words, zone: str) -> Paragraph:
    first, *others = story.sources
    source = words("sources-more", source=first, count=len(others)) if others else first
    if story.lang != words.lang and words.has(f"source-in-{story.lang}"):
        source = f"{source} ({words(f'source-in-{story.lang}')})"
    at = Moment(story.published_at, words.moment(story.published_at, zone), "dt")
    headline = Link(story.url, (cut(story.headline, HEADLINE),))
    return Paragraph((f"{number}. ", headline, "\n", Italic((f"{source} · ", at))))


def _keyboard(brush: Screens, chat: Chat, results: Results, *, followed: bool) -> Keyboard:
    words, page = brush.words, results.page
    topics = [toggle(brush, chat, one, TopicTap(on="s", topic=one.id, page=page)) for one in results.topics]
    numbers = tuple(
        Button(text=str(number), data=StoryTap(story=story.story_id, do="o").pack())
        for number, story in enumerate(results.stories, page * PAGE + 1)
    )
    turn = []
    if page:
        turn.append(Button(text=words("button-back"), data=SearchTap(page=page - 1).pack()))
    if results.more:
        turn.append(Button(text=words("button-search-more"), data=SearchTap(page=page + 1).pack()))
    follow = Button(
        text=words("button-followed" if followed else "button-follow"),
        data=SearchTap(do="off" if followed else "on", page=page).pack(),
        style="success" if followed else None,
    )
    return tuple(row for row in (*rows(topics, width=2), numbers, tuple(turn), (follow,)) if row)
