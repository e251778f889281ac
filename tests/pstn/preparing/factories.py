"""Numbers that are on their way, and what is prepared for them."""

from pstn.models import NumberEvent
from pstn.workflow import preparations
from pstn.workflow.preparations import Wanted

COMING, OTHER, TEMPORARY = "+14085550110", "+14085550111", "+14085550170"
URL = f"/acme/numbers/{COMING[1:]}/prepare/"
MANY = "/acme/numbers/prepare/"


def prepare(number, by, **values):
    return preparations.prepare(number.org, [Wanted(number, values)], by=by)


def story(e164):
    return list(NumberEvent.unscoped.filter(e164=e164).order_by("pk").values_list("what", flat=True))
