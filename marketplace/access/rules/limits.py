"""How long things last, and how often they may be tried. Pure."""

from datetime import timedelta

SIGN_IN_LASTS = timedelta(days=14)
SIGN_IN_IDLE = timedelta(hours=12)
TRIES_MAX = 10
"""For one e-mail address, in one window."""
TRIES_MAX_OF_NETWORK = 100
"""For one network address: a whole library or day centre may share it."""
TRIES_WINDOW = timedelta(minutes=15)
PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 200
NAME_LENGTH_MAX = 200
EMAIL_LENGTH_MAX = 254
LINK_LASTS = timedelta(days=3)
INVITATION_LASTS = timedelta(days=30)
