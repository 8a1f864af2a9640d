"""The pages by themselves: errors, keyboard, small screens, no scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, page_of
from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.servers import closed_port
from tests.support.shop import DECLINED_CARD, Shop


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def submit_unchecked(page: Page) -> None:
    """Past the browser's own validation, as an old browser or a script would."""
    page.locator("form").evaluate("form => form.submit()")


def test_no_page_is_wider_than_a_phone(phone: Page, shop: Shop) -> None:
    declined, waiting, paid = shop.order(), shop.order(), shop.subscribe()
    shop.pay(declined.trade_no, DECLINED_CARD)
    paths = ["/", "/pay/T0", f"/pay/{declined.trade_no}", f"/pay/{waiting.trade_no}"]
    paths += [f"/result/{each.trade_no}" for each in (declined, waiting, paid)]
    for path in paths:
        phone.goto(shop.url + path)
        assert fits(phone), path


def test_a_long_plan_name_does_not_break_the_phone_layout(phone: Page, shop: Shop, db: TestDatabase) -> None:
    db.add_plan("long", 10_000, name="Donaudampfschifffahrtsgesellschaftskapitän" * 2)
    phone.goto(shop.url + "/?plan=long")
    assert fits(phone)
    phone.goto(shop.url + f"/pay/{shop.order('long').trade_no}")
    assert fits(phone)


def test_everything_to_press_on_a_phone_is_big_enough_for_a_finger(phone: Page, shop: Shop) -> None:
    phone.goto(shop.url)
    for target in [*phone.locator("label.plan").all(), phone.get_by_role("button"), phone.get_by_label("E-mail")]:
        box = target.bounding_box()
        assert box is not None and box["height"] >= 44


def test_an_order_can_be_placed_with_the_keyboard_alone(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_label("Starter")).to_be_focused()
    desktop.keyboard.press("ArrowDown")
    expect(desktop.get_by_label("Team")).to_be_checked()
    desktop.keyboard.press("Tab")
    desktop.keyboard.type("ann@example.com")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_test_id("amount")).to_have_text("NT$899")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("button", name="Pay with ECPay")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="ECPay")).to_be_visible()


def test_the_focused_control_can_be_seen(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    desktop.get_by_label("E-mail").press("Tab")
    button = desktop.get_by_role("button", name="Continue")
    expect(button).to_be_focused()
    assert button.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_the_browser_itself_asks_for_a_missing_address(desktop: Page, shop: Shop, db: TestDatabase) -> None:
    desktop.goto(shop.url)
    desktop.get_by_role("button", name="Continue").click()
    assert desktop.get_by_label("E-mail").evaluate("each => each.validity.valueMissing")
    expect(desktop.get_by_role("heading", name="Choose a plan")).to_be_visible()
    assert db.scalar("SELECT count(*) FROM payments") == 0


def test_a_wrong_address_is_explained_beside_the_field_and_nothing_typed_is_lost(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    page.get_by_label("Business").check()
    page.get_by_label("E-mail").fill("ann@nowhere")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_have_text("Enter a valid e-mail address.")
    field = page.get_by_label("E-mail")
    expect(field).to_have_value("ann@nowhere")
    expect(field).to_have_attribute("aria-describedby", "error")
    expect(page.get_by_label("Business")).to_be_checked()


def test_an_error_can_be_corrected_and_the_order_placed(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    desktop.get_by_label("E-mail").fill("ann@nowhere")
    desktop.get_by_role("button", name="Continue").click()
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_role("heading", name="Confirm and pay")).to_be_visible()


def test_a_plan_taken_off_sale_meanwhile_is_explained(desktop: Page, shop: Shop, db: TestDatabase) -> None:
    desktop.goto(shop.url)
    desktop.get_by_label("Team").check()
    desktop.get_by_label("E-mail").fill("ann@example.com")
    db.run("UPDATE plans SET active = false WHERE code = 'team'")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_role("alert")).to_have_text("Choose one of the plans.")


def test_a_changed_form_with_a_used_key_asks_to_be_confirmed(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    key = desktop.locator("[name=idempotency_key]").get_attribute("value")
    shop.http.post("/start", data={"plan": "team", "email": "ann@example.com", "idempotency_key": key})
    desktop.get_by_label("Starter").check()
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_role("alert")).to_have_text("Your order was changed. Please confirm it again.")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_test_id("amount")).to_have_text("NT$299")


