"""Code written for zalo-sdk 0.3.0 runs on ours: every public name, every argument, the same calls."""

import inspect

import pytest
import zalo_sdk
import zalo_sdk.oa
import zalo_sdk.zns

from bots.zalo import sdk

PAIRS = {
    "BaseClient": (zalo_sdk.BaseClient, sdk.BaseClient),
    "ZaloException": (zalo_sdk.ZaloException, sdk.ZaloException),
    "ZaloOAException": (zalo_sdk.ZaloOAException, sdk.ZaloOAException),
    "ZaloOAAuthTokenExpiredException": (
        zalo_sdk.ZaloOAAuthTokenExpiredException,
        sdk.ZaloOAAuthTokenExpiredException,
    ),
    "zns.Client": (zalo_sdk.zns.Client, sdk.zns.Client),
    "zns.ZNSTemplateStatus": (zalo_sdk.zns.ZNSTemplateStatus, sdk.zns.ZNSTemplateStatus),
    **{
        f"oa.{name}": (kind, getattr(sdk.oa, name, None))
        for name, kind in vars(zalo_sdk.oa).items()
        if inspect.isclass(kind) and kind.__module__.startswith("zalo_sdk.oa")
    },
}


def public(kind) -> list[str]:
    named = [name for name in dir(kind) if not name.startswith("_")]
    return [name for name in named if name not in dir(Exception)]


def test_the_real_package_is_what_we_think_it_is():
    assert {"oa.Client", "oa.ZaloMessage", "oa.ZaloRecipient"} <= PAIRS.keys()
    assert len(public(zalo_sdk.oa.Client)) > 25


@pytest.mark.parametrize("name", PAIRS)
def test_every_class_has_its_methods_with_the_same_arguments(name):
    real, ours = PAIRS[name]
    assert ours is not None
    for each in [*public(real), "__init__"]:
        assert hasattr(ours, each), f"{name}.{each}"
        theirs = getattr(real, each)
        if not inspect.isfunction(theirs):
            continue
        wanted = list(inspect.signature(theirs).parameters.values())
        given = list(inspect.signature(getattr(ours, each)).parameters.values())
        required = [p for p in wanted if p.kind is not p.VAR_KEYWORD]
        assert [p.name for p in given[: len(required)]] == [p.name for p in required], each
        for theirs_p, ours_p in zip(required, given, strict=False):
            has_default = theirs_p.default is not theirs_p.empty
            assert has_default == (ours_p.default is not ours_p.empty), f"{each}({ours_p.name})"
        rest = given[len(required) :]
        assert all(
            p.default is not p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in rest
        ), f"{each} asks for more than theirs"


@pytest.mark.parametrize("name", [name for name, (real, _) in PAIRS.items() if "Type" in name])
def test_the_enums_have_the_same_members(name):
    real, ours = PAIRS[name]
    assert [(m.name, m.value) for m in real] == [(m.name, m.value) for m in ours]


def messages(oa):
    """The same messages built with either package."""
    to = oa.ZaloRecipient(user_id="1")
    file = oa.ZaloAttachment("file", {"token": "t"})
    card = oa.ZaloAttachment("template", {"template_type": "media", "elements": []})
    return [
        oa.ZaloMessage(to, oa.ZaloMessageBody("xin chào")),
        oa.ZaloMessage(to, oa.ZaloMessageBody("xin chào", quote_message_id="9")),
        oa.ZaloMessage(to, oa.ZaloMessageBody(attachment=file)),
        oa.ZaloMessage(to, oa.ZaloMessageBody("ảnh", card)),
        oa.ZaloMessage(to, action=oa.ZaloAction("/-strong", "7")),
        oa.ZaloMessage(oa.ZaloRecipient(message_id="5", user_id="1")),
        oa.ZaloMessage(oa.ZaloRecipient(target={"a": 1})),
        oa.ZaloMessage(oa.ZaloRecipient()),
        oa.ZaloAttachmentFile("t"),
    ]


def test_messages_become_the_same_json():
    assert [m.toDict() for m in messages(zalo_sdk.oa)] == [m.toDict() for m in messages(sdk.oa)]


