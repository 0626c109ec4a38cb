"""/stats: the figures of the last week, for operators. Nothing in them is about anybody."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.desk.roles import AtDesk
from bot.figures import SPAN, figure_lines
from bot.markup import Bold, say
from bot.markup import Message as Screen
from bot.visit import Visit


def make_router() -> Router:
    """Say which handler takes what."""
    router = Router(name="desk-counting")
    router.message.filter(F.chat.type == "private")
    router.message.register(stats_command, Command("stats", ignore_case=True), AtDesk(operators=True))
    return router


async def stats_command(message: Message, visit: Visit) -> None:
    """Say how many read, what they choose and why they leave."""
    services = visit.services
    figures = await services.store.statistics.count(since=services.clock() - SPAN)
    lines = figure_lines(visit.words, figures, services.catalogue)
    text = say((Bold((visit.words("stats-title"),)),), "\n".join(f"• {one}" for one in lines))
    await visit.show(Screen(document=text))
