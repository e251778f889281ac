"""Questions of the numbers page under a name: whose they are, who may change them, which one the page begins with."""

import pytest
from lxml import html

from pstn.models import SavedView, UsualView
from tests.factories import make_location, make_number

SAVE = "/acme/numbers/views/save/"


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def test_a_view_is_saved_and_opens_the_same_list(as_, vic, acme):
    response = as_(vic).post(SAVE, {"name": "Spare", "query": "?state=inactive&sort=-added&nonsense=1"})
    assert response.headers["Location"] == "/acme/numbers/?state=inactive&sort=-added"
    view = acme.saved_views.get()
    assert (view.name, view.user, view.is_shared) == ("Spare", vic, False)
    assert "Spare" in as_(vic).get("/acme/numbers/views/").content.decode()


def test_the_same_name_again_replaces_it(as_, vic, acme):
    for state in ("inactive", "active"):
        as_(vic).post(SAVE, {"name": "Mine", "query": f"?state={state}"})
    assert acme.saved_views.get().query == "?state=active"


def test_a_view_is_its_persons_alone_or_everybodys(as_, vic, eli, acme):
    as_(eli).post(SAVE, {"name": "For me"})
    as_(eli).post(SAVE, {"name": "For all", "is_shared": "on"})
    page = as_(vic).get("/acme/numbers/views/").content.decode()
    assert "For all" in page
    assert "For me" not in page


def test_who_only_reads_shares_nothing_and_changes_no_shared_view(as_, vic, acme):
    as_(vic).post(SAVE, {"name": "Try", "is_shared": "on"})
    assert acme.saved_views.get().user == vic
    shared = acme.saved_views.create(name="Shared", made_by=vic)
    for verb in ("rename", "delete"):
        response = as_(vic).post(f"/acme/numbers/views/{shared.pk}/{verb}/", {"name": "Other"})
        assert response.status_code == 403
    shared.refresh_from_db()
    assert shared.name == "Shared"


def test_a_location_administrator_changes_their_own_shared_views_only(as_, eli, lou, acme):
    as_(eli).post(SAVE, {"name": "Eli's", "is_shared": "on", "query": "?state=active"})
    as_(lou).post(SAVE, {"name": "Lou's", "is_shared": "on"})
    others, own = acme.saved_views.get(name="Eli's"), acme.saved_views.get(name="Lou's")
    for verb in ("rename", "delete"):
        response = as_(lou).post(f"/acme/numbers/views/{others.pk}/{verb}/", {"name": "Other"})
        assert response.status_code == 403
    page = as_(lou).get("/acme/numbers/views/").content.decode()
    assert f"views/{own.pk}/rename/" in page
    assert f"views/{others.pk}/rename/" not in page
    response = as_(lou).post(SAVE, {"name": "Eli's", "is_shared": "on", "query": "?state=inactive"})
    assert response.status_code == 422
    assert "is a shared view of somebody else" in response.content.decode()
    others.refresh_from_db()
    assert (others.name, others.query, others.made_by) == ("Eli's", "?state=active", eli)
    as_(lou).post(f"/acme/numbers/views/{own.pk}/rename/", {"name": "Ours"})
    as_(eli).post(f"/acme/numbers/views/{own.pk}/delete/")
    assert [view.name for view in acme.saved_views.all()] == ["Eli's"]


def test_views_of_others_are_not_there(as_, ada, eli, acme):
    view = acme.saved_views.create(name="Eli's", user=eli)
    for verb in ("rename", "delete", "choose"):
        assert as_(ada).post(f"/acme/numbers/views/{view.pk}/{verb}/", {"name": "x"}).status_code == 404


