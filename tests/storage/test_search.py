from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from feeds.model import Item, Related, StoryId
from feeds.words import roots
from storage import Storage, open_storage
from storage.tables import item_words
from tests.storage.samples import DAY, HOUR, NOW, POLLED, add_source, draft, item


async def tell(store: Storage, key: str, title: str, *, story_id: StoryId | None = None, **changes: Any) -> None:
    [source] = await store.news.sources() or [await add_source(store)]
    told = item(source.id, key, title=title, **changes)
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(told, story_id=story_id)], now=NOW)


async def titles(store: Storage, query: str, **options: Any) -> list[str]:
    return [story.items[0].item.title for story in await store.search.find(query, **options)]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("отзыв", "Росстандарт сообщил об отзыве кроссоверов"),
        ("ШИНА зимняя", "Зимние шины подорожали"),
        ("щетка", "Щётки стеклоочистителя: что выбрать"),
        ("лизинга", "Лизинг грузовиков падает"),
        ("mach-e", "Ford Mustang Mach-E recalled again"),
        ("recall ford", "Ford Mustang Mach-E recalled again"),
        ("Škoda", "Skoda показала новый универсал"),
        ("2027", "Сборы с машин 2027 года"),
        ("йогурт", "Йогурта в машине быть не должно"),
    ],
)
async def test_words_are_found_in_every_form(store: Storage, query: str, title: str) -> None:
    for key, other in enumerate(
        [
            "Росстандарт сообщил об отзыве кроссоверов",
            "Зимние шины подорожали",
            "Щётки стеклоочистителя: что выбрать",
            "Лизинг грузовиков падает",
            "Ford Mustang Mach-E recalled again",
            "Skoda показала новый универсал",
            "Сборы с машин 2027 года",
            "Йогурта в машине быть не должно",
        ]
    ):
        await tell(store, f"{key}", other)
    assert await titles(store, query) == [title]


async def test_a_title_counts_more_than_a_text_and_new_more_than_old(store: Storage) -> None:
    await tell(store, "a", "О погоде", text="Шины тоже вспомнили.")
    await tell(store, "b", "Шины и диски", published_at=NOW - 10 * DAY)
    await tell(store, "c", "Новые шины", published_at=NOW - 2 * DAY)
    await tell(store, "d", "Старые шины", published_at=NOW - 60 * DAY)
    assert await titles(store, "шины") == ["Новые шины", "Шины и диски", "О погоде", "Старые шины"]
    assert await titles(store, "шины", limit=2) == ["Новые шины", "Шины и диски"]


async def test_all_the_words_are_wanted_and_some_only_when_no_story_has_all(store: Storage) -> None:
    await tell(store, "a", "Лада Веста подешевела")
    await tell(store, "b", "Лада Гранта подорожала", published_at=NOW - 2 * HOUR)
    assert await titles(store, "лада гранта") == ["Лада Гранта подорожала"]
    assert await titles(store, "лада гранта мотоцикл") == ["Лада Гранта подорожала", "Лада Веста подешевела"]
    assert await titles(store, "мотоцикл") == []


async def test_a_story_is_found_once_by_any_of_its_tellings(store: Storage) -> None:
    await tell(store, "a", "Завод заработал", published_at=NOW - 2 * HOUR)
    await tell(store, "b", "Заработал завод в Туле", story_id=StoryId(1))
    [story] = await store.search.find("завод")
    assert len(story.items) == 2
    assert await titles(store, "тула завод") == ["Завод заработал"]


async def test_since_and_languages_narrow_the_search(store: Storage) -> None:
    await tell(store, "a", "Tesla снизила цены")
    await tell(store, "b", "Tesla cuts prices", lang="en", published_at=NOW - 2 * DAY)
    assert await titles(store, "tesla") == ["Tesla снизила цены", "Tesla cuts prices"]
    assert await titles(store, "tesla", langs=["en"]) == ["Tesla cuts prices"]
    assert await titles(store, "tesla", since=NOW - DAY) == ["Tesla снизила цены"]


async def test_a_changed_item_is_found_by_its_new_words_only(store: Storage) -> None:
    await tell(store, "a", "Лада показала седан")
    [source] = await store.news.sources()
    new = item(source.id, "a", title="Лада показала универсал", text_hash="new")
    await store.news.commit_poll(source.id, POLLED, changed=[new], now=NOW)
    assert await titles(store, "седан") == []
    assert await titles(store, "универсал") == ["Лада показала универсал"]


async def test_what_is_pruned_is_no_longer_found(url: str) -> None:
    async with await open_storage(url) as store:
        await tell(store, "a", "Шины подорожали", published_at=NOW - 100 * DAY)
        await tell(store, "b", "Диски подорожали")
        await store.news.prune(NOW + DAY)
        assert await titles(store, "шины") == await titles(store, "диски") == []
        await tell(store, "c", "Диски подешевели", published_at=NOW)
        assert await titles(store, "диски") == ["Диски подешевели"]


async def test_the_poll_that_fails_leaves_no_words_behind(store: Storage) -> None:
    source = await add_source(store)
    naive = item(source.id, "a", title="Шины", published_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="naive"):
        await store.news.commit_poll(source.id, POLLED, drafts=[draft(naive)], now=NOW)
    assert await titles(store, "шины") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "'",
        '"',
        '"шины',
        "шины AND",
        "шины OR",
        "NOT шины",
        "NEAR(",
        "шины*",
        "title:шины",
        "^шины",
        "\0шины",
        "\ud800 шины",
        "шины & !",
        "'; DROP TABLE items; --",
        "(((",
        "я" * 5000,
        "а " * 5000,
        "%",
        "\\",
        "💥",
        ":*",
        "²",
    ],
)
async def test_no_text_is_too_bad_to_be_asked(store: Storage, query: str) -> None:
    await tell(store, "a", "Шины подорожали")
    assert await titles(store, query) in ([], ["Шины подорожали"])
    assert await titles(store, "шины") == ["Шины подорожали"]


