"""What a run says at its end: how much was done, what was broken meanwhile, how fast it came back, what was proved."""

SHOWN = 12  # violations; the others are counted


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def after(slowest, kind):
    return f" after {slowest[kind][1]}" if kind in slowest else ""


def print_report(journal, schedule, nemesis, checker, seconds, failures):
    counts = journal.counts()
    print(f"  {len(journal.entries)} requests in {seconds:.0f} s: " + ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    print(f"  {schedule.kills} processes killed, and besides: " + ", ".join(f"{name} {count}" for name, count in sorted(nemesis.counts.items())))
    for name, reason in nemesis.skipped.items():
        print(f"  left out: {name}, because {reason}")
    for kind, values in sorted(nemesis.recoveries.items()):
        print(f"  {kind}: {len(values)} times, answers again after p50 {percentile(values, 0.5):.2f} s, p99 {percentile(values, 0.99):.2f} s, "
              f"at most {max(values):.2f} s{after(nemesis.slowest, kind)}")
    print(f"  redis: {len(nemesis.recoveries.get('redis operations failed', []))} operations failed for want of it, {nemesis.judged} losses were judged")
    for text, wrong in checker.proved:
        print(f"  {'proved ' if not wrong else f'{wrong} times not so'}: {text}")
    print_violations(failures)


def print_violations(failures):
    for text in failures[:SHOWN]:
        print(f"VIOLATION  {text}")
    if len(failures) > SHOWN:
        print(f"… and {len(failures) - SHOWN} more")
