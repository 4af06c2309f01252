"""Apps, recovery codes and what the Fachadministration may do about them; keys are asked in tests/browser."""

import datetime as dt
import json
import re
from urllib.parse import unquote

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from casework.actions import account_notices, second_factors
from casework.actions.errors import RuleBroken
from casework.models import AccountNotice, OpenSession
from jobcenter.platform import factors
from jobcenter.platform.sealing import Unsealable, seal, unseal
from tests.casework.signing import App, codes_on, give_code, give_password, with_app, works

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("factor_required")]

APP, LIST, CODES = "/konto/zweiter-faktor/app/", "/konto/zweiter-faktor/", "/konto/zweiter-faktor/codes/"


def half(user):
    client = Client()
    give_password(client, user)
    return client


def scanned(client):
    """The app that has scanned the page, and the form's sealed secret."""
    page = client.get(APP).content.decode()
    secret = re.search(r"Geheimnis: <code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    return App(secret), re.search(r'name="sealed" value="([^"]+)"', page)[1]


def set_up(client):
    app, sealed = scanned(client)
    return app, client.post(APP, {"sealed": sealed, "code": app.code()})


# --- setting up --------------------------------------------------------------------------------------------


def test_the_first_time_an_app_is_set_up_before_anything_else(kim):
    client = half(kim)
    assert client.get("/").url == "/konto/zweiter-faktor/einrichten/"
    app, answer = set_up(client)

    assert answer.status_code == 200
    assert len(codes_on(answer.content.decode())) == 10
    assert works(client)
    assert AccountNotice.objects.filter(user=kim).count() == 1


def test_the_codes_are_shown_once(kim):
    client = half(kim)
    _, answer = set_up(client)
    codes = codes_on(answer.content.decode())

    pages = [client.get(url).content.decode() for url in (LIST, "/", "/einstellungen/")]
    assert all(code not in page for code in codes for page in pages)
    assert client.get(CODES).status_code == 405
    assert "10 Codes sind unbenutzt" in pages[0]


def test_secrets_cannot_be_read_in_the_database(kim):
    client = half(kim)
    app, answer = set_up(client)
    codes = [code.replace(" ", "") for code in codes_on(answer.content.decode())]

    stored = json.dumps(list(factors.Authenticator.objects.values_list("data", flat=True)))

    assert app.secret not in stored
    assert not [code for code in codes if code in stored]
    assert "seed" in stored and "secret" in stored


def test_the_picture_says_what_is_written_beside_it(kim):
    url = unquote(factors.totp_url(kim, "GEHEIM"))

    assert url == "otpauth://totp/kim?secret=GEHEIM&issuer=Fallarbeit"
    assert factors.totp_picture(url).startswith("<?xml")


def test_a_wrong_code_sets_nothing_up_and_keeps_the_picture(kim):
    client = half(kim)
    app, sealed = scanned(client)

    answer = client.post(APP, {"sealed": sealed, "code": app.wrong()})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert " ".join(re.findall("....", app.secret)) in page
    assert "Dieser Code passt nicht" in page
    assert not factors.has_factor(kim.pk)


@pytest.mark.parametrize("sealed", ["", "x", "1.AAAAAAAA", "own"])
def test_a_secret_of_somebody_elses_making_is_not_taken(kim, sealed):
    client = half(kim)
    sealed = seal("1.AAAAAAAA") if sealed == "own" else sealed

    assert client.post(APP, {"sealed": sealed, "code": App("AAAAAAAA").code()}).status_code == 422
    assert not factors.has_factor(kim.pk)


def test_the_page_of_somebody_else_sets_nothing_up(kim, eva):
    app, sealed = scanned(half(eva))

    assert half(kim).post(APP, {"sealed": sealed, "code": app.code()}).status_code == 422


def test_a_page_left_open_for_long_sets_nothing_up(kim):
    client = half(kim)
    app, sealed = scanned(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31), tick=True):
        answer = client.post(APP, {"sealed": sealed, "code": app.code()})

    assert answer.status_code == 422
    assert "zu lange offen" in answer.content.decode()


def test_two_windows_set_up_one_first_factor(kim):
    """Whoever knows the password alone must not add a factor beside the one that its owner has just set up."""
    client, other = half(kim), half(kim)
    app, sealed = scanned(other)
    set_up(client)

    assert other.post(APP, {"sealed": sealed, "code": app.code()}).url.startswith("/anmelden/zweiter-faktor/")
    with pytest.raises(RuleBroken):
        second_factors.add_app(user=kim, secret=app.secret, code=app.code(), first=True)


# --- using -------------------------------------------------------------------------------------------------


def test_a_code_is_good_for_one_time(kim):
    app = with_app(kim)
    code = app.code()
    first, second = half(kim), half(kim)

    assert give_code(first, code).status_code == 302
    assert give_code(second, code).status_code == 422
    assert works(first) and not works(second)


def test_the_code_that_set_the_app_up_is_used_up(kim):
    app, sealed = scanned(client := half(kim))
    code = app.code()
    client.post(APP, {"sealed": sealed, "code": code})

    assert give_code(half(kim), code).status_code == 422


def test_an_earlier_code_is_none_after_a_later_one(kim):
    app = with_app(kim)
    earlier, later = app.code(-1), app.code()
    assert give_code(half(kim), later).status_code == 302

    assert give_code(half(kim), earlier).status_code == 422


@pytest.mark.parametrize(("offset", "status"), [(-3, 422), (3, 422), (0, 302)])
def test_a_code_holds_for_its_half_minute_and_one_beside_it(kim, offset, status):
    assert give_code(half(kim), with_app(kim).code(offset)).status_code == status


@pytest.mark.parametrize("spelt", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_spaces_are_no_matter(kim, spelt):
    code = with_app(kim).code()

    expected = 422 if "-" in spelt else 302
    assert give_code(half(kim), spelt.format(code[:3], code[3:])).status_code == expected


@pytest.mark.parametrize("code", ["", " ", "abcdef", "١٢٣٤٥٦", "12345", "1234567", "0" * 40, "²²²²²²", "\x00" * 6])
def test_what_is_no_code_is_refused(kim, code):
    with_app(kim)
    second_factors.make_codes(user=kim)

    assert give_code(half(kim), code).status_code == 422


def test_a_code_of_somebody_else_is_none(kim, eva):
    with_app(kim)

    assert give_code(half(kim), with_app(eva).code()).status_code == 422


def test_a_recovery_code_is_good_for_one_time(kim):
    with_app(kim)
    codes = second_factors.make_codes(user=kim)

    assert give_code(half(kim), f"{codes[3][:5]} {codes[3][5:]}").status_code == 302
    assert give_code(half(kim), codes[3]).status_code == 422
    assert give_code(half(kim), codes[4]).status_code == 302
    assert factors.recovery_codes_left(factors.factors_of(kim.pk)) == 8


def test_new_codes_put_an_end_to_the_earlier_ones(kim):
    with_app(kim)
    earlier = second_factors.make_codes(user=kim)
    client = half(kim)
    give_code(client, earlier[0])
    answer = client.post(CODES)
    new = codes_on(answer.content.decode())

    assert len(new) == 10
    assert give_code(half(kim), earlier[1]).status_code == 422
    assert give_code(half(kim), new[1]).status_code == 302


def test_recovery_codes_without_a_factor_are_none(kim):
    with pytest.raises(RuleBroken):
        second_factors.make_codes(user=kim)


# --- changing ----------------------------------------------------------------------------------------------


def full(user, app):
    client = half(user)
    give_code(client, app.code())
    return client


def test_changes_ask_for_the_factor_again_after_a_while(kim):
    app = with_app(kim)
    client = full(kim, app)
    session = client.session
    session["proved_at"] = (timezone.now() - dt.timedelta(minutes=16)).isoformat()
    session.save()

    for method, url in (("post", CODES), ("get", "/konto/zweiter-faktor/schluessel/"), ("get", APP)):
        assert getattr(client, method)(url).url.startswith("/anmelden/zweiter-faktor/?next=")
    assert not any(row.type == factors.RECOVERY for row in factors.factors_of(kim.pk))
    assert client.get(LIST).status_code == 200


def test_the_last_factor_stays(kim):
    app = with_app(kim)
    row = factors.Authenticator.objects.get()
    client = full(kim, app)

    client.post(f"{LIST}{row.pk}/entfernen/")

    assert factors.has_factor(kim.pk)


def test_one_of_two_is_removed_and_told(kim):
    app = with_app(kim)
    key = factors.Authenticator.objects.create(user=kim, type=factors.KEY, data={"name": "Stick", "credential": {}})
    client = full(kim, app)

    assert "Stick" in client.get(LIST).content.decode()
    client.post(f"{LIST}{key.pk}/entfernen/")

    assert [row.type for row in factors.factors_of(kim.pk)] == [factors.TOTP]
    assert AccountNotice.objects.filter(user=kim).exists()


def test_nobody_removes_a_factor_of_somebody_else(kim, eva):
    app = with_app(kim)
    with_app(eva)
    theirs = factors.Authenticator.objects.create(user=eva, type=factors.KEY, data={"name": "x", "credential": {}})

    full(kim, app).post(f"{LIST}{theirs.pk}/entfernen/")

    assert factors.Authenticator.objects.filter(pk=theirs.pk).exists()


# --- the Fachadministration --------------------------------------------------------------------------------


def account(user, **more):
    fields = ("username", "first_name", "last_name", "email")
    inlines = {"role_grants": 0, "counsellor": 0}
    data = {name: getattr(user, name) for name in fields}
    data |= {"organisation": user.organisation_id, "team": user.team_id, "is_active": "on", "new_password": ""}
    for name in inlines:
        data |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    return data | more


def test_a_reset_takes_factors_codes_and_sessions_and_is_told(admin, eva):
    app = with_app(eva)
    codes = second_factors.make_codes(user=eva)
    client = full(eva, app)
    boss = full(admin, with_app(admin))
    assert works(client)

    answer = boss.post(f"/verwaltung/casework/user/{eva.pk}/change/", account(eva, reset_factors="on"))

    assert answer.status_code == 302, answer.context["errors"]
    assert not works(client)
    assert not factors.factors_of(eva.pk)
    assert not OpenSession.objects.filter(user=eva).exists()
    assert AccountNotice.objects.filter(user=eva).exists()
    again = half(eva)
    assert again.get("/").url == "/konto/zweiter-faktor/einrichten/"
    assert give_code(again, codes[0]).url == "/konto/zweiter-faktor/einrichten/"


def test_saving_an_account_resets_nothing_by_itself(admin, eva):
    with_app(eva)
    boss = full(admin, with_app(admin))

    boss.post(f"/verwaltung/casework/user/{eva.pk}/change/", account(eva, first_name="Evi"))

    eva.refresh_from_db()
    assert eva.first_name == "Evi"
    assert factors.has_factor(eva.pk)


def test_a_new_account_offers_no_reset(admin):
    page = full(admin, with_app(admin)).get("/verwaltung/casework/user/add/").content.decode()

    assert "new_password" in page and "reset_factors" not in page


def test_the_notice_is_one_mail_without_a_name(kim, settings):
    for _ in range(3):
        account_notices.plan_account_notice(kim)
    assert account_notices.send_account_notices() == 1
    assert account_notices.send_account_notices() == 0

    (message,) = mail.outbox
    text = f"{message.subject} {message.body}"
    assert message.to == [kim.email]
    for word in (kim.username, kim.first_name, kim.last_name, "TOTP", "Schlüssel"):
        assert word not in text
    assert f"{settings.PUBLIC_URL}/konto/zweiter-faktor/" in text


def test_nobody_is_told_who_has_left_or_much_later(kim, eva):
    account_notices.plan_account_notice(kim)
    account_notices.plan_account_notice(eva)
    eva.is_active = False
    eva.save(update_fields=["is_active"])

    assert account_notices.send_account_notices(now=timezone.now() + dt.timedelta(days=3)) == 0
    assert account_notices.send_account_notices() == 1
    account_notices.remove_old_account_notices(timezone.now() + dt.timedelta(days=15))
    assert not AccountNotice.objects.exists()


# --- sealing -----------------------------------------------------------------------------------------------


def test_what_is_sealed_is_opened_by_the_key_alone(settings):
    sealed = seal("Geheimnis")
    assert "Geheimnis" not in sealed and unseal(sealed) == "Geheimnis"
    earlier = settings.SECRET_KEY
    settings.SECRET_KEY = "ein anderer Schlüssel von gehöriger Länge, für diesen Test"

    with pytest.raises(Unsealable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert unseal(sealed) == "Geheimnis"
    with pytest.raises(Unsealable):
        unseal(sealed[:-3] + "AAA")


def test_a_changed_key_of_the_office_refuses_and_does_not_fail(kim, settings):
    app = with_app(kim)
    codes = second_factors.make_codes(user=kim)
    settings.SECRET_KEY = "ein anderer Schlüssel von gehöriger Länge, für diesen Test"

    for code in (app.code(), codes[0]):
        assert give_code(half(kim), code).status_code == 422
