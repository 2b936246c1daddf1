"""What a message may cost and in which way it goes, by the database: decided right before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask import Flask

from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import spending, templates, window
from feedback.outbox.channel import Account, Delivery
from feedback.outbox.models import OutboxRow
from feedback.outbox.window import Policy, Way
from feedback.people.models import Contact
from feedback.petitions import template_values
from feedback.wards.setup import setup_of


@dataclass(frozen=True)
class Plan:
    """The way of one message; `template_id` and `values` for a template.

    `texts`: the ward's own words. A template says where the whole text stands, so further parts and files are `covered` by it.
    """

    way: Way
    template_id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    covered: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


class Books:
    """For one account. May be used by several threads; no transaction stays open."""

    def __init__(self, app: Flask, account: Account):
        self._app, self._account = app, account

    def plan(self, row: Delivery) -> Plan | None:
        """How the message goes, its price taken from the budget; None: not at all."""
        with self._app.app_context():
            setup = setup_of(self._account.ward_id)
            policy = _policy(row, setup.settings)
            heard_at = db.session.scalar(
                sa.select(Contact.last_heard_at).where(Contact.id == row.contact_id)
            )
            template = self._template(row) if policy.pays else None
            way = window.way(
                heard_at, clock.now(), pays=policy.pays, has_template=template is not None
            )
            db.session.rollback()
            if way is None:
                return None
            plan = template if way is Way.TEMPLATE and template else Plan(way, texts=setup.texts)
            is_paid = way is not Way.FREE and not plan.covered
            return plan if not is_paid or self._take(row, plan.way, policy) else None

    def instead(self, row: Delivery, refused: Plan) -> Plan | None:
        """A template for a message that came too late after all."""
        if refused.way is Way.TEMPLATE:
            return None
        with self._app.app_context():
            policy = _policy(row, setup_of(self._account.ward_id).settings)
            template = self._template(row) if policy.pays else None
            db.session.rollback()
            if template is None:
                return None
            self._give_back(row)
            return template if template.covered or self._take(row, Way.TEMPLATE, policy) else None

    def paid(self, row: Delivery, plan: Plan, *, is_free: bool) -> None:
        """What Zalo says it cost counts more than what we thought."""
        if is_free == (plan.way is Way.FREE):
            return
        with self._app.app_context():
            policy = Policy.of(setup_of(self._account.ward_id).settings)
            db.session.rollback()
            if is_free:
                self._give_back(row)
            else:
                with transaction():
                    price = policy.price(Way.BILLED)
                    spending.take(row.id, self._account.ward_id, Way.BILLED, price, None)

    def give_back(self, row: Delivery) -> None:
        """The message did not leave."""
        with self._app.app_context():
            self._give_back(row)

    def _take(self, row: Delivery, way: Way, policy: Policy) -> bool:
        with transaction():
            price, budget = policy.price(way), policy.monthly_budget
            return spending.take(row.id, self._account.ward_id, way, price, budget)

    def _give_back(self, row: Delivery) -> None:
        has_cost = sa.select(spending.MessageCost.id).where(
            spending.MessageCost.outbox_id == row.id
        )
        if db.session.scalar(has_cost) is not None:
            with transaction():
                spending.give_back(row.id)

    def _template(self, row: Delivery) -> Plan | None:
        """The approved template for this notice; for the first part of it alone."""
        if row.petition_id is None:
            return None
        template_id = templates.template_for(self._account.id, row.notice)
        values = template_values.of_petition(row.petition_id) if template_id else None
        wanted = templates.suggested().get(row.notice)
        if not (template_id and values and wanted):
            return None
        key = db.session.scalar(sa.select(OutboxRow.key).where(OutboxRow.id == row.id)) or ""
        said = {name: values[name] for name in wanted.parameters()}
        return Plan(Way.TEMPLATE, template_id, said, covered=not key.endswith(":1"))


def _policy(row: Delivery, settings: dict[str, Any]) -> Policy:
    """What the ward pays for; money is kept for answers, never spent on a broadcast."""
    policy = Policy.of(settings)
    return policy if row.broadcast_id is None else policy._replace(pays=False)
