"""Password hashes, by argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY


class Passwords:
    """Hashes and checks passwords; ``cheap`` is for tests alone."""

    def __init__(self) -> None:
        self.use(cheap=False)

    def use(self, *, cheap: bool) -> None:
        """Choose how much a hash costs."""
        profile = CHEAPEST if cheap else RFC_9106_LOW_MEMORY
        self._hasher = PasswordHasher.from_parameters(profile)
        # Checked when there is no such account, so that the answer takes as long as a real one.
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return what to store for a password."""
        return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Tell whether a password is the stored one; takes as long if nothing is stored."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


passwords = Passwords()
