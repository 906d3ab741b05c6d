"""One side of the world: who is there, what they are called, and what is theirs."""

from dataclasses import dataclass, field
from uuid import UUID

from marketplace.access.rules import Actor, Scope
from marketplace.kernel.money import Money
from tests.factories.money import Funded

Values = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Names:
    """What is different about a side."""

    person: str
    store: str
    council: str
    district: str
    postcode: str
    outcome: str
    note: str
    worry: str
    """What somebody told the council's team. Nobody else may ever read it."""
    plan: str
    """What the person wrote to their council of their money. No provider may ever read it."""
    agreed: Money
    agreed_for_shared: Money
    """What this side's council agreed with a provider that works for both."""

    @property
    def agreed_words(self) -> str:
        """The agreed price as pages write it."""
        return str(self.agreed)

    @property
    def agreed_for_shared_words(self) -> str:
        """The price for the shared provider as pages write it."""
        return str(self.agreed_for_shared)


OURS = Names(
    person="Alder Quillfeather",
    store="Amber Lane Help",
    council="Ashdale Council",
    district="LS6",
    postcode="LS6 2AB",
    outcome="I visit the apricot orchard.",
    note="The amaranth key is with Ada.",
    worry="The aubergine bruise on her arm.",
    plan="The acorn money is for my sister.",
    agreed=Money(13_37),
    agreed_for_shared=Money(14_41),
)
THEIRS = Names(
    person="Birch Vanterpool",
    store="Blue Door Support",
    council="Brackenshire Council",
    district="BS5",
    postcode="BS5 6AA",
    outcome="I paint the bergamot mural.",
    note="The basil key is with Bea.",
    worry="The burdock bruise on his arm.",
    plan="The bilberry money is for my brother.",
    agreed=Money(17_71),
    agreed_for_shared=Money(16_61),
)


@dataclass(frozen=True, kw_only=True)
class Side:
    """A council, a person it funds, a provider they buy from, and all that came of it."""

    names: Names
    council_id: UUID
    funded: Funded
    provider: Actor
    offer_id: UUID
    slug: str
    supporters: dict[Scope, Actor]
    """Somebody with each scope alone."""
    objects: dict[str, Values] = field(default_factory=dict)
    """What the arguments of addresses are for each kind of thing of this side."""
    typed: Values = field(default_factory=dict)
    """Ids that forms carry."""
