"""What templates need to draw the console: icons, words, phone numbers, times, panels, dialogs, fields."""

import datetime
import zoneinfo
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import lucide
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms, template
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.forms.boundfield import BoundField
from django.template.base import Node, Origin, Parser, TextNode, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from template_partials.templatetags.partials import TemplateProxy

from lib import phone as phones

register = template.Library()

TONE_ICONS = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "bad": "circle-alert"}
LEVEL_TONES = {"debug": "info", "info": "info", "success": "ok", "warning": "warn", "error": "bad"}
# The navigation entry of each page: the first prefix that fits "namespace:url_name" decides.
SECTIONS = [
    ("pstn:overview", "overview"),
    ("pstn:location", "locations"),
    ("pstn:connection", "locations"),
    ("pstn:", "pstn"),
    ("porting:", "pstn"),
    ("port_calendar:", "pstn"),
    ("emergency:", "emergency"),
    ("notifications:mailbox", "mailbox"),
]


# --- Icons and words ---
@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A Lucide icon beside a word: hidden from screen readers, in the text's color; size in CSS pixels."""
    return _icon(str(name), size)


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    svg = lucide._render_icon(name, size, aria_hidden="true", focusable="false", stroke_width=1.75)
    svg = " ".join(svg.split()).replace("> <", "><").replace(" />", "/>")
    return mark_safe(svg)  # noqa: S308 - drawn by the package, nothing of ours or the user's in it


@register.simple_tag
@lru_cache(maxsize=8)
def mark(size: int) -> SafeString:
    """The console's sign, drawn in the page and hidden from screen readers: as a picture it is a request."""
    svg = " ".join(Path(finders.find("icon.svg") or "").read_text().split()).replace("> <", "><")
    seen = f'<svg width="{size}" height="{size}" aria-hidden="true" '
    return mark_safe(svg.replace('role="img" aria-label="PSTN Hub"', "").replace("<svg ", seen, 1))  # noqa: S308 - our own file


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The icon of a tone (ok, info, warn, bad)."""
    return _icon(TONE_ICONS.get(tone, "info"), 16)


@register.filter
def tone(message: Any) -> str:
    """The tone of one of Django's messages."""
    return LEVEL_TONES.get(message.level_tag, "info")


@register.inclusion_tag("parts/status.html")
def status(tone: str, word: object) -> dict[str, object]:
    """{% status "ok" "Active" %}: a shape and a word. Tones: ok, info, warn, bad, mute."""
    return {"tone": tone, "word": word}


@register.inclusion_tag("parts/badge.html")
def badge(tone: str, word: object, lucide: str = "") -> dict[str, object]:
    """{% badge "info" "Main" %}, {% badge "mute" "Externally managed" lucide="lock" %}."""
    return {"tone": tone, "word": word, "lucide": lucide}


@register.filter
def initials(person: Any) -> str:
    """Two letters for the round avatar."""
    words = str(person).replace("@", " ").split()
    return "".join(word[0] for word in words[:2]).upper()


# --- Numbers and times ---
@register.filter
def phone(e164: str) -> str:
    """+14085550142 as +1 408-555-0142, x4-4900 (what is only an extension) as Extension 4900; anything else
    stays as it is."""
    return phones.international(e164) if _is_key(e164) else e164 or ""


@register.filter
def grouped(count: int) -> str:
    """1240 as 1,240."""
    return f"{count:,}"


@register.filter
def national(e164: str) -> str:
    """+14085550142 as (408) 555-0142, x4-4900 as Extension 4900; anything else stays as it is."""
    return phones.national(e164) if _is_key(e164) else e164 or ""


def _is_key(text: str) -> bool:
    """Whether it is what stands for a number or an extension, and not a text that was typed."""
    if not text or not text.isascii():
        return False
    return bool(phones.extension_of(text)) if text[0] == "x" else text[0] == "+" and text[1:].isdigit()


@register.filter
def local_time(moment: datetime.datetime | None, zone: str = "") -> str:
    """An aware moment as a <time> with its zone's name, in the zone given (IANA) or else the person's."""
    if not moment:
        return ""
    local = timezone.localtime(moment, zoneinfo.ZoneInfo(zone) if zone else None)
    text = f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)


@register.filter
def local_date(day: datetime.date | datetime.datetime | None, zone: str = "") -> str:
    """A date, or the local date of an aware moment, as a <time>."""
    if not day:
        return ""
    if isinstance(day, datetime.datetime):
        day = timezone.localtime(day, zoneinfo.ZoneInfo(zone) if zone else None).date()
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_format(day, "DATE_FORMAT"))


