from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.i18n import NBSP, words_for
from bot.markup import Document, Quote, plain, telegram_html
from bot.render import Place, fits, render_card, render_digest, topic_namer
from feeds.issue import Digest, DigestKind, Section
from feeds.model import Opinion, Related, StoryId
from feeds.schedule import DEFAULT_ZONE
from tests.samples import HOUR, NOW, digest, opinion, told

TOPICS = {"ev": {"ru": "Электромобили", "en": "Electric cars"}, "law": {"ru": "Закон", "en": "Law"}}


def place(lang: str = "ru", zone: str = "Europe/Moscow") -> Place:
    return Place(words=words_for(lang), zone=zone, topic_name=topic_namer(TOPICS, lang))


def shown(document: Document) -> str:
    """What a person reads: a space that does not break is a space."""
    return plain(document).replace(NBSP, " ")


def sample(lang: str = "ru") -> Digest:
    """An issue with everything in it: sections, a story of yesterday, several sources, an opinion."""
    if lang == "ru":
        texts = [
            ("«Искра» подешевела на 300 тысяч", "Завод снизил цену электромобиля. Скидка действует до конца года."),
            ("Утильсбор вырастет в январе", "Правительство утвердило новые ставки."),
            ("Мост через Волгу открыли для машин", ""),
        ]
        label, comment, names = "Мнение редакции", "Скидка большая, а зимой её ещё и удвоят.", ("Колесо", "Гудок")
    else:
        texts = [
            ("Iskra drops its price", "The maker cut the price of its electric car. The offer ends with the year."),
            ("Recycling fee to rise in January", "The government has approved new rates."),
            ("Bridge over the Volga opens to cars", ""),
        ]
        label, comment, names = "Editor’s view", "A big discount, and winter will double it.", ("Wheel", "Horn")
    stories = [
        told(number, headline=head, summary=summary, sources=names[:1], url=f"https://koleso.example/{number}")
        for number, (head, summary) in enumerate(texts, 1)
    ]
    first = replace(
        stories[0], sources=names, opinion=Opinion(label=label, text=comment), opinion_source=names[1], topics=("ev",)
    )
    second = replace(stories[1], published_at=NOW - 10 * HOUR)
    return digest(
        sections=(
            Section(topic="ev", stories=(first,)),
            Section(topic="law", stories=(second,)),
            Section(topic=None, stories=(stories[2],)),
        ),
        next_at=NOW + 11 * HOUR,
    )


def test_no_client_says_anew_what_is_said_by_the_readers_own_clock() -> None:
    [mine] = render_digest(sample(), replace(place(), own_clock=True))
    [everybodys] = render_digest(sample(), place())
    assert plain(mine) == plain(everybodys)
    assert 'format="wt"' in telegram_html(everybodys)
    assert 'format="wt"' not in telegram_html(mine)


GOLDEN_RU = """\
Авто за день · воскресенье, 22 ноября
3 новости из 2 источников · 1 минута чтения

Электромобили

1. «Искра» подешевела на 300 тысяч
Завод снизил цену электромобиля. Скидка действует до конца года.
Колесо и ещё 1 · 7:00
Мнение редакции (Гудок). Скидка большая, а зимой её ещё и удвоят.

Закон

2. Утильсбор вырастет в январе
Правительство утвердило новые ставки.
Колесо · 21 ноября, 22:00

Коротко

3. Мост через Волгу открыли для машин
Колесо · 7:00

Следующий выпуск — сегодня в 19:00 МСК"""

GOLDEN_EN = """\
Cars today · Sunday, 22 November
3 stories from 2 sources · 1-minute read

Electric cars

1. Iskra drops its price
The maker cut the price of its electric car. The offer ends with the year.
Wheel +1 · 7:00
Editor’s view (Horn). A big discount, and winter will double it.

Law

2. Recycling fee to rise in January
The government has approved new rates.
Wheel · 21 November, 22:00

In short

3. Bridge over the Volga opens to cars
Wheel · 7:00

Next issue — today at 19:00 MSK"""


@pytest.mark.parametrize(("lang", "golden"), [("ru", GOLDEN_RU), ("en", GOLDEN_EN)])
def test_a_digest_reads_like_this(lang: str, golden: str) -> None:
    [document] = render_digest(sample(lang), place(lang))
    assert shown(document) == golden


