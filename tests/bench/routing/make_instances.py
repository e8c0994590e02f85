#!/usr/bin/env python3
"""Makes instances of the families of the routing bench that nobody has tuned anything to.

    make_instances.py FOLDER

FOLDER/bks.csv says what long runs of the engine found on them (own.csv beside this program), 0 where none was made. Uchoa et al. (EJOR 257, 2017) with their classes of depot, customers, demand and route length; and Solomon's (Operations
Research 35, 1987) kinds R, C and RC with the narrow and the wide horizon, larger ones as Gehring and Homberger made them. Seeds
are fixed: the files are the same everywhere.
"""
import math
import pathlib
import random
import sys

SIDE = 1000
DEMANDS = {"one": (1, 1), "1-10": (1, 10), "5-10": (5, 10), "1-100": (1, 100), "50-100": (50, 100)}

# name, stops, depot, customers, demand, stops per route
UCHOA = [
    ("X-own-n110", 110, "centre", "clustered", "1-100", 5),
    ("X-own-n135", 135, "corner", "random", "quadrant", 12),
    ("X-own-n160", 160, "random", "both", "few large", 8),
    ("X-own-n190", 190, "corner", "clustered", "50-100", 4),
    ("X-own-n215", 215, "centre", "random", "5-10", 20),
    ("X-own-n245", 245, "random", "both", "one", 10),
    ("X-own-n280", 280, "centre", "clustered", "1-10", 16),
    ("X-own-n340", 340, "corner", "both", "1-100", 9),
    ("X-own-n450", 450, "random", "random", "few large", 18),
    ("X-own-n580", 580, "centre", "clustered", "quadrant", 5),
    ("X-own-n780", 780, "corner", "random", "50-100", 11),
]

# name, stops, kind, wide horizon, percent of customers with a window, longest half of a window
SOLOMON = [
    ("R1-own", 100, "R", False, 75, 30),
    ("C1-own", 100, "C", False, 100, 60),
    ("RC1-own", 100, "RC", False, 50, 30),
    ("R2-own", 100, "R", True, 75, 120),
    ("C2-own", 100, "C", True, 75, 160),
    ("RC2-own", 100, "RC", True, 100, 120),
    ("RC1-own-200", 200, "RC", False, 75, 30),
    ("R2-own-400", 400, "R", True, 75, 120),
    ("C1-own-600", 600, "C", False, 75, 60),
    ("RC1-own-800", 800, "RC", False, 50, 40),
]


