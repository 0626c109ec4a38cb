"""How well topics are recognised: themes on titles labelled before any rule saw them, makes in every case form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.report import Report
from feeds.gazetteer import build
from feeds.topics import Catalogue, TopicKind, load_catalogue

DATA = Path(__file__).parent.parent / "tests" / "feeds" / "data"
FRESH = "titles_fresh"
BATCHES = ("titles_wires", "titles_magazines", "titles_channels", "titles_english")
DERIVED = {"korea", "japan", "official"}
"""They follow from a make or a source alone: judged only where a label has them."""

_REAL = frozenset(
    (
        "toyota-bd5686",
        "toyota-4e0a92",
        "jaguar-203b58",
        "tesla-83d69f",
        "mercedes-da74d6",
        "ferrari-da74d6",
        "lada-b0a7a7",
        "lada-4c2ba1",
        "volkswagen-238976",
    )
)
"""Make and hash of the title: makes in general texts that, read one by one, are makes (a theft, a crash, a team)."""

PRESS_FORMS = (
    ("lada", "Весты Гранту Нивой Ларгусом Лады АвтоВАЗа Искру Азимута Жигулями"),
    ("haval", "Джолион Джолиона Хавалом Хавейла Дарго"),
    ("geely", "Монжаро Атласа Кулрэя Тугеллу Эмгранда Джили"),
    ("chery", "Тигго Чери Арризо"),
    ("renault", "Каптюра Дастером Логану Сандеро Аркану Дастеры Рено"),
    ("hyundai", "Кретой Туссаном Сантафе Элантру Хендая"),
    ("kia", "Рио Спортейджа Соренто Селтоса Сида Киа"),
    ("toyota", "Камри Королла Короллу Прадо Тойоты Хайлюкса Крузака"),
    ("skoda", "Октавии Рапида Кодиак Карока Шкоду"),
    ("volkswagen", "Поло Тигуана Гольфа Пассатом Туарега"),
    ("nissan", "Кашкаем Альмеру Патрола Террано Ниссана"),
    ("mitsubishi", "Аутлендера Паджеро Лансером Мицубиси"),
    ("mazda", "Мазды Маздой"),
    ("ford", "Фокуса Фордом Мондео Экоспорта"),
    ("bmw", "БМВ"),
    ("mercedes", "Мерседеса Гелендвагеном Мерседесы"),
    ("uaz", "Патриота Буханку Хантера УАЗы"),
    ("gaz", "Газели Соболя Валдаем"),
    ("lixiang", "Лисян Ликсяна Лисяна"),
    ("zeekr", "Зикра Зикры"),
    ("exeed", "Эксида"),
    ("jetour", "Джетура Дашинга"),
    ("tank", "Танком Танки"),
    ("voyah", "Воя Вою"),
    ("changan", "Чангана Чаньаня"),
    ("omoda", "Омоды Омоде"),
    ("tesla", "Теслы Теслой Кибертрака"),
    ("subaru", "Форестера Аутбека Субару"),
    ("lexus", "Лексусы Лексуса"),
    ("audi", "Ауди"),
    ("maybach", "Майбаха"),
    ("solaris", "Солярисами Соляриса"),
)
"""Names as the press inflects them, mostly of models without their make."""

PRESS_TITLES = (
    ("tesla", "Model Y gets a longer range"), ("tesla", "Model 3 prices cut again"), ("tesla", "Cybertruck recalled"),
    ("ford", "Mustang Mach-E owners sue"), ("ford", "F-150 loses its sales crown"), ("ford", "Bronco gets a V8 again"),
    ("volkswagen", "Golf GTI says goodbye to the manual gearbox"), ("honda", "Civic Type R bows out of Europe"),
    ("honda", "CR-V hybrid review"), ("toyota", "RAV4 goes hybrid only"), ("toyota", "Corolla Cross gets a facelift"),
    ("toyota", "Land Cruiser prices announced"), ("chevrolet", "Corvette ZR1 sets a lap record"),
    ("dodge", "Charger Daytona gets cheaper"), ("jeep", "Wrangler keeps its V8"), ("mazda", "CX-5 redesigned"),
    ("mazda", "MX-5 special edition"), ("subaru", "Forester hybrid tested"), ("subaru", "Outback becomes an SUV"),
    ("hyundai", "Ioniq 5 N review"), ("hyundai", "Santa Fe recalled"), ("kia", "EV9 wins an award"),
    ("kia", "Sportage facelift revealed"), ("nissan", "Leaf returns as a crossover"), ("porsche", "Taycan sales fall"),
    ("porsche", "911 GT3 test"), ("bmw", "iX3 orders open"), ("mercedes", "G-Class goes electric"),
    ("skoda", "Octavia estate review"), ("renault", "Clio and Captur get new hybrids"), ("ram", "Ram 1500 recalled"),
    ("lada", "Веста подешевела"), ("lada", "Гранта получила автомат"), ("lada", "Нива возвращается в Европу"),
    ("geely", "Монжаро обновили"), ("haval", "Джолион сменил мотор"), ("geely", "Атлас подорожал у дилеров"),
    ("chery", "Тигго 7 получил полный привод"), ("renault", "Дастер нового поколения"),
    ("renault", "Логан сняли с производства"),
    ("renault", "Каптюр с пробегом: слабые места"), ("kia", "Рио снова в продаже"), ("toyota", "Камри подешевела"),
    ("toyota", "Королла стала самой продаваемой машиной"), ("toyota", "Прадо с дизелем: тест-драйв"),
    ("skoda", "Октавия получила новый мотор"), ("volkswagen", "Поло с пробегом: что ломается"),
    ("hyundai", "Крета подорожала"), ("solaris", "Солярис вернулся на конвейер"),
    ("tesla", "Модель Y выпустили без стеклянной крыши"),
)  # fmt: skip


def measure(report: Report, corpus: Path | None) -> None:
    """Add the rows; without a corpus those that need none."""
    catalogue = load_catalogue()
    fresh = labelled(DATA / f"{FRESH}.tsv")
    kept = [row for row in fresh if is_kept(row[1])]
    seen = [row for row in fresh if not is_kept(row[1])]
    note = (
        f"{len(kept)} titles like those it was tuned on; {_micro_f1(catalogue, seen):.2f} on the {len(seen)} themselves"
    )
    report.add("topics: micro-F1", _micro_f1(catalogue, kept), floor=0.85, target=0.92, better="higher", note=note)
    batches = {name: [row for row in labelled(DATA / f"{name}.tsv") if is_kept(row[1])] for name in BATCHES}
    broad = [row for rows in batches.values() for row in rows]
    each = ", ".join(
        f"{name.removeprefix('titles_')} {_micro_f1(catalogue, rows):.2f}" for name, rows in batches.items()
    )
    note = f"{len(broad)} titles of four manners that nothing was learnt from: {each}"
    report.add(
        "topics: micro-F1, broad", _micro_f1(catalogue, broad), floor=0.75, target=0.85, better="higher", note=note
    )
    _count(report, catalogue)
    recognised, missed = _press(catalogue)
    report.add("makes in press forms", recognised, floor=0.97, target=1.0, better="higher", note=" ".join(missed[:6]))
    recognised = _generated(catalogue)
    report.add("makes in generated forms", recognised, floor=0.97, target=1.0, better="higher")
    if corpus is not None:
        false, words = _false_makes(catalogue, corpus)
        report.add("false makes in 1,000 texts", false, floor=10, target=3, better="lower", note=", ".join(words[:6]))


def _count(report: Report, catalogue: Catalogue) -> None:
    report.add("themes", len(catalogue.themes), floor=24, target=24, better="higher")
    report.add("makes", len(catalogue.makes), floor=120, target=120, better="higher")


def labelled(path: Path) -> list[tuple[frozenset[str], str]]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(frozenset(labels.split()), title) for labels, title in rows]


def is_kept(title: str) -> bool:
    """Half of the titles, by nothing but their letters, is kept for reporting."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 2 == 1


