"""What is done about channels by the clock, in one value for the composition root."""

from __future__ import annotations

from aiogram import Bot

from bot.channels.approval import Desk
from bot.channels.report import Reports
from bot.channels.watch import Watch
from bot.jobs import Bell
from bot.services import Services


class ChannelBells:
    """Asking admins about posts, looking after channels that are in trouble, and telling of their weeks."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self.approval = Desk(bot, services).bell
        self.watch = Watch(bot, services).bell
        self.reports = Reports(bot, services).bell

    @property
    def all(self) -> tuple[Bell, ...]:
        """All bells."""
        return self.approval, self.watch, self.reports