class Recorded:
    """Stands in for `requests` inside the real package, and for the wire inside ours."""

    def __init__(self):
        self.seen = []

    def post(self, url, **more):
        return self._take("POST", url, more)

    def get(self, url, **more):
        return self._take("GET", url, more)

    def send(self, method, url, **more):
        return self._take(method, url, more)

    @property
    def rate(self):
        from bots.zalo.sdk.wire import Rate

        return Rate()

    def _take(self, method, url, more):
        more = {name: value for name, value in more.items() if value}
        if "files" in more:
            more.pop("json", None)
            name, data, kind = more["files"]["file"]
            data = data if isinstance(data, bytes) else data.read()
            more["files"] = (name, data, kind)
        if "json" not in more and method == "POST" and "data" not in more and "files" not in more:
            more["json"] = {}
        if "data" in more.get("params", {}):
            import json

            more["params"]["data"] = json.loads(more["params"]["data"])
        more["headers"].pop("Content-Type", None)
        self.seen.append((method, url, {k: v for k, v in more.items() if v}))
        answer = type("Answer", (), {})()
        answer.status_code = 200
        answer.json = lambda: {
            "error": 0,
            "access_token": "a2",
            "refresh_token": "r2",
            "expires_in": "90000",
        }
        return answer


def drive(oa_client, zns_client, oa):
    to = oa.ZaloRecipient(user_id="1")
    for category in ("consultant", "transaction", "media"):
        oa_client.send_message(to, oa.ZaloMessageBody("xin chào"), None, category)
    oa_client.send_message(to, None, oa.ZaloAction("/-strong", "7"), category="action")
    oa_client.upload_file(b"x", "file", "a.pdf", "application/pdf")
    oa_client.upload_file(b"x", file_type="image", file_name="a.jpg", mime_type="image/jpeg")
    oa_client.get_profile("1")
    oa_client.get_user_detail("1")
    oa_client.get_list({"offset": 0, "count": 5})
    oa_client.get_followers({"offset": 0, "count": 5})
    oa_client.get_free_response_quota("m")
    oa_client.get_zalo_oa_quotas("OA", "cs", "sub_quota")
    oa_client.get_zalo_user_quotas("1")
    oa_client.tag_follower("1", "t")
    oa_client.rm_follower_from_tag("1", "t")
    oa_client.get_tags_of_oa()
    oa_client.rm_tag("t")
    zns_client.send_zns_message("8491", "77", {"a": "b"}, "track", True)
    zns_client.get_template_list(0, 10)
    urls = [oa_client.request_authoriation_code_url("https://x.vn/cb", "ch", "st")]
    for client in (oa_client, zns_client):
        urls.append(client.get_access_token_from_authorization_code("c", "v")[:2])
        urls.append(client.refresh_acccess_token()[:2])
    return urls


def test_the_same_calls_go_over_the_wire(monkeypatch):
    theirs, ours = Recorded(), Recorded()
    monkeypatch.setattr("requests.post", theirs.post)
    monkeypatch.setattr("requests.get", theirs.get)
    keys = {"app_id": "app", "secret_key": "secret", "access_token": "a", "refresh_token": "r"}
    told = [
        drive(zalo_sdk.oa.Client(**keys), zalo_sdk.zns.Client(**keys), zalo_sdk.oa),
        drive(sdk.oa.Client(**keys, wire=ours), sdk.zns.Client(**keys, wire=ours), sdk.oa),
    ]
    assert told[0] == told[1]
    assert ours.seen == theirs.seen


def test_wrong_values_are_refused_alike():
    for client in (zalo_sdk.oa.Client("a", "s"), sdk.oa.Client("a", "s")):
        with pytest.raises(ValueError, match="Invalid message category"):
            client.send_message(sdk.oa.ZaloRecipient(user_id="1"), category="advert")
        with pytest.raises(ValueError, match="Invalid file type"):
            client.upload_file(b"", "video")
        with pytest.raises(ValueError, match="Invalid quota_owner"):
            client.get_zalo_oa_quotas("me")
        with pytest.raises(ValueError, match="Invalid product_type"):
            client.get_zalo_oa_quotas("OA", "ads")
