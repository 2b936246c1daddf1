"""The English inside the bought-in form macros, and the Vietnamese that replaces it."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader

# component of govuk_frontend_jinja -> its words as they stand in the source
WORDS: dict[str, dict[str, str]] = {
    "back-link": {'"Back"': '"Quay lại"'},
    "breadcrumbs": {'"Breadcrumb"': '"Đường dẫn"'},
    "character-count": {
        "'You can enter up to %{count} ' ~ ('words' if params.maxwords else 'characters')": (
            "'Nhiều nhất %{count} ' ~ ('từ' if params.maxwords else 'ký tự')"
        )
    },
    "error-message": {'"Error"': '"Lỗi"'},
    "notification-banner": {'"Success"': '"Thành công"', '"Important"': '"Lưu ý"'},
    "pagination": {
        '"Page "': '"Trang "',
        '"Pagination"': '"Chuyển trang"',
        'Previous<span class="govuk-visually-hidden"> page</span>': (
            'Trước<span class="govuk-visually-hidden"> (trang trước)</span>'
        ),
        'Next<span class="govuk-visually-hidden"> page</span>': (
            'Sau<span class="govuk-visually-hidden"> (trang sau)</span>'
        ),
    },
    "password-input": {'"Show"': '"Hiện"', '"Show password"': '"Hiện mật khẩu"'},
    "service-navigation": {'"Menu"': '"Danh mục"'},
    "tabs": {'"Contents"': '"Nội dung"'},
    "warning-text": {'"Warning"': '"Chú ý"'},
}
ERROR_SUMMARY_TITLE = "Có điều cần sửa"


class VietnameseKit(PackageLoader):
    """The macros as packaged, read in Vietnamese."""

    def __init__(self) -> None:
        super().__init__("govuk_frontend_jinja")

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        source, filename, uptodate = super().get_source(environment, template)
        for english, vietnamese in WORDS.get(component(template), {}).items():
            source = source.replace(english, vietnamese)
        return source, filename, uptodate


def component(template: str) -> str:
    """'components/back-link/macro.html' -> 'back-link'"""
    return template.removesuffix("/macro.html").rpartition("/")[2]
