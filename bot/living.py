"""What lives on after an issue: stories that go at once, and posts that follow their stories. Wires them to bells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from aiogram import Bot

from bot.edition import Edition
from bot.edits import Edits
from bot.jobs import Bell
from bot.limits import Limits
from bot.redraw import Redrawer
from bot.regards import dress
from bot.standing import Standing
from bot.workshop import Workshop
from feeds.atonce import AtOnce
from feeds.clock import Clock
from feeds.following import Following
from feeds.press import Press

INSTANT_EVERY = timedelta(seconds=5)
"""Besides after every poll: an editor's word, and quiet hours that end, ring no bell."""
FOLLOW_EVERY = timedelta(seconds=30)
REDRAW_EVERY = timedelta(seconds=3)


class Living:
    """Three bells: what goes at once, what changed in stories that went, and which messages are to say so."""

    def __init__(
        self,
        workshop: Workshop,
        bot: Bot,
        *,
        press: Press,
        edition: Edition,
        limits: Limits,
        clock: Clock,
    ) -> None:
        store = workshop.store
        self._met = asyncio.Event()
        self._ring_courier: Callable[[], None] = lambda: None
        self.at_once = AtOnce(press=press, chats=store.chats, issues=store.outbox, marks=store.marks)
        self._following = Following(posted=store.redraws, news=store.news, marks=store.marks, clock=clock)
        self.standing = Standing(store.news, write=edition.write)
        self._redrawer = Redrawer(
            redraws=store.redraws,
            standing=self.standing,
            editor=Edits(bot),
            dress=lambda chat, message: dress(store, chat.id, message, edition.place(chat)),
            limits=limits,
            clock=clock,
        )
        self.instant_bell = Bell(name="instant", every=INSTANT_EVERY, answer=self._send_at_once)
        self.follow_bell = Bell(name="follow", every=FOLLOW_EVERY, answer=self._follow)
        self.redraw_bell = Bell(name="redraw", every=REDRAW_EVERY, answer=self._redraw)

    def attend(self, met: asyncio.Event, ring_courier: Callable[[], None]) -> None:
        """Edit nothing before Telegram has said who we are, and tell the courier of what is to be sent."""
        self._met, self._ring_courier = met, ring_courier

    @property
    def bells(self) -> tuple[Bell, ...]:
        """What is to be rung."""
        return self.instant_bell, self.follow_bell, self.redraw_bell

    def reconsider(self) -> None:
        """Look anew at everything that may still go at once: a chat that could not be written to can be now."""
        self.at_once.reconsider()
        self.instant_bell.ring()

    async def _send_at_once(self) -> None:
        if await self.at_once.publish():
            self._ring_courier()

    async def _follow(self) -> None:
        if await self._following.look():
            self.redraw_bell.ring()

    async def _redraw(self) -> None:
        # Our own name stands in the links under posts.
        await self._met.wait()
        await self._redrawer.draw_due()
