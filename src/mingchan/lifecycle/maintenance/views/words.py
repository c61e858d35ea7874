"""Tones that pages of maintenance share."""

from mingchan.lifecycle.maintenance.choices import Finding, OrderState, RoundState, Severity

ORDER_TONES = {
    OrderState.REPORTED.value: "warn",
    OrderState.ASSIGNED.value: "info",
    OrderState.REPAIRED.value: "warn",
    OrderState.ACCEPTED.value: "good",
    OrderState.DECLINED.value: "neutral",
}
ROUND_TONES = {RoundState.OPEN.value: "info", RoundState.CLOSED.value: "good", RoundState.DROPPED.value: "neutral"}
FINDING_TONES = {
    Finding.SOUND.value: "good",
    Finding.FAULT.value: "bad",
    Finding.NOT_FOUND.value: "bad",
    Finding.UNSEEN.value: "neutral",
}
SEVERITY_TONES = {Severity.MINOR.value: "neutral", Severity.MAJOR.value: "warn", Severity.STOPPED.value: "bad"}
