/** A change whose lines are tested only in part. */
export const PRICE = `def price(plan):
    if plan == "starter":
        return 300
    if plan == "team":
        return 900
    raise KeyError(plan)
`

/** Its test. */
export const TESTED = `from shop.price import price


def test_price():
    assert price("starter") == 300
`
