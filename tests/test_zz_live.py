import pytest
from tests import factories
def test_page(live_office, page, kim):
    page.goto("/")
    page.get_by_label("Anmeldename").fill("kim")
    page.locator("input[type=password]").first.fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    print(page.url, page.title())
    page.goto("/")
    assert "Heute" in page.title()
def test_strict(kim_client, count_queries):
    with count_queries() as q: r=kim_client.get("/")
    assert r.status_code==200
    print(q.count, q.explain(), {k:len(v) for k,v in q.by_category().items()}); print(q.by_category()["user"], q.by_category()["event"])
