"""The longer statements of the store; ``schema.sql`` explains its tables and views."""

from __future__ import annotations

from mbncheck.archive.outcomes import ARTICLE, REJECTED

ARTICLE_COLUMNS = ", ".join(f'"{name}"' for name in ("file", "number", *ARTICLE))
REJECTED_COLUMNS = ", ".join(("file", "number", "origin", *REJECTED))

OF_A_FILE = ("articles", "themes", "evidence", "rejected")
INSERTS = (
    "INSERT INTO files FROM files_now",
    f"INSERT INTO articles SELECT {ARTICLE_COLUMNS} FROM outcomes_now WHERE reason_vi IS NULL",  # noqa: S608
    f"INSERT INTO rejected SELECT {REJECTED_COLUMNS} FROM outcomes_now WHERE reason_vi IS NOT NULL",  # noqa: S608
    "INSERT INTO themes SELECT file, number, unnest(themes, recursive := true) FROM outcomes_now WHERE len(themes) > 0",
    "INSERT INTO evidence SELECT file, number, unnest(evidence, recursive := true) FROM outcomes_now"
    " WHERE len(evidence) > 0",
)
# A record without an id of its own is called after its place, which says nothing beyond its file. Hashes come first:
# they are small, and few records share one.
MARK_REPEATS = """
INSERT INTO repeats
WITH keyed AS (
    SELECT file, number, hash(id, text_hash, outlet, published, airtime) AS key FROM articles
),
shared AS (SELECT key FROM keyed GROUP BY key HAVING count(*) > 1)
SELECT file, number
FROM articles JOIN files USING (file) SEMI JOIN (FROM keyed SEMI JOIN shared USING (key)) USING (file, number)
QUALIFY row_number() OVER (
    PARTITION BY id, text_hash, outlet, published, airtime, CASE WHEN id = origin THEN path END
    ORDER BY path, number
) > 1
"""
# As the fields of ``Piece`` are called.
PIECE_COLUMNS = (
    "id", "in_scope", "outlet", "published", "title", "medium", "genre", "column", "locality", "author", "words",
    "airtime", "airtime_estimated", "decided_by_human", "path", "origin", "reprint_of",
)  # fmt: skip
PIECES = """
SELECT found.levels, person.levels, judged.places,
    judged.id, judged.in_scope, judged.outlet, judged.published, judged.title, judged.medium, judged.genre,
    judged."column", judged.locality, judged.author, judged.words, judged.airtime, judged.airtime_estimated,
    judged.decided_by_human, judged.path, judged.origin, original.id
FROM (FROM judged {where}) AS judged
LEFT JOIN (
    SELECT file, number, map(list(theme), list(level)) AS levels FROM themes GROUP BY ALL
) AS found USING (file, number)
LEFT JOIN (
    SELECT file, number, map(list(theme), list(level)) AS levels FROM decided WHERE theme IS NOT NULL GROUP BY ALL
) AS person USING (file, number)
LEFT JOIN reprints USING (file, number)
LEFT JOIN articles AS original ON original.file = first_file AND original.number = first_number
ORDER BY judged.published NULLS LAST, judged.id, judged.path, judged.number
"""
TOTALS = """
SELECT
    (SELECT count(*) FROM files),
    (SELECT coalesce(sum(entries), 0)::BIGINT FROM files),
    (SELECT count(*) FROM articles),
    (SELECT count(*) FROM rejected),
    (SELECT coalesce(sum(entries), 0)::BIGINT FROM files)
        - (SELECT count(*) FROM articles) - (SELECT count(*) FROM rejected),
    (SELECT count(*) FROM repeats),
    (SELECT count(*) FROM judged WHERE in_scope),
    (SELECT count(*) FROM judged WHERE in_scope)
        - (SELECT count(*) FROM judged SEMI JOIN reprints USING (file, number) WHERE in_scope)
"""
EXPORT = """
WITH
of_themes AS (
    SELECT file, number, list({
        'theme': theme, 'level': level, 'elements': elements, 'share': share, 'total': total,
        'probability': probability, 'unsure': unsure
    } ORDER BY theme) AS themes
    FROM themes GROUP BY ALL
),
of_evidence AS (
    SELECT file, number, list({
        'theme': theme, 'rule': rule, 'element': element, 'start': "start", 'end': "end", 'text': text,
        'place': place, 'line': line, 'column': "column", 'worth': worth
    } ORDER BY theme NULLS FIRST, "start", "end", rule) AS evidence
    FROM evidence GROUP BY ALL
),
of_people AS (
    SELECT file, number, list({'theme': theme, 'level': level, 'in_scope': in_scope} ORDER BY theme NULLS FIRST)
        AS decided_by_human
    FROM decided GROUP BY ALL
),
entries AS (
    SELECT articles.* EXCLUDE (text, text_hash), lower(hex(text_hash)) AS text_hash FROM articles
    UNION ALL BY NAME FROM rejected
)
SELECT
    files.path, entries.* EXCLUDE (file), of_themes.themes, of_evidence.evidence, of_people.decided_by_human,
    original.id AS reprint_of, reprints.similarity
FROM entries
JOIN files USING (file)
LEFT JOIN of_themes USING (file, number)
LEFT JOIN of_evidence USING (file, number)
LEFT JOIN of_people USING (file, number)
LEFT JOIN reprints USING (file, number)
LEFT JOIN articles AS original ON original.file = first_file AND original.number = first_number
ORDER BY files.path, entries.number
"""
