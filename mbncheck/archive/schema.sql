-- The store's tables. No keys are declared: DuckDB's indexes live in memory and slow bulk loading, and each batch is
-- one transaction of one writer. (file, number) identifies an entry: its file, and its position there from 0.

CREATE TABLE IF NOT EXISTS about (
    schema_version INTEGER,
    pack_id VARCHAR, pack_version VARCHAR, pack_hash VARCHAR,
    model VARCHAR, model_hash VARCHAR,
    themes VARCHAR[]                     -- of the pack, in its order
);

CREATE TABLE IF NOT EXISTS files (
    file BIGINT,
    path VARCHAR,                        -- absolute, or the address of a part
    size BIGINT, modified BIGINT,        -- bytes; nanoseconds since 1970
    hash VARCHAR,                        -- SHA-256 of the content; NULL where it could not be read
    fingerprint VARCHAR,                 -- pack, model, program and reading: what else decides the results
    since DATE,                          -- pieces published earlier were passed over
    entries BIGINT,                      -- how many entries are done: articles, rejected, passed over
    done BOOLEAN
);

CREATE TABLE IF NOT EXISTS articles (
    file BIGINT, number BIGINT,
    id VARCHAR, origin VARCHAR, text_hash BLOB,              -- its own id in its file; SHA-256 of the text
    outlet VARCHAR, published DATE, title VARCHAR, author VARCHAR,
    medium VARCHAR, genre VARCHAR, "column" VARCHAR, locality VARCHAR,
    airtime DOUBLE, airtime_estimated BOOLEAN,               -- seconds
    length BIGINT, words BIGINT,                             -- characters; syllables outside masked spans
    in_scope BOOLEAN, scope_probability DOUBLE, no_diacritics BOOLEAN,
    places VARCHAR[],                                        -- communes named, of pieces in scope
    text VARCHAR                                             -- shadow text of pieces in scope, for reprints; else NULL
);

-- Themes of pieces in which anything was found; every other theme is absent.
CREATE TABLE IF NOT EXISTS themes (
    file BIGINT, number BIGINT,
    theme VARCHAR, level VARCHAR, elements VARCHAR[],
    share DOUBLE, total DOUBLE, probability DOUBLE, unsure BOOLEAN
);

-- Evidence of pieces in scope; theme is NULL for evidence of scope. Offsets are half-open characters of the original.
CREATE TABLE IF NOT EXISTS evidence (
    file BIGINT, number BIGINT,
    theme VARCHAR, rule VARCHAR, element VARCHAR,
    "start" BIGINT, "end" BIGINT, text VARCHAR, place VARCHAR, line BIGINT, "column" BIGINT, worth DOUBLE
);

CREATE TABLE IF NOT EXISTS rejected (
    file BIGINT, number BIGINT, origin VARCHAR,
    reason_vi VARCHAR, reason_en VARCHAR, remedy_vi VARCHAR, remedy_en VARCHAR
);

-- What people decided; the latest decision on a subject holds. theme is NULL for a decision on scope.
CREATE TABLE IF NOT EXISTS decisions (
    sequence BIGINT, id VARCHAR, text_hash BLOB,             -- NULL: whatever the id, whatever the text
    theme VARCHAR, level VARCHAR, in_scope BOOLEAN,
    decided_by VARCHAR, decided_on DATE
);

-- Every piece of a group but the first, and the first.
CREATE TABLE IF NOT EXISTS reprints (
    file BIGINT, number BIGINT, first_file BIGINT, first_number BIGINT, similarity DOUBLE
);

CREATE TABLE IF NOT EXISTS runs (
    run BIGINT, started TIMESTAMP, ended TIMESTAMP, version VARCHAR, fingerprint VARCHAR,
    files BIGINT, articles BIGINT, in_scope BIGINT, rejected BIGINT, finished BOOLEAN
);

-- Articles that are the same record as an earlier one, by path and position: exports overlap.
CREATE TABLE IF NOT EXISTS repeats (file BIGINT, number BIGINT);

CREATE OR REPLACE VIEW pieces AS
SELECT articles.*, files.path
FROM articles JOIN files USING (file) ANTI JOIN repeats USING (file, number);

CREATE OR REPLACE VIEW decided AS
WITH concerned AS (
    SELECT file, number, decisions.*
    FROM pieces JOIN decisions USING (text_hash)
    WHERE coalesce(decisions.id = pieces.id OR ends_with(decisions.id, '#' || pieces.id), true)
    UNION ALL
    SELECT file, number, decisions.*
    FROM pieces JOIN decisions USING (id)
    WHERE decisions.text_hash IS NULL
)
SELECT file, number, theme, arg_max(level, sequence) AS level, arg_max(in_scope, sequence) AS in_scope
FROM concerned GROUP BY ALL;

-- Pieces with people's decisions applied to their scope.
CREATE OR REPLACE VIEW judged AS
SELECT pieces.* EXCLUDE (in_scope),
    coalesce(scope.in_scope, pieces.in_scope) AS in_scope,
    EXISTS (FROM decided WHERE decided.file = pieces.file AND decided.number = pieces.number) AS decided_by_human
FROM pieces LEFT JOIN (FROM decided WHERE theme IS NULL) AS scope USING (file, number);
