"""Zalo Official Account: events in, messages out, tokens kept alive, files fetched."""