def test_every_control_says_of_which_view_it_is(as_, eli, acme):
    for name in ("Spare", "Front desk & <hall>"):
        acme.saved_views.create(name=name, user=eli)
    tree = html.fromstring(as_(eli).get("/acme/numbers/views/").content.decode())
    rows = tree.xpath('//main//ul[@class="plain-list"]/li')
    assert [row.xpath("string(.//a)") for row in rows] == ["Front desk & <hall>", "Spare"]
    for row in rows:
        name = row.xpath("string(.//a)")
        assert [
            button.text_content() for button in row.xpath(".//button") if name not in button.text_content()
        ] == []
        assert row.xpath("string(.//input[@name='name']/@aria-label)") == f"New name of {name}"


def test_renamed_and_deleted_with_an_audit_entry(as_, eli, acme):
    view = acme.saved_views.create(name="Old", user=eli)
    acme.saved_views.create(name="Taken", user=eli)
    as_(eli).post(f"/acme/numbers/views/{view.pk}/rename/", {"name": "Taken"})
    as_(eli).post(f"/acme/numbers/views/{view.pk}/rename/", {"name": "New"})
    view.refresh_from_db()
    assert view.name == "New"
    as_(eli).post(f"/acme/numbers/views/{view.pk}/delete/")
    assert not SavedView.unscoped.filter(pk=view.pk).exists()
    assert list(acme.audit_entries.order_by("pk").values_list("what", flat=True)) == [
        "view.rename",
        "view.delete",
    ]


def test_without_a_name_it_says_so_and_keeps_the_question(as_, vic):
    response = as_(vic).post(SAVE, {"name": "", "query": "?state=inactive"})
    assert response.status_code == 422
    assert 'name="query" value="?state=inactive"' in response.content.decode()


def test_the_page_begins_with_the_usual_view(as_, vic, acme):
    make_number(make_location(acme))
    client = as_(vic)
    assert client.get("/acme/numbers/").status_code == 200
    client.post(SAVE, {"name": "Spare", "query": "?state=inactive", "is_usual": "on"})
    assert client.get("/acme/numbers/").headers["Location"] == "/acme/numbers/?state=inactive"
    everything = client.get("/acme/numbers/?view=all")
    assert len(everything.context["page"].rows) == 1
    assert 'href="/acme/numbers/?view=all"' in everything.content.decode()
    view = acme.saved_views.get()
    client.post(f"/acme/numbers/views/{view.pk}/choose/", {"stop": "1"})
    assert client.get("/acme/numbers/").status_code == 200
    page = client.post(f"/acme/numbers/views/{view.pk}/choose/", follow=True).content.decode()
    assert "opens with “Spare” from now on" in page
    assert "Show all numbers first" in page


def test_the_usual_view_deleted_is_no_view(as_, vic, acme):
    client = as_(vic)
    client.post(SAVE, {"name": "Spare", "query": "?state=inactive", "is_usual": "on"})
    client.post(f"/acme/numbers/views/{acme.saved_views.get().pk}/delete/")
    assert client.get("/acme/numbers/").status_code == 200


def test_columns_are_chosen_kept_and_in_the_address(as_, vic, acme):
    make_number(make_location(acme), note="By the door")
    client = as_(vic)
    data = {"column": ["number", "note"], "sort": "-changed", "state": "active"}
    response = client.post("/acme/numbers/columns/", data)
    assert response.headers["Location"] == "/acme/numbers/?state=active&sort=-changed&columns=number%2Cnote"
    assert UsualView.unscoped.get().columns == "number,note"
    page = client.get("/acme/numbers/").content.decode()
    assert "By the door" in page
    assert 'data-label="Location"' not in page
    usual = client.get("/acme/numbers/?columns=number,location").content.decode()
    assert "By the door" not in usual
    client.post("/acme/numbers/columns/", {"preset": "0"})
    assert 'data-label="Location"' in client.get("/acme/numbers/").content.decode()


def test_the_dialogs_come_alone(as_, vic):
    for path in ("/acme/numbers/columns/", "/acme/numbers/views/"):
        part = as_(vic).get(path, headers={"HX-Request": "true", "HX-Target": "ask"}).content.decode()
        assert 'id="ask-title"' in part
        assert "<html" not in part
