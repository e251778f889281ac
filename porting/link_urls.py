"""/t/<token>/: what somebody without an account opens by a link; outside of every organization."""

from django.urls import path

from porting.views import links

app_name = "links"

urlpatterns = [
    path("<str:token>/", links.link_task, name="task"),
    path("<str:token>/code/", links.link_code, name="code"),
    path("<str:token>/enter/", links.link_enter, name="enter"),
    path("<str:token>/letter/", links.link_letter, name="letter"),
]
