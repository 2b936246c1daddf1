"""Telegram: updates in, messages out, files fetched."""
