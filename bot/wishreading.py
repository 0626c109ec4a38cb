"""What people write instead of a command: «пауза на неделю», "quiet 22-7", «скрыть теслу». Pure; knows no chat.

Only what is a wish from its first word to its last is read as one; everything else is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.cities import find_cities
from bot.timereading import fails_as_window, is_morning, read_off, read_quiet, read_span, read_weekday
from feeds.ownwords import tidied


class Wanted(StrEnum):
    """What is wished for; a ``WHOLE`` wish is a word or two and nothing more."""

    STOP = "stop"
    START = "start"
    RESUME = "resume"
    HELP = "help"
    ISSUE = "issue"
    TOPICS = "topics"
    TIMES = "times"
    SAVED = "saved"
    CHANNELS = "channels"
    SETTINGS = "settings"
    LANGUAGE = "language"
    PRIVACY = "privacy"
    EXPORT = "export"
    HEADLINES = "headlines"
    NO_OPINIONS = "no-opinions"
    URGENT = "urgent"
    NOT_URGENT = "not-urgent"
    GREET = "greet"
    THANK = "thank"
    ZONE = "zone"
    ERASE = "erase"
    PAUSE = "pause"
    QUIET = "quiet"
    HIDE = "hide"
    FOLLOW = "follow"
    BRING_BACK = "bring-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish and what it is about; one that is not ``sure`` might be words to look for as well."""

    what: Wanted
    about: str = ""
    sure: bool = True


_WHOLE: Final[Mapping[Wanted, str]] = {
    Wanted.STOP: r"стоп|хватит|отпи(саться|шись|шитесь|шите? меня)|отписка"
    r"|(больше|никогда) (ничего )?не (присылай|пиши)(те)?|(больше )?ничего не присылай(те)?"
    r"|stop( it| sending| everything| all)?|unsubscribe( me)?|no more( news| issues)?",
    Wanted.START: r"старт|нач(ать|ни|ните|нем)|поехали|(let.?s )?start|begin",
    Wanted.RESUME: r"возобнов(и|ить|ите)( выпуски)?|продолж(ай|айте|ить)|(сними|снять|отмени|отменить|выключи) паузу"
    r"|конец паузы|(присылай|пиши)(те)? (снова|опять)|resume( issues)?|continue|unpause|unmute|end( the)? pause"
    r"|(start|send) again",
    Wanted.HELP: r"помощь|помоги(те)?|справка|команды|меню|что ты умеешь|что вы умеете|help( me)?|commands|menu"
    r"|what can you do",
    Wanted.ISSUE: r"выпуск|свежий выпуск|дайджест|новости|что нового|сейчас|(the )?(issue|digest|news)( now)?"
    r"|what.?s new|now",
    Wanted.TOPICS: r"темы|мои темы|темы и марки|марки|(my )?topics|makes",
    Wanted.TIMES: r"время( выпусков)?|расписание|когда присылать|(issue )?times?|schedule",
    Wanted.SAVED: r"сохран[её]нн(ое|ые)|сохран[её]нные новости|избранное|saved( stories)?|bookmarks",
    Wanted.CHANNELS: r"(мои )?каналы( и группы)?|(my )?channels( and groups)?",
    Wanted.SETTINGS: r"настройки|все настройки|(all )?settings",
    Wanted.LANGUAGE: r"язык|language|(давай(те)? |говори(те)? |пиши(те)? |можно )?(по-?(русски|английски)"
    r"|(на )?(русск(ий|ом)|английск(ий|ом))( языке?)?)|(speak |talk |write |switch to |in )?(russian|english)"
    r"( language)?",
    Wanted.PRIVACY: r"мои данные|что (ты|вы) (обо мне )?хран(ишь|ите)( обо мне)?|конфиденциальность|приватность|privacy"
    r"|my data",
    Wanted.EXPORT: r"экспорт( (моих )?данных)?|выгру(зка|зи|зить|зите)( (мои )?данн(ые|ых))?"
    r"|(export|download)( all)?( my)?( data)?",
    Wanted.HEADLINES: r"(лучше )?(только|одни|просто) заголовки"
    r"|(присылай(те)? |показывай(те)? )?(только |одни )заголовки"
    r"|(just|only)( the)? headlines|headlines only|(just|only) (send|show)( me)?( the)? headlines",
    Wanted.NO_OPINIONS: r"без мнени[йя]"
    r"|(убери(те)?|убрать|скрой(те)?|скрыть|выключи(ть|те)?|не показывай(те)?) мнени[яй]"
    r"|(no|without|hide|less|turn off) opinions|opinions off|turn opinions off",
    Wanted.URGENT: r"(включи(ть|те)? )?срочн(ое|ые)( новости)?( включи(ть|те)?)?"
    r"|(присылай(те)? )?срочн(ое|ые) (новости )?сразу"
    r"|(turn on )?(breaking|urgent)( news)?( on)?|turn (breaking|urgent)( news)? on",
    Wanted.NOT_URGENT: r"(выключи(ть|те)?|отключи(ть|те)?|убери(те)?|без) срочн(ое|ые|ых|ого)( новост(и|ей))?"
    r"|(turn off |no )(breaking|urgent)( news)?|(breaking|urgent)( news)? off|turn (breaking|urgent)( news)? off",
    Wanted.GREET: r"(всем )?привет(ик|ствую)?|здравствуй(те)?"
    r"|добр(ый|ое|ой|ого) (день|утро|вечер|ночи|дня|утра|вечера)|хай"
    r"|hi( there| bot)?|hello( there| bot)?|hey( there)?|good (morning|afternoon|evening|day)",
    Wanted.THANK: r"(большое |огромное )?спасибо( большое| огромное| тебе| вам)?|благодарю|спс|thanks( a lot| so much)?"
    r"|thank you( very much| so much)?|many thanks|thx|cheers",
    Wanted.ERASE: r"удал(и|ить|ите) (все|(все )?(мои данные|меня)|(мой )?(аккаунт|профиль))( обо мне)?"
    r"|забудь(те)? меня|сотри(те)? (все|мои данные)( обо мне)?|forget me"
    r"|(delete|erase|remove) (everything|me|(all )?my data|(my )?account)",
}
_EXACT: Final = {what: re.compile(pattern) for what, pattern in _WHOLE.items()}

