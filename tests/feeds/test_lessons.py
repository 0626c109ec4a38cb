"""What was learnt of titles adds to the rules, and can be said word by word."""

from __future__ import annotations

from importlib import resources

from bench.quality_topics import BATCHES, DATA, FRESH, is_kept, labelled
from bench.teach import examples, learn, teaching
from feeds.lessons import Lesson, read_lessons, rules_of, rules_of_each, traits_of, write_lessons
from feeds.topics import LIKELY, THEME_THRESHOLD, load_catalogue
from feeds.words import read

LESSON = Lesson(base=-2.0, points={"said": 4.0, "скидк*": 6.0, "дворн*": -8.0, "@cn": 1.5, "в_два": 2.0, "&law": -5.0})


def judged(title: str, said: float, *origins: str, law: float = 0.0) -> tuple[float, tuple[str, ...]]:
    """Judge a title in which the rules have a weak word for the market, so that they say something."""
    points = {"market": said, "law": law}
    makes = {f"make {number}": origin for number, origin in enumerate(origins)}
    rules = rules_of(said, (1,), rivals=0, enough=7.0)
    return LESSON.judge(said, traits_of(read(title), makes, points), rules)


def test_words_add_points_and_are_named_as_written() -> None:
    assert judged("Скидками завлекают", 6.0) == (10.0, ("Скидками",))


def test_two_words_side_by_side_add_points_of_their_own() -> None:
    assert judged("Скидки в два раза", 6.0) == (12.0, ("Скидки", "в два"))


def test_the_origin_of_a_make_counts_but_is_no_word() -> None:
    assert judged("Новости", 6.0, "cn") == (5.5, ())


def test_points_of_another_theme_count_but_are_no_word() -> None:
    assert judged("Новости", 8.0, law=10.0) == (1.0, ())


def test_words_take_points_but_leave_the_rest_of_the_article_its_say() -> None:
    assert judged("Как менять дворники", 9.0) == (0.0, ())


def test_words_that_no_rule_knows_count_when_they_say_enough() -> None:
    assert judged("Скидка", 0.0)[0] == 4.0
    assert judged("Новости", 0.0, "cn")[0] == 0.0


def test_what_rules_deny_stays_denied() -> None:
    assert judged("Новости", -9.0)[0] == -9.0
    assert judged("Скидка", -9.0)[0] == -9.0


def test_where_no_word_speaks_for_a_theme_nothing_is_added() -> None:
    traits = traits_of(read("Новости"), {"chery": "cn"}, {"market": 3.0})
    assert LESSON.judge(3.0, traits, rules_of(3.0, (), rivals=0, enough=7.0)) == (2.5, ())
    assert Lesson(base=9.0, points={}).judge(3.0, traits, {"said": 0.75}) == (3.0, ())


def test_other_themes_that_the_rules_find_are_counted_beside_one_or_against_it() -> None:
    said = {"market": 9.0, "china": 12.0, "ev": 6.0, "sales": 7.0}

    def rivals(theme: str, points: dict[str, float] = said) -> set[str]:
        each = dict(rules_of_each(points, lambda _: (), enough=7.0))
        return {name for name in each[theme] if name.startswith("#")}

    assert rivals("market") == {"#beside1", "#beside2"}
    assert rivals("ev") == {"#against1", "#against2", "#against3"}
    assert not rivals("market", {"market": 9.0})


def test_phrases_of_the_rules_count_by_their_strength() -> None:
    assert rules_of(12.0, [3, 3, 1, -3], rivals=0, enough=7.0) == {
        "said": 3.0,
        "+3": 1.0,
        "+1": 0.5,
        "-3": 0.5,
        "+": 1.0,
        "++": 1.0,
    }


def test_lessons_are_read_as_they_were_written() -> None:
    lessons = {"market": LESSON, "tests": Lesson(base=1.0, points={f"слов{n}": 0.5 for n in range(200)})}
    text = "\n".join(write_lessons(lessons))
    assert read_lessons(text.encode()) == lessons
    assert max(map(len, text.splitlines())) <= 120


def test_the_packaged_lessons_are_what_the_labelled_titles_teach() -> None:
    packaged = read_lessons(resources.files("feeds").joinpath("lessons.toml").read_bytes())
    taught = examples(load_catalogue())
    assert learn("credit", taught) == packaged["credit"], "run `make lessons`"  # all of them take half a minute


def test_titles_kept_for_reporting_teach_nothing() -> None:
    taught = {title for _, title, _ in teaching()}
    for name in (FRESH, *BATCHES):
        kept = [title for _, title in labelled(DATA / f"{name}.tsv") if is_kept(title)]
        assert kept
        assert taught.isdisjoint(kept)


def test_a_title_that_no_theme_quite_fits_gets_the_likeliest_with_its_words() -> None:
    catalogue = load_catalogue()
    hinted = [
        one
        for _, title in labelled(DATA / "titles_taught.tsv")[:400]
        if len(found := catalogue.tag(title=title)) == 1 and (one := found[0]).score < THEME_THRESHOLD
        if one.topic in {theme.id for theme in catalogue.themes}
    ]
    assert hinted
    assert all(one.words and one.score >= LIKELY for one in hinted)
    assert not catalogue.tag(title="Итоги недели")
