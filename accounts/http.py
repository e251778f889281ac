"""The request that a view under /<org_slug>/ receives."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Organization, User


class OrgRequest(HttpRequest):
    """What a view under /<org_slug>/ receives once the middleware has let the request in."""

    user: User
    org: Organization
    membership: Membership
    htmx: HtmxDetails
