"""Letters to the members of a pool about a standing order of one of them: asked, or only told."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.budgets.queries import pool_name
from marketplace.budgets.rules import first_name
from marketplace.kernel.clock import local_day
from marketplace.orders.commands.standing_letters import tell_members_of
from marketplace.orders.commands.standing_locked import course_of, latest_pattern
from marketplace.orders.models import Order, StandingOrder
from marketplace.orders.queries.standing_together import waits_for_pool
from marketplace.orders.rules.standing import four_weeks
from marketplace.orders.rules.standing_money import cost_of_all
from marketplace.orders.rules.standing_words import pattern_words, what_words


def ask_or_tell_pool(session: Session, standing: StandingOrder, *, at: datetime) -> None:
    """Ask the other members for their yes, where only that is missing; tell them once it is sent.

    What waits for its own circle is nobody else's affair.
    """
    if standing.pool_id is None:
        return
    asks = waits_for_pool(session, standing, at=at)
    if not asks and session.get_one(Order, standing.first_order_id).held_at is None:
        return
    pattern = latest_pattern(session, standing).pattern
    cost = cost_of_all(
        four_weeks(course_of(session, standing), today=local_day(at)), standing.bands
    )
    names = names_of(session, user_ids=[standing.person_id])
    who, pool = first_name(names[standing.person_id]), pool_name(session, pool_id=standing.pool_id)
    what = f"{what_words(standing.title, standing.unit, pattern)}, {pattern_words(pattern)}"
    sentences = [
        f"{who} {'would like to order' if asks else 'has ordered'} this: {what}.",
        f"The money of the pool {pool} is to pay for it.",
        f"Four weeks cost {cost}. Every share in the pool pays its part of each week.",
        "That needs a yes from another member. Say yes or no on its page."
        if asks
        else "You see on its page what is set aside. You can leave the pool at any time.",
    ]
    subject = f"{who} asks for your yes" if asks else f"{who} ordered something for every week"
    key = "pool-asked" if asks else "pool-told"
    tell_members_of(session, standing, subject, sentences, key=key, at=at)