class Chance:
    """The same numbers with every version of Python."""

    def __init__(self, seed):
        self.source = random.Random(seed)

    def below(self, n):
        return int(self.source.random() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def percent(self, share):
        return self.below(100) < share


def scattered(chance, count, taken):
    while len(taken) < count:
        taken.setdefault((chance.between(0, SIDE), chance.between(0, SIDE)))


def attracted(chance, count, taken):
    """Near the first ones: a place is kept with the sum of exp(-distance / 40) to them."""
    first = list(taken)
    while len(taken) < count:
        x, y = chance.between(0, SIDE), chance.between(0, SIDE)
        pull = sum(math.exp(-math.hypot(x - a, y - b) / 40) for a, b in first)
        if chance.below(1000000) < pull * 1000000:
            taken.setdefault((x, y))


def customers(chance, count, how):
    taken = {}
    if how == "random":
        scattered(chance, count, taken)
    elif how == "clustered":
        scattered(chance, chance.between(3, 8), taken)
        attracted(chance, count, taken)
    else:
        scattered(chance, chance.between(3, 8), taken)
        attracted(chance, count // 2, taken)
        scattered(chance, count, taken)
    return list(taken)


def demand(chance, kind, place):
    if kind == "quadrant":
        low = (place[0] < SIDE // 2) == (place[1] < SIDE // 2)
        return chance.between(1, 50) if low else chance.between(51, 100)
    if kind == "few large":
        return chance.between(1, 10) if chance.percent(85) else chance.between(50, 100)
    return chance.between(*DEMANDS[kind])


def uchoa(seed, name, count, depot, how, kind, per_route):
    chance = Chance(seed)
    middle = {"centre": (SIDE // 2, SIDE // 2), "corner": (0, 0)}
    at = middle.get(depot) or (chance.between(0, SIDE), chance.between(0, SIDE))
    places = customers(chance, count, how)
    demands = [demand(chance, kind, place) for place in places]
    capacity = max(-(-per_route * sum(demands) // count), max(demands))
    rows = [f"NAME : {name}", "TYPE : CVRP", f"DIMENSION : {count + 1}", "EDGE_WEIGHT_TYPE : EUC_2D",
            f"CAPACITY : {capacity}", "NODE_COORD_SECTION"]
    rows += [f"{i} {x} {y}" for i, (x, y) in enumerate([at] + places, 1)]
    rows += ["DEMAND_SECTION", "1 0"]
    rows += [f"{i} {d}" for i, d in enumerate(demands, 2)]
    return "\n".join(rows + ["DEPOT_SECTION", "1", "-1", "EOF", ""])


def clusters(chance, count, side):
    """Places in groups of about ten around middles of their own."""
    places = []
    while len(places) < count:
        x, y = chance.between(5, side - 5), chance.between(5, side - 5)
        for _ in range(min(chance.between(8, 12), count - len(places))):
            places.append((x + chance.between(-5, 5), y + chance.between(-5, 5)))
    return places


def times_along(places, depot, horizon, service, load, capacity):
    """When a vehicle comes that goes on to the nearest one left while it has room and time."""
    left, times = set(range(len(places))), {}
    at, clock, room = depot, 0, capacity
    while left:
        nearest = min(left, key=lambda i: (math.dist(at, places[i]), i))
        arrival = clock + math.ceil(math.dist(at, places[nearest]))
        back = math.ceil(math.dist(places[nearest], depot))
        if at != depot and (load[nearest] > room or arrival + service + back > horizon):
            at, clock, room = depot, 0, capacity
            continue
        times[nearest] = arrival
        left.remove(nearest)
        at, clock, room = places[nearest], arrival + service, room - load[nearest]
    return times


def windows(chance, places, depot, horizon, service, centres, share, half):
    rows = []
    for i, place in enumerate(places):
        way = math.ceil(math.dist(depot, place))
        earliest, latest = way, horizon - way - service
        centre = centres[i] if centres else chance.between(earliest, latest)
        width = chance.between(half // 3, half)
        if chance.percent(share):
            rows.append((max(earliest, centre - width), min(latest, centre + width)))
        else:
            rows.append((0, latest))
    return rows


def solomon(seed, name, count, kind, wide, share, half):
    chance = Chance(seed)
    side = 100 if count <= 100 else int(math.sqrt(count / 100) * 100)
    service = 90 if kind == "C" else 10
    capacity = 1000 if wide else 200
    horizon = {False: 230, True: 1000}[wide] * side // 100 if kind != "C" else 3390 if wide else 1236 * side // 100
    depot = (side // 2, side // 2)
    spread = [(chance.between(0, side), chance.between(0, side)) for _ in range(count)]
    grouped = clusters(chance, count, side)
    places = {"R": spread, "C": grouped, "RC": grouped[:count // 2] + spread[count // 2:]}[kind]
    load = [10 * chance.between(1, 4) if kind == "C" else chance.between(1, 35) for _ in places]
    centres = times_along(places, depot, horizon, service, load, capacity) if kind == "C" else None
    rows = windows(chance, places, depot, horizon, service, centres, share, half)
    text = [name, "", "VEHICLE", "NUMBER     CAPACITY", f"  {count}         {capacity}", "", "CUSTOMER",
            "CUST NO.   XCOORD.   YCOORD.   DEMAND    READY TIME   DUE DATE   SERVICE TIME", "",
            f"{0:5} {depot[0]:5} {depot[1]:5} {0:5} {0:6} {horizon:6} {0:5}"]
    for i, ((x, y), d, (ready, due)) in enumerate(zip(places, load, rows), 1):
        text.append(f"{i:5} {x:5} {y:5} {d:5} {ready:6} {due:6} {service:5}")
    return "\n".join(text + [""])


def found_costs():
    """name -> cost as written, of own.csv."""
    lines = pathlib.Path(__file__).with_name("own.csv").read_text().splitlines()
    return {line.split(",")[0]: line.split(",")[2] for line in lines[1:]}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    costs = found_costs()
    rows = [f"{row[0]},{row[1]},{costs.get(row[0], 0)}" for row in UCHOA + SOLOMON]
    (folder / "bks.csv").write_text("\n".join(["instance,n,cost"] + rows + [""]))
    for seed, row in enumerate(UCHOA, 1):
        (folder / f"{row[0]}.vrp").write_text(uchoa(seed, *row))
    for seed, row in enumerate(SOLOMON, 101):
        (folder / f"{row[0]}.txt").write_text(solomon(seed, *row))


if __name__ == "__main__":
    main()