_PAUSE: Final = re.compile(
    r"(?:(?:по)?ставь(?:те)? (?:на )?|сделай(?:те)? |возьми(?:те)? |хочу )?пауз[ау]\b|на паузу\b"
    r"|приостанови(?:ть|те)?\b(?: выпуски)?|не (?:присылай|пиши)(?:те)?\b(?: ничего)?|помолчи(?:те)?\b"
    r"|замолчи(?:те)?\b|отдохни(?:те)?\b"
    r"|pause\b(?: issues)?|mute\b(?: issues| all)?|snooze\b|send nothing\b|(?:be )?silent\b"
)
_QUIET: Final = re.compile(
    r"(?:поставь(?:те)? |включи(?:ть|те)? |сделай(?:те)? )?(?:тихие часы|тихо|тишина|без звука|не беспоко(?:й|йте|ить)"
    r"(?: меня)?|не шуми(?:те)?|не буди(?:те)?(?: меня)?)\b"
    r"|(?:set )?quiet(?: hours| time)?\b|(?:do not|don.?t) disturb\b(?: me)?|dnd\b"
)
_QUIET_OFF: Final = re.compile(
    r"(?:выключи(?:ть|те)?|отключи(?:ть|те)?|убери(?:те)?|убрать|без|отмени(?:ть|те)?) тих(?:ие|их) час(?:ы|ов)"
    r"|(?:turn off|switch off|no|disable) quiet hours|turn quiet hours off"
)
_ZONE: Final = re.compile(
    r"(?:(?:мой )?(?:часовой пояс|город)|(?:set |change )?(?:my )?time ?zone(?: to| is)?|my city is)"
    r"\b[ :—–-]*(?P<named>.*)"
    r"|(?:я )?(?:живу|нахожусь|сейчас) (?:в|во|на) (?P<lived>.+)"
    r"|(?:i live|i am|i.?m|i.?m living|i am living|living|based) (?:in|at) (?P<told>.+)"
)
_AMOUNT: Final = re.compile(r"\d+")
_ABOUT: Final = (
    r"(?:(?:мне )?(?:больше )?(?:все )?(?:новост(?:и|ей) )?(?:про|о|об|с) "
    r"|(?:any )?(?:news |stories |anything )?(?:about |on |with ))"
)
_HIDE: Final = re.compile(
    r"(?:скрой(?:те)?|скрыть|спрячь(?:те)?|спрятать|не показыва(?:й|йте|ть)|hide|(?:do not|don.?t|never) show(?: me)?)"
    rf"\s+{_ABOUT}?(?P<what>.+)|не (?:присылай|пиши)(?:те)? {_ABOUT}(?P<other>.+)"
)
_MAYBE_HIDE: Final = re.compile(
    rf"(?:меньше|без|убери(?:те)?|убрать|надоел[аио]?|хватит|стоп|less|fewer|no more|without|mute|block|enough|stop)\s+"
    rf"{_ABOUT}?(?P<what>.+)"
)
_FOLLOW: Final = re.compile(
    rf"(?:следи(?:ть|те)? за|подпиши(?:те)?(?: меня)? на|подписаться на|follow|subscribe to)\s+{_ABOUT}?(?P<what>.+)"
)
_MAYBE_FOLLOW: Final = re.compile(rf"(?:добав(?:ь|ьте|ить)|add)\s+{_ABOUT}?(?P<what>.+)")
_BRING_BACK: Final = re.compile(
    r"(?:верни(?:те)?|вернуть|не скрывай(?:те)?|раскрой(?:те)?|(?:покажи|показывай)(?:те)? (?:снова|опять)"
    r"|(?:снова|опять) (?:покажи|показывай)(?:те)?|unhide|unmute|unblock|bring back"
    r"|(?:stop|don.?t|do not) hid(?:e|ing))"
    rf"\s+{_ABOUT}?(?P<what>.+)"
    rf"|(?:покажи|показывай)(?:те)? {_ABOUT}?(?P<again>.+) (?:снова|опять)"
    rf"|show(?: me)? {_ABOUT}?(?P<anew>.+) again|bring {_ABOUT}?(?P<back>.+) back"
)
_POLITE: Final = re.compile(r"^(?:пожалуйста,? |please,? |больше (?=не )|можно |can you )+")
_LONGEST: Final = 100
_FEWEST: Final = 2
"""Letters that name something to hide or to follow."""
_MOST_WORDS: Final = 3
"""Words of a name where it is not certain that a wish is meant: «без водителя до метро на роботакси» is none."""


