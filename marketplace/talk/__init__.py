"""What people write to each other, and what they tell a council when they are worried.

Messages are between exactly those whom they concern: a person and those who buy for them, a
provider's staff, and the council once one of the two sides has asked it in. A concern about
somebody's safety goes to the council's team alone: no provider and no circle ever learns of it.
"""
