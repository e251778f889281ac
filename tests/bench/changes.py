"""B10: a job over a hundred thousand numbers, with its progress and their history, against one bare UPDATE."""

from collections.abc import Iterator
from uuid import uuid4

from django.db import connection

from pstn.models import Job, NumberEvent, PhoneNumber
from pstn.selection import Selection
from pstn.workflow import jobs
from tests.bench import data, inside
from tests.bench.ratios import Spread, brief, in_turn
from tests.bench.stage import Stage, tenant
from tests.bench.table import Row

COUNT = 100_000


def measure(stage: Stage) -> Iterator[Row]:
    count = COUNT if stage.largest > COUNT else 10_000
    with stage.built("bench_changes"):
        data.make_numbers([tenant()], count)
        works = {"job": inside.cpu_of(job), "update": inside.cpu_of(update)}
        times: dict[str, list[float]] = {name: [] for name in works}

        def prepared(name: str) -> float:
            set_back()
            began = inside.clock()
            figure = works[name]()
            times[name].append(inside.clock() - began)
            return figure

        found = in_turn({name: lambda name=name: prepared(name) for name in works}, stage.rounds)
        last = Job.unscoped.order_by("pk").last()
        assert last, "a job has run"
        right = {
            "all of them active": not PhoneNumber.unscoped.exclude(state="active").exists(),
            "an event for each": NumberEvent.unscoped.filter(job=last).count() == last.done == count,
            "done": last.state == Job.State.DONE,
        }
    yield Row(
        "B10",
        f"a job that activates {count:,} numbers, with progress and history",
        f"{brief(Spread.of(found['job']).median)} s CPU",
        f"one UPDATE of the same rows: {brief(Spread.of(found['update']).median)} s CPU",
        Spread.between(found["update"], found["job"]),
        least=0.2,
        holds=right,
        wall=Spread.between(times["update"], times["job"]),
    )


def set_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pstn_phonenumber SET state = 'inactive'")
        cursor.execute("VACUUM pstn_phonenumber")


def update() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pstn_phonenumber SET state = 'active', updated_at = now() "
            "WHERE org_id = %s AND state = 'inactive'",
            [tenant().pk],
        )


def job() -> None:
    """As the worker does it: slice after slice until there is no more."""
    org = tenant()
    member = org.memberships.select_related("user").get()
    selection = Selection(query="state=inactive")
    one = jobs.start(org, "activate", selection, {}, membership=member, by=member.user, key=uuid4().hex)
    jobs.begin(one)
    while jobs.advance(one):
        pass
