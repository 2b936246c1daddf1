"""A new report: words, photos and a place in any order; a summary; sent only when the person says so.

Asks only for what is missing. `key` in the slots names this one report: a button of an earlier report
cannot send this one, and pressing "Gửi" twice sends once.
"""

from feedback.conversations.flows.report.buttons import button
from feedback.conversations.flows.report.questions import FLOW, go_on, pick_area_button
from feedback.conversations.flows.report.steps import STEPS, begin, edited

__all__ = ["FLOW", "STEPS", "begin", "button", "edited", "go_on", "pick_area_button"]
