"""Views of the numbers page: those that somebody saved, and how each person likes the page to begin.

How somebody likes it is read once a session and kept there, so that the page asks nothing for it.
"""

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts import audit
from accounts.http import OrgRequest
from accounts.models import Membership, Organization, User
from lib.transitions import Refused
from pstn.listing.filters import NumberFilter
from pstn.models import SavedView, UsualView

KEY = "number_list"  # of the session: for each organization the query and the columns
ALL = "?view=all"  # asks for the list as it is, though another view is the usual one
MOST = 100  # views of one person, or shared ones


def usual_query(request: OrgRequest) -> str:
    """The query string that the list begins with for this person, "" for all numbers."""
    return _usual(request)[0]


def usual_columns(request: OrgRequest) -> str:
    """The columns that this person has chosen, "" for the usual ones."""
    return _usual(request)[1]


def all_query(request: OrgRequest) -> str:
    """The query string of the list without any filter."""
    return ALL if usual_query(request) else ""


def choose_columns(request: OrgRequest, names: tuple[str, ...]) -> None:
    UsualView._base_manager.update_or_create(
        membership=request.membership, defaults={"columns": ",".join(names)}
    )
    forget(request)


def choose(request: OrgRequest, view: SavedView | None) -> None:
    """Begin with this view from now on, or with all numbers."""
    UsualView._base_manager.update_or_create(membership=request.membership, defaults={"view": view})
    forget(request)


def usual_view(request: OrgRequest) -> int | None:
    """The key of the view that the list begins with."""
    found = UsualView._base_manager.filter(membership=request.membership).values_list("view", flat=True)
    return next(iter(found), None)


def forget(request: OrgRequest) -> None:
    """Something of it has changed: the next page reads it again."""
    kept = dict(request.session.get(KEY, {}))
    kept.pop(str(request.org.pk), None)
    request.session[KEY] = kept


def save(org: Organization, *, name: str, query: str, is_shared: bool, membership: Membership) -> SavedView:
    """Keep a question under a name; one of the same name and owner is replaced by who may change it."""
    by = membership.user
    owner = None if is_shared else by
    clean = NumberFilter.read(QueryDict(query.removeprefix("?")), org.locations.all()).query()
    with transaction.atomic():
        mine = org.saved_views.filter(user=owner)
        if mine.exclude(name=name).count() >= MOST:
            raise Refused(_("There are %(n)s views already. Delete one first.") % {"n": MOST})
        there = mine.filter(name=name).first()
        if there and not there.may_be_changed_by(membership):
            raise Refused(
                _("“%(name)s” is a shared view of somebody else. Choose another name.") % {"name": name}
            )
        view, _is_new = mine.update_or_create(
            org=org, user=owner, name=name, defaults={"query": clean, "made_by": by}
        )
        audit.record("view.save", view, org=org, after={"name": name, "query": clean, "shared": is_shared})
    return view


def rename(view: SavedView, name: str, *, by: User) -> None:
    with transaction.atomic():
        if view.org.saved_views.filter(user=view.user_id, name=name).exclude(pk=view.pk).exists():
            raise Refused(_("There is a view “%(name)s” already.") % {"name": name})
        before, view.name = view.name, name
        view.save(update_fields=["name"])
        audit.record("view.rename", view, org=view.org, before={"name": before}, after={"name": name})


def delete(view: SavedView, *, by: User) -> None:
    with transaction.atomic():
        audit.record("view.delete", view, org=view.org, before={"name": view.name, "query": view.query})
        view.delete()


def _usual(request: OrgRequest) -> tuple[str, str]:
    kept = request.session.get(KEY, {})
    org = str(request.org.pk)
    if org not in kept:
        found = UsualView._base_manager.filter(membership=request.membership).values_list(
            "view__query", "columns"
        )
        query, chosen = next(iter(found), ("", ""))
        request.session[KEY] = {**kept, org: [query or "", chosen or ""]}
        kept = request.session[KEY]
    query, chosen = kept[org]
    return query, chosen
