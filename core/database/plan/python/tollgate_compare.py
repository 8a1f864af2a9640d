"""What the server was really asked when alembic ran the revisions, against what alembic prints for them."""

import csv
import io
import re

from tollgate_statements import describe, normal_forms, split

MESSAGE = re.compile(r"^(?:statement|execute [^:]*): (.*)$", re.DOTALL)
VERSION = re.compile(r"'([^']+)'")
DATABASE, TEXT = 2, 13


def asked(log, database):
    """The statements that one copy was sent, in their order."""
    csv.field_size_limit(1 << 30)
    for row in csv.reader(io.StringIO(log)):
        message = MESSAGE.match(row[TEXT]) if len(row) > TEXT and row[DATABASE] == database else None
        if message is None:
            continue
        found = split(message[1])
        yield from [message[1].strip()] if found is None else [text for _, text in found]


def by_revision(statements, upgraded, failed, version_table):
    """A revision's statements end with the change of the version table that alembic makes after it."""
    order = [*upgraded, *([failed] if failed is not None else [])]
    slices = {revision: [] for revision in order}
    for revision in order:
        for text in statements:
            facts = describe(text, version_table)
            if facts["bookkeeping"]:
                # a merge deletes the rows of its parents first
                if revision in VERSION.findall(text) and facts["kind"] != "DeleteStmt":
                    break
                continue
            # a driver's own business with what it has prepared
            if not facts["transaction"] and facts["kind"] != "DeallocateStmt":
                slices[revision].append(text)
    return slices


def compare(printed, log, replay, version_table, ran_in):
    noise = {normal_forms(text)[1] for text in asked(log, "tollgate_idle")}
    failed = replay["upgradeError"]["at"] if replay["upgradeError"] is not None else None
    ran = by_revision(asked(log, ran_in), replay["upgraded"], failed, version_table)
    answer = []
    for revision, statements in ran.items():
        own = [one["text"] for one in printed if one["revision"] == revision and not one["transaction"]]
        online = [text for text in statements if normal_forms(text)[1] not in noise]
        answer.append({"revision": revision, "notPrinted": difference(online, own), "notRun": difference(own, online)})
    # printing a script needs no database
    offline = [
        text
        for text in asked(log, "tollgate_print")
        if normal_forms(text)[1] not in noise and not describe(text, version_table)["transaction"]
    ]
    return {"revisions": answer, "whilePrinting": offline[:50]}


def difference(some, others):
    """Those of `some` that have no like among `others`: by their constants, or where a driver sent them apart, by their form."""
    forms = [normal_forms(text) for text in others]
    exact, loose = {form[0] for form in forms}, {form[1] for form in forms}
    with_parameters = {form[1] for form in forms if form[2]}
    left = []
    for text in some:
        constants, form, parameters = normal_forms(text)
        if constants in exact or form in with_parameters or (parameters and form in loose):
            continue
        if text not in left:
            left.append(text)
    return left[:50]
