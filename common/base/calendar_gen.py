"""Turns calendar_cn.csv into the C table behind calendar_china().

Usage: calendar_gen.py in.csv out.c
"""
import csv
import datetime
import sys

KINDS = {
    "holiday": "CALENDAR_HOLIDAY",
    "working": "CALENDAR_WORKING",
    "provisional_holiday": "CALENDAR_PROVISIONAL_HOLIDAY",
}
EPOCH = datetime.date(1970, 1, 1)


def read_days(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    if rows[0] != ["date", "kind", "name"]:
        sys.exit(f"{path}: the heading must be date,kind,name")
    days = []
    for text, kind, name in rows[1:]:
        if kind not in KINDS or not name or '"' in name or "\\" in name:
            sys.exit(f"{path}: {text}: unknown kind or bad name")
        days.append((datetime.date.fromisoformat(text), kind, name))
    dates = [day[0] for day in days]
    if any(a >= b for a, b in zip(dates, dates[1:])):
        sys.exit(f"{path}: dates must rise")
    return days


def main():
    source, target = sys.argv[1:]
    days = read_days(source)
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* The days that differ from the week, made from calendar_cn.csv. */\n")
        out.write('#include "base/calendar.h"\n\n')
        out.write("static const struct calendar_day days[] = {\n")
        for date, kind, name in days:
            number = (date - EPOCH).days
            out.write(f'    {{{number}, {KINDS[kind]}, "{name}"}}, /* {date} */\n')
        out.write("};\n\nconst struct calendar *calendar_china(void)\n{\n")
        out.write("    static const struct calendar china = {.days = days,\n")
        out.write(f"                                          .count = {len(days)}}};\n\n")
        out.write("    return &china;\n}\n")


main()
