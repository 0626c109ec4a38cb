"""A small local Telegram: the Bot API over HTTP, the person's side of it, and a clock to turn.

For the demo and for end-to-end tests. It knows Telegram and nothing of the bot that talks to it: nothing here may
import a room outside this package.
"""
