"""ECPay writes Taipei wall-clock times without saying so."""

from datetime import datetime, timedelta, timezone

# Taiwan has had no daylight saving since 1979, so an offset serves and no time zone database is needed.
TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
FORMAT = "%Y/%m/%d %H:%M:%S"


def now() -> datetime:
    return datetime.now(TAIPEI)


def parse(text: str) -> datetime:
    return datetime.strptime(text, FORMAT).replace(tzinfo=TAIPEI)


def write(moment: datetime) -> str:
    return moment.astimezone(TAIPEI).strftime(FORMAT)
