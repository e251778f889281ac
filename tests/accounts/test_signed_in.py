"""Who is signed in: the right person for a session that holds, and nobody for anything else."""

import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

pytestmark = pytest.mark.django_db
HOME = "/acme/"


def is_in(client):
    return client.get(HOME).status_code == 200


def session_of(client):
    return Session.objects.filter(pk=client.cookies["session"].value)


def test_each_session_is_its_own_persons(client, ada, mallory):
    for person, page in ((ada, "/acme/"), (mallory, "/globex/"), (ada, "/acme/")):
        client.force_login(person)
        response = client.get(page)
        assert (response.status_code, response.wsgi_request.user) == (200, person)


def test_a_session_that_ran_out_is_nobodys(client, ada):
    client.force_login(ada)
    assert is_in(client)
    session_of(client).update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert not is_in(client)


def test_one_that_was_ended_elsewhere_is_nobodys(client, ada):
    client.force_login(ada)
    session_of(client).delete()
    assert not is_in(client)


def test_somebody_who_was_shut_out_is_out_at_once(client, ada):
    client.force_login(ada)
    ada.is_active = False
    ada.save()
    assert not is_in(client)


def test_another_password_ends_the_sessions_of_the_old_one(client, ada):
    client.force_login(ada)
    ada.set_password("another horse battery")
    ada.save()
    assert not is_in(client)


@pytest.mark.parametrize("said", ["", "nothing-of-ours", '"abcdefgh\\000"', "a" * 500, "ä" * 40])
def test_a_cookie_that_is_no_session_leads_to_the_sign_in_page(client, db, said):
    response = client.get(HOME, headers={"cookie": f"session={said}"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(str(settings.LOGIN_URL))


def test_a_session_never_takes_a_name_that_somebody_else_chose(db):
    store = import_module(settings.SESSION_ENGINE).SessionStore("chosenbysomebodyelse")
    store["x"] = 1
    store.save()
    assert store.session_key != "chosenbysomebodyelse"
