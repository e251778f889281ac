"""What each role may do in an organization."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import PARTNER_ROLES, RIGHTS, Membership, Right, Role

E, C, A, S, N = Right.EDIT, Right.CONNECT, Right.ACCEPT, Right.SIGN, Right.SIGN_IF_NAMED
R = Right.RELEASE
TABLE = {
    Role.FULL_ADMIN: {E, C, R, A, S},
    Role.PSTN_ADMIN: {E, C, R, N},
    Role.LOCATION_ADMIN: {E},
    Role.READ_ONLY: set(),
    Role.PARTNER_ADMIN: {E, C, R},
    Role.PARTNER_READ_ONLY: set(),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_rights_and_no_other(role):
    membership = Membership(role=role)
    assert {right for right in Right if membership.may(right)} == TABLE[role] | {Right.VIEW}


def test_no_role_is_without_rights():
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("role", PARTNER_ROLES)
@pytest.mark.parametrize("right", [A, S, N])
def test_a_partner_never_accepts_or_signs(role, right):
    assert not Membership(role=role).may(right)
    assert Membership(role=role).is_partner


def test_templates_ask_the_same_questions():
    ada, vic, paula = (
        Membership(role=role) for role in (Role.FULL_ADMIN, Role.READ_ONLY, Role.PARTNER_ADMIN)
    )
    assert (ada.may_edit, ada.may_connect, ada.may_accept) == (True, True, True)
    assert (vic.may_edit, vic.may_connect, vic.may_accept) == (False, False, False)
    assert (paula.may_edit, paula.may_connect, paula.may_accept) == (True, True, False)


def test_who_answers_for_port_outs():
    may = {role for role in Role if Membership(role=role).may_release}
    assert may == {Role.FULL_ADMIN, Role.PSTN_ADMIN, Role.PARTNER_ADMIN}


def test_people_who_may(acme, ada, eli, vic, paula, mallory):
    assert list(acme.people_who_may(A)) == [ada]
    assert list(acme.people_who_may(E)) == [ada, eli, paula]
    ada.is_active = False
    ada.save()
    assert list(acme.people_who_may(A)) == []


def test_a_person_has_one_role_in_an_organization(acme, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(org=acme, user=ada, role=Role.READ_ONLY)


def test_a_role_that_does_not_exist_cannot_be_stored(acme, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=ada).update(role="emperor")
