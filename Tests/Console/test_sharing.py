"""A report is shared with somebody who has no account."""

import re

from conftest import owner
from playwright.sync_api import expect


def test_who_has_no_account_is_told_to_make_one(fresh, visit):
    running = fresh()
    page = visit(running, "/cost?tab=reports&period=day").page
    page.get_by_role("button", name="Share", exact=True).click()
    box = page.get_by_role("dialog", name="Share this report")
    expect(box).to_contain_text("Make the owner's account first")
    expect(box.get_by_role("button", name="Make a link")).to_have_count(0)
    expect(box.get_by_role("link", name="Make the owner's account")).to_have_attribute("href", "/setup")


def test_a_report_is_shared_opened_and_taken_back(fresh, visit, browser):
    running = fresh()
    running.world.settle()
    for _ in range(4):
        running.call(running.world.keys[0], model="gpt-5")
    running.world.until_booked(4)
    page = visit(running, "/cost?tab=reports&period=day", context=owner(running, browser)).page
    sheet = page.locator("article.sheet")
    expect(sheet).to_contain_text("payments")
    spent = sheet.get_by_role("row").filter(has_text="Spend").first.inner_text()
    page.get_by_role("button", name="Share", exact=True).click()
    box = page.get_by_role("dialog", name="Share this report")
    box.get_by_label("Title").fill("For the board")
    box.get_by_role("button", name="Make a link").click()
    link = box.locator(".secret code").inner_text()
    assert re.fullmatch(re.escape(running.address) + r"/shared#[\w-]{43}", link)

    stranger = visit(running, "/shared#" + link.split("#")[1])
    stranger.expected |= {"/reports/shared", "/api/v1/me"}
    # That nobody is signed in is told by 401.
    stranger.faults.clear()
    reader = stranger.page
    expect(reader.get_by_role("heading", name="For the board", level=1)).to_be_visible()
    other = reader.locator("article.sheet")
    expect(other).to_contain_text("payments")
    assert other.get_by_role("row").filter(has_text="Spend").first.inner_text() == spent

    page.reload()
    page.get_by_role("button", name="Share", exact=True).click()
    link_line = page.get_by_role("listitem").filter(has_text="For the board")
    expect(link_line).to_contain_text("opened 1 ×")
    link_line.get_by_role("button", name="Take back").click()
    page.get_by_role("button", name="Take back").last.click()
    expect(link_line).to_have_count(0)
    reader.reload()
    expect(reader.get_by_text("This link is not good")).to_be_visible()

    # Who an end user is stays inside.
    page.goto(running.address + "/cost?tab=reports&period=day&user=somebody")
    page.get_by_role("button", name="Share", exact=True).click()
    box = page.get_by_role("dialog", name="Share this report")
    expect(box).to_contain_text("This report is about one end user")
    expect(box.get_by_role("button", name="Make a link")).to_have_count(0)
