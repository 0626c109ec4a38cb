"""What the buttons of the desk carry beside what judges an opinion (``bot.callbacks.DeskTap``)."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number


class CardTap(CallbackData, prefix="oc"):
    """Look at who changed the opinion on a story, or back at the card, where that or a question stands."""

    story: Number
    do: Literal["back", "history"] = "back"
