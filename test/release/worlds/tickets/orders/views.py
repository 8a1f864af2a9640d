import json
import os

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from orders.models import Order


@require_GET
def health(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"orders": Order.objects.count()})


@require_GET
def version(_: HttpRequest) -> HttpResponse:
    return HttpResponse(os.environ.get("APP_VERSION", "unknown"))


@require_POST
def orders(request: HttpRequest) -> JsonResponse:
    asked = json.loads(request.body)
    if asked["amount"] <= 0:
        return JsonResponse({"error": "nothing to pay"}, status=422)
    order, created = Order.objects.get_or_create(number=asked["number"], defaults={"amount": asked["amount"]})
    return JsonResponse({"number": order.number, "amount": order.amount}, status=201 if created else 200)


@require_POST
def paid(_: HttpRequest, number: str) -> HttpResponse:
    """The provider sends it until it gets `1|OK`, so a second time changes nothing."""
    if not Order.objects.filter(number=number).exists():
        return HttpResponse("0|unknown order", status=404)
    Order.objects.filter(number=number, paid_at=None).update(paid_at=timezone.now())
    return HttpResponse("1|OK")
