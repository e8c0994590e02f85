"""The chains of the audit log, computed a second time and apart from the services (common/service/audit_seal.c), and their heads."""
import hashlib
import uuid

NOTHING = bytes(16)  # where there is no id
START = bytes(32)    # before the first row
PAGE = 5000

SERVICES_SQL = "SELECT schemaname FROM pg_tables WHERE tablename = 'audit_seal' ORDER BY 1"
BRANCHES_SQL = "SELECT DISTINCT branch_id FROM {0}.audit_seal UNION SELECT DISTINCT branch_id FROM {0}.audit ORDER BY 1"
ROWS_SQL = """
SELECT s.number, encode(s.hash, 'hex'), s.audit_id, s.xid, a.audit_id IS NOT NULL AND a.xid = s.xid, (extract(epoch FROM a.at) * 1000000)::bigint, a.staff_id,
       a.session_id, encode(convert_to(a.operation, 'UTF8'), 'hex'), a.object_id, encode(a.request, 'hex'),
       coalesce('+' || encode(convert_to(a.before, 'UTF8'), 'hex'), '-'), encode(convert_to(a.outcome, 'UTF8'), 'hex'), encode(convert_to(a.trace, 'UTF8'), 'hex')
  FROM {0}.audit_seal s LEFT JOIN {0}.audit a ON a.branch_id = s.branch_id AND a.audit_id = s.audit_id
 WHERE s.branch_id = '{1}' AND s.number > {2} ORDER BY s.number LIMIT {3}"""
STRANGERS_SQL = """
SELECT a.audit_id FROM {0}.audit a CROSS JOIN {0}.audit_sealer z
 WHERE a.branch_id = '{1}' AND z.is_settled AND z.cluster = (SELECT system_identifier::text FROM pg_control_system())
   AND (a.xid < z.xid OR a.xid >= pg_snapshot_xmax(pg_current_snapshot()))
   AND NOT EXISTS (SELECT FROM {0}.audit_seal s WHERE s.branch_id = a.branch_id AND s.audit_id = a.audit_id) ORDER BY 1"""


def _part(data):
    return len(data).to_bytes(8, "little") + data


def _text(data):
    return _part(b"\x00" if data is None else b"\x01") + _part(data or b"")


def _number(value):
    return int(value).to_bytes(8, "little", signed=True)


def _id(text):
    return uuid.UUID(text).bytes if text else NOTHING


def row_hash(previous, branch, row):
    """SHA-256 of the hash before and the row; lengths stand before what they measure."""
    _, _, audit_id, xid, _, at, staff_id, session_id, operation, object_id, request, before, outcome, trace = row
    parts = [previous, _id(branch), _id(audit_id), _number(xid), _number(at), _id(staff_id), _id(session_id)]
    data = b"".join(map(_part, parts)) + _text(bytes.fromhex(operation)) + _part(_id(object_id)) + _part(bytes.fromhex(request))
    data += _text(bytes.fromhex(before[1:]) if before[0] == "+" else None) + _text(bytes.fromhex(outcome)) + _text(bytes.fromhex(trace))
    return hashlib.sha256(data).digest()


def read_heads(lines):
    """(service, branch) -> {number: (hash, day)} of the lines that the keeper wrote: day, service, branch, number, hash."""
    heads = {}
    for line in lines:
        words = line.split()
        if len(words) == 5 and not line.startswith("#"):
            heads.setdefault((words[1], words[2]), {})[int(words[3])] = words[4], words[0]
    return heads


def verify_chain(sql, service, branch, heads=None):
    """What is wrong with one chain, a sentence each: rows that are not as they were sealed, rows without a seal, heads that are not in it."""
    wrong, hashes, hash_, last = [], {}, START, 0
    heads = heads or {}
    while rows := sql(ROWS_SQL.format(service, branch, last, PAGE)):
        for row in rows:
            number, seal = int(row[0]), bytes.fromhex(row[1])
            if number != last + 1:
                wrong.append(f"the rows {last + 1} to {number - 1} are gone")
                hash_ = None  # cannot be told from here on: the seal is believed again
            if row[4] != "t":
                wrong.append(f"row {number}, {row[2]}, is gone or of another transaction")
                hash_ = seal
            else:
                wanted = row_hash(hash_, branch, row) if hash_ is not None else seal
                if wanted != seal:
                    wrong.append(f"row {number}, {row[2]}, is not as it was sealed")
                hash_ = seal
            last, hashes[number] = number, seal.hex() if number in heads else None
    wrong += [f"row {row[0]} has no seal" for row in sql(STRANGERS_SQL.format(service, branch))]
    for number, (head, day) in sorted(heads.items()):
        if number > last:
            wrong.append(f"row {number}, which was the last one on {day}, is gone; the chain ends at {last}")
        elif hashes.get(number) != head:
            wrong.append(f"row {number} has another hash than on {day}: the chain was written anew")
    return wrong, last


def chains(sql):
    return [(service, row[0]) for service in (row[0] for row in sql(SERVICES_SQL)) for row in sql(BRANCHES_SQL.format(service))]
