"""What stands around the rows of the numbers page and changes with the question: quick filters, headings."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from pstn.listing.columns import COLUMNS
from pstn.listing.filters import NumberFilter


def links(segments: Iterable[dict[str, Any]], base: str, all_query: str) -> SafeString:
    """The quick filters, each with how many it finds. `base` is the address of the list, `all_query` asks for
    all numbers."""
    lines = []
    for one in segments:
        current = ' aria-current="true"' if one["current"] else ""
        shown = f" <small>{one['shown']}</small>" if one["shown"] else ""
        url = escape(f"{base}{one['query'] or all_query}")
        lines.append(f'<a href="{url}"{current}>{escape(str(one["title"]))}{shown}</a>')
    return mark_safe("".join(lines))  # noqa: S308 - escaped above


def heads(asked: NumberFilter, columns: Iterable[str], base: str, all_query: str) -> SafeString:
    """The headings of the columns; those that sort lead to the list in the direction that would be next."""
    lines = []
    for name in columns:
        column = COLUMNS[name]
        words, sort = escape(str(column.label)), column.sort
        if not sort:
            lines.append(f'<th scope="col">{words}</th>')
            continue
        up, down = asked.sort == sort, asked.sort == f"-{sort}"
        sorted_by = f' aria-sort="{"ascending" if up else "descending"}"' if up or down else ""
        arrow = " ↑" if up else " ↓" if down else ""
        url = escape(f"{base}{asked.having(sort=f'-{sort}' if up else sort).query() or all_query}")
        lines.append(f'<th scope="col"{sorted_by}><a href="{url}">{words}{arrow}</a></th>')
    return mark_safe("".join(lines))  # noqa: S308 - escaped above


def hidden(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Fields that carry the question along."""
    fields = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs)
    return mark_safe("".join(fields))  # noqa: S308 - escaped above
