"""Zalo's refusals: HTTP 200 with an `error` below zero. The class says what can be done about it."""

HIDDEN = "•••"


class ZaloException(Exception):
    """Zalo did not do what it was asked. `code` as in its answer; its words never hold a token."""

    def __init__(self, code: int, custom_message: str | None = None):
        super().__init__(code, custom_message)
        self._code = self.code = code
        self._custom_message = custom_message
        self._msg = f"Zalo error ({code})"
        if custom_message is not None:
            self._msg += f": {custom_message}"

    def __str__(self) -> str:
        return self._msg

    def hide(self, *secrets: str) -> None:
        """Cut these out of the words, should Zalo have repeated them."""
        for secret in filter(None, secrets):
            self._msg = self._msg.replace(secret, HIDDEN)
            self._custom_message = (self._custom_message or "").replace(secret, HIDDEN) or None
        self.args = (self.code, self._custom_message)


class ZaloHTTPError(ZaloException):
    """An answer that is not in the API's own form: a server error, or a proxy's refusal."""

    def __init__(self, code: int):
        super().__init__(code)
        self._msg = f"HTTP Error {code}"


class ZaloNotHandedOver(ZaloException):
    """The request never left: no connection."""


class ZaloNoAnswer(ZaloException):
    """The request left and no sense came back: it may have been carried out."""


class ZaloOAException(ZaloException):
    """A refusal in the API's own form."""

    ERROR_CODE_TO_STR = {
        0: "Success",
        -32: "Too many requests",
        -100: "An uploaded asset has expired, or an unknown exception",
        -200: "Sending failed",
        -201: "A parameter is invalid",
        -202: "The mac is invalid",
        -204: "The Official Account was deleted",
        -205: "There is no such Official Account",
        -207: "The Official Account is not registered as a third party",
        -208: "The Official Account has no secret key",
        -209: "The application is not activated, or may not use this API",
        -210: "A parameter is beyond its limits",
        -211: "Out of quota",
        -212: "The Official Account has not registered this API",
        -213: "The user does not follow the Official Account",
        -214: "The article is still being processed",
        -215: "The application id is invalid",
        -216: "The access token is invalid",
        -217: "The user refuses invitations",
        -218: "The user's quota for receiving is used up",
        -219: "The application was deleted",
        -220: "The access token has expired",
        -221: "The Official Account is not verified",
        -222: "The user was blocked, or away for more than 45 days",
        -223: "The Official Account has not granted the right, or is overloaded",
        -224: "The Official Account has no package for this",
        -227: "The user was blocked, or away for more than 45 days",
        -230: "The user has not written in the last 7 days",
        -231: "The user has not interacted lately",
        -232: "The user has not interacted lately",
        -233: "This kind of message is not supported",
        -234: "Not between 22:00 and 06:00",
        -235: "The API is not for this kind of Official Account",
        -240: "Version 2 of the message API is shut",
        -242: "The proof of the application secret is missing or wrong",
        -244: "The user does not want this kind of message",
        -248: "Against the platform's policy",
        -305: "No answer is possible after 48 hours",
        -311: "The quota of answers to this user is used up",
        -320: "The application needs a Zalo Cloud Account",
        -321: "The Zalo Cloud Account can not pay",
    }

    def __init__(self, code: int, custom_message: str | None = None):
        super().__init__(code, custom_message)
        self._msg = f"Zalo OA error ({code}) [{self.errCodeToStr()}]"
        if custom_message is not None:
            self._msg += f": {custom_message}"

    def errCodeToStr(self) -> str:
        return self.ERROR_CODE_TO_STR.get(self._code, "Unknown error")


class ZaloOAAuthTokenExpiredException(ZaloOAException):
    """The access token is out: renew it once, then repeat the call once."""


class ZaloNeedsAdministrator(ZaloOAException):
    """The account, the application or the contract with Zalo must be mended by a person."""


class ZaloTryLater(ZaloOAException):
    """It may work later. `retry_after`: seconds, when Zalo's headers let us know."""

    retry_after: float | None = None


class ZaloRecipientRefused(ZaloOAException):
    """This person can't be written to now, or in this way."""

    TOO_LATE = frozenset({-230, -231, -232, -305, -311})  # until they write again
    GONE = frozenset({-213, -217, -222, -227, -108, -114, -118, -119})

    @property
    def is_too_late(self) -> bool:
        """They have not written lately: only a template message may reach them."""
        return self.code in self.TOO_LATE

    @property
    def is_gone(self) -> bool:
        """Nothing will reach them on this account before they come back themselves."""
        return self.code in self.GONE


class ZaloBadRequest(ZaloOAException):
    """Our own mistake: repeating it is useless."""


# The errors of both hosts; "ZBS" codes (templates) do not collide with those of the Open API.
CLASSES: dict[type[ZaloOAException], tuple[int, ...]] = {
    ZaloOAAuthTokenExpiredException: (-216, -220, -124),
    ZaloNeedsAdministrator: (
        *(-202, -204, -205, -207, -208, -209, -212, -215, -219, -221, -223, -224, -235, -242),
        *(-320, -321, -101, -102, -103, -104, -105, -117, -120, -1241, -135, -1351, -136, -137),
        *(-138,),
    ),
    ZaloTryLater: (-32, -100, -200, -211, -214, -133, -144),
    ZaloRecipientRefused: (
        *(-213, -217, -218, -222, -227, -230, -231, -232, -244, -305, -311),
        *(-108, -114, -118, -119, -139, -140, -141),
    ),
    ZaloBadRequest: (
        *(-201, -210, -233, -234, -240, -248),
        *(-109, -111, -112, -1121, -1122, -1124, -113, -122, -130, -131, -132),
    ),
}
_BY_CODE = {code: kind for kind, codes in CLASSES.items() for code in codes}


def error_for(code: int, message: str | None = None) -> ZaloOAException:
    """The error of this code; an unknown code is a plain ZaloOAException."""
    return _BY_CODE.get(code, ZaloOAException)(code, message)
