"""A process that links a payment to assets, for the test of several writers: `prepare`, `link N`, `report`."""

import sys


def main(command: str, number: int = 0) -> str:
    """Do what the test asks for and return what it wants to know."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.models import Sum

    from mingchan.kernel.errors import Refusal
    from mingchan.kernel.refs import Ref
    from mingchan.register.assets.models import Asset
    from mingchan.register.assets.tests import factories as cards
    from mingchan.register.funding.models import FundUse
    from mingchan.register.tracing import services
    from mingchan.register.tracing.drafts import Part
    from mingchan.register.tracing.models import PaymentShare
    from mingchan.register.tracing.tests.factories import DAY, clerk, own, pay

    if command == "prepare":
        call_command("migrate", verbosity=0)
        cards.divisions()
        pay(fen=70_00)
        own(*[10_00] * 40)
        return "ready"
    use = FundUse.objects.get()
    if command == "report":
        found = PaymentShare.objects.aggregate(fen=Sum("amount_fen"))["fen"]
        return f"{found} {use.asset_fen}"
    linked = 0
    for key in Asset.objects.order_by("id").values_list("id", flat=True)[number::4]:
        try:
            services.link(use.pk, [Part(key, 10_00)], source=Ref("account", number), actor=clerk(), on=DAY)
            linked += 1
        except Refusal:
            continue
    return str(linked)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
