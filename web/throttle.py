"""How often one person may do one thing: RULES is the whole policy of all pages.

Asked inside the view, not around it, because a page that refuses must still hold what was typed. Whole
neighbourhoods share one address behind a mobile network, and a whole ward behind its own, so the rules
per address are wide; what protects a secret is counted per secret as well. Counts live in the memory of
each web process.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from feedback.errors import TooMany

counts = FixedWindowRateLimiter(MemoryStorage())

RULES: dict[str, RateLimitItem] = {
    name: parse(rule)
    for name, rule in {
        "report": "60 per 10 minutes",  # submissions, per address
        "report_phone": "10 per 10 minutes",  # submissions that name one telephone
        "addition": "30 per 10 minutes",  # anything else a resident sends, per address
        "lookup": "30 per 10 minutes",  # number + telephone, per address
        "lookup_number": "10 per 10 minutes",  # the same, per petition number
        "slip": "60 per 10 minutes",  # papers drawn for residents, per address
        "login": "200 per 10 minutes",  # passwords and codes, per address
        "login_name": "10 per 5 minutes",  # the same, per name typed
        "link_code": "10 per 10 minutes",  # codes made to link a chat, per login
        "login_code": "10 per 5 minutes",  # codes and passwords of one login
    }.items()
}


def check(rule: str, *key: str) -> None:
    """Count one act. Raises TooMany when there were more than the rule allows."""
    if not current_app.config["SETTINGS"].rate_limits:
        return
    if not counts.hit(RULES[rule], rule, *key):
        raise TooMany


def visitor() -> str:
    """The address a request comes from; of IPv6 the /64, since one telephone owns so many."""
    address = request.remote_addr or "-"
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(ip_network((known, 64), strict=False).network_address)
    return address
