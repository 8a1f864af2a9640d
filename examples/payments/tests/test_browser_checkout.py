"""The whole way a customer goes, in a real browser, on a desk and on a phone."""

from playwright.sync_api import Page, expect

from tests.support.database import TestDatabase
from tests.support.sandbox import Sandbox
from tests.support.shop import DECLINED_CARD, GOOD_CARD, Shop


def choose(page: Page, shop: Shop, plan: str = "Team", email: str = "ann@example.com") -> None:
    page.goto(shop.url)
    page.get_by_label(plan).check()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Continue").click()


def go_to_provider(page: Page, shop: Shop, plan: str = "Team") -> None:
    choose(page, shop, plan)
    page.get_by_role("button", name="Pay with ECPay").click()
    expect(page.get_by_role("heading", name="ECPay")).to_be_visible()


def enter_card(page: Page, card: str = GOOD_CARD) -> None:
    page.get_by_label("Card number").fill(card)
    page.get_by_role("button", name="Pay").click()


def test_a_customer_can_buy_a_subscription(page: Page, shop: Shop, db: TestDatabase) -> None:
    go_to_provider(page, shop)
    enter_card(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("You are subscribed to Team.")
    assert db.column("SELECT status FROM subscriptions") == ["active"]


def test_the_same_amount_is_shown_on_every_page(page: Page, shop: Shop) -> None:
    choose(page, shop, "Business")
    expect(page.get_by_test_id("amount")).to_have_text("NT$2,990")
    page.get_by_role("button", name="Pay with ECPay").click()
    expect(page.locator("#total")).to_have_text("NT$2,990")
    enter_card(page)
    expect(page.get_by_test_id("amount")).to_have_text("NT$2,990")


def test_the_receipt_is_shown_after_paying(phone: Page, shop: Shop, db: TestDatabase) -> None:
    go_to_provider(phone, shop)
    enter_card(phone)
    year = db.scalar("SELECT extract(year FROM now() AT TIME ZONE 'Asia/Taipei')::int")
    expect(phone.get_by_test_id("receipt")).to_have_text(f"{year}-000001")


def test_a_declined_card_is_explained_and_can_be_tried_again(page: Page, shop: Shop) -> None:
    go_to_provider(page, shop)
    enter_card(page, DECLINED_CARD)
    expect(page.get_by_role("alert")).to_have_text("The card was declined. Nothing was charged.")
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Choose a plan")).to_be_visible()
    expect(page.get_by_label("Team")).to_be_checked()


def test_a_payment_whose_notification_is_late_can_be_confirmed_by_asking(
    phone: Page, shop: Shop, sandbox: Sandbox
) -> None:
    sandbox.faults(silent=True)
    go_to_provider(phone, shop)
    enter_card(phone)
    expect(phone.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()
    phone.get_by_role("button", name="Check now").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()


def test_the_waiting_page_finds_out_by_itself(desktop: Page, shop: Shop, sandbox: Sandbox, db: TestDatabase) -> None:
    sandbox.faults(silent=True)
    go_to_provider(desktop, shop)
    enter_card(desktop)
    expect(desktop.get_by_role("heading", name="Waiting for confirmation")).to_be_visible()
    sandbox.faults()
    sandbox.notify(db.scalar("SELECT merchant_trade_no FROM payments"))
    expect(desktop.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_slow_provider_still_ends_on_the_thank_you_page(desktop: Page, shop: Shop, sandbox: Sandbox) -> None:
    sandbox.faults(slow_ms=800)
    go_to_provider(desktop, shop)
    enter_card(desktop)
    expect(desktop.get_by_role("heading", name="Thank you")).to_be_visible()


def test_coming_back_from_the_provider_without_paying_shows_the_order_again(page: Page, shop: Shop) -> None:
    go_to_provider(page, shop)
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_role("heading", name="Confirm and pay")).to_be_visible()
    expect(page.get_by_role("button", name="Pay with ECPay")).to_be_enabled()


def test_the_browsers_back_button_leads_to_a_page_that_still_works(desktop: Page, shop: Shop) -> None:
    go_to_provider(desktop, shop)
    desktop.go_back()
    button = desktop.get_by_role("button", name="Pay with ECPay")
    expect(button).to_be_enabled()
    button.click()
    expect(desktop.get_by_role("heading", name="ECPay")).to_be_visible()


def test_the_payment_page_of_a_paid_order_leads_to_its_result(desktop: Page, shop: Shop) -> None:
    order = shop.subscribe()
    desktop.goto(order.checkout_url)
    expect(desktop.get_by_role("heading", name="Thank you")).to_be_visible()


def test_clicking_twice_makes_one_order(desktop: Page, shop: Shop, db: TestDatabase) -> None:
    desktop.goto(shop.url)
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").dblclick()
    expect(desktop.get_by_role("heading", name="Confirm and pay")).to_be_visible()
    assert db.scalar("SELECT count(*) FROM payments") == 1


def test_going_back_and_choosing_another_plan_asks_to_confirm_the_changed_order(desktop: Page, shop: Shop) -> None:
    choose(desktop, shop, "Team")
    expect(desktop.get_by_role("heading", name="Confirm and pay")).to_be_visible()
    desktop.get_by_role("link", name="Choose another plan").click()
    expect(desktop.get_by_label("Team")).to_be_checked()
    desktop.get_by_label("Starter").check()
    desktop.get_by_label("E-mail").fill("ann@example.com")
    desktop.get_by_role("button", name="Continue").click()
    expect(desktop.get_by_test_id("amount")).to_have_text("NT$299")


def test_an_upgrade_is_paid_like_a_first_order_and_shows_its_credit(page: Page, shop: Shop) -> None:
    order = shop.subscribe("team")
    page.goto(shop.upgrade(order, "business").json()["checkout_url"])
    expect(page.get_by_text("Refunded for unused time")).to_be_visible()
    page.get_by_role("button", name="Pay with ECPay").click()
    enter_card(page)
    expect(page.get_by_role("status")).to_have_text("You are subscribed to Business.")
