"""The fence at the door: who comes into an organization, with which right, and who acts."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse

from accounts import acting
from accounts.decorators import needs, staff_only
from accounts.middleware import OrgMiddleware
from accounts.models import Organization, Right


def view(request):
    return HttpResponse("in")


@pytest.fixture
def enter(rf):
    """Send a request of somebody to a view of Acme; answers the request, or raises what kept them out."""

    def enter(user, method="get", view=view, slug="acme"):
        request = getattr(rf, method)("/", headers={"User-Agent": "Test/1"})
        request.user = user
        kwargs = {"org_slug": slug} if slug else {}
        seen = []

        def answer(request):
            OrgMiddleware(answer).process_view(request, view, [], kwargs)
            seen.append(acting.current())
            return HttpResponse("in")

        OrgMiddleware(answer)(request)
        request.kwargs, request.actor = kwargs, seen[0]
        return request

    return enter


def test_a_member_gets_the_organization_and_their_role(enter, ada, acme):
    request = enter(ada)
    assert (request.org, request.membership.user, request.kwargs) == (acme, ada, {})
    assert request.actor == acting.Actor(ada, "full_admin", "127.0.0.1", "Test/1")
    assert acting.current() == acting.Actor(), "nobody acts after the request"


def test_a_neighbor_finds_nothing(enter, mallory, acme):
    with pytest.raises(Http404):
        enter(mallory)


def test_an_organization_that_does_not_exist_looks_the_same(enter, ada):
    with pytest.raises(Http404):
        enter(ada, slug="nothing-here")


def test_staff_is_no_member(enter, staff, acme):
    with pytest.raises(Http404):
        enter(staff)


def test_a_partner_comes_in_only_where_they_are_assigned(enter, paula, globex):
    assert enter(paula).actor.acting_as == "partner_admin"
    with pytest.raises(Http404):
        enter(paula, slug="globex")


def test_a_person_in_two_organizations_acts_in_the_one_of_the_address(enter, ada, globex):
    ada.memberships.create(org=globex, role="read_only")
    assert enter(ada, slug="globex").actor.acting_as == "read_only"
    assert enter(ada, slug="acme").actor.acting_as == "full_admin"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_needs_only_view(enter, vic, method):
    assert enter(vic, method).org


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_needs_edit(enter, vic, eli, method):
    with pytest.raises(PermissionDenied):
        enter(vic, method)
    assert enter(eli, method).org


def test_a_view_may_ask_for_more(enter, ada, eli):
    special = needs(Right.ACCEPT)(lambda request: HttpResponse())
    assert enter(ada, "post", special).org
    for method in ("get", "post"):
        with pytest.raises(PermissionDenied):
            enter(eli, method, special)


def test_a_stranger_is_left_to_the_sign_in(enter, acme):
    request = enter(AnonymousUser())
    assert not hasattr(request, "org")


def test_pages_of_staff_do_not_exist_for_others(enter, ada, staff):
    desk = staff_only(lambda request: HttpResponse())
    with pytest.raises(Http404):
        enter(ada, view=desk, slug="")
    assert enter(staff, view=desk, slug="").actor.acting_as == "staff"


def test_who_has_left_is_out_at_once(client, ada):
    client.force_login(ada)
    page = reverse("pstn:order_list", args=["acme"])
    assert client.get(page).status_code == 200
    ada.memberships.all().delete()
    assert client.get(page).status_code == 404


def test_a_signed_in_page_stays_in_no_cache(client, ada):
    client.force_login(ada)
    assert "no-store" in client.get(reverse("pstn:order_list", args=["acme"])).headers["Cache-Control"]


def test_a_stranger_is_asked_to_sign_in_and_led_back(client, acme):
    page = reverse("pstn:order_list", args=["acme"])
    response = client.get(page)
    assert response.headers["Location"] == f"{reverse('account_login')}?next={page}"
    assert client.get("/nothing-here/orders/").status_code == response.status_code


def test_times_are_in_the_persons_zone(rf, ada):
    from django.utils import timezone

    from accounts.middleware import LocaleAndZoneMiddleware

    ada.time_zone = "Europe/Stockholm"
    request = rf.get("/")
    request.user = ada
    names = []
    LocaleAndZoneMiddleware(lambda r: names.append(timezone.get_current_timezone_name()) or HttpResponse())(
        request
    )
    assert names == ["Europe/Stockholm"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_organizations_are_found_by_their_slug_alone(enter, ada, acme):
    Organization.objects.filter(pk=acme.pk).update(slug="acme-2")
    with pytest.raises(Http404):
        enter(ada)
    assert enter(ada, slug="acme-2").org == acme
