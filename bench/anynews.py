"""News of any text: Russian, emoji, right to left, mark-up, words of 300 characters. Seeded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Final

from bot.i18n import LANGUAGES, words_for
from bot.look import Look, Place
from feeds.chatsettings import Density, Opinions
from feeds.issue import Digest, DigestKind, DigestStory, ScoreParts, Section
from feeds.marks import Marks
from feeds.model import Opinion, Related, StoryId

NOW: Final = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
_ZONES: Final = ("Europe/Moscow", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati")
_PROSE: Final = """Завод снизил цену электромобиля на 300 тысяч рублей и обещает скидку до конца года
The maker cut the price of its electric car by a third until the end of the year"""
_MARKS: Final = """Конец. Да! Почему? «Искра» — … <b> </b> &amp; & < > " ' <a&href='x'> &nbsp; ]]> <!-- \\ ` * _"""
_SIGNS: Final = "🚗 👩\u200d🔧 🇷🇺 👍🏽 е\u0301 й １２ 𝕏 שלום مرحبا \u202bабв\u202c \u200dx ﷺ"
_NOTICED: Final = "#тег @user /start https://koleso.example/x?a=1&b=2 koleso.example a@b.example 1.5 $USD +79990000000"
_GLUED: Final = ("1\u202f172", "90\u00a0кВт·ч", "т.\u00a0е.", "№\u00a05")
_WORDS: Final = (*f"{_PROSE} {_MARKS} {_SIGNS} {_NOTICED}".split(), *_GLUED)
_PROSE_WORDS: Final = tuple(_PROSE.split())
_GIANTS: Final = ("Ж" * 300, "x" * 300, "🚗" * 300, "ש" * 301)


def any_text(random: Random, most: int) -> str:
    """Put words together, now and then a giant among them; never blank. Most texts are prose."""
    count, words = random.randint(1, most), random.choice([_WORDS, _PROSE_WORDS, _PROSE_WORDS])
    return " ".join(random.choice(_GIANTS if random.random() < 0.01 else words) for _ in range(count))


def any_story(random: Random, number: int) -> DigestStory:
    """Make a story up; any part of it may be missing, or too long."""
    sources = tuple(dict.fromkeys(any_text(random, 3) for _ in range(random.choice([1, 1, 2, 5]))))
    url = f"https://koleso.example/{number}?" + "q&" * random.choice([0, 10, 100, 700])
    links = tuple(Related(title=name, url=url) for name in sources[:3])
    opinion = Opinion(
        label=any_text(random, 3),
        text=any_text(random, 120),
        ours=random.random() < 0.3,
        signature=random.choice(["", "Редакция"]),
    )
    return DigestStory(
        story_id=StoryId(number),
        headline=any_text(random, 20),
        summary=random.choice(["", any_text(random, 60)]),
        url=url,
        sources=sources,
        tellings=links,
        published_at=NOW - timedelta(minutes=random.randint(0, 5000)),
        topics=tuple(random.sample(["ev", "law & order", "Китай", "<i>"], random.randint(0, 3))),
        opinion=opinion if random.random() < 0.5 else None,
        opinion_source=random.choice([None, sources[-1]]),
        related=links[: random.randint(0, 2)],
        score=ScoreParts(sources=random.random() * 3),
        lang=random.choice(LANGUAGES),
        marks=_marks(random),
    )


def any_digest(random: Random) -> Digest:
    """Make an issue of one to twelve stories up, in up to five sections."""
    stories = [any_story(random, number) for number in range(1, random.randint(1, 12) + 1)]
    marks = sorted({0, len(stories), *(random.randint(0, len(stories)) for _ in range(random.randint(0, 4)))})
    topics = [None, "ev", "law & order", "Китай", "<i>"]
    sections = [
        Section(topic=topics[at % len(topics)], stories=tuple(stories[begin:end]))
        for at, (begin, end) in enumerate(pairwise(marks))
    ]
    return Digest(
        kind=random.choice([DigestKind.SCHEDULED, DigestKind.FIRST, DigestKind.WEEKLY, DigestKind.CATCH_UP]),
        made_at=NOW,
        sections=tuple(sections),
        left_over=random.randint(0, 20),
        hours=random.choice([24, 72, 168]),
        next_at=random.choice([None, NOW + timedelta(hours=11)]),
        missed_stories=random.randint(0, 40),
    )


def any_place(random: Random) -> Place:
    """Choose for whom, and in which look."""
    look = Look(
        density=random.choice(list(Density)),
        opinions=random.choice(list(Opinions)),
        accessible=random.random() < 0.3,
        hashtags=random.random() < 0.5,
        signature=random.choice(["", "Подпись <канала> & друзей " * 8]),
    )
    return Place(words=words_for(random.choice(LANGUAGES)), zone=random.choice(_ZONES), topic_name=str.strip, look=look)


def _marks(random: Random) -> Marks:
    if random.random() < 0.8:
        return Marks()
    return Marks(
        corrected_at=random.choice([None, NOW]),
        retracted_at=NOW if random.random() < 0.2 else None,
        note=random.choice(["", any_text(random, 40)]),
        added=tuple(any_text(random, 2) for _ in range(random.randint(0, 4))),
        added_at=random.choice([None, NOW]),
    )
