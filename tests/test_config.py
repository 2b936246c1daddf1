"""Settings: loud when wrong, never a default secret, told in the README."""

from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from config import ConfigError, Settings

GOOD = {"SECRET_KEY": "k" * 40, "FIELD_KEYS": Fernet.generate_key().decode()}


def test_the_smallest_good_environment():
    settings = Settings.from_environment(GOOD)
    assert settings.port == 8000
    assert settings.is_sqlite
    assert settings.telegram_api_base_url == "https://api.telegram.org/bot"


def test_links_lead_to_the_port_unless_an_address_is_given():
    assert Settings.from_environment(GOOD).public_url == "http://127.0.0.1:8000"
    assert Settings.from_environment({**GOOD, "PORT": "8131"}).public_url == "http://127.0.0.1:8131"
    given = {**GOOD, "PORT": "8131", "PUBLIC_URL": "https://phuong.example"}
    assert Settings.from_environment(given).public_url == "https://phuong.example"


@pytest.mark.parametrize("missing", GOOD)
def test_no_secret_has_a_default(missing):
    with pytest.raises(ConfigError, match=missing):
        Settings.from_environment({name: value for name, value in GOOD.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("FIELD_KEYS", "not-a-key"),
        ("DATABASE_URL", "mysql://x"),
        ("PUBLIC_URL", "ward.example"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("WEB_THREADS", "0"),
        ("LOG_LEVEL", "LOUD"),
        ("RATE_LIMITS", "maybe"),
        ("TELEGRAM_API_BASE_URL", "ftp://x"),
    ],
)
def test_a_wrong_value_names_its_variable(name, value):
    with pytest.raises(ConfigError, match=name):
        Settings.from_environment({**GOOD, name: value})


def test_every_wrong_value_is_named_at_once():
    with pytest.raises(ConfigError) as error:
        Settings.from_environment({"PORT": "x", "LOG_LEVEL": "y"})
    assert all(
        name in str(error.value) for name in ("SECRET_KEY", "FIELD_KEYS", "PORT", "LOG_LEVEL")
    )


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text("f" * 50 + "\n")
    settings = Settings.from_environment(
        {"FIELD_KEYS": GOOD["FIELD_KEYS"], "SECRET_KEY_FILE": str(tmp_path / "key")}
    )
    assert settings.secret_key == "f" * 50


def test_a_postgresql_address_of_any_spelling():
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        settings = Settings.from_environment({**GOOD, "DATABASE_URL": f"{scheme}://u:p@h/d"})
        assert settings.database_url == "postgresql+psycopg://u:p@h/d"


def test_secrets_stay_out_of_the_representation():
    settings = Settings.from_environment({**GOOD, "TELEGRAM_BOT_TOKEN": "123:abc"})
    assert "123:abc" not in repr(settings)
    assert GOOD["SECRET_KEY"] not in repr(settings)


def test_the_readme_tells_every_setting():
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in readme.splitlines() if line.startswith("| `")}
    assert {each.name.upper() for each in fields(Settings)} <= told


def test_a_tile_server_needs_its_places():
    with pytest.raises(ConfigError, match=r"MAP_TILE_URL: needs \{x\}, \{y\}"):
        Settings.from_environment(GOOD | {"MAP_TILE_URL": "https://maps.ward.test/{z}.png"})
