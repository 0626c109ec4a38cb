from __future__ import annotations

from dataclasses import fields, replace

from feeds.gist import Gist, gist, packaged
from feeds.gistwire import Gists, pack_gists, pack_items, unpack_gists, unpack_items
from feeds.model import Item, SourceId
from feeds.parse import Parser
from feeds.polls import Failed
from feeds.profiles import Profile
from tests.samples import NOW

TEXT = (
    "Новый кроссовер Haval Jolion показали в Туле 12 октября: мотор на 150 сил и запас хода 700 километров. Продажи "
    "начнутся в ноябре, цены объявит завод. На дилерских площадках машину ждут к концу осени, говорят в компании."
)


def item(number: int, *, title: str = "Haval Jolion получил мотор мощнее: 150 сил", text: str = TEXT) -> Item:
    return Item(
        source_id=SourceId(1),
        key=str(number),
        url=f"https://koleso.example/ev/{number}",
        title=title,
        text=text,
        summary=text[:80],
        categories=("Электромобили",),
        published_at=NOW,
    )


def test_an_article_without_a_summary_gets_one_and_a_newsrooms_own_is_kept() -> None:
    assert gist(item(1), packaged(), ()).summary == TEXT[:80]
    made = gist(replace(item(1), summary=""), packaged(), ()).summary
    assert made.startswith("Новый кроссовер Haval Jolion показали в Туле 12 октября")
    assert gist(replace(item(1), summary="", text=""), packaged(), ()).summary == ""


def test_a_long_article_has_the_same_summary_wherever_it_is_read() -> None:
    filler = "\n\n".join(f"Абзац номер {number} говорит о погоде и больше ни о чём." for number in range(200))
    long = replace(item(1), summary="", text=f"{TEXT}\n\n{filler}")
    [there] = unpack_items(pack_items([long]))
    assert gist(there, packaged(), ()).summary == gist(long, packaged(), ()).summary


def told(one: Gist) -> tuple[object, ...]:
    compared = [getattr(one.profile, field.name) for field in fields(Profile) if not field.name.startswith("measured")]
    return (one.summary, one.topics, one.words, *compared)


def test_a_gist_comes_back_from_its_journey_as_it_was() -> None:
    odd = [item(1), item(2, title="", text=""), item(3, title="Топ-5 \ud83d электромобилей", text="\ud800 и «ёлки»")]
    here = [gist(one, packaged(), ("ev",)) for one in odd]
    there = unpack_gists(pack_gists(Gists(gists=tuple(here)))).gists
    assert [told(one) for one in there] == [told(one) for one in here]
    again = [gist(one, packaged(), ("ev",)) for one in unpack_items(pack_items(odd))]
    assert [told(one) for one in again] == [told(one) for one in here]


async def test_another_process_says_the_same_of_articles_as_this_one() -> None:
    items = [item(number, title=f"Haval Jolion, заметка {number}") for number in range(90)]
    async with Parser(time_limit=20) as parser:
        read = await parser.read_gists(items, topics=["ev"], rules=packaged().fingerprint, now=NOW)
        assert not isinstance(read, Failed)
        assert [told(one) for one in read] == [told(gist(one, packaged(), ("ev",))) for one in items]
        assert {"haval", "ev"} <= set(read[0].topics)


async def test_a_process_with_other_rules_does_not_answer() -> None:
    async with Parser(time_limit=20) as parser:
        assert isinstance(await parser.read_gists([item(1)], topics=[], rules="others", now=NOW), Failed)
        assert await parser.read_gists([], topics=[], rules="others", now=NOW) == []
