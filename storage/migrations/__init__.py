"""Alembic's scripts, one per revision, numbered 0001 and on in one line. Later code must not change an old one."""
