"""Everything that knows Telegram, people, languages and how the parts are wired together."""
