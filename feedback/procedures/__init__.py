"""The law as dated data: every time limit with its article, its source and how sure we are of it."""