def test_too_many_attempts_are_told_how_long_to_wait(desktop: Page, start_shop) -> None:
    limited = start_shop(checkout_rate_limit=1)
    limited.order()
    desktop.goto(limited.url)
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_role("alert")).to_have_text(re.compile(r"Too many attempts\. Try again in \d+ seconds\."))


def test_an_outage_is_admitted_without_losing_the_form(desktop: Page, start_shop) -> None:
    without_redis = start_shop(redis_url=f"redis://127.0.0.1:{closed_port()}/0")
    desktop.goto(without_redis.url)
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_role("alert")).to_have_text("We cannot take orders right now.")
    expect(desktop.get_by_label("E-mail")).to_have_value("ann@example.com")


def test_a_provider_that_does_not_answer_is_explained_on_the_waiting_page(
    desktop: Page, shop: Shop, sandbox: Sandbox
) -> None:
    order = shop.order()
    sandbox.faults(api="http500")
    desktop.goto(f"{shop.url}/result/{order.trade_no}")
    desktop.get_by_role("button", name="Check now").click()
    expect(desktop.get_by_role("alert")).to_have_text("The payment provider did not answer. Try again shortly.")


def test_checking_an_order_that_is_not_paid_keeps_waiting(desktop: Page, shop: Shop) -> None:
    order = shop.order()
    shop.go_to_provider(order.trade_no)
    desktop.goto(f"{shop.url}/result/{order.trade_no}")
    desktop.get_by_role("button", name="Check now").click()
    expect(desktop.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()


@pytest.mark.parametrize("path", ["/pay/T0", "/result/T0"])
def test_a_wrong_link_says_so_and_leads_back_to_the_plans(desktop: Page, shop: Shop, path: str) -> None:
    response = desktop.goto(shop.url + path)
    assert response is not None and response.status == 404
    desktop.get_by_role("link", name="Choose a plan").click()
    expect(desktop.get_by_role("heading", name="Choose a plan")).to_be_visible()


def test_nothing_on_sale_leaves_nothing_to_press(desktop: Page, shop: Shop, db: TestDatabase) -> None:
    db.run("UPDATE plans SET active = false")
    desktop.goto(shop.url)
    expect(desktop.get_by_text("There is nothing on sale at the moment.")).to_be_visible()
    expect(desktop.get_by_role("button", name="Continue")).to_be_disabled()


def test_a_payment_link_of_a_declined_order_leads_to_a_new_one(desktop: Page, shop: Shop) -> None:
    order = shop.order("business")
    shop.pay(order.trade_no, DECLINED_CARD)
    desktop.goto(order.checkout_url)
    desktop.get_by_role("link", name="Start again").click()
    expect(desktop.get_by_label("Business")).to_be_checked()


def test_an_order_can_be_paid_without_javascript(browser: Browser, shop: Shop) -> None:
    with page_of(browser, **DESKTOP, java_script_enabled=False) as page:
        page.goto(shop.url)
        page.get_by_label("E-mail").fill("ann@example.com")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Pay with ECPay").click()
        page.get_by_label("Card number").fill("4311952222222222")
        page.get_by_role("button", name="Pay").click()
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_what_a_customer_types_is_shown_as_text(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    desktop.get_by_label("E-mail").evaluate("each => { each.type = 'text' }")
    desktop.get_by_label("E-mail").fill('"><script>document.title = "owned"</script>')
    submit_unchecked(desktop)
    expect(desktop.get_by_role("alert")).to_be_visible()
    expect(desktop).to_have_title("Choose a plan · Payments")


def test_pages_can_be_read_in_order_by_a_screen_reader(desktop: Page, shop: Shop) -> None:
    desktop.goto(shop.url)
    assert desktop.locator("html").get_attribute("lang") == "en"
    expect(desktop.get_by_role("main")).to_have_count(1)
    expect(desktop.get_by_role("heading", level=1)).to_have_count(1)
    expect(desktop.get_by_role("group", name="Plan")).to_be_visible()
    unnamed = desktop.locator("input:not([type=hidden])").evaluate_all("all => all.filter(each => !each.labels.length)")
    assert unnamed == []


def test_a_period_of_several_months_is_spelled_out(desktop: Page, shop: Shop, db: TestDatabase) -> None:
    db.add_plan("quarter", 250_000, name="Quarterly", frequency=3, exec_times=20)
    desktop.goto(shop.url + "/?plan=quarter")
    expect(desktop.get_by_label("Quarterly")).to_be_checked()
    expect(desktop.get_by_text("per 3 months")).to_be_visible()
