"""What people do in their private chat with the bot, a module for each errand. Knows no SQL and no feed."""