def read_wish(text: str) -> Wish | None:
    """Read what somebody wrote as a wish; None when it is none."""
    said = " ".join(text.split())
    if not said or len(said) > _LONGEST or "\n" in text.strip():
        return None
    plain = (
        said.casefold()
        .replace("ё", "е")
        .rstrip(" .!?…")
        .removesuffix(" пожалуйста")
        .removesuffix(" please")
        .rstrip(" ,")
    )
    whole = next((what for what, pattern in _EXACT.items() if pattern.fullmatch(plain)), None)
    if whole is not None:
        return Wish(what=whole)
    return next(_longer(_POLITE.sub("", plain)), None)


def _longer(plain: str) -> Iterator[Wish]:
    if _QUIET_OFF.fullmatch(plain):
        yield Wish(what=Wanted.QUIET, about="off")
    if (found := _ZONE.fullmatch(plain)) is not None and (place := _place(found)) is not None:
        yield Wish(what=Wanted.ZONE, about=place)
    if (rest := _after(_QUIET, plain)) is not None and (
        not rest or read_quiet(rest) or read_off(rest) or fails_as_window(rest)
    ):
        yield Wish(what=Wanted.QUIET, about=rest)
    if (rest := _after(_PAUSE, plain)) is not None and (not rest or _is_span(rest)):
        yield Wish(what=Wanted.PAUSE, about=rest)
    for what, pattern, sure in (
        (Wanted.BRING_BACK, _BRING_BACK, True),
        (Wanted.HIDE, _HIDE, True),
        (Wanted.HIDE, _MAYBE_HIDE, False),
        (Wanted.FOLLOW, _FOLLOW, True),
        (Wanted.FOLLOW, _MAYBE_FOLLOW, False),
    ):
        found = pattern.fullmatch(plain)
        about = tidied(next(filter(None, found.groups()), "").strip(" '")) if found else ""
        if sum(map(str.isalnum, about)) >= _FEWEST and (sure or len(about.split()) <= _MOST_WORDS):
            yield Wish(what=what, about=about, sure=sure)


def _after(pattern: re.Pattern[str], plain: str) -> str | None:
    found = pattern.match(plain)
    return None if found is None else plain[found.end() :].strip(" ,:—–-")


def _place(found: re.Match[str]) -> str | None:
    """Read which city was named; None where the words may be about anything: «город Хавал», "I am in doubt"."""
    named = next((group for group in found.groups() if group), "").removeprefix("in ").strip(' «»"')
    return named if not named or find_cities(named) else None


def _is_span(text: str) -> bool:
    # However long: who is told the bound knows more than who is asked whether a word was meant.
    text = _AMOUNT.sub("1", text)
    return text.isdecimal() or read_span(text) is not None or is_morning(text) or read_weekday(text) is not None
