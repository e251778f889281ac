"""What pages of the panel have in common: rows that are only read, and verbs with a page to confirm them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from carrier.base import CarrierRefused


class ReadOnly(admin.options.BaseModelAdmin[Any]):
    """What happened stays as it happened."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@dataclass(frozen=True)
class Verb:
    """Something that staff may have happen to a row.

    `do` takes the row and the form's cleaned fields; it answers False, or raises CarrierRefused, when the
    row has moved on meanwhile. `explain` says on the confirming page what will happen.
    """

    slug: str
    label: str | Promise
    explain: str | Promise
    do: Callable[..., Any]
    fits: Callable[[Any], bool]
    form: type[forms.Form] = forms.Form


class VerbsAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Rows that are read, each with the verbs that fit its state; each verb is confirmed on a page."""

    verbs: Sequence[Verb] = ()
    change_form_template = "admin/simulator/verbs_change_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Everything that is stored, also what no form may change."""
        return [field.name for field in self.opts.concrete_fields if not field.primary_key]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:pk>/do/<slug:slug>/",
            self.admin_site.admin_view(self.verb_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_do",
        )
        return [own, *super().get_urls()]

    def may_act(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        fitting = [verb for verb in self.verbs if row is not None and verb.fits(row)]
        context = {"verbs": fitting if self.may_act(request) else [], "act_url": self._url_name("do")}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def verb_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        """The page that confirms a verb, and what is sent from it."""
        verb = next((verb for verb in self.verbs if verb.slug == slug), None)
        row = self.get_object(request, str(pk))
        if verb is None or row is None:
            raise Http404
        if not self.may_act(request):
            raise PermissionDenied
        form = verb.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            self._do(request, verb, row, form.cleaned_data)
            return redirect(self._url_name("change"), row.pk)
        back = reverse(self._url_name("change"), args=[row.pk])
        return self.verb_page(request, form, verb.label, explain=verb.explain, row=row, back=back)

    def verb_page(self, request: HttpRequest, form: forms.Form, title: Any, **more: Any) -> HttpResponse:
        """The panel's page with one form and its button."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "title": title}
        return render(request, "admin/simulator/verb.html", {**context, **more})

    def _do(self, request: HttpRequest, verb: Verb, row: Any, fields: dict[str, Any]) -> None:
        try:
            done = verb.do(row, **fields) is not False
        except CarrierRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        if not done:
            text = _("That does not fit any more: %(row)s has moved on.") % {"row": row}
            self.message_user(request, text, messages.ERROR)
            return
        self.log_change(request, row, str(verb.label))
        self.message_user(request, _("Done: %(what)s.") % {"what": verb.label}, messages.SUCCESS)

    def _url_name(self, what: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}"
