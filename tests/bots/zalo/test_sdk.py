"""What our client adds: time limits, one renewal, one repeat, waiting, typed errors, no tokens in words."""

import unicodedata

import pytest

from bots.zalo import sdk
from bots.zalo.sdk import errors, wire
from bots.zalo.sdk.base import challenge_of, new_verifier
from bots.zalo.sdk.messages import pieces
from tests.bots.telegram_server import drip, not_json, reset, server_error, silent
from tests.bots.zalo_server import APP_ID, APP_SECRET, CS, ZaloServer, zalo_error

TO = sdk.oa.ZaloRecipient(user_id="1001")
HI = sdk.oa.ZaloMessageBody("xin chào")


@pytest.fixture
def zalo():
    with ZaloServer() as running:
        yield running


def client(zalo, **more):
    more = {"access_token": zalo.access, "refresh_token": zalo.refresh, **more}
    return sdk.oa.Client(
        APP_ID, APP_SECRET, endpoint_prefix=zalo.url, oauth_prefix=zalo.url, **more
    )


def test_a_token_that_is_out_is_renewed_once_and_the_call_repeated(zalo):
    mine = client(zalo)
    zalo.expire()
    assert mine.send_message(TO, HI)["data"]["message_id"]
    assert [call.path for call in zalo.calls] == [CS, "/v4/oa/access_token", CS]
    assert zalo.said() == ["xin chào"]
    assert mine.refresh_token == zalo.refresh


@pytest.mark.parametrize("code", [-216, -220, -124])
def test_every_word_for_an_old_token_is_understood(zalo, code):
    zalo.fail(zalo_error(code))
    client(zalo).send_message(TO, HI)
    assert len(zalo.refreshes) == 1


def test_a_renewed_token_that_is_refused_again_is_not_renewed_twice(zalo):
    zalo.fail(zalo_error(-216), zalo_error(-216))
    with pytest.raises(sdk.ZaloOAAuthTokenExpiredException):
        client(zalo).send_message(TO, HI)
    assert len(zalo.refreshes) == 1


