import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.petitions.models import Kind, Petition
from tests.feedback.documents import samples
from tests.web.public.resident import KEPT, WORDS, Resident, hidden, shown, upload
from web.throttle import RULES


def only() -> Petition:
    return db.session.scalars(sa.select(Petition)).one()


def count(table=Petition) -> int:
    return db.session.scalar(sa.select(sa.func.count(table.id)))


def test_words_become_a_petition(resident, world):
    resident.report(
        address="trước số 12 ngõ 34",
        neighbourhood=str(world.neighbourhoods[2].id),
        field=str(world.fields[2].id),
        kind="kien_nghi",
        happened_on="2026-11-20",
        email="dan@example.com",
        lat="21.03",
        lng="105.81",
        is_anonymous="y",
        may_publish="y",
    )
    petition = only()
    assert petition.text == WORDS
    assert petition.kind is Kind.KIEN_NGHI
    assert petition.field_id == world.fields[2].id
    assert petition.neighbourhood_id == world.neighbourhoods[2].id
    assert (petition.lat, petition.lng) == (21.03, 105.81)
    assert clock.local(petition.happened_at).isoformat() == "2026-11-20T00:00:00+07:00"
    assert petition.reporter_phone == "+84912345678"
    assert petition.reporter_name == "Trần Thị Dân"
    assert petition.reporter_email == "dan@example.com"
    assert petition.is_anonymous
    assert petition.may_publish
    assert petition.consented_at
    assert petition.channel == "web"


def test_words_alone_suffice(resident):
    resident.report(name="", phone="", address="")
    assert only().reporter_phone is None
    assert not only().may_publish