def test_a_digest_is_marked_up_like_this() -> None:
    [document] = render_digest(sample(), place())
    lines = telegram_html(document).replace(NBSP, " ").splitlines()
    assert lines[0] == "<b>Авто за день · воскресенье, 22 ноября</b>"
    assert lines[3] == "<b>Электромобили</b>"
    assert lines[5] == '1. <a href="https://koleso.example/1"><b>«Искра» подешевела на 300 тысяч</b></a>'
    unix = int((NOW - HOUR).timestamp())
    assert lines[7] == f'<i>Колесо и ещё 1 · <tg-time unix="{unix}" format="t">7:00</tg-time></i>'
    assert lines[8] == (
        "<blockquote><b>Мнение редакции (Гудок).</b> Скидка большая, а зимой её ещё и удвоят.</blockquote>"
    )


def test_a_card_reads_like_this() -> None:
    story = sample().stories[0]
    assert shown(render_card(story, place())) == (
        "«Искра» подешевела на 300 тысяч\n\n"
        "Завод снизил цену электромобиля. Скидка действует до конца года.\n"
        "Мнение редакции (Гудок)\nСкидка большая, а зимой её ещё и удвоят.\n\n"
        "Источник: Колесо и ещё 1 · 22 ноября, 7:00 МСК"
    )


def test_one_section_of_the_rest_has_no_heading() -> None:
    [document] = render_digest(digest(told(1)), place())
    assert "Коротко\n" not in shown(document)


def test_a_best_story_without_a_theme_is_headed_as_such() -> None:
    sections = (Section(topic=topic, stories=(told(n),)) for n, topic in enumerate((None, "law", None), 1))
    [document] = render_digest(digest(sections=tuple(sections)), place())
    text = shown(document)
    places = [text.index(part) for part in ("Главное\n", "1. ", "2. ", "Коротко\n", "3. ")]
    assert places == sorted(places)


def test_the_first_issue_promises_no_next_one() -> None:
    [document] = render_digest(digest(kind=DigestKind.FIRST, next_at=NOW + HOUR), place())
    assert "Следующий" not in shown(document)


@pytest.mark.parametrize(
    ("lang", "title", "why"),
    [
        ("ru", "Авто за 3 дня · воскресенье, 22 ноября", "новости за 3 дня"),
        ("en", "The last 3 days in cars · Sunday, 22 November", "the stories of the last 3 days"),
    ],
)
def test_a_widened_issue_says_for_how_many_days(lang: str, title: str, why: str) -> None:
    [document] = render_digest(digest(hours=72, kind=DigestKind.ASKED), place(lang))
    assert shown(document).startswith(f"{title}\n")
    assert why in shown(document)


def test_mondays_issue_has_the_weekends_news_and_does_not_say_that_nothing_is_new() -> None:
    [document] = render_digest(digest(hours=72), place())
    assert shown(document).startswith("Авто за 3 дня · ")
    assert "ничего другого нового нет" not in shown(document)


@pytest.mark.parametrize(("issues", "said"), [(2, "вместо 2 выпусков — один"), (21, "вместо 21 выпуска — один")])
def test_an_issue_that_stands_for_several_after_an_outage_says_so(issues: int, said: str) -> None:
    [document] = render_digest(digest(merged=issues), place())
    assert said in shown(document)
    [document] = render_digest(digest(), place())
    assert "вместо" not in shown(document)


def test_the_day_and_the_times_are_those_of_the_readers_zone() -> None:
    [document] = render_digest(digest(told(1, published_at=NOW - 9 * HOUR)), place(zone="Asia/Vladivostok"))
    assert "22 ноября" in shown(document)
    assert "· 6:00" in shown(document)


def test_a_zone_that_this_machine_does_not_know_is_read_as_the_default_one() -> None:
    nowhere = place(zone="Europe/Nowhere")
    assert shown(render_digest(sample(), nowhere)[0]) == shown(render_digest(sample(), place(zone=DEFAULT_ZONE))[0])


def test_a_topic_that_is_no_more_keeps_its_own_name() -> None:
    [document] = render_digest(digest(sections=(Section(topic="gone", stories=(told(1),)),)), place())
    assert "gone" in shown(document)


