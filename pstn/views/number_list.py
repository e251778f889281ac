"""The numbers page and what opens from it: its filters, its columns, its count."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import needs
from accounts.http import OrgRequest
from accounts.models import Right
from lib import keyset
from lib.htmx import page_or_part, wants_part
from pstn.listing import columns, counts, digit_pages, frame, painting, ready_pages, saved_views, words
from pstn.listing.filters import NumberFilter
from pstn.models.numbers import PhoneNumber, PhoneNumberQuerySet

PAGE_SIZE = 50
NOTHING: keyset.Page[dict[str, Any]] = keyset.Page([], None, None)
MOST_PLACES = 40  # boxes of locations in the filters; more are found by name
# What can be done with selected numbers: kinds of jobs (pstn/jobs), in the order of the bar, which shows the
# first five of them and the others in a menu.
BULK = [
    ("activate", gettext_lazy("Activate")),
    ("deactivate", gettext_lazy("Deactivate")),
    ("move", gettext_lazy("Move")),
    ("tag", gettext_lazy("Tag")),
    ("delete", gettext_lazy("Delete")),
    ("assign", gettext_lazy("Assign")),
    ("unassign", gettext_lazy("Unassign")),
    ("retype", gettext_lazy("Change type")),
    ("address", gettext_lazy("Set emergency address")),
]
MANAGED = "activate deactivate move delete"


@require_safe
def number_list(request: OrgRequest) -> HttpResponse:
    """All numbers that this person may reach, searched, filtered, sorted; a page at a time."""
    if not request.GET and (usual := saved_views.usual_query(request)):
        return redirect(f"{request.path}{usual}")
    asked, known = _question(request)
    total = known.total(asked) if known else None
    page = _page(request, asked) if total != 0 else NOTHING
    query, shown, all_query = asked.query(), columns.shown(asked.columns), saved_views.all_query(request)
    context = {
        "asked": asked,
        "page": page,
        "query": query,
        "rows": painting.render(page.rows, shown, request.path),
        "heads": frame.heads(asked, shown, request.path, all_query),
        "is_wide": len(shown) > 7,
        "parts": words.parts(asked),
        "misses_place": len(set(request.GET.getlist("location"))) > len(asked.location),
        "segments": frame.links(counts.segments(asked, known), request.path, all_query),
        "total": "" if total is None else f"{total:,}",
        "unknown": total is None,
        "count_text": _counted(total, page),
        "empty": "" if page.rows else _why_empty(request, asked),
        "nearest": [] if page.rows else _nearest(request, asked),
        "waiting": known.waiting if known and not asked.location else 0,
        "all_query": all_query,
        "hidden": frame.hidden([pair for pair in asked.pairs() if pair[0] != "q"]),
        "bulk": _jobs(request.org.slug, "", get_language()),
        "managed": _jobs(request.org.slug, MANAGED, get_language()),
        "managed_query": f"?{urlencode({'all': 1, 'query': query})}",
        "is_part": wants_part(request, "results"),
    }
    response = page_or_part(request, "pstn/number_list.html", "results", context)
    if context["is_part"] and request.htmx.trigger != "again":  # the same question leaves no trace
        # The form sends its empty fields too; the address that people copy does not carry them.
        cursor = {name: request.GET[name] for name in ("after", "before", "last") if name in request.GET}
        response.headers["HX-Push-Url"] = f"{request.path}{asked.query(**cursor)}"
    return response


@require_safe
def number_count(request: OrgRequest) -> HttpResponse:
    """How many numbers a question finds, where only counting tells: comes after the page itself."""
    asked = NumberFilter.read(request.GET, request.org.locations.within(request.membership))
    found, is_more = keyset.bounded_count(asked.apply(_reached(request)))
    text = _("%(n)s+ numbers") % {"n": f"{found:,}"} if is_more else _numbers(found)
    return render(request, "pstn/number_count.html", {"text": text})


@require_safe
def number_filters(request: OrgRequest) -> HttpResponse:
    """Everything that the list can be narrowed by; in the list, or as a page of its own."""
    reached = request.org.locations.within(request.membership)
    asked = NumberFilter.read(request.GET, reached)
    find = request.GET.get("find", "").replace("\x00", "").strip()[:80]
    places = reached.filter(name__icontains=find) if find else reached
    named = list(places.order_by("name").values_list("pk", "name", "country")[: MOST_PLACES + 1])
    shown = {**asked.places, **{pk: name for pk, name, _country in named[:MOST_PLACES]}}
    is_long = bool(find) or len(named) > MOST_PLACES
    context = {
        "asked": asked,
        "groups": _groups(asked, None if is_long else {country for _pk, _name, country in named}),
        "places": [(pk, name, pk in asked.location) for pk, name in shown.items()],
        "is_long": is_long,
        "find": find,
        "tags": [(name, name in asked.tag) for name in _tags(request, asked)],
        "kept": [pair for pair in asked.pairs() if pair[0] in ("sort", "columns", "order")],
        "searched": asked.q,
    }
    part = "filter-places" if wants_part(request, "filter-places") else "filters"
    return page_or_part(request, "pstn/number_filters.html", part, context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.VIEW)
def number_columns(request: OrgRequest) -> HttpResponse:
    """Which columns the list shows, in which order its rows stand. What is chosen is kept for the person."""
    places = request.org.locations.within(request.membership)
    if request.method == "POST":
        return _choose_columns(request, NumberFilter.read(request.POST, places))
    asked = NumberFilter.read(request.GET, places)
    now = columns.shown(asked.columns)
    context = {
        "asked": asked,
        "choices": [(name, one.label, name in now) for name, one in columns.COLUMNS.items()],
        "presets": [(n, title, names == now) for n, (title, names) in enumerate(columns.PRESETS)],
        "sorts": columns.SORT_WORDS.items(),
        "kept": [pair for pair in asked.pairs() if pair[0] not in ("sort", "columns")],
    }
    template = "pstn/number_columns_ask.html" if wants_part(request, "ask") else "pstn/number_columns.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


# --- What the pages need


def _question(request: OrgRequest) -> tuple[NumberFilter, counts.Counts | None]:
    """What is asked, and the tallies if they know anything of it."""
    query: QueryDict = request.GET
    if "columns" not in query and (chosen := saved_views.usual_columns(request)):
        query = QueryDict(mutable=True)
        query.update(request.GET)
        query["columns"] = chosen
    asked = NumberFilter.read(query)
    if not counts.are_kept_for(asked):
        if not asked.location:
            return asked, None
        places = request.org.locations.within(request.membership)
        return NumberFilter.read(query, places), None
    known = counts.read(request.org, request.membership, asked)
    return asked.settled(known.places), known


def _page(request: OrgRequest, asked: NumberFilter) -> keyset.Page[dict[str, Any]]:
    after, before, last = (request.GET.get(name) for name in ("after", "before", "last"))
    if not (after or before or last):
        ready = ready_pages.page_of(request.org, request.membership, asked, PAGE_SIZE + 1)
        if ready is not None:
            return keyset.first_page(PhoneNumber, asked.by, ready, PAGE_SIZE)
    shown = columns.shown(asked.columns)

    def read(stretch: keyset.Stretch[Any]) -> list[dict[str, Any]]:
        if asked.q and digit_pages.reads(asked.search, asked.by):
            return digit_pages.page_of(
                asked.search, request.org, stretch, lambda found: columns.rows(found, shown, asked.by)
            )
        found: Any = stretch.queryset
        if asked.q:
            found = asked.search.apply(found)
        return list(columns.rows(found, shown, asked.by)[: stretch.size])

    numbers: Any = asked.narrowed(_reached(request))
    return keyset.page(numbers, asked.by, after, before, PAGE_SIZE, last=bool(last), read=read)


@lru_cache(maxsize=256)
def _jobs(slug: str, only: str, language: str | None) -> tuple[tuple[str, str], ...]:
    """The address and the word of each kind of job, in a language; `only` of these kinds, or of all."""
    url = reverse("pstn:job_prepare", args=[slug, "kind"]).removesuffix("kind/")
    return tuple((f"{url}{kind}/", str(word)) for kind, word in BULK if not only or kind in only.split())


def _reached(request: OrgRequest) -> PhoneNumberQuerySet:
    reached: PhoneNumberQuerySet = request.org.phone_numbers.within(request.membership)
    return reached


def _choose_columns(request: OrgRequest, asked: NumberFilter) -> HttpResponse:
    preset = request.POST.get("preset", "")
    if preset.isdecimal() and int(preset) < len(columns.PRESETS):
        names = columns.PRESETS[int(preset)][1]
    else:
        names = columns.shown(tuple(request.POST.getlist("column")) or ("number",))
    saved_views.choose_columns(request, names)
    asked = asked.having(columns=() if names == columns.DEFAULT else names)
    return redirect(f"{reverse('pstn:number_list', args=[request.org.slug])}{asked.query()}")


def _counted(total: int | None, page: keyset.Page[Any]) -> str:
    if total is not None:
        return _numbers(total)
    if page.is_alone:
        return _numbers(len(page.rows))
    return _("More than %(n)s numbers") % {"n": PAGE_SIZE}


def _numbers(count: int) -> str:
    return ngettext("%(n)s number", "%(n)s numbers", count) % {"n": f"{count:,}"}


def _why_empty(request: OrgRequest, asked: NumberFilter) -> str:
    """Which empty state the list shows: "filter", "connection" (none yet) or "numbers" (none yet)."""
    if not asked.is_empty:
        return "filter"
    locations = request.org.locations.within(request.membership)
    return "numbers" if locations.filter(connection__state="ready").exists() else "connection"


def _nearest(request: OrgRequest, asked: NumberFilter) -> list[dict[str, Any]]:
    """For a filter that finds none: how many there would be without one part of it."""
    found = []
    for part in words.parts(asked)[:5]:
        count, is_more = keyset.bounded_count(part.without.apply(_reached(request)), limit=1_000)
        if count:
            shown = f"{count:,}+" if is_more else f"{count:,}"
            found.append({"label": str(part), "query": part.without.query(), "count": count, "shown": shown})
    return found


def _groups(asked: NumberFilter, countries: set[str] | None) -> list[dict[str, Any]]:
    """The check-boxes of the filters that have a fixed choice. Of the countries those with locations, if
    these are known, and the chosen ones."""
    groups = []
    for name, choices in words.CHOICES.items():
        chosen = set(getattr(asked, name))
        if name == "country" and countries is not None:
            choices = [choice for choice in choices if choice[0] in countries | chosen]
        groups.append(
            {
                "name": "type" if name == "kind" else name,
                "legend": words.LEGENDS[name],
                "choices": [(value, label, value in chosen) for value, label in choices],
            }
        )
    return groups


def _tags(request: OrgRequest, asked: NumberFilter) -> list[str]:
    names = request.org.tags.order_by("name").values_list("name", flat=True)[:MOST_PLACES]
    return list(dict.fromkeys([*asked.tag, *names]))
