from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20, unique=True)
    amount = models.PositiveIntegerField()
    paid_at = models.DateTimeField(null=True)
