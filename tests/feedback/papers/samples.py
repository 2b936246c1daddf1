"""One filled-in example of every paper. The people are invented."""

from datetime import UTC, date, datetime

from feedback.papers.inputs import (
    AcceptanceProposal,
    Accusation,
    Answered,
    AnswerLetter,
    Apology,
    Complaint,
    ComplaintDecision,
    ComplaintDialogue,
    ComplaintNotice,
    Concluded,
    DocumentsReceipt,
    ExtensionNotice,
    Guidance,
    Item,
    Office,
    Official,
    Opinion,
    PaperContext,
    Person,
    Promised,
    PublicDialogue,
    Receipt,
    ReceptionConclusions,
    ReceptionDate,
    ReceptionRefusal,
    ReceptionTimetable,
    Referral,
    Register,
)
from feedback.papers.signing import Capacity, Signer

OFFICE = Office(
    names=("ỦY BAN NHÂN DÂN", "PHƯỜNG BA ĐÌNH"),
    name="Ủy ban nhân dân phường Ba Đình",
    place="Ba Đình",
    province="Thành phố Hà Nội",
    address="số 2 phố Trúc Bạch",
    hotline="024 0000 0000",
    hours="Thứ Hai đến thứ Sáu, 08:00–12:00 và 13:00–17:00",
)
CHAIR = Signer("Nguyễn Thị Hoa", Capacity.CHAIR)
DEPUTY = Signer("Trần Văn Vinh", Capacity.DEPUTY)
CLERK = Signer("Phạm Thị Lê", Capacity.SELF, "Cán bộ tiếp nhận")
PERSON = Person(
    name="Trần Thị Dân",
    address="số 12 ngõ 34 phố Đội Cấn, phường Ba Đình, thành phố Hà Nội",
    id_number="001182000345",
    id_issued_on=date(2022, 3, 15),
    id_issued_by="Cục Cảnh sát quản lý hành chính về trật tự xã hội",
)
ON = date(2026, 11, 20)
TO = ("Bà Trần Thị Dân, số 12 ngõ 34 phố Đội Cấn",)
NUMBER = "BD-2026-000123"
ABOUT = "đèn đường trước số nhà 12 ngõ 34 phố Đội Cấn bị hỏng từ ngày 12/11/2026"
KIND = "Phản ánh"
GROUND = "Điều 26 Luật Tiếp công dân"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A local time in November 2026, as UTC."""
    return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)


def _chair(**values: object) -> dict[str, object]:
    return {"office": OFFICE, "signer": CHAIR, "on": ON, "to": TO, **values}


def _clerk(**values: object) -> dict[str, object]:
    return {"office": OFFICE, "signer": CLERK, "on": ON, **values}


_DIALOGUE = _chair(
    kind="Hội nghị trao đổi, đối thoại với Nhân dân",
    article="Điều 43 Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
    title="Hội nghị đối thoại năm 2026",
    theme="Thoát nước và rác thải",
    starts_at=at(12, 8),
    ends_at=at(12, 11, 30),
    where="Nhà văn hóa phường, số 2 ngõ 34",
    how="Trực tiếp",
    areas="Tổ dân phố số 1, Tổ dân phố số 2",
    agenda=("Báo cáo kết quả thực hiện cam kết của kỳ trước", "Người dân hỏi, lãnh đạo trả lời"),
    presiding=("Nguyễn Thị Hoa – Chủ tịch UBND phường",),
    invited=("Ủy ban MTTQ Việt Nam phường", "Tổ trưởng các tổ dân phố"),
    link="https://phuong.example/ba-dinh/doi-thoai/1",
    chair="Nguyễn Thị Hoa – Chủ tịch UBND phường",
    secretary="Phạm Thị Lê",
    people=87,
    questions=(
        Answered(
            "Bà Trần Thị Dân", "Bao giờ thông cống ngõ 34?", "Đã hứa giải quyết", "Thông xong."
        ),
        Answered("Một người dân", "Vỉa hè phố lớn?", "Chuyển nơi có thẩm quyền", "Sở Xây dựng."),
    ),
    promises=(Promised("Thông cống ngõ 34", "Trưởng phòng", date(2026, 12, 31)),),
    earlier=(Promised("Thay đèn ngõ 12", "Chuyên viên", date(2026, 6, 30), "Đã làm"),),
    conclusion="Các đơn vị thực hiện đúng hạn những việc đã hứa.",
)
_DECISION = _chair(
    person=PERSON,
    about="quyết định xử phạt vi phạm hành chính số 45/QĐ-XPHC",
    accepted_by="Thông báo số 12/TB-UBND ngày 03 tháng 11 năm 2026",
    proposed_by="Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường",
)
_ANSWER = _chair(
    person=PERSON,
    kind=KIND,
    number=NUMBER,
    received_on=date(2026, 11, 16),
    about=ABOUT,
    answer="Ngày 18/11/2026, đội chiếu sáng đã thay bóng và bộ nguồn của cột đèn số 7.\n"
    "Phường đã kiểm tra thực tế tối cùng ngày: đèn sáng ổn định.",
    reopen_until=date(2026, 11, 27),
)

SAMPLES: dict[str, PaperContext] = {
    "receipt": Receipt(
        **_clerk(
            number=NUMBER,
            received_at=at(16, 9, 5),
            kind=KIND,
            subject="Đèn đường trước số nhà 12 ngõ 34 bị hỏng ba hôm nay",
            field="Chiếu sáng, cây xanh, công viên",
            place="ngõ 34 phố Đội Cấn, Tổ dân phố số 1",
            handler="Lý Văn An – Chuyên viên hạ tầng",
            due_at=at(19, 17),
            link="http://ward.test/t/nU7s0YfXQ2mVb4kPzR9aLw",
            person=PERSON,
        )
    ),
    "documents_receipt": DocumentsReceipt(
        **_clerk(
            at=at(20, 9, 30),
            where="Trụ sở tiếp công dân phường Ba Đình",
            person=PERSON,
            items=(
                Item("Quyết định xử phạt số 45/QĐ-XPHC", "03", "Bản sao có chứng thực"),
                Item("Ảnh chụp hiện trạng công trình", "06", "Bản in màu"),
            ),
        )
    ),
    "reception_conclusions": ReceptionConclusions(
        **_chair(
            held_on=date(2026, 11, 19),
            where="Phòng tiếp công dân, số 2 phố Trúc Bạch",
            received_by="Nguyễn Thị Hoa",
            attending=("Trưởng phòng Kinh tế, Hạ tầng và Đô thị",),
            items=(
                Concluded(
                    "Trần Thị Dân",
                    ABOUT,
                    "Thay bóng đèn và kiểm tra cả tuyến ngõ",
                    "Chuyên viên hạ tầng",
                    date(2026, 11, 30),
                    NUMBER,
                ),
                Concluded("Lê Văn Hòa", "Giờ làm việc của bộ phận một cửa", "Đã giải thích"),
            ),
        )
    ),
    "reception_timetable": ReceptionTimetable(
        **_chair(
            dates=(
                ReceptionDate(
                    at(26, 8),
                    at(26, 11, 30),
                    "Phòng tiếp công dân, số 2 phố Trúc Bạch",
                    "Lãnh đạo các phòng",
                    "Thoát nước, trật tự đô thị",
                ),
            )
        )
    ),
    "reception_refusal": ReceptionRefusal(
        **_chair(
            came_on=date(2026, 11, 18),
            where="Trụ sở tiếp công dân phường Ba Đình",
            person=PERSON,
            kind="Kiến nghị",
            about="mở rộng ngõ 34 phố Đội Cấn",
            ground="điểm h khoản 1 Điều 4 Nghị định số 154/2026/NĐ-CP ngày 15 tháng 5 năm 2026 của "
            "Chính phủ quy định chi tiết một số điều và biện pháp tổ chức thi hành Luật Tiếp công dân",
            copies_to=("Công an phường (để phối hợp)",),
        )
    ),
    "guidance": Guidance(
        **_chair(
            received_on=date(2026, 11, 17),
            person=PERSON,
            kind="Kiến nghị",
            about="cấp lại thẻ bảo hiểm y tế bị in sai năm sinh",
            ground=GROUND,
            competent="Bảo hiểm xã hội cơ sở Ba Đình",
            competent_contact="số 1 phố Mẫu, điện thoại 024 0000 0001",
        )
    ),
    "referral": Referral(
        **_chair(
            to=("Công ty Điện lực Ba Đình", "Sở Xây dựng thành phố Hà Nội"),
            received_on=date(2026, 11, 16),
            person=PERSON,
            kind=KIND,
            about=ABOUT,
            ground=GROUND,
            enclosures="02 ảnh hiện trường",
        )
    ),
    "acceptance_proposal": AcceptanceProposal(
        **_clerk(
            to=("Chủ tịch Ủy ban nhân dân phường Ba Đình",),
            received_on=date(2026, 11, 16),
            person=PERSON,
            kind="Khiếu nại",
            about="quyết định xử phạt vi phạm hành chính số 45/QĐ-XPHC",
            proposer=Official("Phạm Thị Lê", "Cán bộ tiếp nhận"),
            due_on=date(2026, 11, 25),
            why="đơn đủ điều kiện, thuộc thẩm quyền giải quyết lần đầu",
            split_from=NUMBER,
        )
    ),
    "acceptance_notice": ComplaintNotice(
        **_chair(
            person=PERSON,
            about="quyết định xử phạt vi phạm hành chính số 45/QĐ-XPHC",
            due_on=date(2026, 12, 21),
        )
    ),
    "refusal_notice": ComplaintNotice(
        **_chair(
            person=PERSON,
            about="quyết định xử phạt vi phạm hành chính số 45/QĐ-XPHC",
            reason="thời hiệu khiếu nại đã hết mà không có lý do chính đáng (khoản 6 Điều 11).",
        )
    ),
    "extension_notice": ExtensionNotice(
        **_chair(
            signer=DEPUTY,
            person=PERSON,
            kind=KIND,
            number=NUMBER,
            about=ABOUT,
            reason="phải chờ thiết bị thay thế.",
            old_due_on=date(2026, 11, 19),
            new_due_on=date(2026, 12, 1),
        )
    ),
    "suspension": ComplaintDecision(
        **_DECISION,
        reason="người khiếu nại ốm nặng, có đơn đề nghị tạm đình chỉ",
        clause="điểm b khoản 1 Điều 11a",
    ),
    "resumption": ComplaintDecision(
        **_DECISION,
        reason="căn cứ tạm đình chỉ không còn",
        suspended_by="Quyết định số 78/QĐ-UBND ngày 10 tháng 11 năm 2026",
    ),
    "complaint_dialogue": ComplaintDialogue(
        office=OFFICE,
        signer=CHAIR,
        on=ON,
        starts_at=at(20, 8),
        ends_at=at(20, 10, 15),
        where="phòng họp tầng 2, trụ sở Ủy ban nhân dân phường Ba Đình",
        chair=Official("Nguyễn Thị Hoa", "Chủ tịch"),
        secretary=Official("Phạm Thị Lê", "Cán bộ tiếp nhận"),
        complainant=PERSON,
        complained=(Official("Đỗ Văn Dũng", "Trưởng phòng Kinh tế, Hạ tầng và Đô thị"),),
        attending=(Official("Bùi Thị Giám", "Trưởng ban", "Ban Thanh tra nhân dân"),),
        purpose="làm rõ căn cứ ra quyết định xử phạt; kết quả xác minh cho thấy biên bản lập đúng nơi.",
        opinions=(
            Opinion("Bà Trần Thị Dân", "tôi đã tháo dỡ trước khi có quyết định."),
            Opinion("Ông Đỗ Văn Dũng", "biên bản được lập ngày 01/10/2026, khi công trình còn."),
        ),
        agreed="công trình đã được tháo dỡ xong trước ngày 15/10/2026.",
        differing="mức phạt.",
    ),
    "result_notice": AnswerLetter(**_ANSWER),
    "answer_letter": AnswerLetter(**{**_ANSWER, "signer": DEPUTY}),
    "apology": Apology(
        **_chair(
            person=PERSON,
            kind=KIND,
            number=NUMBER,
            received_on=date(2026, 11, 9),
            about=ABOUT,
            due_on=date(2026, 11, 18),
            reason="đơn vị chiếu sáng chưa có thiết bị thay thế.",
            new_due_on=date(2026, 12, 1),
            contact="Lý Văn An – Chuyên viên hạ tầng, điện thoại 024 0000 0000",
        )
    ),
    "complaint": Complaint(
        office=OFFICE,
        on=ON,
        to=("Chủ tịch Ủy ban nhân dân phường Ba Đình",),
        person=Person(name=PERSON.name, address=PERSON.address),
        about="quyết định xử phạt vi phạm hành chính số 45/QĐ-XPHC",
        text="Tôi không đồng ý với quyết định nêu trên vì công trình đã tháo dỡ.\n"
        "Đề nghị xem xét, hủy quyết định.",
    ),
    "accusation": Accusation(
        office=OFFICE, on=ON, timetable="thứ Năm hằng tuần, 08:00–11:30, phòng tiếp công dân"
    ),
    "dialogue_notice": PublicDialogue(**_DIALOGUE),
    "dialogue_minutes": PublicDialogue(**{**_DIALOGUE, "signer": CLERK}),
    "dialogue_results": PublicDialogue(**_DIALOGUE),
    "neighbourhood_report": PublicDialogue(
        **{
            **_DIALOGUE,
            "signer": Signer("Đỗ Thị Tổ", Capacity.SELF, "Tổ trưởng tổ dân phố số 1"),
            "to": ("Ủy ban nhân dân Phường Ba Đình", "Ban Thường trực Ủy ban MTTQ Việt Nam"),
            "told_on": date(2026, 11, 5),
            "told_how": ("giấy mời từng hộ", "nhóm Zalo của tổ"),
            "households": 145,
        }
    ),
    "reception_register": Register(
        office=OFFICE,
        signer=CLERK,
        on=ON,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        rows=tuple(
            (
                str(n),
                f"{n:02d}/11/2026",
                "Trần Thị Dân, số 12 ngõ 34 phố Đội Cấn",
                "001182000345",
                "Kiến nghị mở rộng ngõ 34 phố Đội Cấn",
                "KN",
                "1",
                "",
                "x",
                "",
                "Phòng Kinh tế, Hạ tầng và Đô thị",
                "Đang xem xét",
                "",
            )
            for n in range(1, 31)
        ),
    ),
    "indicators": Register(
        office=OFFICE,
        signer=CLERK,
        on=ON,
        starts_on=date(2026, 9, 15),
        ends_on=ON,
        rows=(
            (1, "Toàn bộ", "", 120, 90, 6, 4, 15, 5, "90 %", "86,5 %"),
            (
                2,
                "Lĩnh vực",
                "Chiếu sáng, cây xanh, công viên",
                42,
                40,
                1,
                0,
                1,
                0,
                "97,6 %",
                "95,1 %",
            ),
        ),
    ),
    "periodic_report": Register(
        office=OFFICE,
        signer=CHAIR,
        on=ON,
        starts_on=date(2026, 9, 15),
        ends_on=date(2026, 12, 14),
        rows=(
            (1, "Tổng số tiếp nhận trong kỳ", 128, "Không tính đơn trùng"),
            (2, "– Phản ánh", 101, ""),
            (3, "– Trả lời đúng hạn", 90, "Tỷ lệ 90 %"),
        ),
    ),
    "meetings_report": Register(
        office=OFFICE,
        signer=CHAIR,
        on=ON,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        rows=(
            (1, "Hội nghị trao đổi, đối thoại với Nhân dân", 1, "Đã tổ chức 12/12/2026"),
            (2, "Việc làm không đúng thời hạn, quy định, có lý do", 1, ""),
            (
                3,
                "– 30/11/2026: Phải thông báo chậm nhất 07 ngày trước ngày tổ chức",
                "",
                "Điều 43 Luật số 72/2025/QH15. Lý do: Mưa lũ",
            ),
        ),
    ),
    "publicity_register": Register(
        **_clerk(
            starts_on=date(2026, 10, 1),
            ends_on=date(2026, 12, 31),
            rows=(
                (1, "Phí, lệ phí", "Mức thu phí", date(2026, 11, 2), "02/11/2026", "Chưa", "", ""),
            ),
        )
    ),
    "petition_register": Register(
        office=OFFICE,
        signer=CLERK,
        on=ON,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        rows=(
            (
                "1",
                NUMBER,
                "16/11/2026",
                "Trang web",
                "Trần Thị Dân, số 12 ngõ 34 phố Đội Cấn",
                KIND,
                "Chiếu sáng, cây xanh, công viên",
                ABOUT,
                "Lý Văn An",
                "19/11/2026",
                "Đã trả lời",
                "18/11/2026",
                "05/TB-UBND",
            ),
        ),
    ),
}
