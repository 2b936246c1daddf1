"""The client of an Official Account: messages, uploads, people, tags, quotas."""

from typing import Any

from bots.zalo.sdk.base import BaseClient
from bots.zalo.sdk.messages import (
    ZaloAction,
    ZaloAttachment,
    ZaloAttachmentFile,
    ZaloAttachmentTemplate,
    ZaloMessage,
    ZaloMessageBody,
    ZaloPayloadType,
    ZaloRecipient,
    ZaloTemplateElement,
    ZaloTemplateType,
    pieces,
)

__all__ = [
    "Client",
    "ZaloAction",
    "ZaloAttachment",
    "ZaloAttachmentFile",
    "ZaloAttachmentTemplate",
    "ZaloMessage",
    "ZaloMessageBody",
    "ZaloPayloadType",
    "ZaloRecipient",
    "ZaloTemplateElement",
    "ZaloTemplateType",
]

OPENAPI = "https://openapi.zalo.me"
MESSAGES = {  # of a category; Zalo has withdrawn "transaction" and "media" (2026-03-01)
    "consultant": "/v3.0/oa/message/cs",
    "transaction": "/v3.0/oa/message/transaction",
    "media": "/v3.0/oa/message/promotion",
    "action": "/v2.0/oa/message",
    "anonymous": "/v2.0/oa/message",
}
UPLOADS = {
    "file": "/v2.0/oa/upload/file",
    "image": "/v2.0/oa/upload/image",
    "gif": "/v2.0/oa/upload/gif",
}
OWNERS = ("OA", "App")
PRODUCTS = ("cs", "transaction")
QUOTAS = ("sub_quota", "purchase_quota", "reward_quota")


class Client(BaseClient):
    """One Official Account. Every method returns Zalo's answer as it came, or raises ZaloException."""

    def __init__(
        self,
        app_id: str,
        secret_key: str,
        access_token: str = "",
        refresh_token: str = "",
        **kwargs: Any,
    ):
        super().__init__(access_token, refresh_token, app_id, secret_key, **kwargs)
        self.endpoint_prefix = str(kwargs.get("endpoint_prefix") or OPENAPI)

    def create_request_body(
        self,
        recipient: ZaloRecipient,
        body: ZaloMessageBody | None = None,
        action: ZaloAction | None = None,
    ) -> dict[str, Any]:
        return ZaloMessage(recipient, body, action).toDict()

    def send_message(
        self,
        recipient: ZaloRecipient,
        body: ZaloMessageBody | None = None,
        action: ZaloAction | None = None,
        category: str = "consultant",
        files: Any = None,
    ) -> dict[str, Any]:
        """One message. `category`: consultant, action (a reaction), anonymous; the others are shut."""
        path = _known(category, MESSAGES, "message category")
        message = self.create_request_body(recipient, body, action)
        return self.call("POST", self.endpoint_prefix + path, body=message, files=files)

    def send_text(self, user_id: str, text: str) -> list[dict[str, Any]]:
        """A text of any length, in as many messages as it needs."""
        to = ZaloRecipient(user_id=user_id)
        return [self.send_message(to, ZaloMessageBody(piece)) for piece in pieces(text)]

    def send_template(
        self, user_id: str, template_id: str, template_data: dict[str, Any]
    ) -> dict[str, Any]:
        """An approved template to somebody who has not written lately; paid."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": template_data}
        return self.call("POST", f"{self.endpoint_prefix}/v3.0/oa/message/template", body=body)

    def upload_file(
        self,
        file_data: bytes,
        file_type: str = "file",
        file_name: str = "",
        mime_type: str = "",
    ) -> dict[str, Any]:
        """Hand over a file (pdf, doc, docx, csv; 5 MB), an image (1 MB) or a gif; kept for 7 days."""
        path = _known(file_type, UPLOADS, "file type")
        files = {"file": (file_name, file_data, mime_type)}
        return self.call("POST", self.endpoint_prefix + path, files=files)

    def get_oa(self) -> dict[str, Any]:
        """Who we are to Zalo: id, name, package, verification."""
        return self.call("GET", f"{self.endpoint_prefix}/v2.0/oa/getoa")

    def get_free_response_quota(self, message_id: str) -> dict[str, Any]:
        url = f"{self.endpoint_prefix}/v2.0/oa/quota/message"
        return self.call("POST", url, body={"message_id": message_id})

    def get_zalo_oa_quotas(
        self, quota_owner: str, product_type: str = "", quota_type: str = ""
    ) -> dict[str, Any]:
        _known(quota_owner, OWNERS, "quota_owner")
        body = {"quota_owner": quota_owner}
        for name, value, known in (
            ("product_type", product_type, PRODUCTS),
            ("quota_type", quota_type, QUOTAS),
        ):
            if value:
                _known(value, known, name)
                body[name] = value
        return self.call("POST", f"{self.endpoint_prefix}/v3.0/oa/quota/message", body=body)

    def get_zalo_user_quotas(self, user_id: str) -> dict[str, Any]:
        url = f"{self.endpoint_prefix}/v3.0/oa/quota/message"
        return self.call("POST", url, body={"user_id": user_id})

    def get_profile(self, user_id: str) -> dict[str, Any]:
        return self._asked("/v2.0/oa/getprofile", {"user_id": user_id})

    def get_user_detail(self, user_id: str) -> dict[str, Any]:
        return self._asked("/v3.0/oa/user/detail", {"user_id": user_id})

    def get_list(self, data: dict[str, Any]) -> dict[str, Any]:
        return self._asked("/v3.0/oa/user/getlist", data)

    def get_followers(self, data: dict[str, Any]) -> dict[str, Any]:
        return self._asked("/v2.0/oa/getfollowers", data)

    def tag_follower(self, user_id: str, tag_name: str) -> dict[str, Any]:
        return self._tagged("tagfollower", user_id=user_id, tag_name=tag_name)

    def rm_follower_from_tag(self, user_id: str, tag_name: str) -> dict[str, Any]:
        return self._tagged("rmfollowerfromtag", user_id=user_id, tag_name=tag_name)

    def get_tags_of_oa(self) -> dict[str, Any]:
        return self.call("GET", f"{self.endpoint_prefix}/v2.0/oa/tag/gettagsofoa")

    def rm_tag(self, tag_name: str) -> dict[str, Any]:
        return self._tagged("rmtag", tag_name=tag_name)

    def _asked(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        return self.call("GET", self.endpoint_prefix + path, body=data)

    def _tagged(self, what: str, **body: str) -> dict[str, Any]:
        return self.call("POST", f"{self.endpoint_prefix}/v2.0/oa/tag/{what}", body=body)


def _known(value: str, known: Any, what: str) -> Any:
    """What the table says of a value. Raises ValueError."""
    if value not in known:
        raise ValueError(f"Invalid {what}: {value}. Valid values are: {', '.join(known)}")
    return known[value] if isinstance(known, dict) else value
