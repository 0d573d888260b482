"""What starts everything takes no arguments: settings are in the environment."""

import pytest

from uploader_project import run


@pytest.mark.parametrize(("arguments", "status"), [(["--help"], 0), (["--port", "8001"], 2)])
def test_who_asks_for_help_or_means_an_option_starts_nothing(
    arguments: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "_supervise", lambda *_, **__: pytest.fail("it was started"))
    monkeypatch.setattr(run, "_prepare", lambda: pytest.fail("it was started"))
    with pytest.raises(SystemExit) as ended:
        run.main(arguments)
    said = capsys.readouterr()
    assert ended.value.code == status
    assert (".env.example" in said.out) is (status == 0)
    assert ("--port" in said.err) is (status == 2)
