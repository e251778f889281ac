"""Every URL keeps outsiders out. A new URL fails here until its rights are listed.

Letters say who may: v Vic (read-only), e Eli (PSTN administrator), a Ada (full administrator), p Paula (partner
administrator). Whoever is not listed is refused with 403; a neighbour and a stranger never get in.
"""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from porting.models import PortOrder
from pstn.models import LocationAdmin
from pstn.workflow import exports as workflow_exports
from tests.factories import make_connected_location, make_number, make_number_order
from tests.porting.factories import make_link, make_port_order
from tests.porting.outs.factories import make_port_out

CANARY = "Canary Wharf 9163"
ALL, EDITORS = "veap", "eap"

RIGHTS = {
    "pstn:overview": ("get", ALL),
    "pstn:location_list": ("get", ALL),
    "pstn:location_create": ("post", EDITORS),
    "pstn:location_detail": ("get", ALL),
    "pstn:location_edit": ("post", EDITORS),
    "pstn:location_pstn": ("get", ALL),
    "pstn:location_main_number": ("post", EDITORS),
    "pstn:connection_start": ("post", EDITORS),
    "pstn:connection_step": ("get", EDITORS),
    "pstn:connection_connect": ("post", EDITORS),
    "pstn:connection_done": ("get", ALL),
    "pstn:number_list": ("get", ALL),
    "pstn:number_count": ("get", ALL),
    "pstn:number_json": ("get", ALL),
    "pstn:number_filters": ("get", ALL),
    "pstn:number_columns": ("post", ALL),
    "pstn:view_list": ("get", ALL),
    "pstn:view_save": ("post", ALL),
    "pstn:view_rename": ("post", EDITORS),
    "pstn:view_delete": ("post", EDITORS),
    "pstn:view_choose": ("post", ALL),
    "pstn:number_start": ("get", EDITORS),
    "pstn:number_add": ("post", EDITORS),
    "pstn:number_verdicts": ("post", EDITORS),
    "pstn:number_detail": ("get", ALL),
    "pstn:number_activate": ("post", EDITORS),
    "pstn:number_deactivate": ("post", EDITORS),
    "pstn:number_delete": ("post", EDITORS),
    "pstn:number_prepare_many": ("post", EDITORS),
    "pstn:number_prepare": ("get", EDITORS),
    "pstn:number_assign": ("post", EDITORS),
    "pstn:number_unassign": ("post", EDITORS),
    "pstn:number_move": ("get", EDITORS),
    "pstn:number_retype": ("get", EDITORS),
    "pstn:number_describe": ("post", EDITORS),
    "pstn:number_menu": ("get", ALL),
    "pstn:extension_create": ("get", EDITORS),
    "pstn:block_detail": ("get", ALL),
    "pstn:block_release": ("get", EDITORS),
    "pstn:owner_list": ("get", ALL),
    "pstn:owner_create": ("get", EDITORS),
    "pstn:owner_detail": ("get", ALL),
    "pstn:owner_edit": ("get", EDITORS),
    "pstn:owner_delete": ("get", EDITORS),
    "pstn:number_settle": ("post", EDITORS),
    "pstn:import_start": ("get", EDITORS),
    "pstn:import_template": ("get", ALL),
    "pstn:import_detail": ("get", ALL),
    "pstn:import_run": ("post", EDITORS),
    "pstn:import_discard": ("post", EDITORS),
    "pstn:import_errors": ("get", EDITORS),
    "pstn:export_numbers": ("post", ALL),
    "pstn:export_detail": ("get", ALL),
    "pstn:export_download": ("get", ALL),
    "pstn:resting_list": ("get", ALL),
    "pstn:job_prepare": ("get", EDITORS),
    "pstn:job_start": ("post", EDITORS),
    "pstn:job_refusals": ("post", EDITORS),
    "pstn:job_list": ("get", ALL),
    "pstn:job_drawer": ("get", ALL),
    "pstn:job_pulse": ("post", ALL),
    "pstn:job_detail": ("get", ALL),
    "pstn:job_pause": ("post", EDITORS),
    "pstn:job_resume": ("post", EDITORS),
    "pstn:job_stop": ("post", EDITORS),
    "pstn:job_retry": ("post", EDITORS),
    "pstn:job_undo": ("post", EDITORS),
    "pstn:job_errors": ("get", ALL),
    "pstn:order_list": ("get", ALL),
    "pstn:number_order_create": ("post", EDITORS),
    "pstn:number_order_detail": ("get", ALL),
    "pstn:number_order_step": ("get", EDITORS),
    "pstn:number_order_places": ("get", EDITORS),
    "pstn:number_order_hold": ("get", EDITORS),
    "pstn:number_order_search": ("post", EDITORS),
    "pstn:number_order_block": ("post", EDITORS),
    "pstn:number_order_swap": ("post", EDITORS),
    "pstn:number_order_similar": ("post", EDITORS),
    "pstn:number_order_again": ("post", EDITORS),
    "pstn:number_order_wait": ("post", EDITORS),
    "pstn:number_order_extend": ("post", EDITORS),
    "pstn:number_order_place": ("post", EDITORS),
    "pstn:number_order_cancel": ("post", EDITORS),
    "pstn:number_order_replace": ("post", EDITORS),
    "pstn:number_order_answer": ("post", EDITORS),
    "pstn:number_order_accept": ("post", EDITORS),
    "pstn:number_order_decline": ("post", EDITORS),
    "pstn:number_order_discard": ("post", EDITORS),
    "pstn:terms_detail": ("get", ALL),
    "pstn:terms_accept": ("post", "a"),
    "pstn:terms_request": ("post", EDITORS),
    "porting:order_create": ("post", EDITORS),
    "porting:order_detail": ("get", ALL),
    "porting:order_step": ("get", EDITORS),
    "porting:order_verdicts": ("post", EDITORS),
    "porting:order_split": ("post", EDITORS),
    "porting:letter_preview": ("get", EDITORS),
    "porting:letter_upload": ("get", EDITORS),
    "porting:letter_skip": ("post", EDITORS),
    "letters:verify": ("get", ALL),
    "porting:order_hints": ("post", EDITORS),
    "porting:order_preflight": ("get", EDITORS),
    "porting:order_preflight_reveal": ("post", EDITORS),
    "porting:order_record_ask": ("post", EDITORS),
    "porting:order_submit": ("post", EDITORS),
    "porting:order_resubmit": ("post", EDITORS),
    "porting:order_cancel": ("post", EDITORS),
    "porting:order_reschedule": ("get", EDITORS),
    "porting:order_prepare": ("get", EDITORS),
    "porting:order_calendar": ("get", ALL),
    "porting:order_pack": ("get", ALL),
    "porting:order_day": ("get", ALL),
    "porting:order_activate": ("post", EDITORS),
    "porting:order_delay": ("post", EDITORS),
    "porting:order_forwards": ("post", EDITORS),
    "porting:order_test": ("post", EDITORS),
    "porting:order_verify": ("post", EDITORS),
    "porting:order_snap_back": ("post", EDITORS),
    "port_calendar:month": ("get", ALL),
    "port_calendar:feed_create": ("post", ALL),
    "port_calendar:feed_revoke": ("post", ALL),
    "porting:message_create": ("post", EDITORS),
    "porting:order_discard": ("post", EDITORS),
    "porting:order_divide": ("post", EDITORS),
    "porting:order_detach": ("post", EDITORS),
    "porting:order_use_shared": ("post", EDITORS),
    "porting:group_detail": ("get", ALL),
    "porting:group_edit": ("post", EDITORS),
    "porting:group_align": ("post", EDITORS),
    "porting:group_submit": ("post", EDITORS),
    "porting:order_reveal": ("post", EDITORS),
    "porting:order_request_signature": ("post", EDITORS),
    "porting:document_download": ("get", ALL),
    "porting:bill_page": ("get", ALL),
    "porting:bill_reading": ("get", EDITORS),
    "porting:bill_use": ("post", EDITORS),
    "porting:document_preview": ("get", ALL),
    "porting:document_add": ("get", EDITORS),
    "porting:link_create": ("post", EDITORS),
    "porting:link_send": ("post", EDITORS),
    "porting:link_revoke": ("post", EDITORS),
    "porting:port_out_detail": ("get", ALL),
    "porting:port_out_accept": ("get", EDITORS),
    "porting:port_out_reject": ("post", EDITORS),
    "porting:port_out_dispute": ("get", EDITORS),
    "guards:guard_detail": ("get", ALL),
    "guards:guard_edit": ("post", EDITORS),
    "guards:guard_reveal": ("post", EDITORS),
    "guards:number_guard_edit": ("get", EDITORS),
    "guards:number_guard_clear": ("post", EDITORS),
    "guards:number_guard_reveal": ("post", EDITORS),
    "emergency:address_list": ("get", ALL),
    "emergency:address_edit": ("post", EDITORS),
    "emergency:number_address_edit": ("post", EDITORS),
    "emergency:number_address_clear": ("post", EDITORS),
}
OPEN = {  # for people who are not signed in
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "port_feed",  # its address is the key
    "links:task", "links:code", "links:enter", "links:letter",
}  # fmt: skip
PERSONAL = {
    "accounts:home",
    "accounts:organizations",
    "accounts:preferences",
    "accounts:time_zone",
}  # about oneself, in no organization
STAFF = {"notifications:mailbox", "notifications:mailbox_entry"}


