"""Every DOCX and XLSX opened by LibreOffice and drawn, in one batch: what an office will see."""

import re
import shutil
import subprocess

import pytest
from PIL import Image

from feedback.papers.compose import compose
from feedback.papers.docx import docx
from feedback.papers.docx_parts import FONTS
from feedback.papers.pdf import pdf
from feedback.papers.xlsx import xlsx
from tests.feedback.papers.samples import SAMPLES
from tests.feedback.papers.test_drawing import said, words

pytestmark = pytest.mark.office
REGISTERS = ("reception_register", "petition_register")
FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>Times New Roman</family>
    <prefer><family>Liberation Serif</family></prefer></alias>
</fontconfig>
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """name -> folder with name.pdf and name-1.png…, for our PDF ("own") and LibreOffice's ("office")."""
    folder = tmp_path_factory.mktemp("office")
    for place in ("own", "office"):
        (folder / place).mkdir()
    sources = []
    for key, context in SAMPLES.items():
        document = compose(key, context, number=5)
        (folder / "own" / f"{key}.pdf").write_bytes(pdf(document))
        sources.append(folder / f"{key}.docx")
        sources[-1].write_bytes(docx(document))
    for key in REGISTERS:
        sources.append(folder / f"{key}_sheet.xlsx")
        sources[-1].write_bytes(xlsx(key, SAMPLES[key]))
    _convert(folder, sources)
    for file in sorted(folder.glob("*/*.pdf")):
        subprocess.run(
            ["pdftoppm", "-r", "50", "-png", file, file.with_suffix("")], check=True, timeout=60
        )
    return folder


def _convert(folder, sources):
    """All files by one start of LibreOffice, with its own profile and no font but ours."""
    fonts = folder / "fonts.conf"
    fonts.write_text(FONT_SETTINGS.format(fonts=FONTS, cache=folder / "fontcache"))
    command = [
        shutil.which("soffice") or "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder / "office",
        *sources,
    ]
    environment = {"FONTCONFIG_FILE": str(fonts), "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, timeout=180, capture_output=True, env=environment)


def text_of(file) -> str:
    done = subprocess.run(
        ["pdftotext", "-raw", file, "-"], check=True, timeout=60, capture_output=True, text=True
    )
    return words(re.sub(r"\n\d\n\f", "\n", done.stdout))


def pages(folder, name) -> list[Image.Image]:
    found = [Image.open(file).convert("L") for file in sorted(folder.glob(f"{name}-*.png"))]
    assert found
    return found


def test_every_paper_opens_and_every_page_is_a4_with_ink(drawn):
    for place in ("own", "office"):
        for key, context in SAMPLES.items():
            for page in pages(drawn / place, key):
                assert sorted(page.size) == pytest.approx([413, 585], abs=1), (place, key)
                inked = sum(page.histogram()[:128]) / (page.width * page.height)
                assert 0.002 < inked < 0.2, (place, key, inked)
                is_wide = page.width > page.height
                assert is_wide == compose(key, context).is_landscape, (place, key)


def test_nothing_is_drawn_in_the_margins(drawn):
    """Left 30 mm and right 15 mm stay white in both files."""
    for place in ("own", "office"):
        for key in SAMPLES:
            for page in pages(drawn / place, key):
                mm = 50 / 25.4
                left = page.crop((0, 0, round(29 * mm), page.height))
                right = page.crop((round(page.width - 14 * mm), 0, page.width, page.height))
                assert min(left.getextrema()[0], right.getextrema()[0]) > 200, (place, key)


def test_both_files_take_the_same_pages_and_say_the_same(drawn):
    for key, context in SAMPLES.items():
        own, office = (len(pages(drawn / place, key)) for place in ("own", "office"))
        assert own == office, key
        for place in ("own", "office"):
            text = text_of(drawn / place / f"{key}.pdf")
            lines = [line for line in said(compose(key, context, number=5)) if len(line) < 60]
            missing = [line for line in lines if words(line) not in text]
            assert not missing, (place, key, missing)


def test_every_letter_is_drawn_in_the_one_font(drawn):
    for key in SAMPLES:
        done = subprocess.run(
            ["pdffonts", drawn / "office" / f"{key}.pdf"],
            check=True,
            timeout=60,
            capture_output=True,
            text=True,
        )
        fonts = done.stdout.splitlines()[2:]
        assert fonts
        assert all("LiberationSerif" in font for font in fonts), (key, fonts)


def test_registers_open_as_spreadsheets(drawn):
    for key in REGISTERS:
        for page in pages(drawn / "office", f"{key}_sheet"):
            assert page.width > page.height
        text = text_of(drawn / "office" / f"{key}_sheet.pdf")
        assert words(SAMPLES[key].office.names[1]) in text
        assert words("Trần Thị Dân,") in text
