"""How often one resident may do one thing: RULES is the whole policy of these pages.

Asked inside the view, not around it, because a page that refuses must still hold what was typed. Whole
neighbourhoods share one address behind a mobile network, so the rules per address are wide; what
protects a secret is counted per secret as well.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request
from limits import RateLimitItem, parse

from feedback.errors import TooMany
from web.limits import limiter

RULES: dict[str, RateLimitItem] = {
    name: parse(rule)
    for name, rule in {
        "report": "60 per 10 minutes",  # submissions, per address
        "report_phone": "10 per 10 minutes",  # submissions that name one telephone
        "addition": "30 per 10 minutes",  # anything else a resident sends, per address
        "lookup": "30 per 10 minutes",  # number + telephone, per address
        "lookup_number": "10 per 10 minutes",  # the same, per petition number
    }.items()
}


def check(rule: str, *key: str) -> None:
    """Count one act. Raises TooMany when there were more than the rule allows."""
    if not current_app.config["SETTINGS"].rate_limits:
        return
    if not limiter.limiter.hit(RULES[rule], rule, *key):
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
