"""Instants of a company that plays its past: Shanghai's time, as the API takes it."""
import datetime

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def at(date, minute):
    """An instant: minutes from the date's midnight in Shanghai."""
    return (datetime.datetime.combine(date, datetime.time(), SHANGHAI) + datetime.timedelta(minutes=minute)).isoformat(timespec="seconds")


class Days:
    """The days that are played, early ones and then one working day after the other until today, which ends now."""

    def __init__(self, today, now, working, early, count):
        """working: dates, ascending, before today; early: about so many days ago; count: of the working days that follow."""
        past = [max(date for date in working if date <= today - datetime.timedelta(days=days)) for days in early]
        self.first = len(past)
        self.dates = past + working[-count:] + [today]
        self.today, self.now = len(self.dates) - 1, now
        self.working = working

    def date(self, day):
        """The date of a day; the one after today is tomorrow."""
        return self.dates[day] if day <= self.today else self.dates[self.today] + datetime.timedelta(days=1)

    def eve(self, day):
        """The working day before."""
        return max(date for date in self.working if date < self.dates[day])

    @staticmethod
    def on(date, minute):
        """An instant of any date before today."""
        return at(date, minute)

    def at(self, day, minute):
        """An instant of a day; what would not have happened yet today happens just now."""
        if day < self.today:
            return at(self.dates[day], minute)
        return min(at(self.dates[day], minute), self.now.isoformat(timespec="seconds"))
