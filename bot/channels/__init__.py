"""What admins do with their channels and groups, in private with the bot. Every write asks Telegram for their right."""
