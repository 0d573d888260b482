"""Closed sets have one table each, and every face of it knows all of them: database, API, pages, scripts."""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

import uploads
from tests.own_commands import PLACES, own_command, source_of
from uploads.admin.files import BUTTON_ACTIONS, StateFilter, UploadedFileAdmin
from uploads.api.operations import api
from uploads.database.locks import Lock
from uploads.management.base import EPILOG
from uploads.management.exit_status import ExitStatus
from uploads.models import UploadedFile
from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.progress import progress_of
from uploads.services.files.same_content import SameContent
from uploads.states import HAS_DATA, IN_PROGRESS, MOVES, FileState, Phase
from uploads.tabular.errors import FileError, UploaderError
from uploads.tus.errors import Refusal
from uploads.web.error_pages import TITLES
from uploads.web.http_status import STATUS, status_of
from uploads.web.sentences.files import PHASE_WORDS, STEPS, file_buttons

PROJECT = Path(__file__).resolve().parents[3]
STATES = {state.value for state in FileState}
SCRIPTS = "\n".join(path.read_text() for path in sorted((PROJECT / "static/js").glob("*.js")))
OF_AN_UPLOAD = {"sent"}
"""What a script calls an upload of its own that no server has word of yet."""
OF_A_SENDER = {"held", "queued", "stopped"}
"""Phases of a file that its sender's page knows of, and no server."""
ACTIVE_TWIN = SameContent(file_id=1, state=FileState.ACTIVE, since=datetime(2026, 11, 28, tzinfo=UTC))
OF_THE_PAGE = {"cancel", "change", "choose", "dismiss", "resend"}
"""Buttons of the page that sends a file: nothing is asked of the server that another name stands for."""
NEVER_ANSWERED = {"export_stopped", "lease_lost", "load_stopped", "needs_fitting"}
"""Between workers, or what another act follows: no request ends with one."""

SERVED_BY_A_SETTING = {"uploads.views.people.open_id", "uploads.web.sign_in.provider"}
"""Not importable where no setting names a provider of OpenID Connect, and without errors of their own."""


def errors(of: type[UploaderError] = UploaderError) -> Iterator[type[UploaderError]]:
    for module in pkgutil.walk_packages(uploads.__path__, "uploads."):
        is_left_out = module.name.endswith("__main__") or module.name in SERVED_BY_A_SETTING
        if not is_left_out and ".migrations" not in module.name:
            importlib.import_module(module.name)
    found = list(of.__subclasses__())
    while found:
        error = found.pop()
        found += error.__subclasses__()
        if error.__module__.startswith("uploads."):
            yield error


def source_but(name: str) -> str:
    """The application's code without one module."""
    return "\n".join(path.read_text() for path in (PROJECT / "uploads").rglob("*.py") if path.name != name)


def test_states_have_moves_words_and_a_constraint_and_the_api_names_all_of_them(db: None) -> None:
    assert set(MOVES) == set(FileState)
    assert len({state.badge for state in FileState}) == len({state.label for state in FileState}) == len(FileState)
    assert {target for targets in MOVES.values() for target in targets} | {FileState.RECEIVING} == set(FileState)
    assert HAS_DATA | IN_PROGRESS | {FileState.DUPLICATE, FileState.FAILED, FileState.DELETED} == set(FileState)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", ["file_state"])
        [definition] = cursor.fetchone() or [""]
    assert set(re.findall(r"'(\w+)'", definition)) == STATES
    documented = str(api.get_openapi_schema())
    assert [state for state in STATES if f"'{state}'" not in documented] == []


def test_each_phase_that_a_file_can_be_in_has_a_word_on_the_page_and_the_script_knows_no_other() -> None:
    shown = {
        progress_of(UploadedFile(state=state, phase=phase), state).phase
        for state in FileState
        for phase in (Phase if state is FileState.LOADING else [Phase.NONE])
    }
    assert shown == PHASE_WORDS.keys() - OF_A_SENDER
    assert PHASE_WORDS.keys() >= OF_A_SENDER
    assert {phase for phase, _ in STEPS} <= PHASE_WORDS.keys()
    script = (PROJECT / "static/js/file-model.js").read_text()
    sets = re.findall(r"new Set\(\[(.*?)\]\)", script)
    assert len(sets) >= 2
    assert {word for one in sets for word in re.findall(r'"(\w+)"', one)} <= PHASE_WORDS.keys()


def test_scripts_compare_a_phase_and_an_act_only_with_what_there_is() -> None:
    compared = set(re.findall(r'phase [!=]== "(\w+)"', SCRIPTS))
    assert {"published", "waiting"} <= compared
    assert compared - OF_AN_UPLOAD - PHASE_WORDS.keys() == set()
    acts = set(re.findall(r'\bact(?:: | [!=]== )"(\w+)"', SCRIPTS))
    assert {"delete"} | OF_THE_PAGE <= acts
    assert acts - OF_THE_PAGE - {action.value for action in FileAction} == set()


