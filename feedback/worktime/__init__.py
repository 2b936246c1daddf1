"""Working time: which days an office works, which hours, and why a day does not count. Pure."""