def test_too_fast_waits_as_long_as_the_headers_say(zalo, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    mine = client(zalo, patience=5)
    zalo.fail(zalo_error(-32), zalo_error(-32))
    mine.send_message(TO, HI)
    assert zalo.said() == ["xin chào"]
    assert slept == [1.0, 1.0]


def test_without_patience_too_fast_is_told_with_the_seconds(zalo):
    zalo.per_minute = 2
    mine = client(zalo)
    for _ in range(2):
        mine.get_oa()
    with pytest.raises(sdk.ZaloTryLater) as refused:
        mine.send_message(TO, HI)
    assert 50 < refused.value.retry_after <= 60


def test_the_last_tenth_of_the_minute_is_shared_out(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(wire.time, "monotonic", lambda: now[0])
    rate = wire.Rate()
    rate.note({"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "3999"})
    assert rate.pause() == 0
    now[0] += 30
    rate.note({"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "60"})
    assert rate.pause() == pytest.approx(0.5)
    rate.note({"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "0"})
    assert rate.pause() == pytest.approx(30)
    now[0] += 31
    assert rate.pause() == 0
    rate.note({})
    assert rate.remain == 0


FAULTS = {
    "a server error": (server_error(502), sdk.ZaloHTTPError),
    "not JSON": (not_json(), sdk.ZaloNoAnswer),
    "no object": (zalo_error(0).__class__(body=b"[]"), sdk.ZaloNoAnswer),
    "silence": (silent(accepts=True), sdk.ZaloNoAnswer),
    "a torn connection": (reset(accepts=True), sdk.ZaloNoAnswer),
    "dripping": (drip(0.05), sdk.ZaloNoAnswer),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_way_not_to_answer_has_its_error(zalo, case):
    fault, expected = FAULTS[case]
    zalo.fail(fault)
    with pytest.raises(expected):
        client(zalo, wire=wire.Wire(read=0.4, whole=0.8)).send_message(TO, HI)


def test_no_connection_is_known_as_such(zalo):
    mine = client(zalo)
    zalo.__exit__()
    with pytest.raises(sdk.ZaloNotHandedOver):
        mine.send_message(TO, HI)


def test_every_documented_code_has_one_class():
    codes = [code for codes in errors.CLASSES.values() for code in codes]
    assert len(codes) == len(set(codes))
    unclassed = set(errors.ZaloOAException.ERROR_CODE_TO_STR) - set(codes) - {0}
    assert unclassed == set()
    for kind, known in errors.CLASSES.items():
        for code in known:
            error = errors.error_for(code, "vì sao")
            assert (type(error), error.code) == (kind, code)
            assert str(code) in str(error)
            assert "vì sao" in str(error)
    assert type(errors.error_for(-999)) is errors.ZaloOAException


def test_no_token_is_in_any_words(zalo, caplog):
    caplog.set_level("DEBUG")
    mine = client(zalo)
    zalo.fail(zalo_error(-201, f"token {zalo.access} {zalo.refresh} is invalid!"))
    with pytest.raises(sdk.ZaloBadRequest) as refused:
        mine.send_message(TO, HI)
    zalo.fail(reset(accepts=False))
    with pytest.raises(sdk.ZaloNoAnswer) as torn:
        mine.send_message(TO, HI)
    words = f"{refused.value} {refused.value.args} {torn.value} {caplog.text}"
    assert zalo.access not in words
    assert zalo.refresh not in words
    assert APP_SECRET not in words


def test_texts_are_composed_and_cut_at_two_thousand(zalo):
    spread = unicodedata.normalize("NFD", "Đường phố ngập nước. " * 150)
    client(zalo).send_text("1001", spread)
    said = zalo.said("1001")
    assert [len(text) <= 2000 for text in said] == [True, True]
    assert all(unicodedata.is_normalized("NFC", text) for text in said)
    assert "".join(said).replace(" ", "") == unicodedata.normalize("NFC", spread).replace(" ", "")
    assert pieces("a" * 4000) == ["a" * 2000, "a" * 2000]


def test_pkce_is_counted_as_zalo_does():
    """The pair of RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert len(new_verifier()) == 43


def test_a_code_is_exchanged_for_a_pair_once(zalo):
    verifier = new_verifier()
    mine = client(zalo, access_token="", refresh_token="")
    code = zalo.consent(challenge_of(verifier))
    access, refresh, expires_at = mine.get_access_token_from_authorization_code(code, verifier)
    assert (access, refresh) == (zalo.access, zalo.refresh)
    assert not mine.isAccessTokenExpired()
    assert expires_at > 0
    with pytest.raises(sdk.ZaloOAException):
        mine.get_access_token_from_authorization_code(code, verifier)


def test_the_proof_of_the_secret_is_sent_when_asked_for(zalo):
    import hashlib
    import hmac

    client(zalo, has_proof=True).send_message(TO, HI)
    expected = hmac.new(APP_SECRET.encode(), zalo.access.encode(), hashlib.sha256).hexdigest()
    assert zalo.calls[-1].headers["appsecret_proof"] == expected


def test_templates_go_by_person_and_by_number(zalo):
    zalo.templates = {"77"}
    client(zalo).send_template("1001", "77", {"ma": "BD-1"})
    zns = sdk.zns.Client(APP_ID, APP_SECRET, zalo.access, endpoint_prefix=zalo.url)
    zns.send_zns_message("84912345678", "77", {"ma": "BD-1"}, tracking_id="outbox-5")
    assert [call.to for call in zalo.taken()] == ["1001", "84912345678"]
    assert zns.get_quota()["data"]["remainingQuota"] == "450"
    with pytest.raises(sdk.ZaloBadRequest):
        client(zalo).send_template("1001", "78", {})
