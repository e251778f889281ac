"""The rows of the numbers page as HTML, without a template loop: rendering is half of what a list costs.

Every text that anybody typed goes through `escape`; the words of the console and its icons do not need it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.templatetags.console import icon
from lib import phone
from pstn.listing.columns import COLUMNS
from pstn.models import Connection, Owner, PhoneNumber

Row = dict[str, Any]
Cell = Callable[[Row], str]
OWNER_ICONS = {
    Owner.Kind.USER: "user",
    Owner.Kind.WORKSPACE: "monitor-speaker",
    Owner.Kind.VIRTUAL_LINE: "phone-forwarded",
    Owner.Kind.AUTO_ATTENDANT: "list-tree",
    Owner.Kind.CALL_QUEUE: "users",
    Owner.Kind.HUNT_GROUP: "waypoints",
    Owner.Kind.PAGING_GROUP: "megaphone",
    Owner.Kind.VOICEMAIL_GROUP: "voicemail",
    Owner.Kind.VOICE_PORTAL: "audio-lines",
    Owner.Kind.CONTACT_CENTER: "headset",
    Owner.Kind.AI_RECEPTIONIST: "bot",
}
KEPT_KINDS = ("reserved", "elin")
CLASSES = dict.fromkeys(("tags", "note"), ' class="long"') | {"extension": ' class="num"'}


def render(rows: Iterable[Row], columns: tuple[str, ...], base: str) -> SafeString:
    """The <tr> of each row. `base` is the address of the list, below which each number has its own."""
    return mark_safe(_Painter(columns, base).paint(rows))  # noqa: S308 - escaped below


@lru_cache(maxsize=8)
def _words(language: str | None) -> tuple[dict[str, str], ...]:
    """The words of states, types and kinds of owners in a language."""
    choices = (PhoneNumber.State.choices, PhoneNumber.Kind.choices, Owner.Kind.choices)
    return tuple({str(value): str(label) for value, label in some} for some in choices)


class _Painter:
    """Words, icons and the columns' functions, looked up once for all rows."""

    def __init__(self, columns: tuple[str, ...], base: str) -> None:
        self.base = escape(base)
        self.drawn: set[str] = set()
        self.states, self.kinds, self.owners = _words(get_language())
        self.nobody = f'<span class="muted">{_("Unassigned")}</span>'
        self.cells: list[tuple[str, Cell]] = []
        for name in columns:
            if name != "number":
                heading = escape(str(COLUMNS[name].label))
                css = CLASSES.get(name, "")
                self.cells.append((f'<td{css} data-label="{heading}">', getattr(self, name)))

    def paint(self, rows: Iterable[Row]) -> str:
        select, actions = _("Select %(number)s"), _("Actions for %(number)s")
        lines = []
        for row in rows:
            key, number = escape(row["e164"]), escape(self.number(row))
            url = f"{self.base}{key.lstrip('+')}/"
            cells = "".join([f"{begin}{cell(row)}</td>" for begin, cell in self.cells])
            lines.append(
                f'<tr><td class="pick"><label><input type="checkbox" form="bulk" name="numbers" '
                f'value="{key}" aria-label="{select % {"number": number}}"></label></td>'
                f'<th scope="row" class="num"><a href="{url}" hx-get="{url}">{number}</a>'
                f'{self.badges(row)}</th>{cells}<td class="acts"><details class="menu" data-needs-js '
                f'hx-get="{url}menu/" hx-trigger="toggle once" hx-target="find ul" hx-push-url="false">'
                f'<summary class="icon-btn" aria-label="{actions % {"number": number}}">⋯</summary>'
                f"<ul></ul></details></td></tr>"
            )
        return "".join(lines)

    def icon(self, name: str, size: int) -> str:
        """An icon: drawn once, and referred to from there on."""
        if name in self.drawn:
            return f'<svg width="{size}" height="{size}" aria-hidden="true"><use href="#i-{name}"/></svg>'
        self.drawn.add(name)
        return icon(name, size).replace("<svg ", f'<svg id="i-{name}" ', 1)

    def number(self, row: Row) -> str:
        if row["kind"] == "extension":
            return _("Extension %(extension)s") % {"extension": row["extension"]}
        return phone.international(row["e164"])

    def badges(self, row: Row) -> str:
        found = ""
        if row["main_number"] == row["key"]:
            found += f' <span class="badge info">{_("Main")}</span>'
        if (kind := row["kind"]) != "standard":
            tone = "warn" if kind in KEPT_KINDS else "info"
            found += f' <span class="badge {tone}">{self.kinds.get(kind, "")}</span>'
        if row["block_id"]:
            found += f' <span class="badge mute">{_("Block")}</span>'
        return found

    def extension(self, row: Row) -> str:
        prefix, extension = row["location__routing_prefix"], row["extension"]
        return escape(f"{prefix}-{extension}" if prefix and extension else extension)

    def location(self, row: Row) -> str:
        return escape(row["location__name"])

    def assigned(self, row: Row) -> str:
        if not row["assigned_to"]:
            return self.nobody
        name, kind = escape(row["assigned_to"]), row["owner__kind"]
        if kind not in OWNER_ICONS:
            return name
        words = f'<span class="vh">{self.owners[kind]}: </span>{name}'
        return f'<span class="cluster">{self.icon(OWNER_ICONS[kind], 16)}{words}</span>'

    def status(self, row: Row) -> str:
        state, word = row["state"], self.states.get(row["state"], "")
        tone = PhoneNumber.TONES.get(state, "mute")
        if row["waits_for_terms"]:
            tone, word = "warn", _("Waiting for terms")
        if state == "porting" and row["port_date"]:
            word = _("Porting in · %(day)s") % {"day": date_format(row["port_date"], "j M")}
        sign = self.icon("clock", 14) if tone == "warn" else '<i aria-hidden="true"></i>'
        return f'<span class="status {tone}">{sign}<span>{word}</span></span>'

    def provider(self, row: Row) -> str:
        if row["location__connection__state"] != "ready":
            return ""
        return escape(str(dict(Connection.Kind.choices).get(row["location__connection__kind"], "")))

    def type(self, row: Row) -> str:
        return self.kinds.get(row["kind"], "")

    def emergency(self, row: Row) -> str:
        own, local = row["custom_address__state"], row["location__emergency_address__state"]
        if row["kind"] in ("toll_free", "extension"):
            return ""
        if own == "validated":
            tone, word = "ok", _("Custom")
        elif local == "validated":
            tone, word = "ok", _("The location's")
        else:
            tone, word = "warn", _("Not validated") if own or local else _("Missing")
        sign = self.icon("clock", 14) if tone == "warn" else '<i aria-hidden="true"></i>'
        return f'<span class="status {tone}">{sign}<span>{word}</span></span>'

    def order(self, row: Row) -> str:
        pk = row["number_order_id"]
        return f'<a href="{self.base.removesuffix("numbers/")}orders/N-{pk}/">N-{pk}</a>' if pk else ""

    def block(self, row: Row) -> str:
        if not row["block__first"]:
            return ""
        return escape(f"{phone.international(row['block__first'])} – {row['block__last'][-4:]}")

    def tags(self, row: Row) -> str:
        return escape(row["tags"] or "")

    def note(self, row: Row) -> str:
        return escape(row["note"])

    def added(self, row: Row) -> str:
        return self.day(row["created_at"])

    def changed(self, row: Row) -> str:
        return self.day(row["updated_at"])

    def billing(self, row: Row) -> str:
        return self.day(row["billing_from"])

    @staticmethod
    def day(moment: date | datetime | None) -> str:
        if moment is None:
            return ""
        day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
        return f'<time datetime="{day.isoformat()}">{date_format(day, "DATE_FORMAT")}</time>'
