"""`flask doctor`: is the installation in order, and if not, what is to be done. For the administrator."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from config import Settings
from feedback import clock, health, jobs, sources
from feedback.db import db
from feedback.labels import Labelled
from feedback.outbox import tokens
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.tokens import Condition
from feedback.people.directory import table_of
from feedback.people.models import Channel, Role
from feedback.wards.calendar_days import years_to_know
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.models import ChannelAccount, Ward
from web.ops import backup, keys

GiB = 1024**3


class Level(Labelled):
    """How bad it is."""

    OK = "ok", "OK"
    WARNING = "warning", "LƯU Ý"
    ERROR = "error", "LỖI"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `todo`: what the administrator does about it."""

    level: Level
    words: str
    todo: str = ""


Findings = Iterator[Finding]


def ok(words: str) -> Finding:
    return Finding(Level.OK, words)


def warn(words: str, todo: str) -> Finding:
    return Finding(Level.WARNING, words, todo)


def wrong(words: str, todo: str) -> Finding:
    return Finding(Level.ERROR, words, todo)


def examine(settings: Settings) -> Findings:
    """Everything, in the order in which it should be mended. A check that breaks is an error itself."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except Exception as error:
            db.session.rollback()
            yield wrong(
                f"Không kiểm tra được mục “{check.__name__}”: {type(error).__name__}.",
                "Xử lý các lỗi nêu trên trước, rồi chạy lại lệnh này.",
            )


def addresses(settings: Settings) -> Findings:
    host = urlsplit(settings.public_url).hostname or ""
    if host in ("127.0.0.1", "localhost", "::1"):
        yield warn(
            f"PUBLIC_URL là {settings.public_url}: chỉ máy này mở được.",
            "Khi đưa vào dùng thật, đặt PUBLIC_URL thành địa chỉ https:// của phường.",
        )
    elif not settings.is_https:
        yield wrong(
            f"PUBLIC_URL là {settings.public_url}, không phải https://.",
            "Cài chứng thư TLS cho máy chủ và đổi PUBLIC_URL thành https://…",
        )
    else:
        yield ok(f"Địa chỉ công khai: {settings.public_url}")
    if settings.is_sqlite and settings.web_processes > 1:
        yield wrong(
            f"WEB_PROCESSES={settings.web_processes} với SQLite.",
            "Đặt WEB_PROCESSES=1, hoặc chuyển sang PostgreSQL (DATABASE_URL).",
        )


def directories(settings: Settings) -> Findings:
    for name, path in _directories(settings):
        if not _is_writable(path):
            yield wrong(
                f"Không ghi được vào thư mục {name}: {path}",
                f"Tạo thư mục và cấp quyền ghi cho người dùng chạy chương trình: {path}",
            )
            continue
        free = shutil.disk_usage(path).free
        words = f"Thư mục {name}: {path}, còn trống {free / GiB:.1f} GiB"
        if free < GiB:
            yield warn(words, "Dọn bớt hoặc mở rộng ổ đĩa; hết chỗ thì không nhận được hồ sơ mới.")
        else:
            yield ok(words)


def database(settings: Settings) -> Findings:
    connection = db.session.connection()
    name = connection.dialect.name
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    yield ok(f"Cơ sở dữ liệu: {name} {version}")
    if name == "sqlite" and connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        yield wrong(
            "SQLite không chạy ở chế độ WAL.",
            "Đặt tệp cơ sở dữ liệu trên ổ đĩa của máy này (không phải ổ mạng).",
        )
    from alembic.runtime.migration import MigrationContext  # the web server does without
    from alembic.script import ScriptDirectory

    present = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    if present != newest:
        yield wrong(
            f"Cơ sở dữ liệu ở bản {present or 'trống'}, chương trình cần bản {newest}.",
            "Chạy: flask prepare (nên sao lưu trước).",
        )
    else:
        yield ok(f"Cấu trúc cơ sở dữ liệu mới nhất: {newest}")


def encryption(settings: Settings) -> Findings:
    locked = [each.table.name for each in keys.sealed_tables() if not keys.opens(each)]
    if locked:
        yield wrong(
            "FIELD_KEYS không mở được dữ liệu đã mã hóa trong bảng: " + ", ".join(locked),
            "Thêm khóa cũ vào cuối FIELD_KEYS (cách nhau bằng dấu phẩy); tìm trong bản sao lưu cấu hình.",
        )
    else:
        yield ok(f"Khóa mã hóa mở được dữ liệu ({len(settings.field_keys)} khóa)")
    if len(settings.field_keys) > 1:
        yield warn(
            "FIELD_KEYS đang có nhiều khóa.",
            "Chạy flask rotate-keys; khi lệnh báo xong thì có thể bỏ các khóa cũ.",
        )


def wards(_settings: Settings) -> Findings:
    found = list(db.session.scalars(sa.select(Ward).order_by(Ward.id)))
    if not found:
        yield wrong(
            "Chưa có phường nào.", "Chạy: flask wards load phuong.toml (hoặc make run để xem thử)."
        )
    for ward in found:
        yield from _people(ward)
        yield from _days(ward)


def channels(settings: Settings) -> Findings:
    accounts = list(db.session.scalars(sa.select(ChannelAccount).order_by(ChannelAccount.id)))
    held = tokens.conditions()
    for row in accounts:
        name = f"{row.channel.label} “{row.name}”"
        has_token = bool(row.credentials) or bool(settings.telegram_bot_token)
        if not row.is_enabled:
            yield ok(f"{name}: đang tắt")
        elif row.channel is Channel.TELEGRAM and not has_token:
            yield warn(f"{name}: chưa có mã bot.", "Lấy mã ở @BotFather và đặt TELEGRAM_BOT_TOKEN.")
        elif row.channel is Channel.ZALO and (found := _zalo(settings, held.get(row.id))):
            yield wrong(f"{name}: {found[0]}", found[1])
        elif row.last_error:
            yield wrong(
                f"{name}: {row.last_error}",
                "Kiểm tra mã bot và kết nối mạng; tin đang chờ sẽ tự gửi khi thông.",
            )
        else:
            yield ok(f"{name}: sẵn sàng")
    names = {(row.channel, row.name) for row in accounts}
    queued = sa.select(OutboxRow.channel, OutboxRow.account).where(
        OutboxRow.state == OutboxState.QUEUED, OutboxRow.channel != Channel.CONSOLE
    )
    for channel, name in db.session.execute(queued.distinct()):
        if (channel, name) not in names:
            yield wrong(
                f"Có tin chờ gửi cho tài khoản {channel.label} “{name}” không tồn tại.",
                "Tạo lại tài khoản kênh này trong phần Thiết lập.",
            )


def _zalo(settings: Settings, held: Condition | None) -> tuple[str, str] | None:
    """What is wrong with an Official Account, and what to do about it."""
    page = "Mở Thiết lập > Kênh nhắn tin"
    if not (settings.zalo_app_id and settings.zalo_app_secret):
        return "chưa có ứng dụng Zalo.", "Đặt ZALO_APP_ID, ZALO_APP_SECRET và ZALO_OA_SECRET_KEY."
    if held is None:
        return "chưa được nối với Zalo.", f"{page}, bấm “Nối Zalo OA”."
    if held.refused_at:
        return "Zalo không nhận mã làm mới nữa.", f"{page}, bấm “Xin lại quyền từ Zalo”."
    return None


def worker(_settings: Settings) -> Findings:
    last = jobs.last_runs()
    now = clock.now()
    beat = last.get("heartbeat")
    if beat is None or beat.finished_at is None:
        yield wrong("Tiến trình nền chưa chạy lần nào.", "Chạy: flask worker (make run chạy sẵn).")
        return
    silence = now - beat.finished_at
    if silence > timedelta(minutes=2):
        yield wrong(
            f"Tiến trình nền đã ngừng {int(silence.total_seconds() // 60)} phút: tin không được gửi.",
            "Chạy lại: flask worker.",
        )
    else:
        yield ok("Tiến trình nền đang chạy")
    for job in jobs.SCHEDULE:
        row = last.get(job.name)
        if row is not None and row.error:
            yield warn(
                f"Việc tự động “{job.words}” gặp lỗi: {row.error}", "Xem nhật ký của flask worker."
            )
    found = health.examine()
    if "queue" in found.problems:
        minutes = found.figures["oldest_due_seconds"] // 60
        yield wrong(
            f"Có tin chờ gửi đã {minutes} phút.", "Xem mục kênh và nhật ký của flask worker."
        )


def backups(_settings: Settings) -> Findings:
    last = backup.last_made()
    if last is not None and clock.now() - last < timedelta(days=7):
        yield ok(f"Sao lưu gần nhất: {clock.local(last):%H:%M ngày %d/%m/%Y}")
        return
    yield warn(
        "Chưa có bản sao lưu nào trong bảy ngày qua.",
        "Chạy make backup (đặt lịch hằng ngày) và cất bản sao ở máy khác. Nếu phường sao lưu bằng "
        "cách khác thì bỏ qua dòng này.",
    )


Check = Callable[[Settings], Findings]


def law(_: Settings) -> Findings:
    points = sources.unproven(clock.today())
    if points:
        articles = dict.fromkeys(point.article for point in points)
        yield warn(
            f"{len(points)} căn cứ pháp luật chưa kiểm chứng, ở {len(articles)} chỗ.",
            "Nhờ cán bộ tư pháp đối chiếu Công báo; danh sách có nguồn ở Thiết lập > Căn cứ pháp luật.",
        )


CHECKS: tuple[Check, ...] = (
    addresses,
    directories,
    database,
    encryption,
    wards,
    law,
    channels,
    worker,
    backups,
)


def _people(ward: Ward) -> Findings:
    day = table_of(ward.id)
    for role in (Role.CHAIR, Role.CLERK):
        if not day.with_role(role):
            yield wrong(
                f"{ward.name}: chưa có ai giữ vị trí {role.label}.",
                "Giao vị trí này cho một cán bộ trong phần Thiết lập > Nhân sự.",
            )
    given = {each.field_id for each in day.given if day.holders.get(each.position_id)}
    left = [each for id, each in day.setup.fields.items() if id not in given]
    if left:
        names = ", ".join(each.name for each in left[:5]) + ("…" if len(left) > 5 else "")
        yield warn(
            f"{ward.name}: {len(left)} lĩnh vực chưa giao cho ai ({names}).",
            "Hồ sơ thuộc các lĩnh vực này về cán bộ tiếp nhận; nên giao trong phần Thiết lập > Phân công.",
        )
    else:
        yield ok(f"{ward.name}: đủ chủ tịch, cán bộ tiếp nhận, người phụ trách mọi lĩnh vực")


def _days(ward: Ward) -> Findings:
    settled = calendar_of(table_of(ward.id).setup).settled
    for year in years_to_know(clock.today()):
        if settled.get(year):
            yield ok(f"{ward.name}: lịch nghỉ năm {year} đã xác nhận")
        else:
            yield warn(
                f"{ward.name}: lịch nghỉ năm {year} chưa xác nhận.",
                "Đối chiếu thông báo nghỉ lễ, tết và xác nhận trong phần Thiết lập > Lịch làm việc.",
            )


def _directories(settings: Settings) -> list[tuple[str, Path]]:
    found = [("tệp tải lên", settings.upload_dir)]
    if settings.is_sqlite:
        found.append(("dữ liệu", Path(settings.database_url.removeprefix("sqlite:///")).parent))
    return found


def _is_writable(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False
