"""Benchmarks and checks: each prints a table and writes ``build/<name>.json``. Nothing of the bot imports them."""
