"""What drives the simulated carrier: one task, called by the beat each second while days are short."""

from celery import shared_task

from simulator import appointments, stock


@shared_task(ignore_result=True)
def tick() -> int:
    """Do what is due, free what is held no longer, serve the queue; how many appointments were kept.

    Safe to run twice, at the same time, and after any pause: what is due is written in the appointments.
    """
    kept = appointments.keep_due()
    stock.forget_lapsed_holds()
    stock.serve()
    return kept
