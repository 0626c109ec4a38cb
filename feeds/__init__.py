"""The domain of car news: what a story is, when to poll, what goes into a digest.

Knows nothing of SQL, Telegram or people's languages. Start reading at ``feeds.pipeline``.
"""