def names(resolver, namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}"


@pytest.fixture
def arguments(acme, ada):
    """What each URL needs beside the organization: things of Acme's, all bearing the canary."""
    location = make_connected_location(acme, name=CANARY)
    number = make_number(location)
    number_order = make_number_order(location)
    group = acme.port_groups.create(created_by=ada, location=location, company_name=CANARY)
    port_order = make_port_order(acme, location=location, company_name=CANARY, group=group)
    document = port_order.paper("bill")
    document.preview.save("page.png", ContentFile(b"a picture"))
    port_order.document_requests.create(kind="id_copy")
    PortOrder.unscoped.filter(pk=port_order.pk).update(wants_documents=True)
    link = make_link(port_order, by=ada)
    port_out = make_port_out(location, gaining_carrier=CANARY)
    job = acme.jobs.create(
        kind="move", params={"location": location.pk}, total=2, key="fence", created_by=ada
    )
    number_import = acme.number_imports.create(original_name=CANARY, size=1, created_by=ada)
    export = acme.number_exports.create(
        format="csv", created_by=ada, until=timezone.now() + timedelta(hours=1)
    )
    workflow_exports.finish(export, ContentFile(CANARY.encode()), 1)
    view = acme.saved_views.create(name="A view for everybody")
    owner = acme.owners.create(name=CANARY, location=location)
    block = acme.number_blocks.create(first="+14085550190", last="+14085550199", size=10)
    make_number(location, "+14085550190", block=block)
    by_app = {
        "owner": [owner.pk],
        "block": [block.pk],
        "location": [location.pk],
        "connection": [location.pk],
        "address": [location.pk],
        "number": [number.e164],
        "job": [job.pk],
        "import": [number_import.pk],
        "export": [export.pk],
        "group": [group.pk],
    }
    exact = {
        "pstn:job_prepare": ["move"],
        "pstn:job_start": ["move"],
        "pstn:job_refusals": ["move"],
        "pstn:view_rename": [view.pk],
        "pstn:view_delete": [view.pk],
        "pstn:view_choose": [view.pk],
        "pstn:connection_step": [location.pk, "type"],
        "pstn:number_order_step": [number_order.pk, "location"],
        "porting:order_step": [port_order.pk, "location"],
        "porting:document_download": [port_order.pk, document.pk],
        "porting:document_preview": [port_order.pk, document.pk],
        "porting:message_create": [port_order.pk],
        "porting:link_create": [port_order.pk],
        "porting:link_send": [port_order.pk, link.pk],
        "porting:link_revoke": [port_order.pk, link.pk],
        "porting:bill_page": [port_order.pk, document.pk, 1],
        "porting:bill_reading": [port_order.pk],
        "porting:bill_use": [port_order.pk],
        "porting:letter_preview": [port_order.pk],
        "porting:letter_upload": [port_order.pk],
        "porting:letter_skip": [port_order.pk],
        "porting:document_add": [port_order.pk, "id_copy"],
    }
    bare = {
        "pstn:extension_create", "pstn:owner_list", "pstn:owner_create",
        "pstn:overview", "pstn:location_list", "pstn:location_create", "pstn:number_list", "pstn:number_start",
        "pstn:number_count", "pstn:number_json", "pstn:number_filters", "pstn:number_columns", "pstn:view_list", "pstn:view_save",
        "pstn:view_rename", "pstn:view_delete", "pstn:view_choose",
        "pstn:number_add", "pstn:number_verdicts", "pstn:number_prepare_many", "pstn:order_list", "pstn:number_order_create",
        "pstn:terms_detail", "pstn:terms_accept", "pstn:terms_request", "porting:order_create",
        "emergency:address_list", "port_calendar:month", "port_calendar:feed_create", "port_calendar:feed_revoke",
        "pstn:import_start", "pstn:import_template", "pstn:export_numbers", "pstn:resting_list", "pstn:job_list", "pstn:job_drawer", "pstn:job_pulse", "pstn:job_prepare", "pstn:job_start",
        "pstn:job_refusals", "letters:verify", "guards:guard_detail", "guards:guard_edit", "guards:guard_reveal",
    }  # fmt: skip

    def of(name):
        if name in exact:
            return exact[name]
        if name in bare:
            return []
        if name.startswith("porting:port_out"):
            return [port_out.pk]
        if name.startswith("porting:order"):
            return [port_order.pk]
        if name.startswith("pstn:number_order"):
            return [number_order.pk]
        if name.startswith("pstn:number"):
            return [number.e164]
        return by_app[name.split(":")[1].split("_")[0]]

    of.location = location
    of.bare = bare
    return of


