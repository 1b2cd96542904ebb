"""What is written for families is looked at before they read it (SPEC X6)."""
from django.utils.translation import gettext as _

from service_levels.plans.discreet import given_away
from tenancy.refusals import Refused


def answer_discreetly(text: str, field: str) -> None:
    """What is written to one family must not say what the school thinks of it. Raises Refused at ``field``, naming the word."""
    word = given_away(text)
    if word:
        raise Refused(_("家长看得到这段话，“%(word)s”换个说法。") % {"word": word}, field, code="label")
