"""What a query must not be able to do, a row each: escape its role, lift its limits, see what is no dataset."""

from collections.abc import Callable

from uploads.services.querying.query import QueryPage
from uploads.services.querying.wording import BadQuery

type Ask = Callable[[str], QueryPage]

NO_DATASET = "There is no dataset of this name."
NO_QUERY = "This is no query that gives rows."
SEVERAL = "These are several statements."
FUNCTION = "is not one that a query may call."
TYPE = "is not one that a query may name."
SYNTAX = "Syntax error at or near"

ATTACKS = [
    # another role
    ("SET ROLE uploader", NO_QUERY),
    ("RESET ROLE", NO_QUERY),
    ("SET SESSION AUTHORIZATION DEFAULT", NO_QUERY),
    ("SELECT set_config('role', 'uploader', false)", FUNCTION),
    ("SELECT set_config('role', 'uploader', false), query_to_xml('TABLE public.auth_user', true, true, '')", FUNCTION),
    ("DISCARD ALL", NO_QUERY),
    # several statements, and the end of the transaction
    ("SELECT 1; SELECT 2", SEVERAL),
    ("SELECT 1; COMMIT; DROP TABLE data.prices", SEVERAL),
    ("COMMIT", NO_QUERY),
    ("ROLLBACK", NO_QUERY),
    ("BEGIN", NO_QUERY),
    ("SET TRANSACTION READ WRITE", NO_QUERY),
    ("SELECT 1) AS q (c1); DROP TABLE data.prices; --", SYNTAX),
    ("SELECT 1) AS q (c1), (SELECT 2", SYNTAX),
    ("SELECT 1 /*", "Unterminated /* comment"),
    ("SELECT 1 --\n) AS q (c1), public.auth_user; --", NO_DATASET),
    # limits
    ("SET statement_timeout = 0", NO_QUERY),
    ("SELECT set_config('statement_timeout', '0', false)", FUNCTION),
    ("SELECT pg_catalog.set_config('transaction_read_only', 'off', true)", FUNCTION),
    ("SELECT pg_sleep(60)", FUNCTION),
    ("SELECT pg_sleep_for('1 minute')", FUNCTION),
    ("SELECT pg_advisory_lock(7340531, 0)", FUNCTION),
    ("SELECT pg_try_advisory_xact_lock(1)", FUNCTION),
    ("SELECT pg_cancel_backend(1), pg_terminate_backend(1)", FUNCTION),
    ("SELECT pg_notify('procrastinate', '')", FUNCTION),
    ("LISTEN procrastinate", NO_QUERY),
    ("NOTIFY procrastinate", NO_QUERY),
    ("LOCK TABLE data.prices", NO_QUERY),
    ("SELECT * FROM data.prices FOR UPDATE", "Cannot execute SELECT FOR UPDATE in a read-only transaction."),
    # files of the server, other servers, programs
    ("COPY data.prices TO PROGRAM 'id'", NO_QUERY),
    ("COPY data.prices TO STDOUT", NO_QUERY),
    ("COPY (SELECT 1) TO '/tmp/x'", NO_QUERY),
    ("SELECT pg_read_file('/etc/passwd')", FUNCTION),
    ("SELECT pg_ls_dir('.')", FUNCTION),
    ("SELECT lo_import('/etc/passwd')", FUNCTION),
    ("SELECT lo_creat(-1)", FUNCTION),
    ("SELECT lo_get(1)", FUNCTION),
    ("SELECT * FROM dblink('', 'SELECT 1') AS t (a int)", "Function dblink(unknown, unknown) does not exist."),
    ("LOAD 'plpgsql'", NO_QUERY),
    # code
    ("DO $$ BEGIN PERFORM pg_sleep(60); END $$", NO_QUERY),
    ("CREATE FUNCTION data.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", NO_QUERY),
    ("CALL data.f()", "Procedure data.f() does not exist."),
    ("PREPARE p AS SELECT 1", NO_QUERY),
    ("EXECUTE p", NO_QUERY),
    ("DECLARE c CURSOR WITH HOLD FOR SELECT 1", NO_QUERY),
    ("FETCH ALL FROM c", NO_QUERY),
    ("EXPLAIN ANALYZE SELECT 1", SYNTAX),
    ("EXPLAIN ANALYZE CREATE TEMP TABLE t AS SELECT 1", SYNTAX),
    ("SHOW ALL", SYNTAX),
    # changes
    ("DROP TABLE data.prices", NO_QUERY),
    ("DELETE FROM data.prices", NO_QUERY),
    ("DELETE FROM data.prices RETURNING *", SYNTAX),
    ("INSERT INTO data.prices (area) VALUES ('x') RETURNING 1", SYNTAX),
    ("WITH gone AS (DELETE FROM data.prices RETURNING 1) SELECT * FROM gone", "WITH clause"),
    ("CREATE TEMP TABLE t AS SELECT 1", NO_QUERY),
    ("SELECT 1 INTO t", NO_QUERY),
    ("SELECT 1 INTO TEMP t", NO_QUERY),
    ("SELECT nextval('public.auth_user_id_seq')", FUNCTION),
    # what is no dataset
    ("SELECT * FROM auth_user", NO_DATASET),
    ("SELECT * FROM public.auth_user", NO_DATASET),
    ("SELECT password FROM public.auth_user", NO_DATASET),
    ("SELECT pasword FROM public.auth_user", NO_DATASET),
    ('SELECT pasword FROM public.U&"auth\\005fuser"', NO_DATASET),
    ("SELECT * FROM public.uploads_uploadedfile", NO_DATASET),
    ("TABLE public.django_session", NO_DATASET),
    ("SELECT * FROM data.prices WHERE EXISTS (SELECT FROM public.auth_user)", NO_DATASET),
    ("WITH u AS (SELECT * FROM public.auth_user) SELECT 1 FROM u", NO_DATASET),
    ("SELECT (SELECT count(*) FROM public.auth_user)", NO_DATASET),
    ("SELECT * FROM pg_catalog.pg_class", NO_DATASET),
    ("SELECT attname FROM pg_attribute", NO_DATASET),
    ("SELECT * FROM pg_stat_activity", NO_DATASET),
    ("SELECT * FROM pg_stats", NO_DATASET),
    ("SELECT rolname FROM pg_roles", NO_DATASET),
    ("SELECT * FROM pg_settings", NO_DATASET),
    ("SELECT column_name FROM information_schema.columns", NO_DATASET),
    ("SELECT * FROM pg_get_keywords()", FUNCTION),
    ("SELECT * FROM pg_show_all_settings()", FUNCTION),
    ("SELECT * FROM pg_stat_get_activity(NULL)", FUNCTION),
    ("SELECT current_setting('data_directory')", FUNCTION),
    ("SELECT inet_server_addr()", FUNCTION),
    ("SELECT to_regclass('public.auth_user')", FUNCTION),
    ("SELECT 'public.auth_user'::regclass", TYPE),
    ("SELECT 1259::regclass::text", TYPE),
    ("SELECT ARRAY[1259::regclass]", TYPE),
    ("SELECT _file::oid::regclass FROM data.prices", TYPE),
    ("SELECT JSON_VALUE('1259', '$' RETURNING regclass)::text", TYPE),
    ("SELECT * FROM JSON_TABLE('[1259]', '$[*]' COLUMNS (name regclass PATH '$'))", TYPE),
    ("SELECT t.name::text FROM json_to_record('{\"name\": 1259}') AS t (name regclass)", TYPE),
    ("SELECT pg_input_error_info('x', 'regclass')", FUNCTION),
    ("SELECT * FROM data.prices TABLESAMPLE system (pg_backend_pid())", FUNCTION),
    ("SELECT area FROM data.prices ORDER BY pg_sleep(1)::text", FUNCTION),
    ("SELECT sum(_row) OVER (ORDER BY pg_sleep(1)::text) FROM data.prices", FUNCTION),
    ("SELECT CAST('x' AS regrole)", TYPE),
    ("SELECT col_description(1259, 1)", FUNCTION),
    ("SELECT obj_description(1259)", FUNCTION),
    ("SELECT has_table_privilege('public.auth_user', 'SELECT')", FUNCTION),
    ("SELECT pg_relation_size(1259)", FUNCTION),
    ("SELECT pg_get_viewdef(1259)", FUNCTION),
    ("SELECT * FROM json_populate_record(NULL::public.auth_user, '{}')", NO_DATASET),
    ("SELECT (NULL::public.auth_user).pasword", NO_DATASET),
    ("SELECT query_to_xml('TABLE public.auth_user', true, true, '')", FUNCTION),
    ("SELECT table_to_xml('public.auth_user', true, true, '')", FUNCTION),
    ("SELECT schema_to_xml('public', true, true, '')", FUNCTION),
    ("SELECT database_to_xml(true, true, '')", FUNCTION),
    ("SELECT cursor_to_xml('c', 1, true, true, '')", FUNCTION),
    ("SELECT * FROM ts_stat('SELECT to_tsvector(password) FROM public.auth_user')", FUNCTION),
    ("SELECT ts_rewrite('a'::tsquery, 'SELECT 1, 2')", FUNCTION),
    ("SELECT currtid2('data.prices', '(0,1)')", FUNCTION),
    ("SELECT satisfies_hash_partition(1259::oid, 2, 0, 1)", FUNCTION),
    ("SELECT makeaclitem(10, 10, 'SELECT', false)", FUNCTION),
]


