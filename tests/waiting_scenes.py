"""What waits in the pictures of tasks and orders: tasks in every state, requests with support, an order that came in part.

`tests.scenes` runs these: `wait` once the inventory is there (number_scenes.py), `busy` a task in the middle.
"""

from datetime import timedelta
from typing import Any

from tests.number_scenes import person, places


def wait() -> dict[str, str]:
    acme, at = person().org, places()
    return {**_jobs(acme, at["Austin office"]), **_orders(acme, at)}


def _jobs(acme: Any, place: Any) -> dict[str, str]:
    """Tasks that really run: tags, a deactivation with refusals, a deletion."""
    from pstn.selection import Selection
    from pstn.workflow import jobs

    ada = person()
    made = {}
    for name, kind, selection, params in (
        ("tag", "tag", Selection(f"?location={place.pk}"), {"tag": "Austin"}),
        ("deactivate", "deactivate", Selection("", tuple(f"+1214555{n:04}" for n in range(300, 400))), {}),
        ("delete", "delete", Selection("", tuple(f"+151255504{n:02}" for n in range(5, 100, 5))), {}),
    ):
        made[name] = jobs.start(
            acme, kind, selection, params, membership=ada, by=ada.user, key=f"picture-{name}"
        ).get_absolute_url()
    return made


def busy() -> dict[str, str]:
    """A move in the middle of its way, one that rests, one that waits for its turn: nobody works on them."""
    from django.utils import timezone

    from pstn.models import Job

    ada = person()
    at = places()
    now = timezone.now()
    given = {"org": ada.org, "membership": ada, "created_by": ada.user, "claimed_until": now + timedelta(1)}
    lane, to = f"{at['London'].pk}>{at['Dallas office'].pk}", {"location": at["Dallas office"].pk}
    moving = Job.unscoped.create(
        kind="move",
        params=to,
        query="?q=512555",
        key="picture-move",
        lane=lane,
        state="running",
        total=1240,
        done=742,
        failed=6,
        started_at=now - timedelta(seconds=50),
        paced_at=now - timedelta(seconds=50),
        **given,
    )
    for code, numbers in {"assigned": range(405, 409), "inactive": range(425, 427)}.items():
        for n in numbers:
            moving.errors.create(e164=f"+15125550{n}", code=code)
    Job.unscoped.create(
        kind="retype",
        params={"kind": "service"},
        key="picture-retype",
        state="paused",
        total=96,
        done=40,
        started_at=now - timedelta(minutes=9),
        **given,
    )
    Job.unscoped.create(kind="move", params=to, key="picture-next", lane=lane, total=12, **given)
    return {"moving": moving.get_absolute_url()}


def _orders(acme: Any, at: dict[str, Any]) -> dict[str, str]:
    """A request with a question, one with an offer, an order of which a part has come."""
    from django.utils import timezone

    from accounts.models import User
    from pstn.models import NumberOrder
    from pstn.workflow import number_requests

    ada, sam = person().user, User.objects.get(email="staff@pstnhub.example")

    def request(area: str, quantity: int, details: str) -> Any:
        order = acme.number_orders.create(
            location=at["Berlin"],
            kind="assisted",
            area=area,
            quantity=quantity,
            details=details,
            papers=["register_extract"],
            created_by=ada,
        )
        number_requests.submit(order, by=ada)
        return order

    asked = request(
        "Berlin 030", 20, "In a row, if that is possible. They replace the lines of our old office."
    )
    number_requests.ask(asked, "Which address shall the numbers be registered for?", by=sam)
    offered = request("Berlin 030", 4, "")
    number_requests.reply(offered, "We look in the south of the city first.", by=sam)
    number_requests.offer(
        offered,
        [f"+493023125{n}" for n in range(640, 644)],
        price="€ 4.20 a month each, no setup fee",
        valid_until=timezone.now() + timedelta(days=3),
        hold_id="picture-hold",
        by=sam,
    )
    partly = acme.number_orders.create(
        location=at["Austin office"],
        region="TX",
        area_code="512",
        quantity=6,
        number_count=6,
        state=NumberOrder.State.PARTLY,
        created_by=ada,
    )
    for n in range(6):
        failed = n in (2, 5)
        partly.lines.create(
            e164=f"+15125552{n + 310}",
            city="Austin",
            rate_center="Austin",
            is_placed=not failed,
            state="failed" if failed else "provisioned",
            reason="The carrier sold it to somebody else in the same moment." if failed else "",
        )
    found = {"asked": asked, "offered": offered, "partly": partly}
    return {name: order.get_absolute_url() for name, order in found.items()}
