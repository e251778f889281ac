"""Keeping the orders of a group on one day, whenever one of them has moved."""

from celery import shared_task

from porting.models import PortGroup
from porting.workflow import groups as workflow


@shared_task
def align(group_pk: int) -> None:
    """Look at the rule of alignment again. Running twice asks for nothing twice."""
    group = PortGroup.unscoped.filter(pk=group_pk).first()
    if group is not None:
        workflow.align(group)
