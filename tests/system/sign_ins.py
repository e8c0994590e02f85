#!/usr/bin/python3
"""Sign-ins delay nobody: passwords are hashed beside staff's lane. And sessions that ended long ago are deleted, by night only."""
import datetime
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from running import PASSWORD, Stack, arguments, at, check, run_tests, send, test_company  # noqa: E402

SIGN_INS, READS = 8, 20


class Tests:
    def __init__(self, options):
        self.stack, self.company = Stack(options.stack), test_company(options.address)
        self.administrator = self.company.client("it_administrator@ZB")

    # -- hashing -------------------------------------------------------------------------------------------------------
    def names(self):
        """People with accounts; each signs in alone, so that nobody waits for another's row."""
        names = [name for name in self.company.ids if name.endswith("@SH01") and "." not in name][:SIGN_INS]
        check(len(names) == SIGN_INS, f"only {len(names)} people in SH01")
        return names

    def during_sign_ins(self, sign_in, read):
        """What ended in which order: `sign_in` for each name at once, and, sent behind them, reads one after the other."""
        ended, sent = [], threading.Barrier(SIGN_INS + 1)

        def run(name):
            sent.wait()
            sign_in(name)
            ended.append("sign-in")

        threads = [threading.Thread(target=run, args=(name,)) for name in self.names()]
        for thread in threads:
            thread.start()
        sent.wait()
        time.sleep(0.05)
        for _ in range(READS):
            read()
            ended.append("read")
        for thread in threads:
            thread.join()
        return ended

    def open_session(self, name):
        send(self.company.plain, "staff.session.open", {"sign_in_name": name, "password": PASSWORD})

    def read(self):
        check(self.administrator.call("staff.person.list", {"limit": 1})[0] == 200, "the read failed")

    def overtakes(self):
        self.read()
        ended = self.during_sign_ins(self.open_session, self.read)
        before = ended[:ended.index("read")].count("sign-in")
        check(before <= 2, f"the first read waited for {before} of {SIGN_INS} sign-ins: {ended}")
        check(ended[:READS].count("read") >= READS // 2, f"reads waited for sign-ins: {ended}")

    def wrong_passwords(self):
        """Refusals are computed as well, counted once each, and lock the name."""
        name = f"nobody{time.time_ns()}"
        answers = []

        def refused(_name):
            answers.append(self.company.plain.call("staff.session.open", {"sign_in_name": name, "password": "wrong-password-1"}))

        ended = self.during_sign_ins(refused, self.read)
        check(ended[:READS].count("read") >= READS // 2, f"reads waited for sign-ins: {ended}")
        errors = sorted({reply["error"] for _, reply in answers})
        check(set(errors) <= {"sign_in_refused", "sign_in_locked", "conflict", "deadline_exceeded"}, f"{errors}")
        counted = self.company.plain.call("staff.session.open", {"sign_in_name": name, "password": "wrong-password-1"})[1]
        refused_ = sum(reply["error"] == "sign_in_refused" for _, reply in answers)
        check(refused_ < 5 or counted["error"] == "sign_in_locked", f"after {refused_} failures: {counted}")

    def both_are_in_the_audit_log(self):
        """Who signed in, and that somebody failed to."""
        def rows():
            return dict(self.stack.sql("SELECT outcome, count(*) FROM staff.audit WHERE operation = 'staff.session.open' GROUP BY outcome"))

        before = rows()
        self.open_session(self.names()[0])
        refused = self.company.plain.call("staff.session.open", {"sign_in_name": f"nobody{time.time_ns()}", "password": "wrong-password-1"})[1]
        check(refused["error"] == "sign_in_refused", f"{refused}")
        after = rows()
        for outcome in ("ok", "sign_in_refused"):
            check(int(after.get(outcome, 0)) > int(before.get(outcome, 0)), f"{outcome}: {before}, then {after}")

    # -- pruning -------------------------------------------------------------------------------------------------------
    def session(self, closed=None, expires=None):
        """A session that ended, or whose last instant was, so many days ago."""
        reply = send(self.company.plain, "staff.session.open", {"sign_in_name": self.names()[0], "password": PASSWORD})
        day = "now() - interval '{} days'".format
        self.stack.sql(f"UPDATE staff.session SET closed_at = {day(closed) if closed else 'NULL'}"
                       f"{', expires_at = ' + day(expires) if expires else ''} WHERE session_id = '{reply['session_id']}'")
        return reply

    def is_there(self, session):
        return self.stack.sql(f"SELECT count(*) FROM staff.session WHERE session_id = '{session['session_id']}'") == [["1"]]

    def run_job(self, hour):
        self.administrator.clock = at(self.today(), hour, 30)
        try:
            send(self.administrator, "staff.jobs.run", {"name": "sessions_prune"})
        finally:
            self.administrator.clock = None

    def today(self):
        return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()

    def pruned(self):
        gone = [self.session(closed=91), self.session(expires=91), self.session(closed=91, expires=2)]
        kept = [self.session(), self.session(closed=89), self.session(expires=89), self.session(closed=1, expires=1)]
        audited = self.stack.sql("SELECT count(*) FROM staff.audit")[0][0]
        self.run_job(12)
        check(all(map(self.is_there, gone + kept)), "it is not night")
        self.run_job(3)
        check(not any(map(self.is_there, gone)), "what ended 91 days ago is still there")
        check(all(map(self.is_there, kept)), "what is younger is gone")
        check(int(self.stack.sql("SELECT count(*) FROM staff.audit")[0][0]) >= int(audited), "the audit log lost something")
        client = self.company.plain.with_token(kept[0]["token"])
        check(client.call("staff.session.list", {})[0] == 200, "an open session ended")


def main():
    options = arguments(__doc__).parse_args()
    tests = Tests(options)
    return run_tests([("a read overtakes sign-ins", tests.overtakes), ("wrong passwords delay nobody", tests.wrong_passwords),
                      ("good and bad sign-ins are in the audit log", tests.both_are_in_the_audit_log),
                      ("old sessions go by night", tests.pruned)], options.only)


if __name__ == "__main__":
    sys.exit(main())
