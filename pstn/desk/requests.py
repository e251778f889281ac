"""The case desk's part in a request for numbers: a question, an offer, its withdrawal, a refusal."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import DeskAdmin, ReadOnlyInline
from lib import phone
from lib.transitions import Refused
from lib.verdicts import Verdict
from pstn import stock
from pstn.forms.number_requests import plain
from pstn.models import NumberOffer, NumberOrder, NumberOrderMessage
from pstn.workflow import number_requests as workflow
from pstn.workflow.number_checks import ORDER_LIMIT

S = NumberOrder.State
WRITTEN = ("order", "text", "needs_answer")
OFFERED = ("order", "typed", "area_code", "city", "quantity", "price", "valid_until")


class MessageForm(forms.ModelForm[NumberOrderMessage]):
    class Meta:
        model = NumberOrderMessage
        fields = WRITTEN

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        order: NumberOrder | None = given.get("order")
        if order and (not order.is_assisted or order.is_draft):
            self.add_error("order", _("%(order)s is no request through support.") % {"order": order})
        elif order and given.get("needs_answer") and order.state not in (S.REQUESTED, S.ASKED):
            facts = {"order": order, "state": order.get_state_display()}
            self.add_error("needs_answer", _("%(order)s is %(state)s: nobody is asked now.") % facts)
        return given


class OfferForm(forms.ModelForm[NumberOffer]):
    """The numbers are typed in, or found at the carrier by area; either way they are held for the offer."""

    typed = forms.CharField(
        label=gettext_lazy("Numbers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In any writing. Left empty, free ones of the area below are found."),
    )
    area_code = forms.CharField(label=gettext_lazy("Area code"), required=False, max_length=6)
    city = forms.CharField(label=gettext_lazy("City"), required=False, max_length=60)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), required=False, min_value=1, max_value=100)

    class Meta:
        model = NumberOffer
        fields = ("order", "price", "valid_until")
        help_texts: ClassVar[dict[str, Any]] = {
            "valid_until": format_lazy(
                gettext_lazy(
                    "At most {days} days from now. The numbers are held for the customer that long."
                ),
                days=workflow.LONGEST_OFFER_DAYS,
            )
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        order, until = given.get("order"), given.get("valid_until")
        if order is None or until is None or self.errors:
            return given
        if order.state not in (S.REQUESTED, S.ASKED):
            facts = {"order": order, "state": order.get_state_display()}
            self.add_error("order", _("%(order)s is %(state)s: no offer can be made now.") % facts)
        elif reason := workflow.why_not_until(until):
            self.add_error("valid_until", reason)
        else:
            self._hold(order, given)
        return given

    def _hold(self, order: NumberOrder, given: dict[str, Any]) -> None:
        """Hold the numbers at the carrier until the offer ends; what cannot be held is no offer."""
        seconds = int((given["valid_until"] - timezone.now()).total_seconds())
        try:
            wanted = self._wanted(order, given)
            if not wanted:
                return
            hold = stock.hold_these(wanted, name=f"offer-{order.pk}", seconds=max(1, seconds))
        except Refused as refusal:
            self.add_error(None, str(refusal))
            return
        held = [number.e164 for number in hold.numbers]
        if len(held) < len(wanted):
            stock.release(hold.id)
            gone = ", ".join(phone.international(e164) for e164 in wanted if e164 not in held)
            self.add_error("typed", _("Not free at the carrier: %(numbers)s.") % {"numbers": gone})
            return
        given["numbers"], given["hold_id"] = held, hold.id

    def _wanted(self, order: NumberOrder, given: dict[str, Any]) -> list[str]:
        country = order.location.country if order.location else "US"
        if given.get("typed"):
            paste = phone.read_paste(given["typed"], country)
            for piece in paste.refused:
                if piece.verdict is not Verdict.DUPLICATE:
                    self.add_error("typed", piece.sentence)
            if not paste.pieces:
                self.add_error("typed", _("There is no telephone number in this that we recognize."))
            if len(paste.numbers) > ORDER_LIMIT:
                text = _("An offer has 1 to %(most)s numbers.") % {"most": ORDER_LIMIT}
                self.add_error("typed", text)
            return [] if self.errors else list(paste.numbers)
        order.area_code, order.city = given.get("area_code", ""), given.get("city", "")
        found = stock.find(stock.search_of(order, given.get("quantity") or order.quantity))
        if not found:
            self.add_error("area_code", _("The carrier has no free numbers there."))
        return [number.e164 for number in found]


class NumberOrderMessages(ReadOnlyInline):
    model = NumberOrderMessage
    fields = ("at", "side", "by", "text", "needs_answer")


class NumberOffers(ReadOnlyInline):
    model = NumberOffer
    fields = ("at", "by", "numbers", "price", "valid_until", "outcome", "answered_by", "reason")


class OnceDesk(DeskAdmin):
    """Adding one sends it; afterwards nobody edits it. `?order=7` in the address fills the order in."""

    raw_id_fields = ("order",)
    list_select_related = ("order", "by")
    search_fields = ("=order__id",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The order may have moved on while the form was open: that is said, and nothing is sent."""
        try:
            return super().add_view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())


