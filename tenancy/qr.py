"""二维码, drawn on the page itself: no picture is fetched from anywhere."""
import segno
from django.utils.safestring import SafeString, mark_safe


def qr(text: str, *, error: str = "m", border: int = 1) -> SafeString:
    """An SVG of the text as a QR code, without a size of its own. ``error`` is how much of it may be hidden: l, m, q, h."""
    return mark_safe(segno.make(text, error=error).svg_inline(border=border, omitsize=True, svgclass=None, lineclass=None))  # noqa: S308  (segno's own)
