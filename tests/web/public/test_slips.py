"""Papers for residents to print: with nobody's name, and nothing of what may be an accusation."""

import io

import pytest
from pypdf import PdfReader

from feedback.petitions.models import Kind


def said(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


def test_the_receipt_of_a_link_names_nobody(client, world):
    petition = world.submit()
    page = client.get(f"/t/{petition.token}")
    assert f"/t/{petition.token}/phieu-tiep-nhan.pdf" in page.text
    slip = client.get(f"/t/{petition.token}/phieu-tiep-nhan.pdf")
    assert slip.mimetype == "application/pdf"
    assert slip.headers["Cache-Control"] == "no-store"
    text = said(slip.data)
    assert petition.number in text
    assert "Trần Thị Dân" not in text


def test_a_complaint_is_printed_to_be_signed(client, world):
    petition = world.submit("Tôi khiếu nại quyết định số 12", kind=Kind.KHIEU_NAI)
    assert "don-khieu-nai.pdf" in client.get(f"/cam-on/{petition.token}").text
    text = said(client.get(f"/t/{petition.token}/don-khieu-nai.pdf").data)
    assert "ĐƠN KHIẾU NẠI" in text
    assert "quyết định số 12" in text
    assert "Trần Thị Dân" not in text
    other = world.submit()
    assert client.get(f"/t/{other.token}/don-khieu-nai.pdf").status_code == 404


@pytest.mark.parametrize("slip", ["phieu-tiep-nhan", "don-khieu-nai"])
def test_of_an_accusation_nothing_is_printed(client, world, slip):
    petition = world.submit("Tôi tố cáo ông A", kind=Kind.TO_CAO)
    assert client.get(f"/t/{petition.token}/{slip}.pdf").status_code == 404
    assert "don-to-cao.pdf" in client.get(f"/cam-on/{petition.token}").text
    text = said(client.get("/ba-dinh/don-to-cao.pdf").data)
    assert "ĐƠN TỐ CÁO" in text


def test_a_wrong_link_prints_nothing(client, world):
    assert client.get("/t/aaaaaaaaaaaaaaaaaaaaaa/phieu-tiep-nhan.pdf").status_code == 404
