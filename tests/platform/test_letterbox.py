"""The demonstration's mail server: what is handed to it is kept, shown as it came, and bounded."""

import os
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest
from django.core import mail

from jobcenter.platform import environment, letterbox, supervisor
from tests.platform.test_embedded import eventually

PAGE = "/entwicklung/post/"


@pytest.fixture
def box(tmp_path):
    """A running mail server: its port; the mails lie in `post` of the test's folder."""
    port = supervisor.free_port()
    command = [sys.executable, "-m", "jobcenter.platform.letterbox", str(tmp_path / "post"), str(port)]
    process = subprocess.Popen(command, cwd=environment.BASE_DIR)

    def answers():
        with smtplib.SMTP(letterbox.HOST, port, local_hostname="probe"):
            return True

    eventually(lambda: not raises(answers), seconds=20)
    yield port
    process.terminate()
    assert process.wait(timeout=5) == 0


def raises(call):
    try:
        call()
    except OSError:
        return True
    return False


def letter(subject="Fallarbeit: 3 überfällig", text="Guten Morgen,\n\nes sind 3 <b>überfällig</b>.\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "fallarbeit@example.org", "kim@example.org", subject
    message.set_content(text)
    return message


def hand_over(port, *letters):
    with smtplib.SMTP(letterbox.HOST, port, local_hostname="probe") as server:
        for one in letters:
            server.send_message(one)


def test_a_mail_is_kept_and_found(box, tmp_path):
    hand_over(box, letter())

    (found,) = letterbox.newest(tmp_path / "post", 50)
    assert (found.to, found.subject) == ("kim@example.org", "Fallarbeit: 3 überfällig")
    assert "<b>überfällig</b>" in found.text
    assert abs(found.at.timestamp() - time.time()) < 60


def test_the_newest_stand_first_and_are_all_that_is_asked_for(box, tmp_path):
    hand_over(box, *(letter(subject=f"Nummer {number}") for number in range(5)))

    assert [found.subject for found in letterbox.newest(tmp_path / "post", 3)] == ["Nummer 4", "Nummer 3", "Nummer 2"]


def test_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(letterbox, "KEPT", 3)
    (tmp_path / "new").mkdir()
    for number in range(5):
        (tmp_path / "new" / f"{number}").write_bytes(letter(subject=str(number)).as_bytes())
        os.utime(tmp_path / "new" / f"{number}", (number, number))

    letterbox.remove_old(tmp_path)

    assert [found.subject for found in letterbox.newest(tmp_path, 50)] == ["4", "3", "2"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
        b"Content-Type: image/png\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing",
        b"Subject: =?utf-16?q?x?=\r\nTo: \xff\r\n\r\n\x00\xff",
    ],
)
def test_a_mail_that_nobody_can_read_breaks_nothing(tmp_path, raw):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(raw)

    assert len(letterbox.newest(tmp_path, 50)) == 1


def test_a_box_that_is_not_there_yet_is_empty(tmp_path):
    assert letterbox.newest(tmp_path / "nowhere", 50) == []


def test_a_port_that_is_taken_is_said_in_a_line(box, tmp_path):
    command = [sys.executable, "-m", "jobcenter.platform.letterbox", str(tmp_path), str(box)]

    done = subprocess.run(command, cwd=environment.BASE_DIR, capture_output=True, text=True)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "in use" in done.stderr


# --- the supervisor ----------------------------------------------------------------------------------------


def services_by_name(folder):
    return {service.name: service for service in supervisor.services_of(folder, 8000)}


def test_the_supervisor_starts_it_after_the_web_server_and_tells_the_others(tmp_path, monkeypatch):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    services = services_by_name(tmp_path)
    port = services["Post"].command[-1]

    assert list(services) == ["Web", "Post", "Worker", "Beat"]
    for service in services.values():
        assert service.env["EMAIL_URL"] == f"smtp://127.0.0.1:{port}"
        assert service.env["LETTERBOX"] == str(tmp_path / "post")


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "consolemail://"])
def test_a_mail_server_of_the_house_is_left_alone(tmp_path, monkeypatch, url):
    monkeypatch.setenv("EMAIL_URL", url)
    services = services_by_name(tmp_path)

    assert list(services) == ["Web", "Worker", "Beat"]
    assert {service.env["EMAIL_URL"] for service in services.values()} == {url}
    assert not any("LETTERBOX" in service.env for service in services.values())


# --- the page ----------------------------------------------------------------------------------------------


def test_the_page_shows_what_arrived_as_text(box, tmp_path, kim_client, settings):
    settings.LETTERBOX = str(tmp_path / "post")
    hand_over(box, letter(subject="<i>Fällig</i>"))

    page = kim_client.get(PAGE).content.decode()

    assert "&lt;i&gt;Fällig&lt;/i&gt;" in page
    assert "es sind 3 &lt;b&gt;überfällig&lt;/b&gt;." in page
    assert "an kim@example.org" in page


def test_the_application_itself_hands_a_mail_over(box, tmp_path, db, kim_client, settings):
    settings.LETTERBOX = str(tmp_path / "post")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = letterbox.HOST, box

    mail.send_mail("Fallarbeit: 1 überfällig", "Guten Morgen", None, ["eva@example.org"])

    assert "an eva@example.org" in kim_client.get(PAGE).content.decode()


def test_an_empty_box_and_no_box_say_so(tmp_path, kim_client, settings):
    settings.LETTERBOX = str(tmp_path)
    assert "Noch ist keine E-Mail angekommen." in kim_client.get(PAGE).content.decode()

    settings.LETTERBOX = ""
    assert "schickt ihre E-Mails nicht an den Mailserver der Demonstration" in kim_client.get(PAGE).content.decode()


def test_the_page_needs_a_login_and_the_demonstration(client, kim_client, settings):
    assert client.get(PAGE)["Location"].startswith("/anmelden/")
    assert kim_client.post(PAGE).status_code == 405

    settings.DEMO = False

    assert kim_client.get(PAGE).status_code == 404


def test_only_the_administration_is_shown_the_way_back(kim_client, admin_client):
    assert 'href="/erinnerungen/"' not in kim_client.get(PAGE).content.decode()
    assert admin_client.get(PAGE).content.decode().count('href="/erinnerungen/"') == 2
