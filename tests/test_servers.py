"""The helpers of the other tests do what their names say."""

import smtplib
from email.message import EmailMessage

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.servers import PostgresServer, SmtpServer


def letter(recipient: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "matinale@exemple.fr"
    message["To"] = recipient
    message["Subject"] = "Votre programme du 16 novembre"
    message.set_content("Premier rendez-vous à 10 h 45.")
    return message


@pytest.mark.database
def test_a_new_database_is_empty_even_when_its_name_was_used_before(postgres: PostgresServer) -> None:
    for _ in range(2):
        address = postgres.new_database("morning").replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE meeting (slot integer)")


@pytest.mark.database
def test_the_database_stops_with_its_block() -> None:
    with PostgresServer() as server:
        address = server.new_database("short").replace("+psycopg", "")
        psycopg.connect(address).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=5)


def test_a_sent_mail_is_kept_with_its_text(smtp_server: SmtpServer) -> None:
    with smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client:
        client.send_message(letter("amina@exemple.fr"))
    [message] = smtp_server.wait_for(1)
    assert message["Subject"] == "Votre programme du 16 novembre"
    assert message.get_content().strip() == "Premier rendez-vous à 10 h 45."
    assert smtp_server.to("amina@exemple.fr") == [message]
    assert smtp_server.to("bruno@exemple.fr") == []


@pytest.mark.parametrize(("trouble", "code"), [("refused", 550), ("deferred", 451)])
def test_a_troubled_mailbox_answers_with_its_code(smtp_server: SmtpServer, trouble: str, code: int) -> None:
    getattr(smtp_server, trouble).add("bruno@exemple.fr")
    with (
        smtplib.SMTP(smtp_server.host, smtp_server.port, timeout=10) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused) as refusal,
    ):
        client.send_message(letter("bruno@exemple.fr"))
    assert refusal.value.recipients["bruno@exemple.fr"][0] == code
    assert smtp_server.messages == []


PAGE = "data:text/html,<title>without</title><script>document.title = 'with'</script>"


@pytest.mark.browser
def test_a_page_runs_its_script_unless_told_not_to(browser: Browser) -> None:
    titles = []
    for script in (True, False):
        page = browser.new_page(java_script_enabled=script)
        page.goto(PAGE)
        titles.append(page.title())
        page.close()
    assert titles == ["with", "without"]