# --- The frame ---
@register.simple_tag(takes_context=True)
def nav_section(context: Context) -> str:
    """Which navigation entry is marked; a page may say so itself with `section` in its context."""
    if section := context.get("section"):
        return str(section)
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.view_name if match else ""
    return next((section for prefix, section in SECTIONS if name.startswith(prefix)), "")


@register.simple_tag(takes_context=True)
def messages_by_level(context: Context) -> dict[str, list[Any]]:
    """Messages for the polite region and, apart, errors for the assertive one. Reading them uses them up."""
    waiting = list(context.get("messages") or ())
    alerts = [message for message in waiting if message.level >= messages.ERROR]
    return {"alerts": alerts, "notices": [message for message in waiting if message not in alerts]}


@register.simple_tag
def js_strings() -> SafeString:
    """The words of console.js, as JSON in the page: a script may not hold text of its own."""
    return _js_strings(get_language())


@lru_cache(maxsize=8)
def _js_strings(language: str | None) -> SafeString:
    words = {
        "offline": _("No connection. What you typed is still here; try again in a moment."),
        "broken": _("Something broke on our side. Try again in a minute."),
        "forbidden": _("Your role does not allow this."),
        "missing": _("This no longer exists. Reload the page."),
        "refused": _("That did not work. Reload the page and try again."),
        "dismiss": _("Dismiss"),
        "more": _("Show {n} more"),
        "copied": _("Copied"),
        "selected": _("{n} selected"),
        "expired": _("expired"),
        "minute": _("One minute left"),
    }
    return json_script(words, "strings")


class PanelPart(Node):
    """Renders the template it stands in again, framed by parts/panel.html instead of the whole page."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin

    def render(self, context: Context) -> SafeString:
        engine = context.template.engine  # type: ignore[union-attr]
        with context.push(panel_layout="parts/panel.html"):
            nodes = engine.get_template(self.origin.template_name).nodelist  # type: ignore[arg-type]
            return nodes.render(context)


@register.tag
def panel_part(parser: Parser, token: Token) -> Node:
    """Declare the fragment `panel` of a template that extends panel_page.html.

    A fragment made by {% partialdef %} cannot see blocks that a child overrides; a panel is made of them.
    """
    if parser.origin is None:
        raise template.TemplateSyntaxError("panel_part belongs in a template file")
    origin = parser.origin
    nodes = template.base.NodeList([PanelPart(origin)])
    parser.extra_data.setdefault("partials", {})["panel"] = TemplateProxy(nodes, origin, "panel")  # type: ignore[attr-defined]
    return TextNode("")


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str, size: str = "") -> SafeString:
    """{% dialog "discard" title=_("Discard?") %}…{% enddialog %}; data-dialog="discard" opens it."""
    return render_to_string("parts/dialog.html", {"content": content, "id": id, "title": title, "size": size})


@register.simple_block_tag
def banner(content: SafeString, tone: str = "info") -> SafeString:
    """{% banner "warn" %}…{% endbanner %}: a message in the page with content of its own."""
    return format_html(
        '<div class="banner {}">{}<div>{}</div></div>',
        tone,
        tone_icon(tone),
        mark_safe(content),  # noqa: S308
    )


# --- Forms ---
@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: forms.BaseForm) -> SafeString:
    """The fields of a form inside a <form> that the template writes: no tag, token or buttons of crispy."""
    helper = getattr(form, "helper", None) or FormHelper()
    helper.form_tag, helper.disable_csrf, helper.inputs = False, True, []
    fields: SafeString = render_crispy_form(form, helper, {"request": context.get("request")})
    return fields


@register.filter
def has_class(field: BoundField, name: str) -> bool:
    """True when the field's widget carries a CSS class."""
    return name in str(field.field.widget.attrs.get("class", "")).split()


@register.filter
def first_id(field: BoundField) -> str:
    """The id that a link to a field must name: a group's first choice, else the control itself."""
    if field.use_fieldset:
        choices: Iterable[Any] = field.subwidgets
        return next((choice.id_for_label for choice in choices), "") or field.auto_id
    return field.id_for_label or field.auto_id


@register.filter
def filename(path: str) -> str:
    """The last part of a stored file's name."""
    return PurePath(path).name
