"""What people write to each other, and what they tell a council when they are worried.

Messages are between exactly those whom they concern. About an order or a listing: a person and
those who buy for them, a provider's staff, and the council once one of the two sides has asked it
in. About somebody's plan and money: the person, those who see their money for them, and the
council's practitioners; never a provider, not even one who looks after the money. A concern about
somebody's safety goes to the council's team alone: no provider and no circle ever learns of it.
"""
