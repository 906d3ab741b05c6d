"""Square codes that a telephone's camera reads."""

import segno


def code_of(address: str) -> str:
    """Return an address as a square code: a drawing (SVG) to stand in a page, without styles."""
    code = segno.make(address, micro=False, error="m")
    return str(code.svg_inline(border=4, omitsize=True, svgclass="code", lineclass=None))
