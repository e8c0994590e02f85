#!/usr/bin/python3
"""The replay of real order history: 2011-03-01 … 2011-03-11 of tests/data/orders ends with every difference 0; a second time it changes nothing.

It makes a stack of its own: beside --stack and with its programs and 100 ports further when that is given.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from replaying import LAST, options_of, play, prefer_own_stack  # noqa: E402
from running import check, run_tests  # noqa: E402

SCHEMAS = ("leads", "contracts", "dispatch", "collection", "aftersales", "discipline")
# what may change without anybody's doing: timers, positions, the audit's sealer
PASSING = {"job", "deadline", "deadline_turn", "audit_seal", "audit_sealer", "outbox_consumer", "inbox_position", "migration"}


def fingerprint(stack):
    """table -> (rows, a hash of them all)"""
    names = ", ".join(f"'{schema}'" for schema in SCHEMAS)
    tables = [row for row in stack.sql(f"SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ({names}) ORDER BY 1, 2")
              if row[1] not in PASSING]
    query = " UNION ALL ".join(f"SELECT '{schema}.{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {schema}.{table} t"
                               for schema, table in tables)
    return {row[0]: tuple(row[1:]) for row in stack.sql(query)}


def main():
    options = options_of(__doc__, 10)
    seen = {}
    with prefer_own_stack(options, "replay", 100) as (stack, address):
        def first():
            seen["table"] = play(address, options.days)
            check(options.days < 10 or seen["table"][-1]["date"] == LAST, f"ends with {seen['table'][-1]}")

        def again():
            before = fingerprint(stack)
            check(play(address, options.days) == seen["table"], "the second time the figures are others")
            after = fingerprint(stack)
            changed = [f"{table}: {before.get(table)} → {after[table]}" for table in after if before.get(table) != after[table]]
            check(not changed, "the second time changed " + "; ".join(changed))
        return run_tests([("every difference is 0", first), ("the invariants", stack.invariants), ("a second time", again),
                          ("the invariants after it", stack.invariants)], options.only)


if __name__ == "__main__":
    sys.exit(main())