def test_style_sheets_know_no_other_phase_or_state() -> None:
    badges = set(re.findall(r"\.badge\.(\w+)", (PROJECT / "static/css/uploader.css").read_text()))
    states = set(re.findall(r"\.state-(\w+)", (PROJECT / "static/css/admin.css").read_text()))
    assert "failed" in badges & states
    assert badges - PHASE_WORDS.keys() == set()
    assert states - STATES == set()


def test_admin_filters_by_every_state_and_the_database_lets_in_every_phase(db: None) -> None:
    filtered = StateFilter.lookups.__get__(object.__new__(StateFilter))(None, None)
    assert {value for value, _ in filtered} >= STATES
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", ["file_phase"])
        [definition] = cursor.fetchone() or [""]
    assert set(re.findall(r"'(\w*)'", definition)) == {phase.value for phase in Phase}


def test_commands_end_with_the_exit_statuses_of_one_table() -> None:
    assert len({status.value for status in ExitStatus}) == len(ExitStatus.__members__)
    source = source_but("exit_status.py")
    named = re.findall(r"ExitStatus\.(\w+)", source)
    assert set(named) == set(ExitStatus.__members__)
    assert re.findall(r"returncode=(?!ExitStatus\.|code\b)\w+", source) == []


def exit_statuses_in_help(command: str) -> set[int]:
    return exit_statuses(str(own_command(command).help).partition("exit status:")[2])


def exit_statuses(words: str) -> set[int]:
    return set(map(int, re.findall(r"\d+", words)))


def test_commands_say_with_which_exit_statuses_of_the_table_they_end() -> None:
    said = {command: exit_statuses_in_help(command) for command in PLACES}
    assert set().union(*said.values(), exit_statuses(EPILOG)) == {0, *ExitStatus}
    for command, statuses in said.items():
        source = source_of(command)
        assert {ExitStatus[name] for name in re.findall(r"ExitStatus\.(\w+)", source)} <= statuses, command
        assert ("load_each(" in source) == (ExitStatus.INTERRUPTED in statuses), command


def test_each_error_that_ends_a_request_has_a_status_of_its_own_or_is_about_the_file() -> None:
    others = {error.code for error in errors() if not issubclass(error, FileError)}
    assert others > NEVER_ANSWERED
    assert others - STATUS.keys() - NEVER_ANSWERED == set()
    assert NEVER_ANSWERED & STATUS.keys() == set()


def test_error_that_the_api_makes_without_a_class_has_a_status_in_the_table() -> None:
    made = set(re.findall(r'error_json\(\s*code="(\w+)"', source_but("error_json.py")))
    assert {"bad_request", "not_found"} <= made
    assert made - STATUS.keys() == set()


def test_page_has_a_title_for_each_status_with_which_a_request_is_refused() -> None:
    given = {*STATUS.values(), status_of(UploaderError("")), status_of(FileError(""))}
    assert [status for status in given if status not in TITLES] == []


def test_error_codes_are_unique_and_each_status_is_that_of_a_code_there_is() -> None:
    codes = Counter(error.code for error in errors() if "code" in vars(error))
    assert [code for code, count in codes.items() if count > 1] == []
    literal = set(re.findall(r'(?:code=|STATUS\[|code = |\()"([a-z_]+)"', source_but("http_status.py")))
    assert [code for code in STATUS if code not in codes.keys() | literal] == []


def test_error_that_tus_and_the_api_both_have_has_one_status() -> None:
    assert len({refusal.code for refusal in Refusal}) == len(Refusal)
    both = [(refusal.code, refusal.status, int(STATUS[refusal.code])) for refusal in Refusal if refusal.code in STATUS]
    assert both
    assert [code for code, status, other in both if status != other] == []


def test_admin_has_an_action_behind_each_button_of_the_pages() -> None:
    everything = Abilities(**dict.fromkeys(FileAction, True))
    buttons = {
        button.act
        for state in FileState
        for can in (everything, replace(everything, delete=False))
        for button in file_buttons(state=state, can=can, rows=1, same=ACTIVE_TWIN, replaced=(1,))
    }
    # a sender has no admin; what is replaced is chosen on a page
    assert buttons - BUTTON_ACTIONS.keys() == {FileAction.WITHDRAW, FileAction.REPLACE}
    assert set(BUTTON_ACTIONS.values()) < {action.__name__ for action in UploadedFileAdmin.actions}


def test_locks_have_numbers_of_their_own() -> None:
    assert len({lock.value for lock in Lock}) == len(Lock.__members__)
    assert re.search(r"pg_(try_)?advisory", source_but("locks.py")) is None
    assert set(re.findall(r"\bLock\.(\w+)", source_but("locks.py"))) == set(Lock.__members__)
