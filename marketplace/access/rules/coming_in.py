"""Where somebody may be led after signing in, and what their browser is called. Pure."""


def own_path(typed: str | None) -> str | None:
    """Return an address if it is a path of this site; None if it might lead elsewhere.

    Browsers read a backslash as a slash, and two slashes as the beginning of another site.
    """
    if not typed or not typed.startswith("/") or typed.startswith("//"):
        return None
    if "\\" in typed or any(character.isspace() or character < " " for character in typed):
        return None
    return typed


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android phone or tablet"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return what a person would call their browser: Firefox on Windows."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    device = next((name for mark, name in _DEVICES if mark in user_agent), "")
    return f"{browser} on {device}" if device else browser
