"""``python -m bot``: the same as the ``autodigest`` command."""

from bot.cli import main

main()
