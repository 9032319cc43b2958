"""A bad setting stops the start with a sentence."""

import pytest

from openmap.config import BadSetting, read_config


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("OPENMAP_SMTP_PORT", "vingt-cinq", "write a whole number"),
        ("OPENMAP_SMTP_PORT", "0", "from 1 to 65535"),
        ("OPENMAP_SMTP_TLS", "maybe", "write one of none, starttls, tls"),
        ("OPENMAP_FORWARDED_HOPS", "one", "write a whole number"),
        ("OPENMAP_FORWARDED_HOPS", "-1", "from 0 to 5"),
        ("OPENMAP_MAIL_REPLY_TO", "Olga", "a mailbox that somebody reads"),
        ("OPENMAP_MAIL_REPLY_TO", "olga@exemple.fr\nBcc: all@exemple.fr", "a mailbox that somebody reads"),
        ("OPENMAP_PUBLIC_URL", "openmap.example", "write the address people use"),
        ("OPENMAP_CLOCK_OFFSET_S", "yesterday", "write a number of seconds"),
    ],
)
def test_a_value_that_cannot_work_is_named(tmp_path, name, value, sentence):
    with pytest.raises(BadSetting, match=sentence) as stopped:
        read_config({"OPENMAP_DATA_DIR": str(tmp_path), name: value})
    assert name in str(stopped.value)


def test_production_refuses_a_weak_secret(tmp_path):
    settings = {"OPENMAP_DATA_DIR": str(tmp_path), "OPENMAP_ENV": "production", "OPENMAP_SECRET_KEY": "secret"}
    with pytest.raises(BadSetting, match="at least 32 characters"):
        read_config(settings)


def test_production_refuses_a_shifted_clock(tmp_path):
    settings = {"OPENMAP_DATA_DIR": str(tmp_path), "OPENMAP_ENV": "production", "OPENMAP_CLOCK_OFFSET_S": "-60"}
    with pytest.raises(BadSetting, match="a production clock is the real one"):
        read_config(settings | {"OPENMAP_SECRET_KEY": "x" * 40})


def test_production_refuses_a_mail_page_that_everyone_reads(tmp_path):
    settings = {"OPENMAP_DATA_DIR": str(tmp_path), "OPENMAP_ENV": "production", "OPENMAP_SECRET_KEY": "x" * 40}
    assert not read_config(settings).is_demo
    with pytest.raises(BadSetting, match="write smtp in production"):
        read_config(settings | {"OPENMAP_MAIL_DELIVERY": "site"})


def test_the_secret_of_a_machine_is_drawn_once(tmp_path):
    settings = {"OPENMAP_DATA_DIR": str(tmp_path)}
    assert read_config(settings).secret_key == read_config(settings).secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