def test_a_query_reads_datasets_and_does_nothing_else(prices: str, ask: Ask) -> None:
    answers = {query: _answer(ask, query) for query, _ in ATTACKS}
    assert [(query, answers[query]) for query, said in ATTACKS if said not in answers[query]] == []
    assert ask("SELECT count(*) FROM data.prices").rows == [(3,)]


def _answer(ask: Ask, query: str) -> str:
    try:
        return f"rows: {ask(query).rows}"
    except BadQuery as refusal:
        return refusal.message


def test_nothing_of_a_file_that_waits_can_be_asked(prices: str, secret_part: str, ask: Ask) -> None:
    asked = (
        "SELECT * FROM data.{}",
        "SELECT salary FROM data.{}",
        "SELECT salry FROM data.{}",
        "SELECT p.salary FROM data.prices JOIN data.{} AS p USING (_file)",
        "SELECT (NULL::data.{}).salary",
        "SELECT (NULL::data.{}).salry",
        'SELECT salry FROM data."{}"',
        "SELECT salry FROM {}",
    )
    there = [_answer(ask, query.format(secret_part)) for query in asked]
    absent = [_answer(ask, query.format(secret_part.replace("_1", "_9"))) for query in asked]
    assert [(query, answer) for query, answer in zip(asked, there, strict=True) if NO_DATASET not in answer] == []
    assert there[:4] == absent[:4]


