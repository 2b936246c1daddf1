"""The client of template messages by telephone number (ZBS, formerly ZNS)."""

from enum import Enum
from typing import Any

from bots.zalo.sdk.base import BaseClient

BUSINESS = "https://business.openapi.zalo.me"


class ZNSTemplateStatus(Enum):
    Enabled = 1
    PendingReview = 2
    Reject = 3
    Disabled = 4


class Client(BaseClient):
    """Every method returns Zalo's answer as it came, or raises ZaloException."""

    def __init__(
        self,
        app_id: str,
        secret_key: str,
        access_token: str = "",
        refresh_token: str = "",
        **kwargs: Any,
    ):
        super().__init__(access_token, refresh_token, app_id, secret_key, **kwargs)
        self.endpoint_prefix = str(kwargs.get("endpoint_prefix") or BUSINESS)

    def get_template_list(
        self, offset: int, limit: int, status: ZNSTemplateStatus | None = None
    ) -> dict[str, Any]:
        params = {"offset": offset, "limit": limit}
        if status is not None:
            params["status"] = status.value
        return self.call("GET", f"{self.endpoint_prefix}/template/all", params=params)

    def send_zns_message(
        self,
        contact_phone: str,
        template_id: str,
        template_data: dict[str, Any],
        tracking_id: str | None = None,
        dev_mode: bool = False,
    ) -> dict[str, Any]:
        """An approved template to a number ("84…", no leading 0). `tracking_id`: at most 48 characters."""
        body: dict[str, Any] = {
            "phone": contact_phone,
            "template_id": template_id,
            "template_data": template_data,
        }
        if tracking_id is not None:
            body["tracking_id"] = tracking_id
        if dev_mode:
            body["mode"] = "development"
        return self.call("POST", f"{self.endpoint_prefix}/message/template", body=body)

    def get_quota(self) -> dict[str, Any]:
        """How many template messages are left today."""
        return self.call("GET", f"{self.endpoint_prefix}/message/quota")