def _micro_f1(catalogue: Catalogue, rows: Iterable[tuple[frozenset[str], str]]) -> float:
    hits = wrong = 0
    for wanted, title in rows:
        found = _topics(catalogue, title, TopicKind.THEME) - (DERIVED - wanted)
        hits, wrong = hits + len(found & wanted), wrong + len(found ^ wanted)
    return 2 * hits / (2 * hits + wrong)


def _topics(catalogue: Catalogue, title: str, kind: TopicKind, *, car_source: bool = True) -> frozenset[str]:
    found = (one.topic for one in catalogue.tag(title=title, car_source=car_source))
    return frozenset(one for one in found if (topic := catalogue.get(one)) and topic.kind is kind)


def _press(catalogue: Catalogue) -> tuple[float, Sequence[str]]:
    asked = [(make, form, f"Новый кроссовер {form} у дилера") for make, forms in PRESS_FORMS for form in forms.split()]
    asked += [(make, title, title) for make, title in PRESS_TITLES]
    missed = [shown for make, shown, title in asked if make not in _topics(catalogue, title, TopicKind.MAKE)]
    return 1 - len(missed) / len(asked), missed


def _generated(catalogue: Catalogue) -> float:
    """Measure the share of all generated forms that name their make, capitalised in a sentence about a car."""
    asked = hits = 0
    for make in catalogue._makes_file.makes:  # noqa: SLF001 - a measurement looks under the lid
        for form, owner in build([make.names], car_words=()).forms():
            if owner is None:
                continue
            asked += 1
            written = " ".join(_as_written(word, make.names.capitals) for word in form)
            hits += make.id in _topics(catalogue, f"Вчера автомобиль {written} показали у дилера", TopicKind.MAKE)
    return hits / asked


def _as_written(word: str, abbreviations: Iterable[str]) -> str:
    """«ВАЗа», but «Ладой» and "BMW"."""
    short = next((name for name in abbreviations if word.startswith(name)), None)
    if short is not None:
        return short.upper() + word[len(short) :]
    return word.upper() if len(word) <= 3 else word.capitalize()


def _false_makes(catalogue: Catalogue, corpus: Path) -> tuple[float, list[str]]:
    """Count makes found in news about everything that are none."""
    pairs = json.loads((corpus / "stories" / "fulltext_pairs.json").read_text(encoding="utf-8"))
    texts = {pair[f"t{side}"]: pair[f"x{side}"] for pair in pairs for side in "12"}
    found: list[str] = []
    for title, text in texts.items():
        for one in catalogue.tag(title=title, body=text[:4000], car_source=False):
            topic = catalogue.get(one.topic)
            if topic and topic.kind is TopicKind.MAKE:
                sighting = f"{one.topic}-{hashlib.sha256(title.encode()).hexdigest()[:6]}"
                if sighting not in _REAL:
                    found.append(f"{sighting} ({'/'.join(one.words[:2])})")
    return 1000 * len(found) / len(texts), found
