"""Settings: precedence, origins, and errors that name the variable or the key."""

import os
from pathlib import Path

import pytest

from streams.errors import SlotritError
from streams.settings import described, kafka_client, load_settings


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test in an empty directory and without variables of ours."""
    for variable in [name for name in os.environ if name.upper().startswith("SLOTRIT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


def test_defaults_configure_no_broker() -> None:
    """Where nothing is said there is no broker, four partitions, and every origin is the default."""
    loaded = load_settings()

    assert loaded.settings.brokers is None
    assert loaded.settings.partitions == 4
    assert set(loaded.origins.values()) == {"default"}


def test_a_worker_serves_and_traces_nothing_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a port there is no endpoint, and where there is one it is on this machine only."""
    quiet = load_settings().settings
    monkeypatch.setenv("SLOTRIT_WORKER_METRICS_PORT", "9464")

    told = load_settings().settings

    assert (quiet.worker_metrics_port, quiet.tracing) == (None, False)
    assert (told.worker_metrics_host, told.worker_metrics_port) == ("127.0.0.1", 9464)


def test_an_option_goes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line wins over a variable and a variable over the file; each origin is known."""
    (tmp_path / "slotrit.toml").write_text(
        'brokers = "a:1"\npartitions = 8\napp_id = "file"\n', encoding="utf-8"
    )
    monkeypatch.setenv("SLOTRIT_BROKERS", "b:2, c:3")
    monkeypatch.setenv("SLOTRIT_APP_ID", "environment")

    loaded = load_settings({"app_id": ("--app-id", "option")})

    assert loaded.settings.brokers == ("b:2", "c:3")
    assert loaded.settings.partitions == 8
    assert loaded.settings.app_id == "option"
    assert loaded.origins["brokers"] == "SLOTRIT_BROKERS"
    assert loaded.origins["partitions"] == "slotrit.toml: partitions"
    assert loaded.origins["app_id"] == "--app-id"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files pass unset variables on as empty ones; they do not override the default."""
    monkeypatch.setenv("SLOTRIT_BROKERS", "")

    assert load_settings().settings.brokers is None


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("PARTITIONS", "none", "SLOTRIT_PARTITIONS: input should be a valid integer"),
        ("PARTITIONS", "0", "SLOTRIT_PARTITIONS: input should be greater than or equal to 1, got '0'"),
        ("BROKERS", "kafka", "SLOTRIT_BROKERS: must be HOST:PORT with a port from 1 to 65535, got 'kafka'"),
        ("BROKERS", "kafka:99999", "SLOTRIT_BROKERS: must be HOST:PORT"),
        ("BROKERS", "a:1,,b:2", "SLOTRIT_BROKERS: must be HOST:PORT"),
        ("SECURITY_PROTOCOL", "TLS", "SLOTRIT_SECURITY_PROTOCOL: input should be 'PLAINTEXT', 'SSL'"),
        ("SSL_CAFILE", "nowhere.pem", "SLOTRIT_SSL_CAFILE: must be a file with certificates in PEM"),
        ("TOPIC_PREFIX", "ice rink", "SLOTRIT_TOPIC_PREFIX: string should match pattern"),
        ("OPENINGS", "perhaps", "SLOTRIT_OPENINGS: input should be a valid boolean"),
        ("WORKER_METRICS_PORT", "65536", "SLOTRIT_WORKER_METRICS_PORT: input should be less than or equal"),
        ("WORKER_STUCK_AFTER_S", "0", "SLOTRIT_WORKER_STUCK_AFTER_S: input should be greater than or equal"),
        ("TRACING", "perhaps", "SLOTRIT_TRACING: input should be a valid boolean"),
    ],
)
def test_a_wrong_variable_is_named(
    variable: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error begins with the variable and ends with what it said."""
    monkeypatch.setenv(f"SLOTRIT_{variable}", value)

    with pytest.raises(SlotritError) as raised:
        load_settings()

    assert str(raised.value).startswith(complaint)
    assert "\n" not in str(raised.value)


def test_an_unknown_key_in_the_file_is_an_error(tmp_path: Path) -> None:
    """A misspelt key never passes in silence: file and key are named."""
    (tmp_path / "slotrit.toml").write_text('broker = "a:1"\n', encoding="utf-8")

    with pytest.raises(
        SlotritError, match=r"^slotrit\.toml: broker: there is no such setting; there are app_id"
    ):
        load_settings()


def test_a_wrong_value_in_the_file_is_named_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SLOTRIT_CONFIG names another file, and its errors say which file and key."""
    file = tmp_path / "other.toml"
    file.write_text("partitions = -1\n", encoding="utf-8")
    monkeypatch.setenv("SLOTRIT_CONFIG", "other.toml")

    with pytest.raises(
        SlotritError, match=r"^other\.toml: partitions: .*greater than or equal to 1, got -1$"
    ):
        load_settings()


def test_a_file_that_is_no_toml_says_where(tmp_path: Path) -> None:
    """A syntax error in the file is one line with its place."""
    (tmp_path / "slotrit.toml").write_text("partitions 4\n", encoding="utf-8")

    with pytest.raises(SlotritError, match=r"^slotrit\.toml: is no TOML: .*line 1"):
        load_settings()


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names a configuration file does not want the defaults instead."""
    monkeypatch.setenv("SLOTRIT_CONFIG", "gone.toml")

    with pytest.raises(SlotritError, match=r"^SLOTRIT_CONFIG: there is no file gone\.toml$"):
        load_settings()


def test_logging_in_needs_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """SASL without a mechanism or a password is refused before any connection is tried, not before."""
    monkeypatch.setenv("SLOTRIT_BROKERS", "kafka:9092")
    monkeypatch.setenv("SLOTRIT_SECURITY_PROTOCOL", "sasl_ssl")
    monkeypatch.setenv("SLOTRIT_SASL_USERNAME", "ice")

    settings = load_settings().settings

    with pytest.raises(
        SlotritError, match=r"SASL_SSL also needs SLOTRIT_SASL_MECHANISM, SLOTRIT_SASL_PASSWORD$"
    ):
        kafka_client(settings)


def test_secrets_are_masked_and_reach_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """`slotrit config` never shows the password; the Kafka client gets it."""
    monkeypatch.setenv("SLOTRIT_BROKERS", "kafka:9092")
    monkeypatch.setenv("SLOTRIT_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("SLOTRIT_SASL_MECHANISM", "scram-sha-512")
    monkeypatch.setenv("SLOTRIT_SASL_USERNAME", "ice")
    monkeypatch.setenv("SLOTRIT_SASL_PASSWORD", "thaw")

    loaded = load_settings()
    lines = described(loaded)
    client = kafka_client(loaded.settings)

    assert not any("thaw" in line for line in lines)
    assert "thaw" not in repr(loaded)
    assert any(line.startswith("brokers") and "kafka:9092  (SLOTRIT_BROKERS)" in line for line in lines)
    assert client["bootstrap_servers"] == ["kafka:9092"]
    assert client["sasl_mechanism"] == "SCRAM-SHA-512"
    assert client["sasl_plain_password"] == "thaw"  # noqa: S105 - invented
    assert client["ssl_context"] is not None


def test_a_token_in_place_of_its_hash_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an easy mistake, and the line that says so ends up in a log."""
    monkeypatch.setenv("SLOTRIT_GATEWAY_TOKENS", "kwispelbeest")
    with pytest.raises(SlotritError) as caught:
        load_settings()
    assert str(caught.value) == (
        "SLOTRIT_GATEWAY_TOKENS: must be hashes, as `slotrit token` prints them; not shown, it may be a token"
    )


def test_without_a_broker_the_error_says_how_to_name_one() -> None:
    """A command that needs Kafka tells which variable and option to use."""
    with pytest.raises(
        SlotritError, match=r"no broker is configured: set SLOTRIT_BROKERS=HOST:PORT .*--broker"
    ):
        kafka_client(load_settings().settings)


def test_a_variable_that_is_no_setting_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """SLOTRIT_BROKER, without its S, is found out; the cache's variable is not ours to complain about."""
    monkeypatch.setenv("SLOTRIT_BROKER", "kafka:9092")
    monkeypatch.setenv("SLOTRIT_CACHE", "elsewhere")

    assert load_settings().unknown_variables == ("SLOTRIT_BROKER",)


def test_the_example_file_is_a_valid_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/slotrit.toml.example shows can be used as it stands, once a password is there."""
    example = Path(__file__).parents[1] / "docs" / "slotrit.toml.example"
    monkeypatch.setenv("SLOTRIT_CONFIG", str(example))
    monkeypatch.setenv("SLOTRIT_SASL_PASSWORD", "thaw")

    settings = load_settings().settings

    assert settings.brokers == ("kafka-1.example.net:9092", "kafka-2.example.net:9092")
    assert settings.replication == 3