def test_whether_a_name_is_there_cannot_be_asked(prices: str, secret_part: str, ask: Ask) -> None:
    """A text that is cast to a name of the database is looked up before anything is run."""
    casts = (
        ("uploads_reader", "SELECT '{}'::regrole"),
        ("uploads_reader", "SELECT ARRAY['{}'::regrole]"),
        ("uploads_reader", "SELECT CAST('{}' AS pg_catalog.REGROLE)"),
        ("uploads_reader", "SELECT '{}'::U&\"regr\\006fle\""),
        (f"data.{secret_part}", "SELECT '{}'::regtype"),
        (f"data.{secret_part}", "SELECT '{}'::regclass"),
        ("data", "SELECT '{}'::regnamespace"),
        ("pg_sleep", "SELECT '{}'::regproc"),
    )
    there = [_answer(ask, query.format(name)) for name, query in casts]
    absent = [_answer(ask, query.format(f"{name}x")) for name, query in casts]
    assert there == absent
    assert [answer for answer in there if TYPE not in answer and NO_DATASET not in answer] == []


def test_a_language_of_searches_may_be_named(prices: str, ask: Ask) -> None:
    found = ask("SELECT area FROM data.prices WHERE to_tsvector('english', area) @@ to_tsquery('english', 'north')")
    assert found.rows == [("North",)]