@pytest.fixture
def call(client, arguments):
    def call(name, user, slug="acme"):
        if user:
            client.force_login(user)
        method = RIGHTS[name][0]
        return getattr(client, method)(reverse(name, args=[slug, *arguments(name)]))

    return call


def test_every_url_is_listed():
    known = set(RIGHTS) | OPEN | PERSONAL | STAFF
    found = {name for name in names(get_resolver()) if not name.startswith("admin:")}
    assert found == known


@pytest.mark.parametrize("name", RIGHTS)
def test_strangers_are_sent_to_the_sign_in(call, name):
    response = call(name, None)
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("name", RIGHTS)
def test_neighbours_see_nothing(call, name, mallory):
    response = call(name, mallory)
    assert response.status_code == 404
    assert CANARY not in response.content.decode()


@pytest.mark.parametrize("name", RIGHTS)
@pytest.mark.parametrize(("letter", "who"), [("v", "vic"), ("e", "eli"), ("a", "ada"), ("p", "paula")])
def test_members_get_what_their_role_allows(call, name, letter, who, request):
    status = call(name, request.getfixturevalue(who)).status_code
    if letter in RIGHTS[name][1]:
        assert status in {200, 204, 302, 422}, name
    else:
        assert status == 403, name


@pytest.mark.parametrize("name", RIGHTS)
def test_ids_do_not_cross_organizations(call, arguments, name, mallory):
    """Mallory asks her own console for Acme's things."""
    response = call(name, mallory, slug="globex")
    assert CANARY not in getattr(response, "content", b"").decode("utf-8", "replace")
    if name not in arguments.bare:
        assert response.status_code == 404


@pytest.mark.parametrize("name", RIGHTS)
def test_a_location_administrator_reaches_only_their_own(call, arguments, name, acme, lou):
    """Lou administers another location of the same organization."""
    elsewhere = make_connected_location(acme, name="Lou's office")
    LocationAdmin.unscoped.create(membership=lou.memberships.get(), location=elsewhere)
    response = call(name, lou)
    assert CANARY not in response.content.decode("utf-8", "replace")
    if name not in arguments.bare:
        assert response.status_code in {403, 404}


@pytest.mark.parametrize("name", STAFF)
def test_the_mailbox_is_for_staff(client, name, ada, staff):
    url = reverse(name, args=[1] if name.endswith("entry") else [])
    client.force_login(ada)
    assert client.get(url).status_code == 404
    client.force_login(staff)
    assert client.get(url).status_code == (404 if name.endswith("entry") else 200)


def test_the_admin_is_for_staff(client, ada):
    client.force_login(ada)
    for name in {name for name in names(get_resolver()) if name.startswith("admin:")}:
        try:
            url = reverse(name)
        except NoReverseMatch:  # it needs an argument; its list does not
            continue
        if name not in {"admin:login", "admin:logout", "admin:jsi18n"}:
            assert client.get(url).status_code == 302, name