async def test_a_word_beyond_all_measure_is_stored_without_being_found(store: Storage) -> None:
    await tell(store, "a", "Шины " + "щ" * 5000)
    assert len(await titles(store, "шины")) == 1


WORDS = ["лада", "шины", "завод", "отзыв", "цены", "мотор", "Haval", "ёлка", "2027", "x5", "4x4", "café", "ни"]


def plainly(query: str, told: Sequence[Item]) -> list[str]:
    """Search by looking at every item."""
    asked = dict.fromkeys(roots(query))
    newest = max(one.published_at for one in told)
    read = [(one, set(roots(one.title)), set(roots(f"{one.title} {one.text}"))) for one in told]
    found = [(one, title) for one, title, words in read if asked.keys() <= words]
    if not found:
        found = [(one, title) for one, title, words in read if asked.keys() & words]
    worth = {}
    for one, title in found:
        words = set(roots(f"{one.title} {one.text}"))
        relevance = sum(3 if word in title else 1 for word in asked if word in words)
        worth[one.key] = relevance * 0.5 ** ((newest - one.published_at) / (14 * DAY))
    return sorted(worth, key=lambda key: (-worth[key], -int(key)))


async def test_both_databases_answer_as_a_look_at_every_story_would(store: Storage) -> None:
    source = await add_source(store)
    told = []
    for number in range(80):
        title = " ".join(WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 5))
        body = " ".join(WORDS[number % 7 : number % 7 + 3])
        moment = NOW - timedelta(hours=number * 37 % 300)
        told.append(item(source.id, f"{number}", title=title, text=body, published_at=moment))
    await store.news.commit_poll(source.id, POLLED, drafts=[draft(one) for one in told], now=NOW)
    queries = [*WORDS, "ладу шина", "елки моторы", "cafe X5", "мотоцикл", "мотоцикл лада", "haval 2027 4X4", "отзыве"]
    for query in queries:
        found = [story.items[0].item.key for story in await store.search.find(query, limit=100)]
        assert found == plainly(query, told), query


async def test_the_nearest_articles_share_the_rarer_words_of_a_title(store: Storage) -> None:
    await tell(store, "a", "Leapmotor C10 в России: цены и комплектации")
    await tell(store, "b", "FAW и Leapmotor подписали меморандум", story_id=None)
    await tell(store, "c", "Цены на бензин в России растут")
    await tell(store, "d", "Leapmotor C10 подешевел", published_at=NOW - 20 * DAY)
    await tell(store, "e", "Leapmotor C10 recalled in Germany", lang="en")
    near = await store.search.nearest(
        "Leapmotor C10 подорожал в России", lang="ru", since=NOW - 14 * DAY, besides=StoryId(2), limit=2
    )
    assert list(near) == [StoryId(1)]
    assert near[StoryId(1)] == Related(
        title="Leapmotor C10 в России: цены и комплектации", url="https://koleso.example/a"
    )
    own = await store.search.nearest("Leapmotor C10 в России", lang="ru", since=NOW - DAY, besides=StoryId(1), limit=2)
    assert own == {}
    assert await store.search.nearest("?!", lang="ru", since=NOW - DAY, besides=StoryId(1), limit=2) == {}


async def test_whole_is_satisfied_with_nothing_less_than_all_words(store: Storage) -> None:
    await tell(store, "a", "Шины и диски")
    assert await titles(store, "шины самолёт") == ["Шины и диски"]
    assert await titles(store, "шины самолёт", whole=True) == []
    assert await titles(store, "шины диск", whole=True) == ["Шины и диски"]


async def test_what_was_read_by_older_rules_is_read_anew(store: Storage) -> None:
    for number in range(120):
        await tell(store, f"{number}", f"Отзыв номер {number}", text="Щётки и шины")
    await set_words(store, title="отзыв номер", words="отзыв номер", reading=0)
    assert await titles(store, "отзыв") == []
    assert await store.search.reread() == 120
    assert len(await titles(store, "отзывы", limit=200)) == 120
    assert len(await titles(store, "щетка", limit=200)) == 120
    assert await store.search.reread() == 0


async def test_what_today_s_rules_read_is_left_alone(store: Storage) -> None:
    await tell(store, "a", "Отзыв")
    await tell(store, "b", "Скидка")
    assert await store.search.reread() == 0


async def set_words(store: Storage, **values: Any) -> None:
    async with store.search._database.transaction() as connection:
        await connection.execute(update(item_words).values(**values))


async def test_stories_with_a_word_are_counted_and_what_is_no_word_is_in_none(store: Storage) -> None:
    for key, title in enumerate(("Отзыв кроссоверов", "Отзыв пикапов", "Рост цен")):
        await tell(store, str(key), title)
    since = NOW - 30 * DAY
    assert await store.search.count(since=since) == 3
    assert await store.search.count(roots("отзыва"), since=since) == 2
    assert await store.search.count(roots("отзыв пикапа"), since=since) == 1
    assert await store.search.count(roots("отзыв"), since=NOW + DAY) == 0
    assert await store.search.count(roots("a" * 4096), since=since) == 0
