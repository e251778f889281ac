"""Who is signed in: Django's sessions and allauth's backend. Every page asks both, so their SQL is made once
and planned once for each connection (lib/prepared.py)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from lib import prepared

FIELDS = [field.attname for field in User._meta.concrete_fields]


class SessionStore(db.SessionStore):
    """What Django keeps in the database, written as ever."""

    def load(self) -> dict[str, Any]:
        if self.session_key and self.session_key.isalnum():  # a cookie may say anything
            for data, ends in prepared.rows("session", _session, [self.session_key]):
                if ends > timezone.now():
                    return self.decode(data)  # type: ignore[no-any-return]
        self._session_key = None  # so that it is not made under a name of a stranger's choice
        return {}


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Passwords are allauth's business; this only says who somebody is who has signed in."""

    def get_user(self, user_id: Any) -> User | None:
        for row in prepared.rows("signed in", _user, [int(user_id)]):
            user = User.from_db("default", FIELDS, row)
            return user if self.user_can_authenticate(user) else None
        return None


def _session(key: str) -> QuerySet[Session, tuple[Any, ...]]:
    return Session.objects.filter(pk=key).values_list("session_data", "expire_date")


def _user(key: int) -> QuerySet[User, tuple[Any, ...]]:
    return User.objects.filter(pk=key).values_list(*FIELDS)
