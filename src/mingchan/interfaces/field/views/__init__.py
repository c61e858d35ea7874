"""Pages of the field (外业): the phone's program and what it asks, and the pages of the office."""

from mingchan.interfaces.field.views.desk import arrivals, capsule_file, devices, enter, errands, results
from mingchan.interfaces.field.views.phone import capsule, contact, events, photo, state
from mingchan.interfaces.field.views.shell import decoder, manifest, program, service_worker

__all__ = [
    "arrivals",
    "capsule",
    "capsule_file",
    "contact",
    "decoder",
    "devices",
    "enter",
    "errands",
    "events",
    "manifest",
    "photo",
    "program",
    "results",
    "service_worker",
    "state",
]
