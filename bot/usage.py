"""What of a command line cannot be read, in the person's language and with the next step. Imported only then."""

from __future__ import annotations

import re

from pydantic import ValidationError

# Typer shows its errors in English and gives no other door to them than this one.
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument
from typer.exceptions import TyperException

from bot.i18n import Words, words_for
from bot.shell import chosen_lang

_QUOTED = re.compile(r"'([^']*)'")


def refusal(error: TyperException) -> str:
    """Say what is wrong and which help to read; for a group without a command, its help."""
    if not isinstance(error, UsageError) or isinstance(error, NoArgsIsHelpError):
        return error.format_message()
    context = error.ctx  # an option without its value has none
    words = words_for(chosen_lang(context.params.get("lang") if context else None))
    # Pydantic speaks before the words of whoever asked it.
    said = _said(error, words) or error.format_message().replace("Value error, ", "")
    return f"{said} {words('usage-help', command=f'{context.command_path} --help')}" if context else said


def _said(error: UsageError, words: Words) -> str | None:
    match error:
        case MissingParameter():
            return words("usage-missing", name=_name(error))
        case BadParameter():
            return _bad_value(error, words)
        case NoSuchOption():
            if error.possibilities:
                return words("usage-option-unlike", name=error.option_name, meant=", ".join(error.possibilities))
            return words("usage-no-option", name=error.option_name)
        case BadOptionUsage():
            needed = "requires" in error.message
            return words("usage-option-empty" if needed else "usage-option-valued", name=error.option_name)
    if extra := re.fullmatch(r"Got unexpected extra argument\(s\) \((.*)\)", error.message):
        return words("usage-extra", names=extra[1])
    if error.message.startswith("No such command"):
        name, *near = _QUOTED.findall(error.message) or ["?"]
        if near:
            return words("usage-command-unlike", name=name, meant=", ".join(near))
        return words("usage-no-command", name=name)
    return None


def _bad_value(error: BadParameter, words: Words) -> str | None:
    """Say what a value must be; None where only pydantic knows."""
    name = _name(error)
    value, *choices = _QUOTED.findall(error.message) or [""]
    if "is not one of" in error.message:
        return words("usage-choice", name=name, value=value, options=", ".join(choices))
    if not isinstance(error.__cause__, ValidationError):
        return None
    first = error.__cause__.errors(include_url=False)[0]
    match first["type"]:
        case "int_parsing" | "int_type":
            return words("usage-number", name=name, value=str(first["input"]))
        case "greater_than_equal":
            return words("usage-below", name=name, limit=str(first["ctx"]["ge"]))
        case "less_than_equal":
            return words("usage-above", name=name, limit=str(first["ctx"]["le"]))
    return None


def _name(error: BadParameter) -> str:
    """Name an argument as the papers do, FILE or NAME…, and an option as it is typed."""
    parameter = error.param
    if isinstance(parameter, TyperArgument):
        name = parameter.metavar or str(parameter.name).upper()
        return f"{name}…" if parameter.nargs == -1 else name
    return parameter.opts[0] if parameter is not None else str(error.param_hint)