@admin.register(NumberOrderMessage)
class NumberOrderMessageDesk(OnceDesk):
    form = MessageForm
    list_display = ("at", "order", "side", "by", "needs_answer")
    list_filter = ("side", "needs_answer")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return WRITTEN if obj is None else (*WRITTEN, "side", "by", "at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        write = workflow.ask if obj.needs_answer else workflow.reply
        made = write(obj.order, obj.text, by=request.user)  # type: ignore[arg-type]
        obj.pk, obj.side = made.pk, made.side


@admin.register(NumberOffer)
class NumberOfferDesk(OnceDesk):
    form = OfferForm
    list_display = ("at", "order", "by", "valid_until", "outcome")
    list_filter = ("outcome",)
    actions = ("withdraw",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return OFFERED
        return ("order", "numbers", "price", "valid_until", "by", "at", "outcome", "answered_by", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = form.cleaned_data
        try:
            made = workflow.offer(
                obj.order,
                given["numbers"],
                price=given["price"],
                valid_until=given["valid_until"],
                hold_id=given["hold_id"],
                by=request.user,  # type: ignore[arg-type]
            )
        except Refused:
            stock.release(given["hold_id"])
            raise
        obj.pk, obj.numbers = made.pk, made.numbers

    @admin.action(description=gettext_lazy("Withdraw the chosen offers"))
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        for found in queryset.select_related("order__org"):
            if not found.is_open:
                text = _("This offer for %(order)s is not open any more.")
                messages.error(request, text % {"order": found.order})
                continue
            try:
                workflow.withdraw_offer(found.order, reason="", by=request.user)  # type: ignore[arg-type]
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The offer for %(order)s is withdrawn.") % {"order": found.order})


class TurnDownForm(forms.Form):
    """Why a request cannot be fulfilled, in words for the customer."""

    reason = forms.CharField(
        label=gettext_lazy("Why it cannot be fulfilled"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The customer reads these words on the order and in an e-mail."),
    )

    def clean_reason(self) -> str:
        reason = " ".join(plain(str(self.cleaned_data["reason"])).split())
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"], code="required")
        return reason


class TurnDown(admin.ModelAdmin[NumberOrder]):
    """The page of the desk on which a request is turned down, for those who may make offers."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.turn_down_view)
        return [path("<int:pk>/turn-down/", page, name="pstn_numberorder_turn_down"), *super().get_urls()]

    def turn_down_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.get_object(request, str(pk))
        if order is None:
            raise Http404
        if not request.user.has_perm("pstn.add_numberoffer"):
            raise PermissionDenied
        form = TurnDownForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                workflow.turn_down(order, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("%(order)s is turned down.") % {"order": order})
                return redirect("admin:pstn_numberorder_change", order.pk)
        more = {"opts": self.opts, "form": form, "original": order, "title": _("Turn down")}
        context = {**self.admin_site.each_context(request), **more}
        return render(request, "admin/pstn/numberorder/turn_down.html", context)