def test_a_long_opinion_folds_and_a_short_one_does_not() -> None:
    quotes = [
        block
        for text in ("Коротко.", "Слово и ещё слово. " * 15)
        for block in render_card(told(1, opinion=opinion(text), opinion_source="Колесо"), place())
        if isinstance(block, Quote)
    ]
    assert [quote.expandable for quote in quotes] == [False, True]


@pytest.mark.parametrize(
    ("label", "source", "head"),
    [
        ("Мнение редакции", "Гудок", "Мнение редакции (Гудок)"),
        ("Мнение «Мотора»", "Мотор", "Мнение «Мотора»"),
        ("Мнение редакции «Авто Mail»", "Авто Mail.ru", "Мнение редакции «Авто Mail»"),
        ("Автор считает", "Авто.ру", "Автор считает (Авто.ру)"),
        ("Мнение «Автополки»", "Автополка", "Мнение «Автополки»"),
        ("Мнение Rucars", "Rucars", "Мнение Rucars"),
        ("Мнение Дрома", "Дром", "Мнение Дрома"),
        ("Мнение «За рулём»", "За рулём", "Мнение «За рулём»"),
        # A word that only begins alike names nobody.
        ("Мнение автора", "Авто.ру", "Мнение автора (Авто.ру)"),
        ("Мнение моториста", "Мотор", "Мнение моториста (Мотор)"),
        ("Автоэксперт считает", "Авто Mail", "Автоэксперт считает (Авто Mail)"),
        ("Новость: мнение редакции", "Новости дорог", "Новость: мнение редакции (Новости дорог)"),
        ("Мнение", "7", "Мнение (7)"),
    ],
)
def test_an_opinion_is_always_attributed(label: str, source: str, head: str) -> None:
    story = told(1, opinion=opinion("Так и надо.", label), opinion_source=source, sources=("Иной",))
    [document] = render_digest(digest(story), place())
    assert f"{head}. Так и надо." in shown(document)


def test_what_does_not_fit_gives_way_in_summaries_first_and_never_in_stories() -> None:
    long = "Предложение про машину и дорогу. " * 30
    stories = [told(n, summary=long, opinion=opinion(long), opinion_source="Колесо") for n in range(1, 8)]
    [document] = render_digest(digest(*stories), place())
    text = shown(document)
    assert [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)] == list(range(1, 8))
    assert text.count("Мнение редакции (Колесо).") == 7


def test_more_stories_than_one_message_holds_go_on_in_the_next() -> None:
    stories = [
        told(n, headline="Длинный заголовок о машине " * 5, opinion=opinion("Слово. " * 30)) for n in range(1, 41)
    ]
    documents = render_digest(digest(*stories, next_at=NOW + HOUR), place())
    assert len(documents) > 1
    assert all(fits(document) for document in documents)
    numbers = [int(n) for document in documents for n in re.findall(r"^(\d+)\. ", shown(document), re.MULTILINE)]
    assert numbers == list(range(1, 41))
    assert ["Следующий выпуск" in shown(document) for document in documents] == [False] * (len(documents) - 1) + [True]


def test_an_address_too_long_for_telegram_costs_the_link_and_not_the_story() -> None:
    [document] = render_digest(digest(told(1, url="https://koleso.example/" + "x" * 40_000)), place())
    assert fits(document)
    assert "Новость номер 1" in shown(document)


def test_no_address_of_thousands_of_characters_refuses_a_card() -> None:
    document = render_card(told(1, url="https://koleso.example/" + "x" * 40_000), place())
    assert fits(document)
    assert "Новость номер 1" in shown(document)


def test_the_same_digest_is_written_the_same_way_each_time() -> None:
    assert render_digest(sample(), place()) == render_digest(sample(), place())


def test_story_ids_are_no_numbers_in_the_list() -> None:
    [document] = render_digest(digest(told(17, story_id=StoryId(17))), place())
    assert "1. Новость номер 17" in plain(document)


def test_a_card_names_related_articles_above_its_source() -> None:
    links = tuple(Related(title=f"Рядом {number}", url=f"https://koleso.example/r{number}") for number in (1, 2))
    text = shown(render_card(told(1, related=links), place()))
    assert "\nЧитайте также\n• Рядом 1\n• Рядом 2\n" in text
    assert text.index("Рядом 2") < text.index("Источник: ")
    assert "Читайте также" not in shown(render_card(told(1), place()))
