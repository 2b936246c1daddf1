import json

from click.testing import CliRunner

from feedback.triage.command import triage


def run(*args, **options):
    return CliRunner().invoke(triage, args, **options)


def test_one_text_as_json():
    result = run("Rác không ai thu gom ở ngõ 5", "--json")
    found = json.loads(result.output)
    assert list(found) == ["kind", "fields", "urgent", "why"]
    assert list(found["fields"][0]) == ["no", "name", "score"]
    assert (found["kind"], found["fields"][0]["no"], found["urgent"]) == ("phan_anh", 4, False)
    assert found["fields"][0]["name"] == "Rác thải, vệ sinh môi trường"


def test_a_file_gives_one_line_per_line(tmp_path):
    source = tmp_path / "x.jsonl"
    texts = ["Đèn đường hỏng", "Cháy nhà số 5!", ""]
    source.write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    lines = run("--file", str(source), "--json").output.splitlines()
    assert [json.loads(line)["urgent"] for line in lines] == [False, True, False]
    assert "Đèn" in lines[0] or "đèn" in lines[0]


def test_a_bad_line_is_named(tmp_path):
    source = tmp_path / "x.jsonl"
    source.write_text('{"text": "a"}\nnot json\n', encoding="utf-8")
    result = run("--file", str(source), "--json")
    assert result.exit_code == 1
    assert "Line 2" in result.output


def test_for_people():
    result = run("Cây đổ chắn ngang đường Láng")
    assert result.output.startswith("Phản ánh – KHẨN: 2. Chiếu sáng")
    assert "114" in result.output


def test_text_or_file_not_both_not_neither():
    assert run().exit_code == 2
