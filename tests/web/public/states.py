"""A petition in each state its page can show, made by living through it."""

from feedback.petitions.models import Urgency
from tests.feedback.documents import samples
from tests.web.public.office import ANSWER, RECALL_IS_OVER, begin, do
from tests.web.public.resident import Resident, upload

LONG_WORDS = (
    "Kính gửi Ủy ban nhân dân phường. Ngõ 34 nhà tôi mấy hôm nay đèn đường hỏng, tối đi lại rất nguy "
    "hiểm, hôm qua có cụ già bị ngã. Ngoài ra rác ở đầu ngõ hai ngày chưa ai dọn, bốc mùi.\n\n"
    "Đề nghị phường cho người kiểm tra sớm. Xin cảm ơn."
)


def every_state(world, resident: Resident, clock) -> dict[str, str]:
    """Name of the state -> token of a petition in it; more time has passed for the answered ones."""
    lighting = str(world.fields[2].id)
    gps = ("N", (21.0, 2.0, 0.0), "E", (105.0, 48.0, 0.0))
    tokens = {}

    def new(name: str, /, **values) -> str:
        tokens[name] = resident.report(text=f"{name}. {LONG_WORDS}", field=lighting, **values)
        return tokens[name]

    new("Mới gửi", photos=[upload(samples.photo(exif=samples.exif(gps=gps)), "Đèn đường.jpg")])
    new("Không số điện thoại", phone="", name="")
    do(world, new("Khẩn"), "clerk", "correct", urgency=Urgency.URGENT)
    begin(world, new("Đang hỏi"))
    do(world, tokens["Đang hỏi"], "an", "ask", question="Đèn ở cột số mấy, đi từ đầu ngõ vào?")
    for name in ("Đã trả lời", "Đã đánh giá", "Xử lý lại"):
        begin(world, new(name))
        do(
            world,
            tokens[name],
            "an",
            "submit_answer",
            text=f"{ANSWER}\n\nTrân trọng cảm ơn Ông/Bà.",
        )
        do(world, tokens[name], "chair", "approve")
    do(world, new("Từ chối"), "clerk", "accept")
    do(world, tokens["Từ chối"], "chair", "reject", reason="Việc này đã có bản án của Tòa án.")
    do(world, new("Chuyển"), "clerk", "accept")
    do(
        world,
        tokens["Chuyển"],
        "chair",
        "transfer",
        to="Công ty Điện lực Ba Đình",
        reason="Đèn của điện lực.",
    )
    clock.shift(RECALL_IS_OVER)
    resident.post(f"/t/{tokens['Đã đánh giá']}/danh-gia", {"score": "5"})
    resident.post(f"/t/{tokens['Xử lý lại']}/danh-gia", {"score": "1", "reasons": ["not_solved"]})
    resident.post(
        f"/t/{tokens['Xử lý lại']}/xu-ly-lai", {"reason": "Chỉ sáng được một tối rồi tắt."}
    )
    return tokens
