"""Settings: each with its range, absent means the default."""

from decimal import Decimal

import pytest

from studio.settings import COMETAPI_BASE_URL, SettingsProblem, read_settings


def test_without_anything_the_app_has_no_key_and_its_defaults() -> None:
    """No key means the simulator."""
    settings = read_settings({})
    assert (settings.api_key, settings.base_url, settings.simulator_task_s) == (None, COMETAPI_BASE_URL, 10.0)


def test_a_session_works_with_its_own_key_before_the_deployments() -> None:
    """And with none at all, on the simulator."""
    keyless, keyed = read_settings({}), read_settings({"COMETAPI_KEY": "sk-deployment"})
    assert (keyless.key_of(None), keyless.key_of("sk-own")) == (None, "sk-own")
    assert (keyed.key_of(None), keyed.key_of("sk-own")) == ("sk-deployment", "sk-own")


def test_an_empty_value_counts_as_absent() -> None:
    """The example of secrets.toml has an empty key."""
    assert read_settings({"COMETAPI_KEY": "", "SIMULATOR_TASK_S": ""}).api_key is None


def test_the_key_is_not_in_the_settings_repr() -> None:
    """A log line of the settings must not hold it."""
    assert "sk-secret" not in repr(read_settings({"COMETAPI_KEY": "sk-secret"}))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.test",
        "api.cometapi.com",
        "https://",
        "https://me:pw@x.test",
        "https://:pw@x.test",
        "http://[::1",
    ],
)
def test_a_base_url_that_is_no_web_address_is_refused_in_words(url: str) -> None:
    """http(s), a host, no credentials."""
    with pytest.raises(SettingsProblem, match="COMETAPI_BASE_URL"):
        read_settings({"COMETAPI_BASE_URL": url})


def test_a_trailing_slash_of_the_base_url_does_not_matter() -> None:
    """Paths are joined to it with one slash."""
    assert read_settings({"COMETAPI_BASE_URL": "https://x.test/"}).base_url == "https://x.test"


@pytest.mark.parametrize("seconds", ["-1", "601", "soon", "nan"])
def test_a_simulator_time_outside_its_range_is_refused_in_words(seconds: str) -> None:
    """0 to 600 seconds."""
    with pytest.raises(SettingsProblem, match="SIMULATOR_TASK_S"):
        read_settings({"SIMULATOR_TASK_S": seconds})


def test_nobody_needs_to_sign_in_and_nothing_is_capped_unless_it_is_said() -> None:
    """A fresh deployment works at once."""
    settings = read_settings({})
    assert (settings.login_required, settings.public_url, settings.spending_cap_usd) == (False, None, None)


def test_a_public_deployment_s_settings_are_read() -> None:
    """Doors, address, and spending cap."""
    given = {"LOGIN_REQUIRED": " True ", "PUBLIC_URL": "https://studio.test/", "SPENDING_CAP_USD": "2.50"}
    settings = read_settings(given)
    assert settings.login_required
    assert settings.public_url == "https://studio.test"
    assert settings.spending_cap_usd == Decimal("2.5")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOGIN_REQUIRED", "maybe"),
        ("PUBLIC_URL", "studio.test"),
        ("PUBLIC_URL", "https://me:pw@studio.test"),
        *(("SPENDING_CAP_USD", amount) for amount in ("0", "-1", "five", "NaN", "inf", "1e9")),
    ],
)
def test_a_setting_that_guards_money_or_doors_is_never_guessed(name: str, value: str) -> None:
    """A value that is not understood stops the start instead of leaving something open."""
    with pytest.raises(SettingsProblem, match=name):
        read_settings({name: value})


def test_tasks_and_videos_lie_in_the_data_folder_unless_they_are_sent_elsewhere() -> None:
    """One machine needs nothing; several name a database and a storage that all reach."""
    assert (read_settings({}).database_url, read_settings({}).storage_url) == (None, None)
    given = read_settings({"DATABASE_URL": "postgresql://me:pw@db/studio", "STORAGE_URL": "s3://videos"})
    assert (given.database_url, given.storage_url) == ("postgresql://me:pw@db/studio", "s3://videos")
    assert "pw" not in repr(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARALLEL_TASKS", "0"),
        ("PARALLEL_TASKS", "101"),
        ("PARALLEL_TASKS", "many"),
        ("PARALLEL_TASKS", "²"),
        ("TASKS_PER_PERSON", "0"),
        ("PICTURES_PER_PERSON", "7"),
        ("PREVIEWS_PER_PERSON", "11"),
        ("STORAGE_CAP_MB", "99"),
        ("STORAGE_CAP_MB", "1e3"),
    ],
)
def test_a_number_outside_its_range_is_refused_in_words(name: str, value: str) -> None:
    """1 to 100 tasks, 100 to 100,000,000 MB."""
    with pytest.raises(SettingsProblem, match=name):
        read_settings({name: value})


def test_numbers_are_read() -> None:
    """In the units of their names."""
    given = read_settings({"PARALLEL_TASKS": "5", "STORAGE_CAP_MB": " 200 "})
    assert (given.parallel_tasks, given.storage_cap_mb) == (5, 200)


def test_one_person_has_limits_without_a_setting() -> None:
    """Tasks, pictures, previews; each may be set."""
    names = ("TASKS_PER_PERSON", "PICTURES_PER_PERSON", "PREVIEWS_PER_PERSON")
    for given, expected in (({}, (20, 12, 1)), (dict.fromkeys(names, "9"), (9, 9, 9))):
        found = read_settings(given)
        assert (found.tasks_per_person, found.pictures_per_person, found.previews_per_person) == expected


@pytest.mark.parametrize(
    ("name", "value"), [("COMETAPI_KEY", ""), ("LOGIN_REQUIRED", "true"), ("SPENDING_CAP_USD", "5")]
)
def test_a_deployment_is_open_where_a_key_of_its_own_has_neither_login_nor_cap(name: str, value: str) -> None:
    """Any one of the three closes it."""
    assert read_settings({"COMETAPI_KEY": "sk-deployment"}).is_open
    assert not read_settings({"COMETAPI_KEY": "sk-deployment", name: value}).is_open


def test_result_addresses_are_ranges_and_hosts() -> None:
    """Parted by commas; nothing is allowed by itself."""
    assert not read_settings({}).result_addresses_allowed.has("cdn.test", "198.18.0.1")
    allowed = read_settings({"RESULT_ADDRESSES_ALLOWED": "198.18.0.0/15, far.test"}).result_addresses_allowed
    assert allowed.has("cdn.test", "198.18.0.1")
    assert allowed.has("far.test", "10.0.0.1")


@pytest.mark.parametrize("text", ["0.0.0.0/0", "198.18.0.1/15", "https://cdn.test", "anything at all"])
def test_result_addresses_that_are_neither_are_refused_in_words(text: str) -> None:
    """The value that is wrong is named, with what is right."""
    with pytest.raises(SettingsProblem, match=r"RESULT_ADDRESSES_ALLOWED.*198\.18\.0\.0/15"):
        read_settings({"RESULT_ADDRESSES_ALLOWED": text})


def test_operators_are_mail_addresses_in_any_case() -> None:
    """Parted by commas; anything else is said at the start."""
    given = read_settings({"OPERATORS": " Ann@Example.org, bob@example.org,"})
    assert given.operators == {"ann@example.org", "bob@example.org"}
    with pytest.raises(SettingsProblem, match="OPERATORS is not usable"):
        read_settings({"OPERATORS": "ann"})
