"""Makes what a test is not about, through the same commands as the pages.

``make.person()``, ``make.council()`` … take keyword arguments only and have defaults for all.
Each room's makers stand in a module of this folder and are mixed into ``Make`` here.
"""

from tests.factories.asking import AskMaker
from tests.factories.community import CommunityMaker
from tests.factories.money import MoneyMaker
from tests.factories.money_in import MoneyInMaker
from tests.factories.orders import OrderMaker
from tests.factories.payments import PaymentMaker
from tests.factories.people import PeopleMaker
from tests.factories.pools import PoolMaker
from tests.factories.shops import ShopMaker

__all__ = ["Make"]


class Make(
    AskMaker,
    CommunityMaker,
    PaymentMaker,
    OrderMaker,
    ShopMaker,
    PoolMaker,
    MoneyMaker,
    MoneyInMaker,
    PeopleMaker,
):
    """Everything a test can make."""