BAD = {
    "no words": ({"text": ""}, "Vui lòng viết nội dung"),
    "spaces only": ({"text": " \n\t "}, "Vui lòng viết nội dung"),
    "too few": ({"text": "a !!"}, "Nội dung ngắn quá"),
    "too many": ({"text": "dài " * 3000}, "Nội dung dài quá"),
    "no telephone": ({"phone": "12345"}, "Số điện thoại chưa đúng"),
    "letters for a telephone": ({"phone": "không có"}, "Số điện thoại chưa đúng"),
    "no consent": ({"consent": None}, "Vui lòng đánh dấu đồng ý"),
    "no e-mail": ({"email": "dan@"}, "Địa chỉ thư điện tử chưa đúng"),
    "no date": ({"happened_on": "hôm qua"}, "Ngày chưa đúng"),
    "a date before dates": ({"happened_on": "0001-01-01"}, "từ năm 1945"),
    "no such kind": ({"kind": "don_kien"}, "Vui lòng chọn"),
    "no such place": ({"neighbourhood": "999999"}, "Vui lòng chọn"),
    "field of nobody": ({"field": "x"}, "Vui lòng chọn"),
    "long address": ({"address": "ngõ " * 200}, "300"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_to_do_and_loses_nothing(resident, case):
    values, sentence = BAD[case]
    page = resident.post("/ba-dinh/gui", resident.fill(**values), expect=422)
    assert sentence in shown(page)
    assert "Có điều cần sửa" in page
    assert "<title>Lỗi:" in page
    assert 'value="Trần Thị Dân"' in page
    if "text" not in values:
        assert WORDS in page
    assert count() == 0


def test_a_date_to_come_is_refused(resident):
    tomorrow = clock.today() + timedelta(days=1)
    page = resident.post("/ba-dinh/gui", resident.fill(happened_on=str(tomorrow)), expect=422)
    assert "không thể sau hôm nay" in page
    assert '<details class="govuk-details" open>' in page


@pytest.mark.parametrize("typed", ["20/11/2026", "2026-11-20", "20-11-2026", "20.11.2026"])
def test_a_date_is_read_as_people_write_it(resident, typed):
    resident.report(happened_on=typed)
    assert clock.local(only().happened_at).date().isoformat() == "2026-11-20"


@pytest.mark.parametrize(("lat", "lng"), [("abc", "1"), ("95", "1"), ("", ""), ("1", "nan")])
def test_a_place_that_is_none_is_left_out(resident, lat, lng):
    resident.report(lat=lat, lng=lng)
    assert only().lat is None


def test_markup_in_words_stays_words(resident):
    page = resident.open(f"/t/{resident.report(text='<b>Đèn</b> <script>alert(1)</script> hỏng')}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# Photos


def test_photos_travel_with_the_words(resident):
    resident.report(
        photos=[upload(samples.photo(), "đèn.jpg"), upload(samples.heic(), "IMG_0001.HEIC")]
    )
    assert [file.media_type for file in only().files] == ["image/jpeg", "image/jpeg"]


def test_a_refused_file_is_named_and_the_rest_is_kept(resident):
    photos = [upload(samples.photo(), "đèn.jpg"), upload(b"MZ\x90\0" * 50, "ảnh đẹp.jpg")]
    page = resident.post("/ba-dinh/gui", resident.fill(photos=photos), expect=422)
    assert "“ảnh đẹp.jpg”" in shown(page)
    assert WORDS in page
    assert len(KEPT.findall(page)) == 1
    resident.post("/ba-dinh/gui", resident.fill(page))
    assert [file.name for file in only().files] == ["đèn.jpg"]


def test_an_oversized_file_is_refused_by_name_and_the_words_stay(resident):
    huge = samples.photo() + b"\0" * (21 * 1024 * 1024)
    page = resident.post(
        "/ba-dinh/gui", resident.fill(photos=[upload(huge, "video dài.jpg")]), expect=422
    )
    assert "“video dài.jpg” nặng hơn 20 MB" in shown(page)
    assert WORDS in page


def test_a_sixth_file_is_refused_by_name(resident):
    photos = [upload(samples.photo(colour=c), f"{c}.jpg") for c in COLOURS]
    page = resident.post("/ba-dinh/gui", resident.fill(photos=photos), expect=422)
    assert "“purple.jpg” chưa nhận: nhiều nhất 5 tệp" in shown(page)
    assert len(KEPT.findall(page)) == 5
    again = resident.fill(page, photos=[upload(samples.photo(colour="pink"), "pink.jpg")])
    assert "“pink.jpg”" in resident.post("/ba-dinh/gui", again, expect=422)


COLOURS = ["red", "green", "blue", "yellow", "orange", "purple"]


def test_a_photo_that_arrived_need_not_be_sent_again(resident):
    photos = [upload(samples.photo(), "đèn.jpg")]
    page = resident.post("/ba-dinh/gui", resident.fill(photos=photos, consent=None), expect=422)
    resident.post("/ba-dinh/gui", resident.fill(page))
    assert [file.name for file in only().files] == ["đèn.jpg"]


def test_a_photo_can_be_left_out_again(resident):
    home = resident.fill(step="first", photos=[upload(samples.photo(), "đèn.jpg")])
    page = resident.post("/ba-dinh/gui", home, expect=200)
    resident.post("/ba-dinh/gui", resident.fill(page, kept=None))
    assert only().files == []


def test_a_sealed_file_is_worth_nothing_in_another_form(resident):
    photos = [upload(samples.photo(), "đèn.jpg")]
    page = resident.post("/ba-dinh/gui", resident.fill(photos=photos, consent=None), expect=422)
    resident.report(kept=KEPT.findall(page))
    assert only().files == []


def test_the_place_in_a_photo_is_offered_and_never_taken_silently(resident):
    gps = ("N", (21.0, 2.0, 0.0), "E", (105.0, 48.0, 0.0))
    photo = samples.photo(exif=samples.exif(gps=gps))
    first = resident.fill(step="first", photos=[upload(photo, "đèn.jpg")])
    page = resident.post("/ba-dinh/gui", first, expect=200)
    assert 'value="21.033333,105.800000"' in page
    resident.post("/ba-dinh/gui", resident.fill(page))
    assert only().lat is None
    other = resident.fill(page, text="Một việc khác hẳn", photo_place="21.033333,105.800000")
    resident.post("/ba-dinh/gui", other)
    places = db.session.scalars(sa.select(Petition.lat).order_by(Petition.id)).all()
    assert places == [None, 21.033333]


# Nothing is lost, nothing is doubled


def test_the_same_page_sent_twice_is_one_petition(resident):
    form = resident.fill()
    assert resident.post("/ba-dinh/gui", form) == resident.post("/ba-dinh/gui", form)
    assert count() == 1


def test_other_words_on_the_same_page_are_another_petition(resident):
    page = resident.open("/ba-dinh/gui")
    resident.post("/ba-dinh/gui", resident.fill(page))
    resident.post("/ba-dinh/gui", resident.fill(page, text="Rác chưa ai dọn ở cuối ngõ"))
    assert count() == 2


def test_twenty_taps_at_once_are_one_petition(app, resident):
    form = resident.fill()
    start, places = threading.Barrier(20), []

    def tap():
        client = app.test_client()
        start.wait()
        places.append(client.post("/ba-dinh/gui", data=dict(form)).headers.get("Location"))

    threads = [threading.Thread(target=tap) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places) == 20
    assert len(set(places)) == 1
    assert count() == 1


def test_every_page_has_a_key_of_its_own(resident):
    keys = {hidden(resident.open("/ba-dinh/gui"))["submission_key"] for _ in range(3)}
    assert len(keys) == 3


def test_a_form_whose_session_is_gone_keeps_words_and_photos(guarded, resident):
    form = resident.fill(photos=[upload(samples.photo(), "đèn.jpg")])
    stranger = Resident(guarded.test_client())
    page = stranger.post("/ba-dinh/gui", form, expect=400)
    assert "xin bấm “Gửi phản ánh” thêm một lần nữa" in shown(page)
    assert WORDS in page
    assert count() == 0
    stranger.post("/ba-dinh/gui", stranger.fill(page))
    assert [file.name for file in only().files] == ["đèn.jpg"]


def test_a_form_with_its_token_is_taken(guarded, resident):
    resident.report()
    assert count() == 1


def test_who_fills_the_trap_is_asked_once_more(resident):
    page = resident.post("/ba-dinh/gui", resident.fill(website="https://spam.example"), expect=422)
    assert WORDS in page
    assert count() == 0
    resident.post("/ba-dinh/gui", resident.fill(page))
    assert count() == 1


def test_too_many_from_one_address_wait_with_their_words(throttled, resident):
    for n in range(RULES["report"].amount):
        resident.post("/ba-dinh/gui", {"text": f"lần {n}", "step": "first"}, expect=200)
    page = resident.post("/ba-dinh/gui", resident.fill(), expect=429)
    assert "xin đợi vài phút" in page
    assert WORDS in page
    assert count() == 0


def test_too_many_with_one_telephone_wait_and_another_goes_on(throttled, resident):
    for n in range(RULES["report_phone"].amount):
        resident.report(text=f"Việc thứ {n} trong ngõ")
    page = resident.post("/ba-dinh/gui", resident.fill(text="Thêm một việc nữa"), expect=429)
    assert "Thêm một việc nữa" in page
    resident.report(text="Người khác gửi", phone="0987654321")


# What may not be sent this way


def test_an_accusation_sent_whole_is_kept_sealed_and_guided_at_once(resident):
    sent = resident.fill(kind="to_cao", photos=[upload(samples.photo(), "a.jpg")])
    page = resident.open(resident.post("/ba-dinh/gui", sent))
    [petition] = db.session.query(Petition)
    assert petition.is_restricted
    for words in (
        "Điều 22 Luật Tố cáo",
        "Bộ phận tiếp công dân",
        "Chủ tịch tiếp công dân",
        "Chỉ Chủ tịch UBND và một cán bộ được giao xem được",
        "/ba-dinh/don-to-cao.pdf",
    ):
        assert words in page, words


@pytest.mark.parametrize("first", [{"step": "first"}, {"consent": None}])
def test_words_that_accuse_are_guided_before_anything_is_kept(resident, first):
    words = "Tôi tố cáo cán bộ địa chính nhận hối lộ 50 triệu đồng"
    page = resident.post("/ba-dinh/gui", resident.fill(text=words, **first), expect=200)
    assert "Điều 22 Luật Tố cáo" in page
    assert "chưa lưu gì" in page
    assert "Chỉ Chủ tịch UBND và một cán bộ được giao xem được" in page
    assert count() == 0
    assert count(StoredFile) == 0


def test_the_guide_lets_it_be_sent_sealed(resident):
    words = "Tôi tố cáo cán bộ địa chính nhận hối lộ 50 triệu đồng"
    page = resident.post("/ba-dinh/gui", resident.fill(text=words, step="first"), expect=200)
    assert "Tôi đồng ý gửi kín cho phường" in page
    resident.post("/ba-dinh/gui", resident.fill(text=words, kind="to_cao", consent="y"))
    [petition] = db.session.query(Petition)
    assert petition.is_restricted


def test_danger_is_answered_at_once(resident):
    words = "Cháy nhà số 5 ngõ 12, cứu với"
    page = resident.post("/ba-dinh/gui", resident.fill(text=words, step="first"), expect=200)
    assert "Việc này có vẻ nguy hiểm" in page
    assert "114" in shown(page)


def test_who_meant_no_accusation_goes_on(resident):
    page = resident.post("/ba-dinh/gui", resident.fill(kind="to_cao", step="first"), expect=200)
    assert WORDS in page
    back = resident.fill(page, step="first", not_accusation="y", kind=None)
    page = resident.post("/ba-dinh/gui", back, expect=200)
    assert 'name="not_accusation" value="y"' in page
    resident.post("/ba-dinh/gui", resident.fill(page, kind="to_cao", not_accusation="y"))
    assert only().kind is Kind.PHAN_ANH


def test_a_complained_officer_does_not_get_the_case(resident, world):
    resident.report(field=str(world.fields[2].id), complained="ly van an")
    petition = only()
    assert petition.complained_officer_id == world.an.id
    assert petition.handler_id != world.an.id


def test_an_unknown_name_stays_in_the_words(resident):
    resident.report(complained="Ông Nào Đó")
    petition = only()
    assert petition.complained_officer_id is None
    assert "Ông Nào Đó" in petition.text
