"""That somebody means to delete so many numbers: they type how many."""

from django.utils.translation import gettext as _

OVER = 10  # up to so many are deleted by the press of a button


def problem(typed: str, count: int) -> str:
    """Why the answer is not the count, which may be typed as 1240, 1,240 or 1 240; "" when it is, or when
    so few need none."""
    digits = "".join(character for character in typed if character.isdigit())
    if count <= OVER or digits == str(count):
        return ""
    return _("Type %(n)s: so many numbers are deleted.") % {"n": f"{count:,}"}
