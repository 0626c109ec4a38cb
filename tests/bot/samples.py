"""Made-up news in both languages, with everything a message can have: what the golden messages are written from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.i18n import words_for
from bot.look import Look, Place, topic_namer
from feeds.issue import Digest, DigestKind, DigestStory, ScoreParts, Section
from feeds.model import Opinion, Related, StoryId
from tests.samples import HOUR, NOW

TOPICS = {
    "ev": {"ru": "Электромобили", "en": "Electric cars"},
    "russia": {"ru": "Автопром России", "en": "Russian car makers"},
    "law": {"ru": "Законы и сборы", "en": "Law and fees"},
    "tests": {"ru": "Тест-драйвы", "en": "Test drives"},
}

_TEXTS = {
    "ru": (
        (
            "ev",
            "«Искра» и «Электрозавод» будут вместе выпускать городской хетчбэк",
            (
                "Компании подписали соглашение о совместной разработке. Первая модель с запасом хода 320 км выйдет"
                " через два года, цену назовут ближе к сборке."
            ),
            ("Автополка", "Гудок", "Ключ на старт", "Колесо"),
        ),
        (
            "ev",
            "Зарядки на трассе М-0 подешевели до 14 ₽ за киловатт-час",
            "Ночной тариф действует с полуночи до шести.",
            ("Колесо",),
        ),
        (
            "law",
            "Сбор за утилизацию не изменится до 1 июля",
            "Проект отправлен на доработку. Для тех, кто ввозит машину для себя, ставки остаются прежними.",
            ("Гудок", "Автополка", "Колесо"),
        ),
        (
            "tests",
            "Вездеход «Тундра-2»: чем он лучше первого за те же деньги",
            "Полный привод теперь есть и в средней версии, а подвеску сделали мягче.",
            ("Ключ на старт",),
        ),
        (None, "Мост через Змеиную открыли для грузовиков", "", ("Гудок",)),
    ),
    "en": (
        (
            "ev",
            "Iskra and Elektrozavod to build a city hatchback together",
            (
                "The companies have signed a development agreement. The first model, with a range of 320 km, is due"
                " in two years; its price will be named closer to production."
            ),
            ("Kerbside", "Charging Post", "The Wheel", "Horn"),
        ),
        (
            "ev",
            "Charging along the M-0 falls to 14 roubles a kilowatt-hour",
            "The night rate applies from midnight to six.",
            ("Charging Post",),
        ),
        (
            "law",
            "Recycling fee stays as it is until 1 July",
            "The draft went back for rework. Rates for people who import a car for themselves stay the same.",
            ("Horn", "Kerbside", "The Wheel"),
        ),
        (
            "tests",
            "Tundra-2: what it does better than the first for the same money",
            "All-wheel drive now comes with the mid trim, and the springs are softer.",
            ("Kerbside",),
        ),
        (None, "Zmeinaya bridge opens to lorries", "", ("Horn",)),
    ),
}
_OPINION = {
    "ru": Opinion(
        label="Мнение редакции",
        text="Для «Искры» это самый короткий путь к своей батарее. Раньше чем через два года такую машину ждать не"
        " стоит, да и цена пока — загадка.",
        ours=True,
        signature="Редакция «Автодайджеста»",
    ),
    "en": Opinion(
        label="Editor’s opinion",
        text="For Iskra this is the shortest way to a battery of its own. Nobody should expect the car sooner than in"
        " two years, and its price is anyone’s guess.",
        ours=True,
        signature="The editors of Autodigest",
    ),
}
_RELATED = {
    "ru": ("«Искра» подорожала второй раз за год", "Где зарядить электромобиль зимой"),
    "en": ("Iskra raises its price again", "Where to charge an electric car in winter"),
}


def place(lang: str = "ru", zone: str = "Europe/Moscow", **look: object) -> Place:
    """Where the samples are shown."""
    values = Look(**look)  # type: ignore[arg-type]  # the fields of a look, by name
    return Place(words=words_for(lang), zone=zone, topic_name=topic_namer(TOPICS, lang), look=values)


def stories(lang: str) -> list[DigestStory]:
    """Five stories; the first has an opinion of our editors and related articles, others are told by several."""
    made = []
    for number, (topic, headline, summary, sources) in enumerate(_TEXTS[lang], 1):
        urls = tuple(Related(title=name, url=f"https://news.example/{number}/{at}") for at, name in enumerate(sources))
        made.append(
            DigestStory(
                story_id=StoryId(number),
                headline=headline,
                summary=summary,
                url=f"https://news.example/{number}/0",
                sources=sources,
                tellings=urls[:3],
                published_at=NOW - number * HOUR,
                topics=(topic,) if topic else (),
                lang=lang,
                score=ScoreParts(sources=len(sources) - number / 10),
            )
        )
    related = tuple(
        Related(title=title, url=f"https://news.example/r{at}") for at, title in enumerate(_RELATED[lang], 1)
    )
    first = replace(made[0], opinion=_OPINION[lang], related=related, topics=("ev", "russia"))
    return [first, *made[1:]]


def issue(lang: str) -> Digest:
    """An issue of all five, the next one due in the evening."""
    first, second, law, tests, bridge = stories(lang)
    return Digest(
        kind=DigestKind.SCHEDULED,
        made_at=NOW,
        sections=(
            Section(topic="ev", stories=(first, second)),
            Section(topic="law", stories=(law,)),
            Section(topic="tests", stories=(tests,)),
            Section(topic=None, stories=(bridge,)),
        ),
        left_over=4,
        next_at=NOW + 11 * HOUR,
    )


def breaking(lang: str) -> DigestStory:
    """The fee's story, told twenty minutes ago."""
    return replace(stories(lang)[2], published_at=NOW - timedelta(minutes=20))
